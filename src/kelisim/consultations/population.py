"""The population a consultation is laid beside: a table of cells, checked line by line."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

import polars as pl

from kelisim.consultations.models import AgeGroup, Consultation, Population, Settlement, Sex
from kelisim.core.country import find_region
from kelisim.core.errors import ColumnRefused, Refusal, ValueRefused, listed
from kelisim.core.regions import KAZAKHSTAN

COUNT = "n"
VARIABLES = ("region", "sex", "age", "settlement")
"""What people may tell and a population may hold. Ethnicity is not among them."""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "region": tuple(region.iso for region in KAZAKHSTAN.regions),
    "sex": tuple(Sex.values),
    "age": tuple(AgeGroup.values),
    "settlement": tuple(Settlement.values),
}
MOST_CELLS = 2_000
LARGEST = 200_000
"""Bytes of a file of cells."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A population: a column a variable, and the number of people in each cell."""

    variables: tuple[str, ...]
    rows: list[list[str | float]]


def read_cells(content: bytes) -> Cells:
    """Return the cells of a CSV file with the columns of `VARIABLES` that it has, and ``n``.

    Raises
    ------
    Refusal
        A column, a category or a number is not one.
    """
    if len(content) > LARGEST:
        raise ValueRefused(
            f"The file is larger than {LARGEST // 1000} kB.",
            do="Give a line a cell of the population, not a line a person.",
        )
    try:
        reader = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ValueRefused(
            "The file is not a CSV in UTF-8.", do="Save it so, and try again."
        ) from wrong
    head = [name or "" for name in reader.fieldnames or ()]
    used = tuple(name for name in VARIABLES if name in head)
    if COUNT not in head or not used:
        raise ColumnRefused(
            "The columns of a population are missing.",
            where=f"the first line: {listed(head, 8)}",
            do="Name a column 'n' and at least one of 'region', 'sex', 'age', 'settlement'.",
        )
    if not 2 <= len(lines) <= MOST_CELLS:
        raise ValueRefused(
            f"There are {len(lines)} cells.",
            do=f"Give from 2 to {MOST_CELLS} lines, a line a cell.",
        )
    rows = [_row(line, used, at) for at, line in enumerate(lines, start=2)]
    if len({tuple(row[:-1]) for row in rows}) < len(rows):
        raise ValueRefused("Two lines name the same cell.", do="Keep one line a cell.")
    return Cells(used, rows)


def _row(line: Mapping[str, str | None], used: tuple[str, ...], at: int) -> list[str | float]:
    return [*(_category(name, line[name] or "", at) for name in used), _people(line[COUNT], at)]


def _category(name: str, text: str, at: int) -> str:
    word = text.strip()
    if name == "region":
        try:
            return find_region(KAZAKHSTAN, word).iso
        except Refusal as refusal:
            refusal.where = f"line {at}, column 'region'"
            raise
    if word not in CATEGORIES[name]:
        raise ValueRefused(
            f"'{word[:40]}' is not one of the categories of '{name}'.",
            where=f"line {at}",
            do=f"Use one of {listed(CATEGORIES[name])}.",
        )
    return word


def _people(text: str | None, at: int) -> float:
    word = (text or "").strip()
    if not word.isascii() or not word.isdigit() or len(word) > 10:
        raise ValueRefused(
            f"'{word[:40]}' is not a number of people.",
            where=f"line {at}, column 'n'",
            do="Write a whole number, 0 or more.",
        )
    return float(word)


def cells_of(consultation: Consultation) -> Cells:
    """Return the population of a consultation; the published sizes of the regions without one."""
    known = Population.objects.filter(pk=consultation.pk).first()
    if known is not None:
        return Cells(tuple(known.variables), known.cells)
    return Cells(
        ("region",),
        [[region.iso, float(region.population.count)] for region in KAZAKHSTAN.regions],
    )


def as_table(cells: Cells) -> pl.DataFrame:
    """Return cells as a table for the engine, cells without people left out."""
    columns = dict(zip((*cells.variables, COUNT), zip(*cells.rows, strict=True), strict=True))
    return pl.DataFrame(columns).filter(pl.col(COUNT) > 0)
