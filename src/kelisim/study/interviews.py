"""The interviews of a study: the columns it uses, as numbers and categories, refused by line."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl

from kelisim.core.errors import FileRefused, IdRefused, Refusal, listed
from kelisim.study.cells import category, named, number
from kelisim.study.model import Interviews, Labels, Study
from kelisim.study.roles import Roles, category_columns, number_columns, other_columns
from kelisim.study.sources import Source, absent, open_source
from kelisim.study.table import Table

UNDETERMINED = "und"
"""The language of names that come with a statistical file: it does not say."""

_ROW = re.compile(r"\brow (\d+)\b")


def read_interviews(study: Study) -> Interviews:
    """Read the columns of the interviews that a study uses.

    Raises
    ------
    Refusal
        The first thing that is wrong; `interviews_of` gives all of them.
    """
    interviews, refusals = interviews_of(study)
    if refusals:
        raise refusals[0]
    return interviews


def interviews_of(study: Study) -> tuple[Interviews, list[Refusal]]:
    """Return the interviews with everything in them that is refused.

    A refused column is absent from the frame, so that the others can still be looked at.

    Raises
    ------
    FileRefused, ColumnRefused
        The file cannot be read at all, holds no interviews, or repeats a column.
    """
    source = open_source(study.interviews.file)
    numbers, categories = number_columns(study), category_columns(study)
    refusals: list[Refusal] = [*absent(source, numbers | categories | other_columns(study))]
    used = [name for name in _used(study, numbers, categories) if name in source.columns]
    table = source.read(used or source.columns[:1], study.interviews.missing)
    if not table.frame.height:
        raise FileRefused(
            "The file has a header and no interviews below it.",
            where=source.file.name,
            do="Export the data again.",
        )
    columns = dict(_cells(table, source, numbers, categories, refusals))
    ids = _ids(table, source, study.interviews.id, refusals)
    interviews = Interviews(
        frame=pl.DataFrame(columns),
        ids=ids,
        labels=_labels(table),
        names=table.names,
        notes=table.notes,
        place=source.place,
        columns=len(source.columns),
    )
    return interviews, refusals


def _used(study: Study, numbers: Roles, categories: Roles) -> list[str]:
    own = [study.interviews.id] if study.interviews.id else []
    return list(dict.fromkeys([*own, *numbers, *categories]))


def _cells(
    table: Table, source: Source, numbers: Roles, categories: Roles, refusals: list[Refusal]
) -> Iterator[tuple[str, pl.Series]]:
    for name in table.frame.columns:
        cells = table.frame[name]
        if name in numbers:
            try:
                yield (
                    name,
                    number(
                        cells,
                        role=numbers[name],
                        place=source.place,
                        decimal_comma=table.decimal_comma,
                    ),
                )
            except Refusal as refusal:
                refusals.append(refusal)
        elif name in categories:
            names = table.names.get(name)
            yield name, named(cells, names) if names else category(cells)


def _ids(table: Table, source: Source, column: str | None, refusals: list[Refusal]) -> pl.Series:
    if column is None or column not in table.frame.columns:
        return pl.Series("id", np.arange(1, table.frame.height + 1))
    ids = _whole(category(table.frame[column])).alias("id")
    try:
        _refuse_bad_ids(ids, source, column)
    except IdRefused as refusal:
        refusals.append(refusal)
    return ids


def _whole(ids: pl.Series) -> pl.Series:
    """Return numbers as whole numbers where they all are; statistical files hold only floats."""
    whole = ids.dtype.is_float() and (ids == ids.round()).all()
    return ids.cast(pl.Int64) if whole else ids


def _refuse_bad_ids(ids: pl.Series, source: Source, column: str) -> None:
    if ids.null_count():
        row = int(np.flatnonzero(ids.is_null().to_numpy())[0])
        raise IdRefused(
            f"The identifier '{column}' is missing in {ids.null_count()} of {len(ids)} interviews.",
            where=source.place(row),
            do="Give every interview an identifier, or leave out the setting id.",
        )
    rows = np.flatnonzero(ids.is_duplicated().to_numpy())
    if rows.size:
        twice = ids.gather(rows).unique(maintain_order=True)
        first = np.flatnonzero((ids == twice[0]).to_numpy())
        places = ", ".join(source.place(int(row)) for row in first[:3])
        raise IdRefused(
            f"The identifier '{column}' occurs more than once: {listed(twice)}.",
            where=places,
            why="The same interview may have been entered twice.",
            do="Remove the repeated interviews, or correct their identifiers.",
        )


def _labels(table: Table) -> Labels:
    items = {column: {UNDETERMINED: wording} for column, wording in table.wording.items()}
    return Labels(items=items)


@contextmanager
def lines_of(interviews: Interviews) -> Iterator[None]:
    """Let refusals of the engine, which counts rows, name the line of the file.

    Raises
    ------
    Refusal
        What was raised inside, with ``row 16`` replaced by ``interviews.csv, line 17``.
    """
    try:
        yield
    except Refusal as refusal:
        raise with_line(refusal, interviews) from refusal


def with_line(refusal: Refusal, interviews: Interviews) -> Refusal:
    """Return a refusal that names the line of the file where the engine named a row."""
    found = _ROW.search(refusal.where)
    if not found:
        return refusal
    moved = copy.copy(refusal)
    moved.where = _ROW.sub(interviews.place(int(found[1]) - 1), refusal.where)
    return moved
