"""A snapshot of the votes: who voted how on what, as sparse rows in the order of sorted names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from kelisim.core.errors import ValueRefused, WeightRefused, listed
from kelisim.engine.frame import Floats

AGREE, PASS, DISAGREE = 1, 0, -1

Signs = NDArray[np.int8]
Indices = NDArray[np.integer[Any]]
Pointers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Votes:
    """The last vote of each participant on each statement, in compressed sparse rows.

    Rows and columns stand in the order of their sorted names, so that no result can depend on the
    order in which votes came in or were written down.

    Attributes
    ----------
    participants, statements
        Names, shape (n,) and (m,), distinct and sorted: by size if every name is a whole number,
        else by code point.
    indptr
        Shape (n + 1,): row i holds the entries indptr[i]:indptr[i + 1].
    indices
        Shape (nnz,): the statement of each vote, ascending within a row.
    signs
        Shape (nnz,): 1 agree, 0 pass, -1 disagree.
    weights
        Shape (n,): the weight of each participant, positive; all 1 where none were given.
    times
        Shape (nnz,): seconds since 1970 of each vote, or None where no time was given.
    """

    participants: pl.Series
    statements: pl.Series
    indptr: Pointers
    indices: Indices
    signs: Signs
    weights: Floats
    times: Floats | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of participants and statements."""
        return len(self.participants), len(self.statements)

    @property
    def n_votes(self) -> Pointers:
        """Return how many votes each participant has cast, shape (n,)."""
        return np.diff(self.indptr)

    def rows(self) -> Indices:
        """Return the participant of each vote, shape (nnz,)."""
        return np.repeat(np.arange(self.shape[0], dtype=np.int32), self.n_votes)


def from_codes(
    participants: pl.Series,
    statements: pl.Series,
    rows: Indices,
    columns: Indices,
    signs: Signs,
    weights: Floats | None = None,
    times: Floats | None = None,
) -> Votes:
    """Return the snapshot of votes given as codes into sorted names, in any order.

    Raises
    ------
    ValueRefused
        A vote is not -1, 0 or 1, or a participant has two votes on one statement.
    WeightRefused
        A weight is missing, zero, negative or not finite.
    """
    _check_signs(signs)
    n, m = len(participants), len(statements)
    indptr, order = _sorted_rows(rows, columns, n, m)
    indices = columns[order]
    _check_one_vote_each(participants, statements, indptr, indices)
    checked = np.ones(n) if weights is None else _checked_weights(weights, participants)
    moments = None if times is None else times[order]
    return Votes(participants, statements, indptr, indices, signs[order], checked, moments)


def _check_signs(signs: Signs) -> None:
    wrong = np.flatnonzero((signs < DISAGREE) | (signs > AGREE))
    if wrong.size:
        raise ValueRefused(
            f"A vote is {int(signs[wrong[0]])} ({wrong.size} such votes).",
            where=f"vote {int(wrong[0]) + 1}",
            why="A vote is 1 (agree), 0 (pass) or -1 (disagree).",
            do="Recode the votes, and leave a cell empty where a statement was not seen.",
        )


def _check_one_vote_each(
    participants: pl.Series, statements: pl.Series, indptr: Pointers, indices: Indices
) -> None:
    twice = np.flatnonzero(indices[1:] == indices[:-1]) + 1
    twice = twice[~np.isin(twice, indptr)]
    if twice.size:
        row = int(np.searchsorted(indptr, twice[0], side="right")) - 1
        raise ValueRefused(
            f"Participant '{participants[row]}' votes twice on statement "
            f"'{brief(statements[int(indices[twice[0]])])}' ({twice.size} such votes).",
            why="Without a time it is not known which of the votes is the last.",
            do="Keep one of them, or add a column 'time'.",
        )


def _checked_weights(weights: Floats, participants: pl.Series) -> Floats:
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
    if wrong.size:
        raise WeightRefused(
            f"The weight of {listed(participants.gather(wrong))} is not a positive number.",
            why="Such a participant would count for nothing, or against the others.",
            do="Give every participant a positive weight, or leave the weight out.",
        )
    return np.ascontiguousarray(weights, dtype=np.float64)


@njit(cache=True)
def _sorted_rows(rows: Indices, columns: Indices, n: int, m: int) -> tuple[Pointers, Indices]:
    """Order votes by row and column: two passes of counting sort, columns first."""
    start = np.zeros(m + 1, np.int64)
    indptr = np.zeros(n + 1, np.int64)
    for k in range(rows.size):
        start[columns[k] + 1] += 1
        indptr[rows[k] + 1] += 1
    start = np.cumsum(start)
    indptr = np.cumsum(indptr)
    by_column = np.empty(rows.size, np.int32)
    for k in range(rows.size):
        by_column[start[columns[k]]] = k
        start[columns[k]] += 1
    place = indptr[:-1].copy()
    order = np.empty(rows.size, np.int32)
    for at in by_column:
        order[place[rows[at]]] = at
        place[rows[at]] += 1
    return indptr, order


def brief(text: str, most: int = 60) -> str:
    """Return a name short enough for a sentence.

    >>> brief("a" * 10_000, most=5)
    'aaaaa...'
    """
    return text if len(text) <= most else f"{text[:most]}..."


def keep(votes: Votes, mask: NDArray[np.bool_]) -> Votes:
    """Return the snapshot with only the votes of a mask, shape (nnz,); nobody is dropped."""
    kept = np.concatenate(([0], np.cumsum(mask, dtype=np.int64)))
    return replace(
        votes,
        indptr=kept[votes.indptr],
        indices=votes.indices[mask],
        signs=votes.signs[mask],
        times=None if votes.times is None else votes.times[mask],
    )


def without_statements(votes: Votes, rejected: NDArray[np.bool_]) -> Votes:
    """Return the snapshot without the statements of a mask, shape (m,); nobody is dropped."""
    if not rejected.any():
        return votes
    kept = keep(votes, ~rejected[votes.indices])
    renumbered = np.cumsum(~rejected, dtype=np.int32) - np.int32(1)
    return replace(
        kept,
        statements=votes.statements.filter(pl.Series(~rejected)),
        indices=renumbered[kept.indices],
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Weighted counts of votes by block of participants and statement.

    Attributes
    ----------
    agree, disagree, passed
        Shape (L, m): the weight of the votes of each kind in each of L blocks.
    """

    agree: Floats
    disagree: Floats
    passed: Floats

    @property
    def seen(self) -> Floats:
        """Return the weight of all votes, shape (L, m)."""
        return self.agree + self.disagree + self.passed


def tally(votes: Votes, labels: Indices, count: int, *, weighted: bool = True) -> Tally:
    """Count votes by block and statement in one pass.

    Parameters
    ----------
    labels
        Shape (n,): the block of each participant; one outside 0..count - 1 is in no block.
    count
        The number of blocks, L.
    weighted
        False counts each vote as 1.
    """
    weights = votes.weights if weighted else np.ones(votes.shape[0])
    sums = _tally(votes.indptr, votes.indices, votes.signs, weights, labels, count, votes.shape[1])
    return Tally(sums[AGREE + 1], sums[DISAGREE + 1], sums[PASS + 1])


@njit(cache=True)
def _tally(
    indptr: Pointers,
    indices: Indices,
    signs: Signs,
    weights: Floats,
    labels: Indices,
    count: int,
    m: int,
) -> Floats:
    sums = np.zeros((3, count, m))
    for i in range(labels.size):
        if 0 <= labels[i] < count:
            for k in range(indptr[i], indptr[i + 1]):
                sums[signs[k] + 1, labels[i], indices[k]] += weights[i]
    return sums
