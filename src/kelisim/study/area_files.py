"""What ``[smallarea]`` names in files: the population's cells, predictors of areas, neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.core.errors import IdRefused, Refusal, ValueRefused, listed
from kelisim.engine.frame import label
from kelisim.study.cells import category, named, number
from kelisim.study.model import Interviews, SmallAreaSettings, Study, TableFile
from kelisim.study.population import cells_of
from kelisim.study.smallarea_settings import MRP
from kelisim.study.sources import Source, absent, open_source
from kelisim.study.table import Table

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class AreaFiles:
    """The files of a model of areas, read.

    Attributes
    ----------
    cells
        The area, the cell variables and the count; None for a model of direct estimates.
    count
        The column of the count.
    predictors
        The area and its predictors, numbers as Float64 and words as text; None without a file.
    neighbours
        Pairs of areas that touch; None without a file.
    """

    cells: pl.DataFrame | None = None
    count: str = ""
    predictors: pl.DataFrame | None = None
    neighbours: tuple[tuple[str, str], ...] | None = None


def read_area_files(study: Study, interviews: Interviews) -> AreaFiles:
    """Read the files of a study's small areas.

    Raises
    ------
    Refusal
        The first thing that is wrong; `area_files_of` gives all of them.
    """
    files, refusals = area_files_of(study, interviews)
    if refusals:
        raise refusals[0]
    return files


def area_files_of(study: Study, interviews: Interviews) -> tuple[AreaFiles, list[Refusal]]:
    """Return the files of the small areas with everything in them that is refused.

    Raises
    ------
    FileRefused, ColumnRefused
        A file cannot be read at all, or repeats a column.
    """
    settings = study.smallarea
    if settings is None:
        return AreaFiles(), []
    refusals: list[Refusal] = [*_outside_cells(settings, interviews)]
    cells, count = None, study.population.count if study.population else ""
    if settings.method == MRP and study.population:
        roles = {settings.area: "the small area"} | dict.fromkeys(settings.cells, "a cell variable")
        cells, found = cells_of(study.population, roles, interviews.names)
        refusals += found
    predictors = neighbours = None
    if settings.predictors:
        predictors, found = _predictors(study, settings, settings.predictors, interviews.names)
        refusals += found
    if settings.neighbours:
        neighbours, found = _neighbours(settings, settings.neighbours, interviews.names)
        refusals += found
    return AreaFiles(cells, count, predictors, neighbours), refusals


def _outside_cells(settings: SmallAreaSettings, interviews: Interviews) -> Iterator[Refusal]:
    """Yield a refusal for every variable of the cells that an interview does not have."""
    for column in (settings.area, *settings.cells) if settings.method == MRP else ():
        if column not in interviews.frame.columns:
            continue
        cells = interviews.frame[column]
        if cells.null_count():
            row = int(np.flatnonzero(cells.is_null().to_numpy())[0])
            yield ValueRefused(
                f"'{column}' is missing in {cells.null_count()} of {len(cells)} interviews.",
                where=f"{interviews.place(row)}, column '{column}'",
                why="An interview without it belongs to no cell of the small areas.",
                do="Fill the values in, or leave the variable out of 'cells'.",
            )


def _predictors(
    study: Study, settings: SmallAreaSettings, file: TableFile, names: Names
) -> tuple[pl.DataFrame, list[Refusal]]:
    roles = {settings.area: "the small area"} | dict.fromkeys(file.columns, "a predictor of areas")
    source = open_source(file.file)
    refusals: list[Refusal] = [*absent(source, roles)]
    if refusals:
        return pl.DataFrame(), refusals
    table = source.read([settings.area, *file.columns], study.interviews.missing)
    columns = {settings.area: _area(table.frame[settings.area], settings.area, names)}
    refusals += _repeated(columns[settings.area], source)
    for name in file.columns:
        try:
            columns[name] = _predictor(table, name, source)
        except Refusal as refusal:
            refusals.append(refusal)
    return pl.DataFrame(columns), refusals


def _area(cells: pl.Series, area: str, names: Names) -> pl.Series:
    typed = category(cells)
    return named(typed, names[area]) if area in names else typed


def _repeated(areas: pl.Series, source: Source) -> Iterator[Refusal]:
    twice = np.flatnonzero((areas.is_duplicated() & areas.is_not_null()).to_numpy())
    if twice.size:
        row = int(twice[-1])
        yield IdRefused(
            f"The area '{areas[row]}' occurs more than once.",
            where=f"{source.place(row)}, column '{areas.name}'",
            why="It is not clear which of its predictors hold.",
            do="Give every area one row.",
        )


def _predictor(table: Table, name: str, source: Source) -> pl.Series:
    """Return a predictor as numbers, or as words where no cell of it is a number.

    Raises
    ------
    ValueRefused
        Some cells are numbers and some are not; or every area has another word.
    """
    cells = table.frame[name]
    if cells.dtype != pl.String or _some_number(cells, decimal_comma=table.decimal_comma):
        role = "a predictor of areas"
        return number(cells, role=role, place=source.place, decimal_comma=table.decimal_comma)
    known = cells.drop_nulls()
    if len(known) > 2 and known.n_unique() == len(known):
        raise ValueRefused(
            f"The predictor '{name}' is another word in every area: {listed(known)}.",
            where=f"{source.file.name}, column '{name}'",
            why="A word that no two areas share says nothing about areas alike.",
            do="Give a number or a group of areas; numbers have a decimal point.",
        )
    return cells


def _some_number(cells: pl.Series, *, decimal_comma: bool) -> bool:
    text = cells.str.strip_chars()
    if decimal_comma:
        text = text.str.replace(",", ".", literal=True)
    return bool(text.cast(pl.Float64, strict=False).is_not_null().any())


def _neighbours(
    settings: SmallAreaSettings, file: TableFile, names: Names
) -> tuple[tuple[tuple[str, str], ...], list[Refusal]]:
    source = open_source(file.file)
    refusals: list[Refusal] = [*absent(source, dict.fromkeys(file.columns, "a neighbour"))]
    if refusals:
        return (), refusals
    table = source.read(file.columns)
    ends = [_area(table.frame[name], settings.area, names) for name in file.columns]
    for end in ends:
        if end.null_count():
            row = int(np.flatnonzero(end.is_null().to_numpy())[0])
            return (), [
                ValueRefused(
                    "A pair of neighbours names one area.",
                    where=f"{source.place(row)}, column '{end.name}'",
                    do="Name both areas; an area without neighbours has no row.",
                )
            ]
    first, second = ([label(one) for one in end] for end in ends)
    return tuple(zip(first, second, strict=True)), []
