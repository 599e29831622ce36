"""Hollow and full dots, and the legend that tells them apart."""

from __future__ import annotations

from collections.abc import Iterable

from kelisim.charts import markup
from kelisim.charts.layout import NARROW
from kelisim.charts.measure import fit, width


def legend(hollow: str, full: str, sheet: markup.Sheet) -> list[str]:
    """Return which dot is which: side by side, on a phone one under the other."""
    stacked = sheet.width < NARROW
    room = (sheet.width if stacked else sheet.width / 2) - 24
    first, second = (fit(one, 12, room) for one in (hollow, full))
    x = 0.0 if stacked else width(first, 12) + 40
    y = 28.0 if stacked else 10.0
    return [
        *dots([dot(6, 10)], [dot(x + 6, y)]),
        markup.labels([markup.text(16, 14, first), markup.text(x + 16, y + 4, second)], 12),
    ]


def dot(x: float, y: float, radius: float = 4.5) -> str:
    """Return a dot."""
    return f'<circle cx="{markup.short(x)}" cy="{markup.short(y)}" r="{markup.short(radius)}"/>'


def dots(hollow: Iterable[str], full: Iterable[str]) -> list[str]:
    """Return full dots, and hollow ones over them."""
    look = f'fill="{markup.PAPER}" stroke="{markup.ACCENT}" stroke-width="2"'
    return [
        markup.group("mark", f'fill="{markup.ACCENT}"', full),
        markup.group("open", look, hollow),
    ]
