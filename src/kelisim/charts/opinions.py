"""The opinion map: a dot a person, or a disc for many, with the letter of each group."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.rows import Numbers
from kelisim.charts.table import Table

FILLS = ("#1a5c9c", "#b3541e", "#3f7d3a", "#7a4a94", "#8a6d00")
"""Colours of groups A to E, of like darkness; the letters say the same without colour."""

MOST_DOTS = 2_000
"""People up to whom each has a dot; beyond that, neighbours on a grid share a disc."""

GRID = 48
RADIUS = 3.2
_EDGE = 24.0


HALO = math.sqrt(-2 * math.log(0.1))
"""Standard deviations around a place that hold it nine times in ten, in two dimensions."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A place of a person, or of several; ``group`` counts from 0 and is None between groups."""

    x: float
    y: float
    group: int | None
    people: int = 1


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The reader's own place with its standard errors."""

    x: float
    y: float
    x_se: float
    y_se: float


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A group's letter, where it stands, and how many people and what share it holds."""

    letter: str
    x: float
    y: float
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class MapWords:
    """The words of an opinion map and of its table twin."""

    title: str
    description: str
    group: str
    people: str
    share: str
    between: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """From places to the sheet: one scale for both axes, so that distances stay true."""

    left: float
    top: float
    scale: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (self.left + x * self.scale, self.top - y * self.scale)


def opinion_chart(
    dots: Sequence[Dot],
    groups: Sequence[GroupPlace],
    words: MapWords,
    sheet: markup.Sheet,
    own: OwnPlace | None = None,
) -> str:
    """Return the SVG of an opinion map. Axes have no names: only distances mean something."""
    height = float(sheet.width) * 0.75
    frame = _frame(dots, sheet.width, height)
    discs = _discs(dots)
    parts = [
        _people(frame, group, discs[group])
        for group in sorted(discs, key=lambda group: (group is not None, group or 0))
    ]
    letters = [markup.text(x, y + 6, g.letter) for g in groups for x, y in [frame.at(g.x, g.y)]]
    halo = f'stroke="{markup.PAPER}" stroke-width="4" paint-order="stroke"'
    named = markup.group("letters", halo, [markup.strong(letters, 18, "middle")])
    mine = [] if own is None else [_own(own_shape(dots, own, sheet.width))]
    return markup.framed(sheet, height, words.title, words.description, [*parts, *mine, named])


@dataclass(frozen=True, slots=True)
class OwnShape:
    """The reader's dot on a sheet and the halves of its halo, in units of the chart."""

    x: float
    y: float
    across: float
    down: float


def own_shape(dots: Sequence[Dot], own: OwnPlace, width: float) -> OwnShape:
    """Return where the reader's dot is drawn on a map of these dots, never outside its sheet."""
    height = width * 0.75
    frame = _frame(dots, width, height)
    x, y = frame.at(own.x, own.y)
    return OwnShape(
        round(min(max(x, _EDGE / 2), width - _EDGE / 2), 1),
        round(min(max(y, _EDGE / 2), height - _EDGE / 2), 1),
        round(min(own.x_se * HALO * frame.scale, width), 1),
        round(min(own.y_se * HALO * frame.scale, height), 1),
    )


def _own(shape: OwnShape) -> str:
    where = f'cx="{markup.short(shape.x)}" cy="{markup.short(shape.y)}"'
    halo = (
        f'<ellipse {where} rx="{markup.short(shape.across)}" ry="{markup.short(shape.down)}" '
        f'fill="{markup.ACCENT}" fill-opacity="0.12" stroke="{markup.ACCENT}" '
        'stroke-dasharray="4 3"/>'
    )
    dot = f'<circle {where} r="7" fill="{markup.INK}" stroke="{markup.PAPER}" stroke-width="2"/>'
    return markup.group("own", "", [halo, dot])


def gathered_dots(dots: Sequence[Dot], *, most: int = MOST_DOTS, grid: int = GRID) -> list[Dot]:
    """Return the dots as they are when few, else neighbours of one group on a grid as one dot."""
    if len(dots) <= most:
        return list(dots)
    step = max(max(d.x for d in dots) - min(d.x for d in dots), 1e-9) / grid
    cells: dict[tuple[int, int, int], list[Dot]] = defaultdict(list)
    for dot in dots:
        group = -1 if dot.group is None else dot.group
        cells[group, math.floor(dot.x / step), math.floor(dot.y / step)].append(dot)
    return [_middle(cells[key]) for key in sorted(cells)]


def _middle(dots: Sequence[Dot]) -> Dot:
    n = sum(d.people for d in dots)
    x, y = sum(d.x * d.people for d in dots) / n, sum(d.y * d.people for d in dots) / n
    return Dot(x, y, dots[0].group, n)


def _frame(dots: Iterable[Dot], width: float, height: float) -> _Frame:
    across = [dot.x for dot in dots] or [0.0]
    up = [dot.y for dot in dots] or [0.0]
    wide, high = max(across) - min(across), max(up) - min(up)
    scale = min((width - 2 * _EDGE) / (wide or 1.0), (height - 2 * _EDGE) / (high or 1.0))
    middle = (min(across) + max(across)) / 2, (min(up) + max(up)) / 2
    return _Frame(width / 2 - middle[0] * scale, height / 2 + middle[1] * scale, scale)


def _discs(dots: Sequence[Dot]) -> dict[int | None, list[tuple[float, float, int]]]:
    """Return (x, y, people) by group."""
    found: dict[int | None, list[tuple[float, float, int]]] = defaultdict(list)
    for dot in gathered_dots(dots):
        found[dot.group].append((dot.x, dot.y, dot.people))
    return found


def _people(frame: _Frame, group: int | None, discs: Iterable[tuple[float, float, int]]) -> str:
    kind = "between" if group is None else f"opinion-{group}"
    colour = markup.MUTED if group is None else FILLS[group % len(FILLS)]
    circles = (_circle(frame, x, y, people) for x, y, people in discs)
    return markup.group(kind, f'fill="{colour}" fill-opacity="0.6"', circles)


def _circle(frame: _Frame, x: float, y: float, people: int) -> str:
    across, down = (markup.short(place) for place in frame.at(x, y))
    return (
        f'<circle cx="{across}" cy="{down}" r="{markup.short(RADIUS * min(people**0.25, 4.0))}"/>'
    )


def opinion_table(
    groups: Sequence[GroupPlace], between: tuple[int, float], words: MapWords, numbers: Numbers
) -> Table:
    """Return the table twin: a row a group, and one for the people between groups."""
    rows = [(g.letter, numbers.count(g.people), numbers.value(g.share)) for g in groups]
    rows.append((words.between, numbers.count(between[0]), numbers.value(between[1])))
    return Table(
        words.title, (words.group, words.people, words.share), tuple(rows), (False, True, True)
    )
