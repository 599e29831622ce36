"""How an indicator's numbers are written: shares as percentages, others as precisely as known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import median

from kelisim.charts import Numbers
from kelisim.core import kazakh

EMPTY = "—"
_number = cache(kazakh.number)
_percent = cache(kazakh.percent)


def number(value: float | None, language: str, digits: int | None = None) -> str:
    r"""Return a number with a true minus sign, or a dash where there is none.

    >>> number(-1234.5, "kk", 1), number(None, "kk")
    ('−1\xa0234,5', '—')
    """
    if value is None or not math.isfinite(value):
        return EMPTY
    if digits is not None and digits < 0:
        value, digits = round(value, digits), 0
    return _number(value, language, digits).replace("-", "−")


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """Return a share of 1 as a percentage, or a dash where there is none."""
    if share is None or not math.isfinite(share):
        return EMPTY
    return _percent(share, language, digits).replace("-", "−")


@dataclass(frozen=True, slots=True)
class Numerals:
    """The numbers of one indicator in one language.

    ``digits`` stand after the decimal mark of the value as it is written, of a percentage too;
    -3 rounds to thousands.
    """

    language: str
    share: bool
    digits: int

    def value(self, value: float | None) -> str:
        """Return an estimate with its unit."""
        if self.share:
            return percent(value, self.language, self.digits)
        return number(value, self.language, self.digits)

    def _bare(self, value: float | None) -> str:
        scaled = value * 100 if self.share and value is not None else value
        return number(scaled, self.language, self.digits)

    def span(self, low: float, high: float) -> str:
        """Return an interval without its unit: ``41,7–45,1``."""
        return f"{self._bare(low)}{_between(low)}{self._bare(high)}"

    def whole_span(self, low: float | None, high: float | None) -> str:
        """Return an interval with its unit: ``41,7–45,1 %``."""
        if low is None or high is None:
            return EMPTY
        return f"{self._bare(low)}{_between(low)}{self.value(high)}"

    def half(self, half: float) -> str:
        """Return half the width of an interval: ``±3,4``."""
        return f"±{self._bare(half)}"

    def count(self, n: int) -> str:
        """Return a count."""
        return number(n, self.language, 0)

    def number_of(self, n: int | None) -> str:
        """Return a count, or a dash where it is not known."""
        return EMPTY if n is None else self.count(n)

    def finer(self, error: float | None) -> str:
        """Return a standard error, with one figure more than the estimate."""
        if self.share:
            return percent(error, self.language, self.digits + 1)
        return number(error, self.language, self.digits + 1)

    def tick(self, value: float) -> str:
        """Return a round number on an axis."""
        if self.share:
            return percent(value, self.language, 0 if round(value * 100, 6).is_integer() else 1)
        return number(value, self.language)

    def numbers(self) -> Numbers:
        """Return these as what charts take."""
        return Numbers(self.value, self.span, self.half, self.count, self.tick)


def _between(low: float) -> str:
    return " … " if low < 0 else "–"


def digits_for(errors: Iterable[float | None], values: Iterable[float | None] = ()) -> int:
    """Return digits after the mark at which a typical standard error shows two figures.

    Values that are all whole, as the quantiles of whole numbers are, need none.

    >>> digits_for([0.034, 0.05, None]), digits_for([1250.0]), digits_for([0.7], [47.0, None])
    (3, -2, 0)
    """
    known = [error for error in errors if error is not None and 0 < error < math.inf]
    digits = min(1 - math.floor(math.log10(median(known))), 6) if known else 2
    written = [value for value in values if value is not None]
    whole = bool(written) and all(value.is_integer() for value in written)
    return min(digits, 0) if whole else digits
