"""Margins: the population counts weights must reproduce, laid beside the categories of the sample.

A margin is accepted only if it and the sample name the same categories. Raking would not notice a
difference: it would leave a part of the population without anyone to speak for it, or a respondent
without anyone to speak for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import MarginRefused, listed, nearest
from kelisim.engine.frame import MISSING, Categories, Codes, Floats, expected_categories, label
from kelisim.engine.weighting.cells import collapse

MarginKey = str | tuple[str, ...]
"""A column, or several for a crossed margin."""

Margins = Mapping[Any, Mapping[Any, float]]
"""Population counts: `MarginKey` to (category, or tuple of categories, to count)."""

CROSS = "*"
"""Joins the columns and the categories of a crossed margin in names: ``sex*educ``."""


@dataclass(frozen=True, slots=True)
class Margin:
    """One margin, matched to the sample.

    Attributes
    ----------
    name
        The column, or the columns of a crossed margin joined by ``*``.
    codes
        Shape (n,): the category of each row, 0 <= code < L.
    labels
        Shape (L,): the categories that occur in the sample.
    targets
        Shape (L,): their counts in the population, all > 0.
    """

    name: str
    codes: Codes
    labels: tuple[str, ...]
    targets: Floats

    def category(self, code: int) -> str:
        """Return a category as a sentence names it."""
        return f"{self.name} '{self.labels[code]}'"


def read_margins(frame: pl.DataFrame, margins: Any, tolerance: float) -> tuple[Margin, ...]:
    """Match every margin (of `Margins`) to the sample.

    Raises
    ------
    ColumnRefused
        A column is not in the data.
    MarginRefused
        There is no margin; a count is negative or not finite; a row misses a category; the sample
        and the population do not have the same categories; or the totals differ by more than
        ``tolerance``.
    """
    if not isinstance(margins, Mapping) or not margins:
        raise MarginRefused(
            "There are no margins to rake to.",
            do='Give at least one, such as {"sex": {"f": 5200, "m": 4800}}.',
        )
    if not len(frame):
        raise MarginRefused(
            "The data have no rows.",
            why="Nobody is there to carry the population's weight.",
            do="Check the file, or the filter that was applied to it.",
        )
    counted = {key: _counts(key, counts) for key, counts in _by_columns(margins).items()}
    found = expected_categories(frame, _labels_by_column(counted), role="a margin")
    read = [_match(_occurring(found, key), counts) for key, counts in counted.items()]
    _same_total(read, tolerance)
    return tuple(read)


def _labels_by_column(
    counted: Mapping[tuple[str, ...], Mapping[tuple[str, ...], float]],
) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = {}
    for key, counts in counted.items():
        for column, values in zip(key, zip(*counts, strict=True), strict=True):
            labels.setdefault(column, set()).update(values)
    return labels


def _by_columns(margins: Mapping[Any, object]) -> dict[tuple[str, ...], object]:
    """Return margins by the tuple of their columns."""
    read: dict[tuple[str, ...], object] = {}
    for key, counts in margins.items():
        columns = key if isinstance(key, tuple) else (key,)
        if not columns or not all(isinstance(column, str) for column in columns):
            raise MarginRefused(
                f"{key!r} names no margin.",
                do="Write a column's name, or several as a tuple: ('sex', 'educ').",
            )
        if columns in read:
            raise MarginRefused(
                f"The margin '{CROSS.join(columns)}' is given twice.", do="Keep one of the two."
            )
        read[columns] = counts
    return read


@dataclass(frozen=True, slots=True)
class _Occurring:
    """The categories of a margin that occur in the sample, as tuples of labels."""

    name: str
    codes: Codes
    labels: tuple[tuple[str, ...], ...]


def _occurring(found: Mapping[str, Categories], key: tuple[str, ...]) -> _Occurring:
    parts = [_complete(found[column]) for column in key]
    if len(parts) == 1:
        return _Occurring(key[0], parts[0].codes, tuple((text,) for text in parts[0].labels))
    levels = tuple(len(part.labels) for part in parts)
    cells = collapse([part.codes for part in parts], levels, worth=1)
    labels = (
        tuple(part.labels[code] for part, code in zip(parts, combined, strict=True))
        for combined in zip(*cells.codes, strict=True)
    )
    return _Occurring(CROSS.join(key), cells.rows().astype(np.int32), tuple(labels))


def _complete(found: Categories) -> Categories:
    if found.codes.min() > MISSING:
        return found
    missing = np.flatnonzero(found.codes == MISSING)
    raise MarginRefused(
        f"{missing.size} of {found.codes.size} rows have no value.",
        where=f"column '{found.name}', row {int(missing[0]) + 1}",
        why="A row without a category belongs to no part of the population.",
        do="Fill the missing values, give them a category in the population too, or leave the "
        "rows out.",
    )


def _counts(key: tuple[str, ...], counts: object) -> dict[tuple[str, ...], float]:
    """Return the population counts of a margin by labels, each of them checked."""
    name = CROSS.join(key)
    if not isinstance(counts, Mapping) or not counts:
        raise MarginRefused(
            f"The margin '{name}' has no categories.",
            do="Give its population counts, such as {'f': 5200, 'm': 4800}.",
        )
    read: dict[tuple[str, ...], float] = {}
    for category, count in counts.items():
        labels = _labels(name, len(key), category)
        if labels in read:
            raise MarginRefused(
                f"The population counts '{CROSS.join(labels)}' twice.",
                where=f"margin '{name}'",
                why="Categories are compared as text, so that 1 and '1' are the same.",
                do="Add the two counts up.",
            )
        read[labels] = _count(name, labels, count)
    return read


def _labels(name: str, width: int, category: object) -> tuple[str, ...]:
    given = category if isinstance(category, tuple) else (category,)
    if len(given) != width or any(part is None or part != part for part in given):
        raise MarginRefused(
            f"The population category {category!r} is not one value for each column.",
            where=f"margin '{name}'",
            do="Write one value for a single column, ('f', 'low') for a cross of two.",
        )
    return tuple(label(part) for part in given)


def _count(name: str, labels: tuple[str, ...], count: object) -> float:
    try:
        value = float(count)  # type: ignore[arg-type]  # whatever a caller wrote is tried
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise MarginRefused(
            f"The population count of '{CROSS.join(labels)}' is {count!r}.",
            where=f"margin '{name}'",
            why="A count is a finite number, and not below zero.",
            do="Correct the population table.",
        )
    return value


def _match(sample: _Occurring, counts: Mapping[tuple[str, ...], float]) -> Margin:
    """Align population counts with the categories of the sample, refusing any difference."""
    _refuse_strangers(sample, counts)
    _refuse_absent(sample, counts)
    targets = np.array([counts[labels] for labels in sample.labels])
    if not targets.all():
        _refuse_empty(sample, int(np.flatnonzero(targets == 0)[0]))
    names = tuple(CROSS.join(labels) for labels in sample.labels)
    return Margin(sample.name, sample.codes, names, targets)


def _refuse_strangers(sample: _Occurring, counts: Mapping[tuple[str, ...], float]) -> None:
    strangers = [code for code, labels in enumerate(sample.labels) if labels not in counts]
    if not strangers:
        return
    names = [CROSS.join(sample.labels[code]) for code in strangers]
    rows = int(np.isin(sample.codes, strangers).sum())
    raise MarginRefused(
        f"The sample has {listed(names)} ({rows} rows), and the population does not.",
        where=f"margin '{sample.name}'",
        why="No population count says how much these rows should weigh.",
        do=nearest(names[0], [CROSS.join(labels) for labels in counts])
        or "Recode these rows, or add the category to the population.",
    )


def _refuse_absent(sample: _Occurring, counts: Mapping[tuple[str, ...], float]) -> None:
    present = set(sample.labels)
    absent = {CROSS.join(key): n for key, n in counts.items() if n > 0 and key not in present}
    if not absent:
        return
    share = sum(absent.values()) / sum(counts.values())
    raise MarginRefused(
        f"Nobody in the sample is {listed(absent)}, {share:.2%} of the population.",
        where=f"margin '{sample.name}'",
        why="That part of the population would be represented by nobody.",
        do="Merge the category with a neighbouring one, in the population and in the data.",
    )


def _refuse_empty(sample: _Occurring, code: int) -> None:
    name = CROSS.join(sample.labels[code])
    raise MarginRefused(
        f"The population has 0 of '{name}', and the sample has "
        f"{int((sample.codes == code).sum())} such rows.",
        where=f"margin '{sample.name}'",
        why="They would get weight zero, that is, be thrown away.",
        do="Correct the count, merge the category with another, or leave the rows out yourself.",
    )


def _same_total(margins: Sequence[Margin], tolerance: float) -> None:
    totals = [math.fsum(margin.targets) for margin in margins]
    low, high = int(np.argmin(totals)), int(np.argmax(totals))
    if totals[high] - totals[low] <= min(tolerance, 1e-9) * totals[high]:
        return
    raise MarginRefused(
        f"The margins add up to different populations: '{margins[low].name}' to "
        f"{totals[low]:,.10g} and '{margins[high].name}' to {totals[high]:,.10g}.",
        why="No weights can have two totals.",
        do="Take all margins from one source, or scale them to one total.",
    )
