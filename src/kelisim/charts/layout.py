"""Rows of estimates laid out under one another: label, room for the mark, figures in words.

On a wide sheet a row is one line: label, mark, estimate, interval, n. On a phone the label and the
estimate stand above the mark and the interval. Labels break into two lines before they are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.measure import fit, width, wrap
from kelisim.charts.rows import ABSENT, Numbers, Row, Words

NARROW = 480
_LABEL, _FIGURE, _NOTE, _GAP = 13.0, 13.0, 11.5, 12.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a chart begin and end, in units of the sheet."""

    stacked: bool
    label_room: float
    start: float
    end: float
    value_end: float
    span_end: float
    n_end: float


@dataclass(frozen=True, slots=True)
class Place:
    """A row on the sheet: its label's lines, its first base line, and the height of its mark."""

    row: Row
    lines: tuple[str, ...]
    top: float
    label_y: float
    mark_y: float
    figure_y: float
    bottom: float


def _widest(texts: Iterable[str], size: float, *, bold: bool = False) -> float:
    return max((width(text, size, bold=bold) for text in texts), default=0.0)


def columns(rows: Sequence[Row], numbers: Numbers, words: Words, sheet: markup.Sheet) -> Columns:
    """Return columns as wide as their texts, what is left over going to the marks."""
    values = [numbers.value(row.value) for row in rows if row.value is not None]
    spans = [numbers.span(*row.span) for row in rows if row.span is not None]
    value = _widest(values, _FIGURE, bold=True)
    span = _widest(spans, _NOTE)
    if sheet.width < NARROW:
        end = sheet.width - (span + _GAP if spans else 0.0) - 8
        room = sheet.width - value - _GAP
        return Columns(True, room, 16.0, end, sheet.width, sheet.width, sheet.width)
    counts = [numbers.count(row.n) for row in rows if row.n is not None]
    count = _widest([*counts, words.n], _NOTE) if counts else -_GAP
    span_end = sheet.width - count - _GAP
    value_end = span_end - span - (_GAP if spans else 0.0)
    room = min(_widest((row.label for row in rows), _LABEL), 0.36 * sheet.width)
    start = room + _GAP + 6
    return Columns(
        False, room, start, value_end - value - _GAP - 6, value_end, span_end, sheet.width
    )


def places(rows: Iterable[Row], layout: Columns, top: float) -> list[Place]:
    """Return the rows one under another from a height downwards."""
    found = []
    for row in rows:
        lines = wrap(row.label, _LABEL, layout.label_room)
        found.append(_stacked(row, lines, top) if layout.stacked else _in_line(row, lines, top))
        top = found[-1].bottom
    return found


def _stacked(row: Row, lines: tuple[str, ...], top: float) -> Place:
    mark = top + 17 + 15 * len(lines)
    return Place(row, lines, top, top + 18, mark, top + 18, mark + 9)


def _in_line(row: Row, lines: tuple[str, ...], top: float) -> Place:
    height = 9 + 15 * len(lines)
    middle = top + height / 2
    return Place(
        row, lines, top, middle + 12 - 7.5 * len(lines), middle, middle + 4.5, top + height
    )


def texts(placed: Sequence[Place], layout: Columns, numbers: Numbers) -> list[str]:
    """Return the labels, figures and notes of all rows."""
    names, values, spans, counts, remarks = [], [], [], [], []
    for place in placed:
        row, beside = place.row, place.mark_y + 4
        names += [markup.text(0, place.label_y + 15 * i, s) for i, s in enumerate(place.lines)]
        if row.value is not None:
            values.append(markup.text(layout.value_end, place.figure_y, numbers.value(row.value)))
            span = numbers.span(*row.span) if row.span else ABSENT
            spans.append(markup.text(layout.span_end, beside, span))
        else:
            room = layout.span_end - layout.start
            remarks.append(markup.text(layout.start - 6, beside, fit(row.note, _NOTE, room)))
        if row.n is not None and not layout.stacked:
            counts.append(markup.text(layout.n_end, beside, numbers.count(row.n)))
    return [
        markup.labels(names, _LABEL),
        markup.strong(values, _FIGURE),
        markup.notes([*spans, *counts], _NOTE),
        markup.notes(remarks, _NOTE, "start"),
    ]
