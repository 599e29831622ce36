"""Votes for tests: small matrices, simulated camps, and the real conversations beside the repo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.reading import read_votes
from kelisim.engine.opinion.votes import Votes, from_codes

NO_VOTE = np.nan


def matrix_votes(matrix: Floats, weights: Floats | None = None) -> Votes:
    """Return the snapshot of a matrix with NaN where nobody voted."""
    rows, columns = np.nonzero(~np.isnan(matrix))
    return from_codes(
        names("p", matrix.shape[0]),
        names("s", matrix.shape[1]),
        rows.astype(np.int32),
        columns.astype(np.int32),
        matrix[rows, columns].astype(np.int8),
        weights,
    )


def names(letter: str, count: int) -> pl.Series:
    return pl.Series([f"{letter}{i:04d}" for i in range(count)], dtype=pl.String)


def dense(votes: Votes) -> Floats:
    """Return a snapshot as a matrix, to be worked on by simple means."""
    matrix = np.full(votes.shape, NO_VOTE)
    matrix[votes.rows(), votes.indices] = votes.signs
    return matrix


def camps(
    people: int = 60,
    statements: int = 24,
    *,
    apart: float = 3.0,
    passing: float = 0.1,
    unseen: float = 0.3,
    seed: int = 0,
) -> Floats:
    """Return simulated votes of two equal camps that part over half of the statements.

    The first half of the people is one camp. The camps differ by ``apart`` log-odds each way on the
    first half of the statements; everyone leans to agree with the other half.
    """
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) < people / 2, 1.0, -1.0)
    pull = np.where(np.arange(statements) < statements / 2, apart, 0.0)
    level = np.where(np.arange(statements) < statements / 2, 0.0, 2.0)
    odds = np.outer(side, pull * np.where(np.arange(statements) % 2, 1, -1)) + level
    votes = np.where(rng.random(odds.shape) < 1 / (1 + np.exp(-odds)), 1.0, -1.0)
    votes[rng.random(odds.shape) < passing] = 0.0
    votes[rng.random(odds.shape) < unseen] = NO_VOTE
    return votes


def conversation(shared: Path, name: str) -> Votes:
    """Return a real conversation without its rejected statements."""
    folder = shared / "data" / "votes" / name
    votes = pl.read_csv(folder / "participants-votes.csv", infer_schema_length=None)
    comments = pl.read_csv(folder / "comments.csv", infer_schema_length=None)
    rejected = comments.filter(pl.col("moderated") == -1)["comment-id"].cast(pl.String)
    return read_votes(votes.drop([name for name in rejected if name in votes.columns]))
