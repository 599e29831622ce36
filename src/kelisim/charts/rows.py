"""One estimate with its doubt: the row every chart of estimates is made of, and its table twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kelisim.charts.table import Cell, Table, cell

ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate with its interval, or the note why there is none.

    ``language`` is that of the label where it is not the page's.
    """

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int | None = None
    note: str = ""
    language: str = ""

    @property
    def value(self) -> float | None:
        """The estimate, if there is one to draw."""
        known = self.estimate is not None and math.isfinite(self.estimate)
        return self.estimate if known else None

    @property
    def span(self) -> tuple[float, float] | None:
        """The interval, if both its ends are known."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return (self.low, self.high) if math.isfinite(self.low + self.high) else None

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers an axis must hold."""
        return (() if self.value is None else (self.value,)) + (self.span or ())


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a language writes a value, an interval, half an interval's width, a count, a tick."""

    value: Callable[[float], str]
    span: Callable[[float, float], str]
    half: Callable[[float], str]
    count: Callable[[int], str]
    tick: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a chart and of the columns of its table twin."""

    title: str
    description: str
    group: str
    estimate: str
    interval: str
    n: str
    note: str


def by_estimate(rows: Iterable[Row], *, rising: bool = False) -> list[Row]:
    """Return rows from the largest estimate to the least, then those that have none.

    Rows with equal estimates keep their order. ``rising`` puts the least first, as ranks stand.
    """
    sign = 1 if rising else -1
    return sorted(rows, key=lambda row: (row.value is None, sign * (row.value or 0.0)))


def row_table(rows: Iterable[Row], words: Words, numbers: Numbers) -> Table:
    """Return rows as a table in the order given, with a column of notes where there are any."""
    rows = list(rows)
    noted = any(row.note for row in rows)
    head = (words.group, words.n, words.estimate, words.interval)
    return Table(
        words.title,
        (*head, words.note) if noted else head,
        tuple(_cells(row, numbers, noted=noted) for row in rows),
        (False, True, True, True, False) if noted else (False, True, True, True),
    )


def _cells(row: Row, numbers: Numbers, *, noted: bool) -> tuple[str | Cell, ...]:
    return (
        cell(row.label, row.language),
        ABSENT if row.n is None else numbers.count(row.n),
        ABSENT if row.value is None else numbers.value(row.value),
        ABSENT if row.span is None else numbers.span(*row.span),
        *((row.note,) if noted else ()),
    )
