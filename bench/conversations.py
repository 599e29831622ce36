"""The real conversations that the experiments on votes share, as matrices with NaN where unseen."""

import os
from pathlib import Path

import numpy as np
import polars as pl

from kelisim.engine.opinion.reading import read_votes
from kelisim.study.votes import read_rejected

LEAST_VOTES, LEAST_PARTICIPATION = 5, 7


def votes_folder():
    """Return the folder of conversations, a subfolder each."""
    shared = os.environ.get("KELISIM_SHARED", Path(__file__).resolve().parents[2] / "shared")
    folder = Path(shared) / "data" / "votes"
    if not folder.is_dir():
        raise SystemExit(f"There are no conversations in {folder}: set KELISIM_SHARED.")
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def matrix_of(folder):
    """Return the votes on accepted statements with 5 votes or more, of people with 7 or more."""
    votes = read_votes(pl.read_csv(folder / "participants-votes.csv", infer_schema_length=None))
    matrix = np.full(votes.shape, np.nan)
    matrix[votes.rows(), votes.indices] = votes.signs
    rejected = votes.statements.is_in(list(read_rejected(folder / "comments.csv"))).to_numpy()
    matrix = matrix[:, ~rejected]
    matrix = matrix[:, (~np.isnan(matrix)).sum(axis=0) >= LEAST_VOTES]
    return matrix[(~np.isnan(matrix)).sum(axis=1) >= LEAST_PARTICIPATION]


def as_table(matrix):
    """Return a matrix as a table of votes for the engine."""
    rows, columns = np.nonzero(~np.isnan(matrix))
    votes = matrix[rows, columns].astype(np.int8)
    return {"participant": rows, "statement": columns, "vote": votes}
