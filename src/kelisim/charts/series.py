"""Series over periods: a panel a series, one axis for all, every point with its interval.

Lines of one colour under one another can be told apart by everybody and in print; lines on top of
one another can not. A period without an estimate breaks the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.measure import fit, width
from kelisim.charts.rows import ABSENT, Numbers, Row, Words
from kelisim.charts.scale import Scale, scale
from kelisim.charts.table import Cell, Table, cell

_PANEL, _TOP, _ROOM = 64.0, 22.0, 10.0


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity or group over the periods.

    Attributes
    ----------
    label, language
        Its name, and the language of the name where it is not the page's.
    points
        One row a period, labelled with it, in the order of time; a period may be missing.
    """

    label: str
    points: tuple[Row, ...]
    language: str = ""


def series_chart(
    series: Sequence[Series],
    periods: Sequence[str],
    words: Words,
    numbers: Numbers,
    sheet: markup.Sheet,
    *,
    bounds: tuple[float, float] | None = None,
) -> str:
    """Return the SVG of series, a panel each.

    Parameters
    ----------
    periods
        Labels of all periods, in the order of time: the places on the axis.
    bounds
        The least and the greatest value the quantity can have.
    """
    known = [value for one in series for row in one.points for value in row.numbers]
    axis = scale(known, _PANEL, 0.0, most=3, bounds=bounds)
    room = max(width(numbers.tick(tick), 11) for tick in axis.ticks) + 8
    places = _places(periods, room, sheet.width)
    parts: list[str] = []
    top = 4.0
    for one in series:
        parts += _panel(one, axis, places, numbers, top, sheet.width, room)
        top += _TOP + _PANEL + _ROOM
    parts.append(markup.notes(_named(periods, places, top + 8, sheet.width), 11, "middle"))
    return markup.framed(sheet, top + 14, words.title, words.description, parts)


def series_table(series: Iterable[Series], words: Words, numbers: Numbers, period: str) -> Table:
    """Return the table twin: a row a period of each series, notes where there are any."""
    series = list(series)
    noted = any(row.note for one in series for row in one.points)
    head = (words.group, period, words.n, words.estimate, words.interval)
    rows = tuple(_cells(one, row, numbers, noted=noted) for one in series for row in one.points)
    numeric = (False, False, True, True, True)
    if noted:
        return Table(words.title, (*head, words.note), rows, (*numeric, False))
    return Table(words.title, head, rows, numeric)


def _cells(one: Series, row: Row, numbers: Numbers, *, noted: bool) -> tuple[str | Cell, ...]:
    return (
        cell(one.label, one.language),
        row.label,
        ABSENT if row.n is None else numbers.count(row.n),
        ABSENT if row.value is None else numbers.value(row.value),
        ABSENT if row.span is None else numbers.span(*row.span),
        *((row.note,) if noted else ()),
    )


def _places(periods: Sequence[str], room: float, end: float) -> dict[str, float]:
    """Return where each period stands, half a step from either end."""
    step = (end - room) / max(len(periods), 1)
    return {period: room + step * (k + 0.5) for k, period in enumerate(periods)}


def _named(periods: Sequence[str], places: dict[str, float], y: float, end: float) -> Iterable[str]:
    """Yield the names of periods, leaving out those that would touch the one before."""
    free = 0.0
    for period in periods:
        half = width(period, 11) / 2
        x = min(places[period], end - half)
        if x - half >= free:
            free = x + half + 6
            yield markup.text(x, y, period)


def _panel(
    one: Series,
    axis: Scale,
    places: dict[str, float],
    numbers: Numbers,
    top: float,
    end: float,
    room: float,
) -> list[str]:
    base = top + _TOP
    ends = (axis.ticks[0], axis.ticks[-1])
    ticks = [markup.text(room - 8, base + axis.at(tick) + 4, numbers.tick(tick)) for tick in ends]
    rules = [f"M{markup.short(room)} {markup.short(base + axis.at(tick))}H{end}" for tick in ends]
    whiskers, dots, ways = [], [], []
    joined = False
    shown = {row.label: row for row in one.points}
    for period, x in places.items():
        row = shown.get(period)
        if row is None or row.value is None:
            joined = False
            continue
        y = base + axis.at(row.value)
        ways.append(f"{'L' if joined else 'M'}{markup.short(x)} {markup.short(y)}")
        joined = True
        dots.append(f'<circle cx="{markup.short(x)}" cy="{markup.short(y)}" r="3.5"/>')
        if row.span:
            low, high = (markup.short(base + axis.at(value)) for value in row.span)
            whiskers.append(f"M{markup.short(x)} {low}V{high}")
    return [
        markup.labels([markup.text(0, top + 13, fit(one.label, 13, end))], 13),
        markup.notes(ticks, 11),
        markup.lines("grid", markup.RULE, 1, rules),
        markup.lines("reference", markup.MUTED, 1.2, ways),
        markup.lines("whisker", markup.ACCENT, 2, whiskers),
        markup.group("mark", f'fill="{markup.ACCENT}"', dots),
    ]
