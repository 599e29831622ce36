"""How many units to draw for a wanted margin of error."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf

from scipy.special import ndtri

from kelisim.core.errors import DesignRefused, ValueRefused

ROUNDING = 1e-9
"""A size this close above a whole number is that number: 100.0000000001 asks for 100."""


@dataclass(frozen=True, slots=True)
class SampleSize:
    """The size of a sample that meets a margin of error.

    Attributes
    ----------
    simple
        The size of a simple random sample that meets it, not rounded.
    exact
        The same times the design effect, not rounded.
    interviews
        Completed interviews: ``exact`` rounded up.
    units
        Units to draw so that this many answer: interviews by the response rate, rounded up.
    """

    simple: float
    exact: float
    interviews: int
    units: int


def size_for_proportion(
    margin: float,
    *,
    p: float = 0.5,
    level: float = 0.95,
    deff: float = 1.0,
    response: float = 1.0,
    population: float = inf,
) -> SampleSize:
    """Return the sample size that estimates a share within a margin (Cochran 1977, section 4.4).

    Parameters
    ----------
    margin
        Half the width of the interval, as a share: 0.03 is three percentage points.
    p
        The share that is expected; 0.5 asks for the most.
    level
        Of the interval.
    deff
        Design effect: how many times the variance of a simple random sample of that size.
    response
        The share of drawn units that is expected to answer.
    population
        How many units there are.

    Raises
    ------
    ValueRefused
        A number is outside its range.
    DesignRefused
        More units are needed than there are.

    Examples
    --------
    >>> size_for_proportion(0.03).interviews
    1068
    >>> size_for_proportion(0.05, response=0.5, population=1000).units
    556
    """
    _refuse_outside("p", p, 0, 1)
    _refuse_outside("margin", margin, 0, 1)
    infinite = _z(level) ** 2 * p * (1 - p) / margin**2
    simple = infinite / (1 + (infinite - 1) / population)
    return _with_losses(simple, deff, response, population)


def size_for_mean(
    margin: float,
    *,
    deviation: float,
    level: float = 0.95,
    deff: float = 1.0,
    response: float = 1.0,
    population: float = inf,
) -> SampleSize:
    """Return the sample size that estimates a mean within a margin (Cochran 1977, section 4.6).

    Parameters
    ----------
    margin
        Half the width of the interval, in the units of the quantity.
    deviation
        The standard deviation of the quantity, in the same units.
    level, deff, response, population
        As in `size_for_proportion`.

    Raises
    ------
    ValueRefused
        A number is outside its range.
    DesignRefused
        More units are needed than there are.

    Examples
    --------
    >>> size_for_mean(2, deviation=15).interviews
    217
    """
    _refuse_outside("margin", margin, 0, inf)
    _refuse_outside("deviation", deviation, 0, inf)
    infinite = (_z(level) * deviation / margin) ** 2
    simple = infinite / (1 + infinite / population)
    return _with_losses(simple, deff, response, population)


def _with_losses(simple: float, deff: float, response: float, population: float) -> SampleSize:
    _refuse_outside("deff", deff, 0, inf)
    if response != 1.0:
        _refuse_outside("response", response, 0, 1)
    exact = simple * deff
    interviews = ceil(exact - ROUNDING)
    units = ceil(interviews / response - ROUNDING)
    if units > population:
        raise DesignRefused(
            f"{units} units are needed for this margin, and there are {population:g}.",
            do="Allow a wider margin, or interview everybody.",
        )
    return SampleSize(simple, exact, interviews, units)


def _z(level: float) -> float:
    _refuse_outside("level", level, 0, 1)
    return -float(ndtri((1 - level) / 2))


def _refuse_outside(name: str, value: float, low: float, high: float) -> None:
    if not low < value < high:
        span = f"between {low:g} and {high:g}" if high < inf else f"above {low:g}"
        raise ValueRefused(
            f"'{name}' is {value:g}, and must be {span}.",
            do=f"Give a number {span}.",
        )
