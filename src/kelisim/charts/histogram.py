"""How weights are spread: a histogram in which the mean weight is 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.measure import width
from kelisim.charts.rows import Numbers
from kelisim.charts.scale import round_steps
from kelisim.charts.table import Table


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values are at least ``low`` and below ``high``; the last bin holds its end too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class BinWords:
    """The words of a histogram and of its table twin; ``axis`` names what is counted."""

    title: str
    description: str
    axis: str
    count: str
    mark: str


def edges(low: float, high: float, most: int = 24) -> tuple[float, ...]:
    """Return round, evenly spaced edges of bins that hold all values.

    >>> edges(0.31, 2.9, 6)
    (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
    """
    return round_steps(low, high, most)


def histogram(
    bins: Sequence[Bin], words: BinWords, numbers: Numbers, sheet: markup.Sheet, mark: float
) -> str:
    """Return the SVG of counts as bars, with one value marked by a line and named."""
    top, height = 24.0, 130.0
    base = top + height
    low, high = bins[0].low, bins[-1].high
    across = (sheet.width - 32) / (high - low)
    tallest = max(part.count for part in bins) or 1
    bars = [
        _bar(
            16 + (part.low - low) * across,
            base,
            (part.high - part.low) * across,
            height * part.count / tallest,
        )
        for part in bins
    ]
    at = 16 + (mark - low) * across
    name = width(words.mark, 12) / 2
    named = markup.text(min(max(at, name), sheet.width - name), 14, words.mark)
    return markup.framed(
        sheet,
        base + 38,
        words.title,
        words.description,
        [
            markup.group("bar", f'fill="{markup.SOFT}"', bars),
            markup.lines("axis", markup.MUTED, 1, [f"M16 {base:g}H{sheet.width - 16}"]),
            markup.lines("reference", markup.INK, 1.2, [f"M{markup.short(at)} 19V{base:g}"], "4 3"),
            markup.labels([named], 12, "middle"),
            markup.notes(_ticks(low, high, across, base, numbers, sheet.width), 11, "middle"),
            markup.notes([markup.text(sheet.width / 2, base + 33, words.axis)], 11.5, "middle"),
        ],
    )


def _bar(x: float, base: float, wide: float, high: float) -> str:
    inside = max(wide - 1, 0.5)
    return (
        f'<rect x="{markup.short(x + 0.5)}" y="{markup.short(base - high)}" '
        f'width="{markup.short(inside)}" height="{markup.short(high)}"/>'
    )


def _ticks(
    low: float, high: float, across: float, base: float, numbers: Numbers, sheet_width: int
) -> list[str]:
    return [
        markup.text(16 + (tick - low) * across, base + 15, numbers.tick(tick))
        for tick in round_steps(low, high, max(2, sheet_width // 70))
        if low <= tick <= high
    ]


def histogram_table(bins: Sequence[Bin], words: BinWords, numbers: Numbers) -> Table:
    """Return the table twin: a row a bin."""
    return Table(
        words.title,
        (words.axis, words.count),
        tuple(
            (f"{numbers.tick(part.low)}–{numbers.tick(part.high)}", numbers.count(part.count))
            for part in bins
        ),
        (True, True),
    )
