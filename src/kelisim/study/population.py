"""The population: cells with a count become the margins that weights are raked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import MarginRefused, Refusal, ValueRefused
from kelisim.engine.frame import label
from kelisim.study.cells import category, named, number
from kelisim.study.model import PopulationFile
from kelisim.study.sources import Source, absent, open_source
from kelisim.study.table import Table

Margins = dict[Any, dict[Any, float]]
"""A column, or a tuple of columns, to the count of each category, or tuple of categories."""


def read_margins(
    population: PopulationFile | None, names: Mapping[str, Mapping[str, str]] | None = None
) -> Margins:
    """Read the margins of a population file; cells that agree in a margin are added up.

    A study without such a file has none.

    Parameters
    ----------
    names
        Column to (code to the category's text), where the interviews hold names: a population
        file that holds the codes is translated.

    Raises
    ------
    Refusal
        The first thing that is wrong; `margins_of` gives all of them.
    """
    if population is None:
        return {}
    margins, refusals = margins_of(population, names)
    if refusals:
        raise refusals[0]
    return margins


def margins_of(
    population: PopulationFile, names: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[Margins, list[Refusal]]:
    """Return the margins with everything in the population file that is refused.

    A margin that needs a refused column is absent.

    Raises
    ------
    FileRefused, ColumnRefused
        The file cannot be read at all, or repeats a column.
    """
    columns = list(dict.fromkeys(column for margin in population.rake for column in margin))
    cells, refusals = cells_of(population, dict.fromkeys(columns, "a margin"), names)
    if population.count not in cells.columns:
        return {}, refusals
    whole = [margin for margin in population.rake if set(margin) <= set(cells.columns)]
    return dict(_margins(cells, whole, population.count)), refusals


def cells_of(
    population: PopulationFile,
    columns: Mapping[str, str],
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[pl.DataFrame, list[Refusal]]:
    """Return some columns of the cells and their count, with everything in them that is refused.

    A refused column is absent.

    Parameters
    ----------
    columns
        Column to what it is wanted for, in words.

    Raises
    ------
    FileRefused, ColumnRefused
        The file cannot be read at all, or repeats a column.
    """
    source = open_source(population.file)
    roles = {population.count: "the count of people", **columns}
    refusals: list[Refusal] = [*absent(source, roles)]
    present = [name for name in columns if name in source.columns]
    if population.count not in source.columns:
        return pl.DataFrame(), refusals
    table = source.read([*present, population.count])
    cells = {}
    try:
        cells[population.count] = _counts(table, population.count, source)
    except Refusal as refusal:
        refusals.append(refusal)
    for column in present:
        try:
            cells[column] = _categories(table.frame[column], source, (names or {}).get(column))
        except Refusal as refusal:
            refusals.append(refusal)
    return pl.DataFrame(cells), refusals


def _counts(table: Table, column: str, source: Source) -> pl.Series:
    cells = table.frame[column]
    counts = number(
        cells,
        role="the count of people in a cell",
        place=source.place,
        decimal_comma=table.decimal_comma,
    )
    if counts.null_count():
        row = int(np.flatnonzero(counts.is_null().to_numpy())[0])
        raise ValueRefused(
            f"The count is missing ({counts.null_count()} of {len(cells)} cells).",
            where=f"{source.place(row)}, column '{cells.name}'",
            do="Write 0 where a cell of the population is empty.",
        )
    negative = np.flatnonzero((counts < 0).to_numpy())
    if negative.size:
        row = int(negative[0])
        raise ValueRefused(
            f"The count {label(counts[row])} is negative.",
            where=f"{source.place(row)}, column '{cells.name}'",
            do="Correct the count.",
        )
    if not counts.sum():
        raise MarginRefused(
            "The counts of the population add up to 0.",
            where=f"{source.file.name}, column '{cells.name}'",
            do="Name the column with the counts as 'count' in [population].",
        )
    return counts


def _categories(cells: pl.Series, source: Source, names: Mapping[str, str] | None) -> pl.Series:
    if cells.null_count():
        row = int(np.flatnonzero(cells.is_null().to_numpy())[0])
        raise MarginRefused(
            f"The category is missing ({cells.null_count()} of {len(cells)} cells).",
            where=f"{source.place(row)}, column '{cells.name}'",
            why="These people would belong to no category of the margin.",
            do="Give the cells a category.",
        )
    typed = category(cells)
    if names and {label(value) for value in typed.unique()} <= set(names):
        return named(typed, names)
    return typed


def _margins(
    table: pl.DataFrame, margins: Sequence[tuple[str, ...]], count: str
) -> Iterator[tuple[str | tuple[str, ...], dict[Any, float]]]:
    for margin in margins:
        sums = table.group_by(margin, maintain_order=True).agg(pl.col(count).sum())
        texts = [tuple(label(value) for value in row[:-1]) for row in sums.iter_rows()]
        counts = sums[count].to_list()
        if len(margin) == 1:
            yield margin[0], dict(zip((text for (text,) in texts), counts, strict=True))
        else:
            yield margin, dict(zip(texts, counts, strict=True))
