"""Dots with intervals, sorted: the chart that compares regions and groups honestly.

A dot is an estimate, the line through it its interval; a broken line across all rows is the
reference, such as the figure for the country. There is no bar, because an axis that does not begin
at zero would make a bar lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kelisim.charts import markup
from kelisim.charts.axis import bands, fitted_axis, grid, kept
from kelisim.charts.layout import Columns, Place, columns, places, texts
from kelisim.charts.measure import fit, width
from kelisim.charts.rows import Numbers, Row, Words, by_estimate, row_table
from kelisim.charts.scale import Scale
from kelisim.charts.table import Table

_LONG = 15
"""From so many rows on, the axis is also written above them."""


def interval_chart(
    rows: Iterable[Row],
    words: Words,
    numbers: Numbers,
    sheet: markup.Sheet,
    *,
    reference: Row | None = None,
    bounds: tuple[float, float] | None = None,
    beside: Sequence[Row] = (),
    rising: bool = False,
) -> str:
    """Return the SVG of estimates with intervals, the largest on top.

    Parameters
    ----------
    rows
        One or more; a row without an estimate stands last, with its note.
    reference
        Drawn as a broken line across all rows and named above it.
    bounds
        The least and the largest value the quantity can have; (0, 1) for shares.
    beside
        Rows of other charts that are to have the same columns and axis.
    rising
        Whether the least stands on top: the first of ranks.
    """
    rows = by_estimate(rows, rising=rising)
    layout = columns([*rows, *beside], numbers, words, sheet)
    known = [*rows, *beside, *([_point(reference)] if reference else [])]
    axis = fitted_axis((one for row in known for one in row.numbers), layout, numbers, bounds)
    long = len(rows) >= _LONG
    top = 8 + (20 if reference or not layout.stacked else 0) + (14 if long else 0)
    placed = places(rows, layout, top)
    bottom = placed[-1].bottom + 2 if placed else top
    heights = [bottom + 15, top - 3] if long else [bottom + 15]
    return markup.framed(
        sheet,
        bottom + 20,
        words.title,
        words.description,
        [
            *grid(placed, axis, layout, numbers, heights),
            *_reference(reference, placed, axis, layout, numbers, words),
            *_marks(placed, axis),
            *texts(placed, layout, numbers),
        ],
    )


def interval_table(
    rows: Iterable[Row], words: Words, numbers: Numbers, *, reference: Row | None = None
) -> Table:
    """Return the table twin: the rows in the order of the chart, the reference first."""
    first = [reference] if reference else []
    return row_table([*first, *by_estimate(rows)], words, numbers)


def _point(row: Row) -> Row:
    """Return a row without its interval: the axis need not hold that of the reference."""
    return replace(row, low=None, high=None)


def _reference(
    row: Row | None,
    placed: Sequence[Place],
    axis: Scale,
    layout: Columns,
    numbers: Numbers,
    words: Words,
) -> list[str]:
    counted = any(place.row.n is not None for place in placed)
    head = [markup.text(layout.n_end, 14, words.n)] if counted and not layout.stacked else []
    if row is None or row.value is None:
        return [markup.notes(head, 11)]
    at = axis.at(row.value)
    room = layout.n_end - (0 if layout.stacked else width(words.n, 11) + 12)
    value = numbers.value(row.value)
    name = f"{fit(row.label, 12, room - width(value, 12) - 8)} {value}"
    x = kept(at, width(name, 12), room)
    return [
        markup.notes(head, 11),
        markup.lines("reference", markup.INK, 1.2, [bands(placed, layout, at)], "4 3"),
        markup.lines("reference", markup.INK, 1.2, [f"M{markup.short(at)} 18v5"]),
        markup.labels([markup.text(x, 14, name)], 12, "middle"),
    ]


def _marks(placed: Sequence[Place], axis: Scale) -> list[str]:
    ways: list[str] = []
    dots: list[str] = []
    open_dots: list[str] = []
    for place in placed:
        row, y = place.row, markup.short(place.mark_y)
        if row.span:
            low, high = (markup.short(axis.at(end)) for end in row.span)
            ways.append(f"M{low} {y}H{high}")
        if row.value is not None:
            dot = f'<circle cx="{markup.short(axis.at(row.value))}" cy="{y}" r="4.5"/>'
            (open_dots if row.note or not row.span else dots).append(dot)
    return [
        markup.lines("whisker", markup.ACCENT, 2.5, ways),
        markup.group("mark", f'fill="{markup.ACCENT}"', dots),
        markup.group(
            "open", f'fill="{markup.PAPER}" stroke="{markup.ACCENT}" stroke-width="2"', open_dots
        ),
    ]
