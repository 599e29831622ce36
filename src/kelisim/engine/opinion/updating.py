"""A snapshot after some more votes: merged row by row, without sorting everything again."""

from __future__ import annotations

import numpy as np
import polars as pl
from numba import njit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.reading import in_order
from kelisim.engine.opinion.votes import Indices, Pointers, Signs, Votes, from_codes


def with_changes(before: Votes, changes: Votes) -> Votes:
    """Return a snapshot after later votes; a vote on the same statement replaces the earlier one.

    The weight of a participant who was there already stays. Times are kept if both have them.

    Parameters
    ----------
    before
        The snapshot so far.
    changes
        The votes cast since, of old and new participants on old and new statements.
    """
    participants = _joined(before.participants, changes.participants)
    statements = _joined(before.statements, changes.statements)
    rows = _places(before.participants, participants), _places(changes.participants, participants)
    columns = _places(before.statements, statements), _places(changes.statements, statements)
    weights = np.ones(len(participants))
    weights[rows[1]], weights[rows[0]] = changes.weights, before.weights
    timed = before.times is not None and changes.times is not None
    one, other = _arrays(before, columns[0], timed), _arrays(changes, columns[1], timed)
    if any((np.diff(at) < 0).any() for at in (*rows, *columns)):
        # A name that is no number turns the order of all names, and with it that of every row.
        return _anew(participants, statements, (before, changes), rows, columns, weights, timed)
    indptr, indices, signs, times = _merged(
        _pointers(before, rows[0], len(participants)),
        *one,
        _pointers(changes, rows[1], len(participants)),
        *other,
    )
    return Votes(
        participants, statements, indptr, indices, signs, weights, times if timed else None
    )


def _joined(known: pl.Series, more: pl.Series) -> pl.Series:
    fresh = more.filter(~more.is_in(known.implode()))
    return known if fresh.is_empty() else in_order(pl.concat([known, fresh.rename(known.name)]))


def _places(names: pl.Series, among: pl.Series) -> Indices:
    if len(names) == len(among):
        return np.arange(len(names), dtype=np.int32)
    numbered = pl.DataFrame({"v": among, "c": np.arange(len(among), dtype=np.int32)})
    found = names.to_frame("v").join(numbered, on="v", how="left", maintain_order="left")["c"]
    return found.to_numpy()


def _arrays(votes: Votes, columns: Indices, timed: bool) -> tuple[Indices, Signs, Floats]:
    times = votes.times if timed and votes.times is not None else np.empty(0)
    stay = np.array_equal(columns, np.arange(len(columns)))
    indices = votes.indices if stay else columns[votes.indices]
    return indices.astype(np.int32, copy=False), votes.signs, times


def _pointers(votes: Votes, rows: Indices, count: int) -> Pointers:
    """Return pointers into the votes for every participant there is now."""
    sizes = np.zeros(count, np.int64)
    sizes[rows] = votes.n_votes
    return np.concatenate([[0], np.cumsum(sizes)])


def _anew(
    participants: pl.Series,
    statements: pl.Series,
    parts: tuple[Votes, Votes],
    rows: tuple[Indices, Indices],
    columns: tuple[Indices, Indices],
    weights: Floats,
    timed: bool,
) -> Votes:
    row = np.concatenate([at[part.rows()] for part, at in zip(parts, rows, strict=True)])
    column = np.concatenate([at[part.indices] for part, at in zip(parts, columns, strict=True)])
    signs = np.concatenate([part.signs for part in parts])
    moments = [part.times for part in parts if timed and part.times is not None]
    pair = row.astype(np.int64) * len(statements) + column
    # The last of equal pairs: changes stand behind.
    last = len(pair) - 1 - np.unique(pair[::-1], return_index=True)[1]
    return from_codes(
        participants,
        statements,
        row[last].astype(np.int32),
        column[last].astype(np.int32),
        signs[last],
        weights,
        np.concatenate(moments)[last] if moments else None,
    )


@njit(cache=True)
def _merged(
    indptr: Pointers,
    indices: Indices,
    signs: Signs,
    times: Floats,
    new_indptr: Pointers,
    new_indices: Indices,
    new_signs: Signs,
    new_times: Floats,
) -> tuple[Pointers, Indices, Signs, Floats]:
    """Merge two lists of ascending columns in every row; the new vote wins.

    Without times both arrays of them are empty.
    """
    n = indptr.size - 1
    most, timed = indices.size + new_indices.size, times.size > 0
    pointers = np.zeros(n + 1, np.int64)
    columns, votes = np.empty(most, np.int32), np.empty(most, np.int8)
    moments = np.empty(most if timed else 0)
    at = 0
    for i in range(n):
        a, b = indptr[i], new_indptr[i]
        while a < indptr[i + 1] or b < new_indptr[i + 1]:
            new = b < new_indptr[i + 1] and (a == indptr[i + 1] or new_indices[b] <= indices[a])
            if new:
                if a < indptr[i + 1] and indices[a] == new_indices[b]:
                    a += 1
                columns[at], votes[at] = new_indices[b], new_signs[b]
                if timed:
                    moments[at] = new_times[b]
                b += 1
            else:
                columns[at], votes[at] = indices[a], signs[a]
                if timed:
                    moments[at] = times[a]
                a += 1
            at += 1
        pointers[i + 1] = at
    return pointers, columns[:at], votes[:at], moments[:at]
