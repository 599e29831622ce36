"""Votes out of a table: the matrix that Polis exports, or one vote a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import IdRefused, ValueRefused, WeightRefused, listed
from kelisim.engine.frame import Floats, as_frame, column, label, numbers
from kelisim.engine.opinion.votes import Indices, Signs, Votes, brief, from_codes

ABOUT_PARTICIPANTS = (
    "participant",
    "xid",
    "group-id",
    "n-comments",
    "n-votes",
    "n-agree",
    "n-disagree",
    "weight",
)
"""Columns of a matrix of votes that are not statements."""

MILLISECONDS_FROM = 1e11
"""Times from this number on are milliseconds: as seconds they would be in the year 5138."""

_WHOLE = r"^(0|-?[1-9]\d{0,17})$"


def read_votes(data: Any) -> Votes:
    """Return the snapshot of votes that a table holds.

    Parameters
    ----------
    data
        Either a matrix, with a row a participant, a column ``participant`` and a column a statement
        (the columns of `ABOUT_PARTICIPANTS` are not statements; an empty cell was not seen), or
        one vote a row in the columns ``participant``, ``statement``, ``vote`` and, if wanted,
        ``time`` (the last vote of a pair counts) and ``weight`` (one for each participant).

    Raises
    ------
    ColumnRefused
        A column is missing.
    ValueRefused
        A vote is not 1, 0, -1 or empty; a name or a time is missing; two votes of one pair cannot
        be told apart in time.
    IdRefused
        A participant has two rows in a matrix.
    WeightRefused
        A weight is not a positive number, or one participant has two.

    Examples
    --------
    >>> votes = read_votes({"participant": ["b", "a"], "statement": [7, 7], "vote": [1, -1]})
    >>> votes.participants.to_list(), votes.signs.tolist()
    (['a', 'b'], [-1, 1])
    """
    frame = as_frame(data)
    return _from_rows(frame) if "vote" in frame.columns else _from_matrix(frame)


def sorted_names(series: pl.Series, role: str) -> tuple[pl.Series, Indices]:
    """Return the distinct names of a column, sorted, and the code of each row.

    Whole numbers sort by size, other names by code point.

    Raises
    ------
    ValueRefused
        A name is missing or empty.
    """
    names = _as_text(series)
    blank = np.flatnonzero((names.is_null() | (names == "")).fill_null(value=True).to_numpy())
    if blank.size:
        raise ValueRefused(
            f"{role} has no name ({blank.size} such rows).",
            where=f"column '{series.name}', row {int(blank[0]) + 1}",
            why="A vote must be somebody's vote on something.",
            do="Fill in the cell, or delete the row.",
        )
    distinct = in_order(names.unique())
    numbered = pl.DataFrame({"v": distinct, "c": np.arange(len(distinct), dtype=np.int32)})
    codes = names.to_frame("v").join(numbered, on="v", how="left", maintain_order="left")["c"]
    return distinct, np.ascontiguousarray(codes.to_numpy())


def in_order(names: pl.Series) -> pl.Series:
    """Return names sorted by size if all are whole numbers, else by code point."""
    if names.str.contains(_WHOLE).all():
        return names.gather(names.cast(pl.Int64).arg_sort())
    return names.sort()


def _as_text(series: pl.Series) -> pl.Series:
    if series.dtype.is_float():
        return pl.Series(
            series.name, [None if v is None or v != v else label(v) for v in series], pl.String
        )
    return series.cast(pl.String)


def _from_matrix(frame: pl.DataFrame) -> Votes:
    participants, rows = sorted_names(
        column(frame, "participant", role="the participants"), "A participant"
    )
    _check_one_row_each(participants, rows)
    headers = [name for name in frame.columns if name not in ABOUT_PARTICIPANTS]
    statements = in_order(pl.Series("statement", headers, pl.String))
    found = [_column_votes(frame, name) for name in statements]
    sizes = [len(seen) for seen, _ in found]
    columns = np.repeat(np.arange(len(found), dtype=np.int32), sizes)
    seen = np.concatenate([np.empty(0, np.int64), *(at for at, _ in found)])
    signs = np.concatenate([np.empty(0, np.int8), *(vote for _, vote in found)])
    weights = None
    if "weight" in frame.columns:
        weights = np.empty(len(participants))
        weights[rows] = numbers(frame, "weight", role="the weight")
    return from_codes(participants, statements, rows[seen], columns, signs, weights)


def _check_one_row_each(participants: pl.Series, rows: Indices) -> None:
    twice = np.flatnonzero(np.bincount(rows, minlength=len(participants)) > 1)
    if twice.size:
        raise IdRefused(
            f"The participant {listed(participants.gather(twice))} has more than one row.",
            why="Two rows of one participant are either one person counted twice or a wrong name.",
            do="Merge the rows, or give each participant a name of its own.",
        )


def _column_votes(frame: pl.DataFrame, name: str) -> tuple[Indices, Signs]:
    """Return the rows that saw a statement and their votes."""
    cells = numbers(frame, name, role=f"votes on statement '{brief(name)}'")
    seen = np.flatnonzero(~np.isnan(cells))
    return seen, _as_signs(cells[seen], f"column '{brief(name)}'", seen)


def _as_signs(votes: Floats, place: str, rows: Indices) -> Signs:
    wrong = np.flatnonzero(~np.isin(votes, (-1.0, 0.0, 1.0)))
    if wrong.size:
        raise ValueRefused(
            f"A vote is {label(float(votes[wrong[0]]))} ({wrong.size} such votes).",
            where=f"{place}, row {int(rows[wrong[0]]) + 1}",
            why="A vote is 1 (agree), 0 (pass) or -1 (disagree).",
            do="Recode the votes, and leave a cell empty where a statement was not seen.",
        )
    return votes.astype(np.int8)


def _from_rows(frame: pl.DataFrame) -> Votes:
    participants, rows = sorted_names(
        column(frame, "participant", role="the participants"), "A participant"
    )
    statements, columns = sorted_names(
        column(frame, "statement", role="the statements"), "A statement"
    )
    votes = numbers(frame, "vote", role="the votes")
    signs = _as_signs(votes, "column 'vote'", np.arange(votes.size, dtype=np.int32))
    weights = _weights(frame, participants, rows)
    if "time" not in frame.columns:
        return from_codes(participants, statements, rows, columns, signs, weights)
    times = times_of(frame)
    last = _last_votes(rows, columns, signs, times, participants)
    return from_codes(
        participants, statements, rows[last], columns[last], signs[last], weights, times[last]
    )


def _weights(frame: pl.DataFrame, participants: pl.Series, rows: Indices) -> Floats | None:
    if "weight" not in frame.columns:
        return None
    given = numbers(frame, "weight", role="the weight")
    weights = np.empty(len(participants))
    weights[rows] = given
    differs = np.flatnonzero(weights[rows] != given)
    differs = differs[~np.isnan(given[differs])]
    if differs.size:
        raise WeightRefused(
            f"Participant '{participants[int(rows[differs[0]])]}' has two different weights.",
            where=f"column 'weight', row {int(differs[0]) + 1}",
            why="A weight belongs to a person, not to a vote.",
            do="Write the same weight in every row of a participant.",
        )
    return weights


def times_of(frame: pl.DataFrame) -> Floats:
    """Return the column ``time`` in seconds since 1970, shape (n,).

    Raises
    ------
    ValueRefused
        A time is missing or is not one.
    """
    series = frame["time"]
    spelt = series.cast(pl.Float64, strict=False) if series.dtype == pl.String else series
    if spelt.null_count() > series.null_count():
        series = series.str.to_datetime(strict=False, time_zone="UTC")
    if series.dtype.is_temporal():
        series = series.cast(pl.Datetime("us")).dt.timestamp("us") / 1e6
    seconds = numbers(series.to_frame("time"), "time", role="the time of a vote")
    missing = np.flatnonzero(np.isnan(seconds))
    if missing.size:
        raise ValueRefused(
            f"The time is missing or is not one ({missing.size} such rows).",
            where=f"column 'time', row {int(missing[0]) + 1}",
            why="The last vote of a participant on a statement is found by its time.",
            do="Write seconds since 1970 or an ISO date and time, such as 2026-03-02T10:15:00Z.",
        )
    return np.where(seconds >= MILLISECONDS_FROM, seconds / 1000, seconds)


def _last_votes(
    rows: Indices, columns: Indices, signs: Signs, times: Floats, participants: pl.Series
) -> Indices:
    """Return the rows of the last vote of each pair; the same event written twice counts once."""
    order = np.lexsort((signs, times, columns, rows))
    same = (rows[order][1:] == rows[order][:-1]) & (columns[order][1:] == columns[order][:-1])
    tied = same & (times[order][1:] == times[order][:-1])
    unclear = np.flatnonzero(tied & (signs[order][1:] != signs[order][:-1]))
    if unclear.size:
        first = int(order[unclear[0]])
        raise ValueRefused(
            f"Participant '{participants[int(rows[first])]}' cast two different votes on one "
            "statement at the same time.",
            where=f"rows {first + 1} and {int(order[unclear[0] + 1]) + 1}",
            why="It cannot be known which of them is the last.",
            do="Delete one of the rows, or give the exact times.",
        )
    last: Indices = order[np.concatenate([~same, np.ones(min(1, order.size), np.bool_)])]
    return last
