"""Reading a sample and a population table into the same codes, or saying why they do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.core.errors import ColumnRefused, IndicatorRefused, ValueRefused, listed, nearest
from kelisim.engine.frame import MISSING, Categories, Codes, categories, numbers
from kelisim.engine.smallarea.poststratify import Cells, tally
from kelisim.engine.smallarea.terms import AREA

BINARY = ({"0", "1"}, {"false", "true"})
"""Labels of a column that holds yes or no as such."""


@dataclass(frozen=True, slots=True)
class Population:
    """The population by cell.

    Attributes
    ----------
    names
        The area column, then the D cell variables.
    labels
        The categories of each of them.
    cells
        The people of each cell; every area has some.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    cells: Cells

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas, in the order of every result."""
        return self.labels[AREA]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Categories of each variable."""
        return tuple(len(labels) for labels in self.labels)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answers of the respondents.

    Attributes
    ----------
    codes
        Shape (n,), int32: the place in `categories`; `MISSING` without an answer.
    categories
        The answers. A yes-or-no question has the one category ``""``, coded 1 for yes.
    """

    codes: Codes
    categories: tuple[str, ...]

    @property
    def binary(self) -> bool:
        """Whether the question is yes-or-no."""
        return self.categories == ("",)

    @property
    def order(self) -> list[int]:
        """The codes in the order in which they are split off: yes, or the most frequent, first."""
        if self.binary:
            return [1, 0]
        sizes = np.bincount(self.codes[self.codes != MISSING])
        return [int(code) for code in np.argsort(-sizes, kind="stable")]

    @property
    def splits(self) -> NDArray[np.int64]:
        """The place in `order` of each answer that was given."""
        return np.asarray(np.argsort(self.order)[self.codes[self.codes != MISSING]])

    @property
    def shown(self) -> list[int]:
        """The place in `order` of each category."""
        return [0] if self.binary else [int(place) for place in np.argsort(self.order)]


def read_population(frame: pl.DataFrame, area: str, cells: Sequence[str], count: str) -> Population:
    """Return the population by cell; rows of the same cell are added up.

    Raises
    ------
    ColumnRefused
        A column is missing or named twice.
    ValueRefused
        A category or count is missing, a count is negative, or an area has no people.
    """
    names = (area, *cells)
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise ColumnRefused(f"The column '{twice[0]}' is named twice.", where="area, cells")
    read = [_whole(categories(frame, name, role="a cell of the population")) for name in names]
    counts = numbers(frame, count, role="the count of a cell")
    _check_counts(counts, count)
    sizes = [len(one.labels) for one in read]
    place = np.ravel_multi_index([one.codes for one in read], sizes)
    distinct, inverse = np.unique(place, return_inverse=True)
    variables = np.column_stack(np.unravel_index(distinct, sizes)).astype(np.int32)
    table = Cells(variables, tally(inverse, counts, len(distinct)))
    _check_areas(table, read[AREA])
    return Population(names, tuple(one.labels for one in read), table)


def _check_areas(table: Cells, area: Categories) -> None:
    empty = tally(table.variables[:, AREA], table.counts, len(area.labels)) == 0
    if empty.any():
        raise ValueRefused(
            f"The population of {listed(np.array(area.labels)[empty])} is zero.",
            where=f"the population table, column '{area.name}'",
            why="The share of nobody is not defined.",
            do="Correct the counts, or leave the area out of the table.",
        )


def _check_counts(counts: NDArray[np.float64], name: str) -> None:
    if not counts.size:
        raise ValueRefused("The population table has no rows.", do="Give a row for each cell.")
    wrong = np.flatnonzero(np.isnan(counts) | (counts < 0))
    if wrong.size:
        value = counts[wrong[0]]
        raise ValueRefused(
            "The count is missing." if np.isnan(value) else f"The count is negative: {value:g}.",
            where=f"the population table, column '{name}', row {int(wrong[0]) + 1}",
            why="A cell holds a number of people.",
            do="Give the number of people of the cell; 0 where there are none.",
        )


def _whole(read: Categories) -> Categories:
    """Return the categories if none is missing."""
    missing = np.flatnonzero(read.codes == MISSING)
    if missing.size:
        raise ValueRefused(
            f"The category is missing in {missing.size} rows.",
            where=f"column '{read.name}', row {int(missing[0]) + 1}",
            why="A row without it belongs to no cell.",
            do="Fill the value in, or leave these rows out and say so.",
        )
    return read


def read_sample(frame: pl.DataFrame, population: Population) -> Codes:
    """Return the variables of each respondent in the codes of the population, shape (n, 1 + D).

    Raises
    ------
    ColumnRefused
        A column is missing.
    ValueRefused
        A category is missing, or does not occur in the population.
    """
    columns = [
        _recoded(_whole(categories(frame, name, role="a cell of the sample")), labels)
        for name, labels in zip(population.names, population.labels, strict=True)
    ]
    return np.column_stack(columns)


def _recoded(read: Categories, labels: tuple[str, ...]) -> Codes:
    strange = [label for label in read.labels if label not in labels]
    if strange:
        raise ValueRefused(
            f"The population has no {listed(strange)}, and the sample does.",
            where=f"column '{read.name}'",
            why="These respondents stand for nobody in the population.",
            do=nearest(strange[0], labels) or f"The population has {listed(labels, 12)}.",
        )
    places = np.array([labels.index(label) for label in read.labels], dtype=np.int32)
    return places[read.codes]


def read_outcome(
    frame: pl.DataFrame, name: str, yes: Sequence[object], *, every: bool = False
) -> Outcome:
    """Return the answers; 0/1, true/false, or anything with ``yes`` given, as yes-or-no.

    With ``every``, 0/1 and true/false are answers like any others, each with its own share.

    Raises
    ------
    ColumnRefused
        There is no such column.
    IndicatorRefused
        Nobody answered, all gave one answer of an open set, or ``yes`` is not among the answers.
    """
    read = categories(frame, name, role="the outcome")
    if not read.labels:
        raise IndicatorRefused("Nobody answered.", where=f"column '{name}'")
    if yes:
        unknown = [str(word) for word in yes if str(word) not in read.labels]
        if unknown:
            raise IndicatorRefused(
                f"Nobody answered {listed(unknown)}.",
                where=f"column '{name}', yes",
                do=nearest(unknown[0], read.labels)
                or f"The answers are {listed(read.labels, 12)}.",
            )
        return _binary(read, {str(word) for word in yes})
    if not every and any(set(read.labels) <= known for known in BINARY):
        return _binary(read, {"1", "true"})
    if len(read.labels) == 1:
        raise IndicatorRefused(
            f"Everybody answered '{read.labels[0]}'.",
            where=f"column '{name}'",
            why="Whether another answer is possible cannot be seen.",
            do="Give the answers that count as yes, or a column of 0 and 1.",
        )
    return Outcome(read.codes, read.labels)


def _binary(read: Categories, yes: set[str]) -> Outcome:
    chosen = np.array([label in yes for label in read.labels], dtype=np.int32)
    return Outcome(np.where(read.codes == MISSING, MISSING, chosen[read.codes]), ("",))
