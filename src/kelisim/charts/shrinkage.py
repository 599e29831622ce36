"""What a model does to the estimate of each area: from where it was to where it is.

The hollow dot is the direct estimate, the full dot the model's, with its interval. Areas in which
the fewest people answered stand on top: they are moved the farthest.
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
from kelisim.charts.table import Cell, Table, cell


@dataclass(frozen=True, slots=True)
class Pull:
    """One area.

    Attributes
    ----------
    model
        The row of the model: its estimate, interval, respondents and note.
    direct
        The direct estimate; None where nobody answered.
    pooling
        How far the area is drawn to the others, as it is written; empty where that is not known.
    """

    model: Row
    direct: float | None
    pooling: str = ""

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers an axis must hold."""
        return (*self.model.numbers, *(() if self.direct is None else (self.direct,)))


@dataclass(frozen=True, slots=True)
class PullWords:
    """The words of a chart of what a model does: those of its rows, of the dots, of the twin."""

    row: Words
    direct: str
    model: str
    pooling: str


def by_respondents(pulls: Iterable[Pull]) -> list[Pull]:
    """Return areas from the fewest respondents to the most."""
    return sorted(pulls, key=lambda one: one.model.n or 0)


def shrinkage_chart(
    pulls: Iterable[Pull],
    words: PullWords,
    numbers: Numbers,
    sheet: markup.Sheet,
    *,
    beside: Sequence[Pull] = (),
    bounds: tuple[float, float] | None = None,
) -> str:
    """Return the SVG of direct estimates and the model's, the fewest respondents on top.

    Parameters
    ----------
    beside
        Areas of other charts that are to have the same columns and axis.
    bounds
        The least and the largest value the quantity can have; (0, 1) for shares.
    """
    pulls = by_respondents(pulls)
    rows = [pull.model for pull in pulls]
    layout = columns([*rows, *(pull.model for pull in beside)], numbers, words.row, sheet)
    held = (one for pull in [*pulls, *beside] for one in pull.numbers)
    axis = fitted_axis(held, layout, numbers, bounds)
    top = 42.0 if sheet.width < NARROW else 26.0
    placed = places(rows, layout, top)
    bottom = placed[-1].bottom + 2 if placed else top
    return markup.framed(
        sheet,
        bottom + 20,
        words.row.title,
        words.row.description,
        [
            *legend(words.direct, words.model, sheet),
            *grid(placed, axis, layout, numbers, [bottom + 15]),
            *_marks(pulls, placed, axis),
            *texts(placed, layout, numbers),
        ],
    )


def _marks(pulls: Sequence[Pull], placed: Sequence[Place], axis: Scale) -> list[str]:
    ways: list[str] = []
    moves: list[str] = []
    hollow: list[str] = []
    full: list[str] = []
    for pull, place in zip(pulls, placed, strict=True):
        if pull.model.value is None:
            continue
        y, at = place.mark_y, axis.at(pull.model.value)
        if pull.model.span:
            low, high = (markup.short(axis.at(end)) for end in pull.model.span)
            ways.append(f"M{low} {markup.short(y)}H{high}")
        full.append(dot(at, y))
        if pull.direct is not None:
            was = axis.at(pull.direct)
            moves.append(f"M{markup.short(was)} {markup.short(y)}H{markup.short(at)}")
            hollow.append(dot(was, y))
    return [
        markup.lines("span", markup.SOFT, 2.5, ways),
        markup.lines("move", markup.INK, 1, moves),
        *dots(hollow, full),
    ]


def shrinkage_table(pulls: Iterable[Pull], words: PullWords, numbers: Numbers) -> Table:
    """Return the table twin: the rows in the order of the chart."""
    pulls = by_respondents(pulls)
    noted = any(pull.model.note for pull in pulls)
    row = words.row
    head = (row.group, row.n, words.direct, words.model, row.interval, words.pooling)
    return Table(
        row.title,
        (*head, row.note) if noted else head,
        tuple(_cells(pull, numbers, noted=noted) for pull in pulls),
        (False, *(True,) * 5, False) if noted else (False, *(True,) * 5),
    )


def _cells(pull: Pull, numbers: Numbers, *, noted: bool) -> tuple[str | Cell, ...]:
    row = pull.model
    return (
        cell(row.label, row.language),
        ABSENT if row.n is None else numbers.count(row.n),
        ABSENT if pull.direct is None else numbers.value(pull.direct),
        ABSENT if row.value is None else numbers.value(row.value),
        ABSENT if row.span is None else numbers.span(*row.span),
        pull.pooling or ABSENT,
        *((row.note,) if noted else ()),
    )
