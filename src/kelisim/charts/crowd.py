"""A hollow dot for those who came, a full one with its interval for what the country would say.

Where the line does not reach the hollow dot, those who came and the country are known to differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.axis import fitted_axis, grid
from kelisim.charts.dots import dot, dots, legend
from kelisim.charts.layout import NARROW, Place, columns, places, texts
from kelisim.charts.rows import ABSENT, Numbers, Row, Words
from kelisim.charts.scale import Scale
from kelisim.charts.table import Table, cell


@dataclass(frozen=True, slots=True)
class Voiced:
    """The share of those who came, beside the row of the country."""

    country: Row
    here: float


def crowd_chart(
    voiced: Iterable[Voiced], words: Words, here: str, numbers: Numbers, sheet: markup.Sheet
) -> str:
    """Return the SVG of shares here and in the country, the country's largest on top."""
    voiced = _sorted(voiced)
    rows = [one.country for one in voiced]
    layout = columns(rows, numbers, words, sheet)
    known = [value for one in voiced for value in (one.here, *one.country.numbers)]
    axis = fitted_axis(known, layout, numbers, (0.0, 1.0))
    top = 42.0 if sheet.width < NARROW else 26.0
    placed = places(rows, layout, top)
    bottom = placed[-1].bottom + 2 if placed else top
    return markup.framed(
        sheet,
        bottom + 20,
        words.title,
        words.description,
        [
            *legend(here, words.estimate, sheet),
            *grid(placed, axis, layout, numbers, [bottom + 15]),
            *_marks(voiced, placed, axis),
            *texts(placed, layout, numbers),
        ],
    )


def crowd_table(voiced: Iterable[Voiced], words: Words, here: str, numbers: Numbers) -> Table:
    """Return the table twin, in the order of the chart."""
    return Table(
        words.title,
        (words.group, here, words.estimate, words.interval),
        tuple(
            (
                cell(one.country.label, one.country.language),
                numbers.value(one.here),
                ABSENT if one.country.value is None else numbers.value(one.country.value),
                ABSENT if one.country.span is None else numbers.span(*one.country.span),
            )
            for one in _sorted(voiced)
        ),
        (False, True, True, True),
    )


def _sorted(voiced: Iterable[Voiced]) -> list[Voiced]:
    return sorted(voiced, key=lambda one: (one.country.value is None, -(one.country.value or 0.0)))


def _marks(voiced: list[Voiced], placed: list[Place], axis: Scale) -> list[str]:
    ways: list[str] = []
    full: list[str] = []
    hollow: list[str] = []
    for one, place in zip(voiced, placed, strict=True):
        hollow.append(dot(axis.at(one.here), place.mark_y))
        if one.country.span is not None and one.country.value is not None:
            low, high = (markup.short(axis.at(end)) for end in one.country.span)
            ways.append(f"M{low} {markup.short(place.mark_y)}H{high}")
            full.append(dot(axis.at(one.country.value), place.mark_y))
    return [markup.lines("whisker", markup.ACCENT, 2.5, ways), *dots(hollow, full)]
