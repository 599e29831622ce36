"""A tile a region, each the same size: a map on which small regions are as visible as large ones.

The value is written in its tile together with half the width of its interval; the shade repeats
what the number says, and a hatch marks the regions whose interval holds the reference, so that
nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kelisim.charts import markup
from kelisim.charts.layout import NARROW
from kelisim.charts.measure import fit, width, wrap
from kelisim.charts.rows import ABSENT, Numbers, Row, Words, by_estimate, row_table
from kelisim.charts.scale import Scale, scale
from kelisim.charts.table import Table

_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A region's place on the grid, its name short enough for a tile, and its estimate."""

    line: int
    column: int
    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class _Grid:
    across: float
    down: float
    name: float
    value: float
    half: float


def tile_map(
    tiles: Sequence[Tile],
    words: Words,
    numbers: Numbers,
    sheet: markup.Sheet,
    *,
    reference: Row | None = None,
    hatched: str = "",
    bounds: tuple[float, float] | None = None,
) -> str:
    """Return the SVG of regions as tiles, with a legend of shades and of the hatch.

    Parameters
    ----------
    reference
        Tiles whose interval holds its value are hatched.
    hatched
        What the hatch means, for the legend.
    """
    grid = _grid(tiles, sheet)
    shades = scale([v for t in tiles if (v := t.row.value) is not None], 0, 1, bounds=bounds)
    doubtful = [tile for tile in tiles if _holds(tile.row, reference)]
    foot = (max(tile.line for tile in tiles) + 1) * grid.down + 6
    legend, height = _legend(shades, numbers, sheet, foot, hatched if doubtful else "")
    return markup.framed(
        sheet,
        height,
        words.title,
        words.description,
        [
            _hatch(sheet) if doubtful else "",
            *_shaded(tiles, shades, grid),
            markup.group(
                "hatched",
                f'fill="url(#{markup.escaped(sheet.id)}-h)"',
                [_box(tile, grid) for tile in doubtful],
            ),
            *_words(tiles, numbers, grid, sheet.width),
            *legend,
        ],
    )


def tile_table(tiles: Sequence[Tile], words: Words, numbers: Numbers) -> Table:
    """Return the table twin: the regions from the largest estimate to the least."""
    return row_table(by_estimate(tile.row for tile in tiles), words, numbers)


def _grid(tiles: Sequence[Tile], sheet: markup.Sheet) -> _Grid:
    """Return sizes at which the longest word of all names still fits its tile, if it can."""
    across = sheet.width / (max(tile.column for tile in tiles) + 1)
    longest = max(width(word, 1) for tile in tiles for word in (tile.name.split() or [""]))
    if sheet.width < NARROW:
        return _Grid(across, 58, min(9.0, max(8.0, across / max(longest, 1))), 11, 9)
    return _Grid(across, 64, min(11.5, max(9.0, across / max(longest, 1))), 14, 11)


def _holds(row: Row, reference: Row | None) -> bool:
    if reference is None or reference.value is None or row.span is None:
        return False
    return row.span[0] <= reference.value <= row.span[1]


def _hatch(sheet: markup.Sheet) -> str:
    return (
        f'<defs><pattern id="{markup.escaped(sheet.id)}-h" width="7" height="7" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path class="hatch" stroke="{markup.ACCENT}" stroke-width="1" stroke-opacity="0.35" '
        'd="M0.5 0V7"/></pattern></defs>'
    )


def _box(tile: Tile, grid: _Grid) -> str:
    return (
        f'<rect x="{markup.short(tile.column * grid.across)}" '
        f'y="{markup.short(tile.line * grid.down)}" width="{markup.short(grid.across - _GAP)}" '
        f'height="{markup.short(grid.down - _GAP)}" rx="3"/>'
    )


def _shade(value: float, shades: Scale) -> int:
    """Return the place of a value's step in the ramp, the steps spread over all of it."""
    steps = len(shades.ticks) - 1
    step = min(sum(value >= tick for tick in shades.ticks) - 1, steps - 1)
    return _spread(step, steps)


def _spread(step: int, steps: int) -> int:
    last = len(markup.RAMP) - 1
    return round(step * last / (steps - 1)) if steps > 1 else last // 2


def _shaded(tiles: Sequence[Tile], shades: Scale, grid: _Grid) -> list[str]:
    boxes: dict[int, list[str]] = {}
    empty = []
    for tile in tiles:
        if tile.row.value is None:
            empty.append(_box(tile, grid))
        else:
            boxes.setdefault(_shade(tile.row.value, shades), []).append(_box(tile, grid))
    look = f'fill="none" stroke="{markup.MUTED}" stroke-dasharray="3 3"'
    return [
        *(
            markup.group(f"shade{step}", f'fill="{markup.RAMP[step]}"', boxes[step])
            for step in sorted(boxes)
        ),
        markup.group("empty", look, empty),
    ]


def _words(tiles: Sequence[Tile], numbers: Numbers, grid: _Grid, sheet_width: int) -> list[str]:
    names, values, halves = [], [], []
    for tile in tiles:
        middle = tile.column * grid.across + (grid.across - _GAP) / 2
        top, room, row = tile.line * grid.down, grid.across - _GAP - 1, tile.row
        # A name may use the gaps beside its tile; no face is as wide as the one measured with.
        broken = wrap(tile.name, grid.name, grid.across + 1)
        first = top + (grid.down - _GAP) / 2 - 10 - (grid.name + 1) * (len(broken) - 1) / 2
        for i, part in enumerate(broken):
            half = width(part, grid.name) / 2
            x = min(max(middle, half), sheet_width - half)
            names.append(markup.text(x, first + (grid.name + 1) * i, part))
        below = first + (grid.name + 1) * (len(broken) - 1) + grid.value + 4
        value = ABSENT if row.value is None else numbers.value(row.value)
        values.append(markup.text(middle, below, fit(value, grid.value, room, bold=True)))
        if row.span:
            doubt = numbers.half((row.span[1] - row.span[0]) / 2)
            halves.append(markup.text(middle, below + grid.half + 2, fit(doubt, grid.half, room)))
    return [
        markup.labels(names, grid.name, "middle"),
        markup.strong(values, grid.value, "middle"),
        markup.labels(halves, grid.half, "middle"),
    ]


def _legend(
    shades: Scale, numbers: Numbers, sheet: markup.Sheet, top: float, hatched: str
) -> tuple[list[str], float]:
    ticks = shades.ticks
    named = [f"{numbers.tick(low)} – {numbers.tick(high)}" for low, high in pairwise(ticks)]
    ramp = [_spread(step, len(named)) for step in range(len(named))]
    looks = [f'class="shade{step}" fill="{markup.RAMP[step]}"' for step in ramp]
    if hatched:
        named.append(hatched)
        looks.append(
            f'class="hatched" fill="url(#{markup.escaped(sheet.id)}-h)" stroke="{markup.MUTED}"'
        )
    x, y = 0.0, top
    swatches, texts = [], []
    for name, look in zip(named, looks, strict=True):
        for line, part in enumerate(wrap(name, 11, sheet.width - 24, 3)):
            taken = 20 + width(part, 11) + 14
            if x and (line or x + taken > sheet.width):
                x, y = 0.0, y + 18
            if not line:
                place = f'x="{markup.short(x + 0.5)}" y="{markup.short(y + 0.5)}"'
                swatches.append(f'<rect {look} {place} width="13" height="11"/>')
            texts.append(markup.text(x + 20, y + 10.5, part))
            x += taken
    return [*swatches, markup.notes(texts, 11, "start")], y + 18
