"""Bars of shares with intervals: how the whole country answered one question.

Bars begin at zero and share one axis, so that lengths may be compared. They are not stacked: in a
stack only the first bar would have room for its interval.
"""

from __future__ import annotations

from collections.abc import Sequence

from kelisim.charts import markup
from kelisim.charts.layout import Columns, Place, columns, places, texts
from kelisim.charts.rows import Numbers, Row, Words, row_table
from kelisim.charts.scale import Scale
from kelisim.charts.table import Table


def share_chart(rows: Sequence[Row], words: Words, numbers: Numbers, sheet: markup.Sheet) -> str:
    """Return the SVG of one bar a row, in the order given, with the interval at its end."""
    layout = columns(rows, numbers, words, sheet)
    start = 0.0 if layout.stacked else layout.start - 6
    most = max((value for row in rows for value in row.numbers), default=0.0) or 1.0
    axis = Scale((0.0, most), start, layout.end)
    top = 0.0 if layout.stacked else 18.0
    placed = places(rows, layout, top)
    bottom = (placed[-1].bottom if placed else top) + 2
    head = [] if layout.stacked else [markup.text(layout.n_end, 12, words.n)]
    return markup.framed(
        sheet,
        bottom,
        words.title,
        words.description,
        [
            markup.notes(head, 11),
            *_bars(placed, axis, layout),
            *texts(placed, layout, numbers),
        ],
    )


def share_table(rows: Sequence[Row], words: Words, numbers: Numbers) -> Table:
    """Return the table twin, in the order given."""
    return row_table(rows, words, numbers)


def _bars(placed: Sequence[Place], axis: Scale, layout: Columns) -> list[str]:
    half = 6.0 if layout.stacked else 8.0
    bars, whiskers = [], []
    for place in placed:
        row, y = place.row, place.mark_y
        if row.value is not None:
            length = markup.short(axis.at(row.value) - axis.start)
            bars.append(
                f'<rect x="{markup.short(axis.start)}" y="{markup.short(y - half)}" '
                f'width="{length}" height="{half * 2:g}"/>'
            )
        if row.span:
            low, high = (markup.short(axis.at(end)) for end in row.span)
            tips = "".join(f"M{x} {markup.short(y - 3.5)}v7" for x in (low, high))
            whiskers.append(f"M{low} {markup.short(y)}H{high}{tips}")
    return [
        markup.group("bar", f'fill="{markup.SOFT}"', bars),
        markup.lines("whisker", markup.ACCENT, 1.6, whiskers),
    ]
