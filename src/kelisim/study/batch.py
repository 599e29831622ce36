"""Exports of votes too large to be read at once: DuckDB sorts them, with its disk at hand.

The work is written as Ibis expressions, so that another engine can do it where one machine ends.
In memory there are 5 bytes a vote, the names once, and what DuckDB is given.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import (
    ColumnRefused,
    FileRefused,
    Refusal,
    SettingRefused,
    ValueRefused,
    VotesRefused,
    listed,
    nearest,
)
from kelisim.engine.opinion.reading import MILLISECONDS_FROM, in_order
from kelisim.engine.opinion.votes import Votes, brief
from kelisim.study.progress import Progress, silent

MEMORY = "1GB"
ROWS = 500_000
"""Votes that come from the database at a time."""

WANTED = ("participant", "statement", "vote")
POLIS_NAMES = {"voter-id": "participant", "comment-id": "statement", "timestamp": "time"}


def read_large_votes(file: Path, *, memory: str = MEMORY, report: Progress = silent) -> Votes:
    """Return the snapshot of a list of votes, CSV or Parquet, of any size on disk.

    The same as `read_votes` of the same rows, but for weights, which are not read, and times, which
    only tell the last vote of a pair.

    Parameters
    ----------
    memory
        What DuckDB may take, such as ``1GB``; beyond it sorts go to a temporary folder.

    Raises
    ------
    FileRefused
        The file is missing, of another kind or not well-formed.
    ColumnRefused
        A column is missing.
    ValueRefused
        A vote is not 1, 0 or -1; a name or a time is missing; a pair has two votes that cannot be
        told apart in time.
    VotesRefused
        There are no votes.
    SettingRefused
        The memory is not a size.
    """
    with _database(memory) as database:
        table = _opened(database, file)
        try:
            _check(table)
            return _snapshot(database, table, report)
        except Refusal as refusal:
            refusal.where = f"{file.name}, {refusal.where}" if refusal.where else file.name
            raise


@contextmanager
def _database(memory: str) -> Iterator[Any]:
    # DuckDB imports pandas from compiled code, where a warning made an error is a crash.
    with (
        warnings.catch_warnings(action="ignore"),
        tempfile.TemporaryDirectory(prefix="kelisim-votes-") as spill,
    ):
        import ibis

        try:
            database = ibis.duckdb.connect(
                memory_limit=memory, temp_directory=spill, preserve_insertion_order=False
            )
        except Exception as cause:
            raise SettingRefused(
                f"The memory is '{memory}', which DuckDB does not take.",
                where="--memory",
                do="Give a size such as 512MB or 4GB.",
            ) from cause
        try:
            yield database
        finally:
            database.disconnect()


def _opened(database: Any, file: Path) -> Any:
    if not file.is_file():
        raise FileRefused(
            "There is no such file.", where=str(file), do="Correct the path to the file."
        )
    readers = {
        ".parquet": database.read_parquet,
        ".csv": lambda path: database.read_csv(path, all_varchar=True, header=True),
    }
    if file.suffix.lower() not in readers:
        raise FileRefused(
            f"'{file.suffix}' is not a kind of file that holds many votes.",
            where=str(file),
            do="Give a .parquet or .csv file of participant, statement, vote[, time].",
        )
    try:
        table = readers[file.suffix.lower()](str(file))
    except Exception as cause:
        raise FileRefused(
            "The file could not be read.",
            where=str(file),
            why=str(cause).splitlines()[0],
            do="Check that it is whole and of the kind its name says.",
        ) from cause
    names = {new: old for old, new in POLIS_NAMES.items() if old in table.columns}
    return _named(table.rename({n: o for n, o in names.items() if n not in table.columns}))


def _named(table: Any) -> Any:
    for name in WANTED:
        if name not in table.columns:
            raise ColumnRefused(
                f"There is no column '{name}' in the votes.",
                do=nearest(name, table.columns) or f"The columns are {listed(table.columns, 12)}.",
            )
    columns = {
        "participant": _text(table.participant),
        "statement": _text(table.statement),
        "given": table.vote.cast("string"),
        "vote": table.vote.try_cast("float64"),
    }
    if "time" in table.columns:
        columns["time"] = _seconds(table.time)
    return table.select(**columns)


def _text(column: Any) -> Any:
    """Return names as text; 7.0 and 7 are one name."""
    if column.type().is_floating():
        return column.cast("int64").cast("string")
    return column.cast("string")


def _seconds(column: Any) -> Any:
    if column.type().is_timestamp():
        return column.epoch_seconds().cast("float64")
    import ibis

    number = column.try_cast("float64")
    instant = column.cast("string").try_cast("timestamp").epoch_seconds().cast("float64")
    seconds = ibis.coalesce(number, instant)
    return ibis.ifelse(seconds >= MILLISECONDS_FROM, seconds / 1000, seconds)


def _check(table: Any) -> None:
    """Refuse what cannot be counted; one pass over the file."""
    wrong = ~table.vote.isin([-1.0, 0.0, 1.0]) | table.vote.isnull()
    blank = {name: (table[name].isnull() | (table[name] == "")) for name in WANTED[:2]}
    counted = {
        "rows": table.count(),
        "wrong": wrong.sum(),
        **{name: empty.sum() for name, empty in blank.items()},
    }
    if "time" in table.columns:
        counted["untimed"] = table.time.isnull().sum()
    found = table.aggregate(**counted).to_pyarrow().to_pylist()[0]
    if not found["rows"]:
        raise VotesRefused("There are no votes.", do="Give a file that holds votes.")
    if found["wrong"]:
        given = table.filter(wrong).given.min().to_pyarrow().as_py()
        raise ValueRefused(
            f"A vote is {'empty' if given is None else given} ({found['wrong']} such votes).",
            where="column 'vote'",
            why="A vote is 1 (agree), 0 (pass) or -1 (disagree).",
            do="Recode the votes, and leave out rows where a statement was not seen.",
        )
    for name in WANTED[:2]:
        if found[name]:
            raise ValueRefused(
                f"A {name} has no name ({found[name]} such rows).",
                where=f"column '{name}'",
                why="A vote must be somebody's vote on something.",
                do="Fill in the cell, or delete the row.",
            )
    if found.get("untimed"):
        raise ValueRefused(
            f"The time is missing or is not one ({found['untimed']} such rows).",
            where="column 'time'",
            why="The last vote of a participant on a statement is found by its time.",
            do="Write seconds since 1970 or an ISO date and time, such as 2026-03-02T10:15:00Z.",
        )


def _last(table: Any) -> Any:
    """Return one row a pair, the last in time; ``votes`` are the distinct votes it may be."""
    pair = ["participant", "statement"]
    if "time" not in table.columns:
        return table.group_by(pair).aggregate(vote=table.vote.max(), unclear=table.count() > 1)
    at_once = table.group_by([*pair, "time"]).aggregate(
        vote=table.vote.max(), unclear=table.vote.min() < table.vote.max()
    )
    return at_once.group_by(pair).aggregate(
        vote=at_once.vote.argmax(at_once.time), unclear=at_once.unclear.argmax(at_once.time)
    )


def _snapshot(database: Any, table: Any, report: Progress) -> Votes:
    report("names", 0, 3)
    participants, statements = (_distinct(table, name) for name in WANTED[:2])
    people, items = _numbered(participants, "row"), _numbered(statements, "column")
    report("sorting", 1, 3)
    last = database.create_table("last_votes", _last(table))
    _check_clear(last)
    coded = last.join(people, "participant").join(items, "statement")
    ordered = coded.select("row", "column", "vote").order_by(["row", "column"])
    count = last.count().to_pyarrow().as_py()
    sizes = np.zeros(len(participants), np.int64)
    indices, signs, at = np.empty(count, np.int32), np.empty(count, np.int8), 0
    report("votes", 2, 3)
    for batch in ordered.to_pyarrow_batches(chunk_size=ROWS):
        part = slice(at, at + batch.num_rows)
        rows = batch.column("row").to_numpy(zero_copy_only=False)
        sizes += np.bincount(rows, minlength=len(sizes))
        indices[part] = batch.column("column").to_numpy(zero_copy_only=False)
        signs[part] = batch.column("vote").to_numpy(zero_copy_only=False)
        at += batch.num_rows
    pointers = np.concatenate([[0], np.cumsum(sizes)])
    return Votes(participants, statements, pointers, indices, signs, np.ones(len(participants)))


def _numbered(names: pl.Series, code: str) -> Any:
    import ibis

    return ibis.memtable(pl.DataFrame({names.name: names, code: np.arange(len(names))}))


def _distinct(table: Any, name: str) -> pl.Series:
    return in_order(pl.Series(name, table.select(name).distinct().to_polars()[name]))


def _check_clear(last: Any) -> None:
    unclear = last.filter(last.unclear)
    count = unclear.count().to_pyarrow().as_py()
    if count:
        first = unclear.order_by(["participant", "statement"]).limit(1).to_pyarrow().to_pylist()[0]
        raise ValueRefused(
            f"Participant '{first['participant']}' has more than one last vote on statement "
            f"'{brief(first['statement'])}' ({count} such pairs).",
            why="It cannot be known which of them counts.",
            do="Keep one of them, or give the exact times.",
        )
