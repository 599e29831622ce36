"""Two dots a row: where a quantity stood in the first wave, and in the second.

The hollow dot is the first wave, the full dot the second. The line is the interval of the change,
laid from the hollow dot: where it holds the hollow dot, no change is established.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kelisim.charts import markup
from kelisim.charts.axis import fitted_axis, grid
from kelisim.charts.dots import dot, dots, legend
from kelisim.charts.layout import NARROW, Place, columns, places, texts
from kelisim.charts.rows import ABSENT, Numbers, Row, Words
from kelisim.charts.scale import Scale
from kelisim.charts.table import Table, cell


@dataclass(frozen=True, slots=True)
class Shift:
    """A quantity in two waves.

    Attributes
    ----------
    change
        The row of the change: its estimate, interval and note.
    before, after
        What the waves found; None where a wave found nothing.
    """

    change: Row
    before: float | None
    after: float | None

    @property
    def span(self) -> tuple[float, float] | None:
        """The interval of the change, laid from where the first wave stood."""
        if self.before is None or self.change.span is None:
            return None
        low, high = self.change.span
        return self.before + low, self.before + high

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers an axis must hold."""
        ends = (self.before, self.after)
        return (*(one for one in ends if one is not None), *(self.span or ()))


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The words of a chart of changes: those of its rows, and what the waves are called."""

    row: Words
    before: str
    after: str


def by_change(shifts: Iterable[Shift]) -> list[Shift]:
    """Return rows from the largest rise to the largest fall, then those without a change."""
    return sorted(shifts, key=lambda one: (one.change.value is None, -(one.change.value or 0.0)))


def change_chart(
    shifts: Iterable[Shift],
    words: ChangeWords,
    levels: Numbers,
    changes: Numbers,
    sheet: markup.Sheet,
    *,
    bounds: tuple[float, float] | None = None,
) -> str:
    """Return the SVG of two waves, the largest rise on top.

    Parameters
    ----------
    levels, changes
        How what the waves found is written, and how a change is.
    bounds
        The least and the largest value the quantity can have; (0, 1) for shares.
    """
    shifts = by_change(shifts)
    rows = [shift.change for shift in shifts]
    layout = columns(rows, changes, words.row, sheet)
    axis = fitted_axis((one for s in shifts for one in s.numbers), layout, levels, bounds)
    top = 42.0 if sheet.width < NARROW else 26.0
    placed = places(rows, layout, top)
    bottom = placed[-1].bottom + 2 if placed else top
    return markup.framed(
        sheet,
        bottom + 20,
        words.row.title,
        words.row.description,
        [
            *legend(words.before, words.after, sheet),
            *grid(placed, axis, layout, levels, [bottom + 15]),
            *_marks(shifts, placed, axis),
            *texts(placed, layout, changes),
        ],
    )


def change_table(
    shifts: Iterable[Shift], words: ChangeWords, levels: Numbers, changes: Numbers
) -> Table:
    """Return the table twin: the rows in the order of the chart, with both waves."""
    shifts = by_change(shifts)
    noted = any(shift.change.note for shift in shifts)
    head = (words.row.group, words.before, words.after, words.row.estimate, words.row.interval)
    return Table(
        words.row.title,
        (*head, words.row.note) if noted else head,
        tuple(
            (
                cell(one.change.label, one.change.language),
                _written(one.before, levels),
                _written(one.after, levels),
                _written(one.change.value, changes),
                ABSENT if one.change.span is None else changes.span(*one.change.span),
                *((one.change.note,) if noted else ()),
            )
            for one in shifts
        ),
        (False, True, True, True, True, False) if noted else (False, True, True, True, True),
    )


def _written(value: float | None, numbers: Numbers) -> str:
    return ABSENT if value is None else numbers.value(value)


def _marks(shifts: Sequence[Shift], placed: Sequence[Place], axis: Scale) -> list[str]:
    ways: list[str] = []
    hollow: list[str] = []
    full: list[str] = []
    for shift, place in zip(shifts, placed, strict=True):
        y = place.mark_y
        if shift.change.value is None:
            continue
        if shift.span:
            low, high = (markup.short(axis.at(end)) for end in shift.span)
            ways.append(f"M{low} {markup.short(y)}H{high}")
        hollow += [dot(axis.at(shift.before), y)] if shift.before is not None else []
        full += [dot(axis.at(shift.after), y)] if shift.after is not None else []
    return [markup.lines("whisker", markup.ACCENT, 2.5, ways), *dots(hollow, full)]
