"""An axis under rows of marks: ticks that fit, lines that spare the words, numbers that fit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from kelisim.charts import markup
from kelisim.charts.layout import Columns, Place
from kelisim.charts.measure import width
from kelisim.charts.rows import Numbers
from kelisim.charts.scale import Scale, scale


def fitted_axis(
    values: Iterable[float],
    layout: Columns,
    numbers: Numbers,
    bounds: tuple[float, float] | None,
) -> Scale:
    """Return the axis with as many ticks as have room for their numbers."""
    values = list(values)
    most = 6
    while most > 1:
        axis = scale(values, layout.start, layout.end, most=most, bounds=bounds)
        widest = max(width(numbers.tick(tick), 11) for tick in axis.ticks)
        beyond = max(0.0, widest / 2 - layout.start)
        if widest + beyond + 10 <= (axis.end - axis.start) / (len(axis.ticks) - 1):
            break
        most -= 1
    return axis


def bands(placed: Sequence[Place], layout: Columns, at: float) -> str:
    """Return a vertical line broken where it would cross a label or a note."""
    bands = [(place.mark_y - 9, place.bottom) for place in placed if place.row.value is not None]
    if not layout.stacked:
        shown = [place for place in placed if place.row.value is not None]
        bands = [(shown[0].top, shown[-1].bottom)] if shown else []
    x = markup.short(at)
    return "".join(f"M{x} {markup.short(top)}V{markup.short(end)}" for top, end in bands)


def grid(
    placed: Sequence[Place],
    axis: Scale,
    layout: Columns,
    numbers: Numbers,
    heights: Sequence[float],
) -> list[str]:
    """Return the vertical lines of the ticks, and their numbers at some heights."""
    ways = [bands(placed, layout, axis.at(tick)) for tick in axis.ticks]
    named = [markup.text(x, y, name) for y in heights for x, name in _named(axis, layout, numbers)]
    return [
        markup.lines("rule", markup.RULE, 1, ways),
        markup.notes(named, 11, "middle"),
    ]


def _named(axis: Scale, layout: Columns, numbers: Numbers) -> Iterator[tuple[float, str]]:
    """Yield the ticks that are written: those whose words leave the one before alone."""
    taken = -math.inf
    for tick in axis.ticks:
        name = numbers.tick(tick)
        wide = width(name, 11)
        x = kept(axis.at(tick), wide, layout.n_end)
        if x - wide / 2 > taken + 4:
            taken = x + wide / 2
            yield x, name


def kept(middle: float, wide: float, room: float) -> float:
    """Return the middle of a text, moved so that it stays on the sheet."""
    return min(max(middle, wide / 2), room - wide / 2)
