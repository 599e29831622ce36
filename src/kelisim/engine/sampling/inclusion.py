"""Inclusion probabilities proportional to size, with the largest units taken for certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import refuse_too_many, whole

ROUNDING = 1e-12
"""A probability this close to 1 is 1: nothing but the rounding of the sum stands between."""

INTEGER = 1e-6
"""Probabilities of a sample of fixed size sum to its size within this."""


def pps_inclusion(size: Floats, n: int) -> Floats:
    """Return the probabilities of n units drawn proportionally to size without replacement.

    A unit larger than 1/n of the total is taken with certainty and removed, n falls by one, and
    the rest is looked at again, until no such unit is left (Sarndal, Swensson and Wretman 1992,
    section 3.6.2).

    Parameters
    ----------
    size
        Shape (N,): the measure of size, positive.
    n
        How many units are drawn.

    Returns
    -------
    Floats
        Shape (N,), in (0, 1]; exactly 1 for certainty units. They sum to n.

    Raises
    ------
    ValueRefused
        A size is missing, zero or negative.
    DesignRefused
        n is no whole number or exceeds N; or sizes so unequal that a unit would have no chance.

    Examples
    --------
    >>> pps_inclusion(np.array([60.0, 20.0, 10.0, 10.0]), 2)
    array([1.  , 0.5 , 0.25, 0.25])
    """
    refuse_sizes(size)
    refuse_too_many(whole(n, "The sample size n"), len(size), "units")
    pi = np.ones(len(size))
    if n == len(size):
        return pi
    chancy = np.arange(len(size))
    while True:
        rest = n - (len(size) - chancy.size)
        if rest == 0:
            raise _no_chance()
        expected = rest * size[chancy] / size[chancy].sum()
        certain = certain_units(expected)
        if not certain.any():
            pi[chancy] = expected
            return pi
        chancy = chancy[~certain]


def refuse_sizes(size: Floats, place: Callable[[int], str] | None = None) -> None:
    """Refuse measures of size that give a unit no chance.

    Parameters
    ----------
    size
        Shape (N,).
    place
        A row number from 0 to its place in words; "row 1" without it.

    Raises
    ------
    ValueRefused
        A size is missing, infinite, zero or negative; the sentence names the first such row.
    """
    wrong = np.flatnonzero(~(np.isfinite(size) & (size > 0)))
    if wrong.size:
        row = int(wrong[0])
        raise ValueRefused(
            f"The measure of size is {size[row]:g} ({wrong.size} such units).",
            where=place(row) if place else f"row {row + 1}",
            why="A unit without a positive size could never be drawn, so nothing could be said "
            "of units like it.",
            do="Give it a size, or take it out of the frame and say that it is not covered.",
        )


def _no_chance() -> DesignRefused:
    return DesignRefused(
        "The largest units take the whole sample, and the others have no chance.",
        why="Their sizes are too small beside the largest for a probability to be computed.",
        do="Ask for more units, or put the largest into a stratum of their own.",
    )


def checked_probabilities(pi: Any, *, fixed: bool) -> Floats:
    """Return inclusion probabilities as an array.

    Parameters
    ----------
    fixed
        Whether they belong to a sample of fixed size, and must sum to a whole number.

    Raises
    ------
    ValueRefused
        A probability is not above 0 and at most 1.
    DesignRefused
        They sum to no whole number.
    """
    probabilities = np.asarray(pi, dtype=np.float64)
    if not probabilities.size or not ((probabilities > 0) & (probabilities <= 1)).all():
        raise ValueRefused(
            "An inclusion probability is not above 0 and at most 1, or there is none.",
            do="Compute them with pps_inclusion.",
        )
    total = float(probabilities.sum())
    if fixed and abs(total - round(total)) > INTEGER:
        raise DesignRefused(
            f"The inclusion probabilities sum to {total:g}, which is no whole number.",
            why="The sum is the size of the sample, and this method draws samples of one size.",
            do="Compute them with pps_inclusion, or use Poisson sampling.",
        )
    return probabilities


def certain_units(pi: Floats) -> NDArray[np.bool_]:
    """Return which units are in every sample."""
    return pi >= 1 - ROUNDING
