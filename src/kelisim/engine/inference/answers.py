"""Items become columns of numbers: who answered, what is summed, and over what it is divided.

A mean is a ratio whose denominator is 1 for everyone who answered, a share is a mean of 0 and 1, a
total is the numerator alone. So every indicator is a numerator and a denominator, and indicators
can be estimated side by side in a `Block`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.core.errors import IndicatorRefused, listed, nearest
from kelisim.engine.frame import MISSING, Codes, Floats, categories, label, numbers
from kelisim.engine.inference.groups import Bools
from kelisim.engine.inference.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Answers:
    """One indicator read from the data.

    Attributes
    ----------
    indicator
        What it was read for.
    categories
        One text an estimate: the categories in sorted order, the shares of quantiles, or a single
        empty text.
    answered
        Shape (n,), or None when everyone did.
    values
        Shape (n,): codes into ``categories``, or numbers with 0 for no answer.
    denominator
        Shape (n,), of a ratio.
    """

    indicator: Indicator
    categories: tuple[str, ...]
    answered: Bools | None
    values: Floats | Codes
    denominator: Floats | None = None

    def numerator(self, place: int) -> Floats | Bools:
        """Return what is summed for the category at a place: shape (n,), 0 for no answer."""
        if self.values.dtype == np.int32:
            return np.asarray(self.values == place)
        return self.values.astype(np.float64, copy=False)


def read_answers(frame: pl.DataFrame, indicator: Indicator) -> Answers:
    """Read the columns of one indicator.

    An item that nobody answered is read as it is; its rows will say so.

    Raises
    ------
    ColumnRefused
        There is no such column.
    ValueRefused
        A number is wanted, and a cell holds text or infinity.
    IndicatorRefused
        A category that counts as yes is in no row.
    """
    if indicator.kind == "ratio":
        return _ratio(frame, indicator)
    if indicator.accepted:
        return _accepted(frame, indicator)
    name = indicator.columns[0]
    if indicator.kind == "categorical":
        coded = categories(frame, name)
        return Answers(indicator, coded.labels or ("",), _some(coded.codes != MISSING), coded.codes)
    labels = tuple(label(p) for p in indicator.quantiles) or ("",)
    values = numbers(frame, name, role=f"a number by the {indicator.kind} '{indicator.name}'")
    answered = _some(~np.isnan(values))
    return Answers(indicator, labels, answered, _filled(values, answered))


def _ratio(frame: pl.DataFrame, indicator: Indicator) -> Answers:
    above, below = (
        numbers(frame, name, role=f"a number by the ratio '{indicator.name}'")
        for name in indicator.columns
    )
    answered = _some(~np.isnan(above) & ~np.isnan(below))
    return Answers(indicator, ("",), answered, _filled(above, answered), _filled(below, answered))


def _accepted(frame: pl.DataFrame, indicator: Indicator) -> Answers:
    coded = categories(frame, indicator.columns[0])
    for value in indicator.accepted:
        if coded.labels and value not in coded.labels:
            raise IndicatorRefused(
                f"No row of column '{coded.name}' says '{value}'.",
                where=f"indicator '{indicator.name}'",
                why="A category that counts as yes would be taken for a no.",
                do=nearest(value, coded.labels) or f"The answers are {listed(coded.labels, 12)}.",
            )
    yes = np.array([text in indicator.accepted for text in coded.labels] + [False])
    return Answers(indicator, ("",), _some(coded.codes != MISSING), yes[coded.codes] * 1.0)


def _some(answered: Bools) -> Bools | None:
    return None if answered.all() else answered


def _filled(values: Floats, answered: Bools | None) -> Floats:
    return values if answered is None else np.where(answered, values, 0.0)


@dataclass(frozen=True, slots=True)
class Block:
    """V quantities that are estimated together.

    Attributes
    ----------
    numerator
        Shape (n, V), less ``shift`` times the denominator: small numbers keep their digits.
    denominator
        Shape (n, V) or (n, 1); the same array as ``answered`` unless the block is of ratios.
    answered
        Shape (n, V) or (n, 1): 1 for rows that answered, else 0.
    shift
        Shape (V,).
    total, share
        Shape (V,): which columns are totals, and which are proportions.
    complete
        Whether every row answered everything.
    """

    numerator: Floats
    denominator: Floats
    answered: Floats
    shift: Floats
    total: Bools
    share: Bools
    complete: bool

    @property
    def plain(self) -> bool:
        """Whether the denominator is 1 in every row."""
        return self.complete and self.denominator is self.answered

    @property
    def ratio(self) -> bool:
        """Whether the denominator is a column of its own."""
        return self.denominator is not self.answered


Column = tuple[Answers, int]
"""An indicator and the place of one of its categories."""


def block(columns: Sequence[Column], weights: Floats) -> Block:
    """Return columns of one kind, ratios or others, as a block."""
    shape = (weights.size, len(columns))
    numerator = np.empty(shape)
    for place, (answers, category) in enumerate(columns):
        numerator[:, place] = answers.numerator(category)
    answered = _answered(columns, weights.size)
    denominator = answered
    if columns[0][0].denominator is not None:
        denominator = np.stack([np.asarray(one.denominator) for one, _ in columns], axis=1)
    share = np.array([answers.indicator.share for answers, _ in columns])
    shift = _shift(numerator, denominator, weights, share)
    if shift.any():
        numerator -= shift * denominator
    return Block(
        numerator=numerator,
        denominator=denominator,
        answered=answered,
        shift=shift,
        total=np.array([answers.indicator.kind == "total" for answers, _ in columns]),
        share=share,
        complete=all(answers.answered is None for answers, _ in columns),
    )


def _answered(columns: Sequence[Column], rows: int) -> Floats:
    if all(answers.answered is None for answers, _ in columns):
        return np.broadcast_to(np.float64(1), (rows, 1))
    answered = np.ones((rows, len(columns)))
    for place, (answers, _) in enumerate(columns):
        if answers.answered is not None:
            answered[:, place] = answers.answered
    return answered


def _shift(numerator: Floats, denominator: Floats, weights: Floats, share: Bools) -> Floats:
    """Return the ratios of the whole sample, to be taken off; shares stay 0 and 1."""
    none = np.zeros(share.size)
    if share.all():
        return none
    above, below = (np.einsum("n,nv->v", weights, part) for part in (numerator, denominator))
    return np.asarray(np.divide(above, below, out=none, where=(below != 0) & ~share))
