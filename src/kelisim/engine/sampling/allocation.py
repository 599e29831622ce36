"""A sample divided among strata: how many units each of them gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused, ValueRefused, listed, nearest
from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import whole

Counts = NDArray[np.int64]


def neyman(N: Floats, S: Floats) -> Floats:
    """Return shares in proportion to N_h S_h: the least variance of the overall mean (Neyman 1934).

    Parameters
    ----------
    N
        Shape (H,): sizes of the strata.
    S
        Shape (H,): standard deviations within them.

    Examples
    --------
    >>> neyman(np.array([100.0, 300.0]), np.array([3.0, 1.0]))
    array([0.5, 0.5])
    """
    return _shares(N * S)


def cost_optimal(N: Floats, S: Floats, cost: Floats) -> Floats:
    """Return shares in proportion to N_h S_h / sqrt(c_h): the least variance for the money.

    Cochran 1977, section 5.5.

    Parameters
    ----------
    N, S
        As in `neyman`.
    cost
        Shape (H,): what one unit costs in each stratum.

    Examples
    --------
    >>> cost_optimal(np.array([100.0, 100.0]), np.ones(2), np.array([1.0, 9.0]))
    array([0.75, 0.25])
    """
    _refuse_not_positive(cost, "The cost of a unit")
    return _shares(N * S / np.sqrt(cost))


def power(N: Floats, cv: Floats, exponent: float) -> Floats:
    """Return shares in proportion to cv_h N_h^q, between equal precision and Neyman (Bankier 1988).

    Parameters
    ----------
    N
        Shape (H,): the size or importance of each stratum.
    cv
        Shape (H,): coefficients of variation within them; ones where they are not known.
    exponent
        q: 0 gives the strata equal precision, 1 the whole country the most.

    Examples
    --------
    >>> power(np.array([100.0, 900.0]), np.ones(2), 0.5)
    array([0.25, 0.75])
    """
    if not 0 <= exponent <= 1:
        raise ValueRefused(
            f"The power of the allocation is {exponent:g}, and must be from 0 to 1.",
            do="Give 0.5, half way between equal and proportional, or another number.",
        )
    return _shares(cv * N**exponent)


def _shares(measure: Floats) -> Floats:
    _refuse_not_positive(measure, "The measure to allocate by")
    shares: Floats = measure / measure.sum()
    return shares


def _refuse_not_positive(values: Floats, what: str) -> None:
    wrong = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    if wrong.size:
        place = int(wrong[0])
        raise ValueRefused(
            f"{what} is {values[place]:g} in stratum {place + 1}, and must be positive.",
            do="Give a positive number for every stratum.",
        )


def allocate(
    n: int, shares: Floats, low: Counts, high: Counts, names: Sequence[str] = ()
) -> Counts:
    """Return whole numbers that follow the shares within bounds and sum to n exactly.

    Strata that would fall below their least or above their most are set there, and the rest is
    shared among the others until all are within; then fractions are rounded by the largest
    remainder, the first stratum first where remainders are equal.

    Parameters
    ----------
    n
        The size of the whole sample.
    shares
        Shape (H,): positive.
    low, high
        Shape (H,): the least and the most of each stratum.
    names
        H names of strata, for refusals; without them strata are numbered.

    Returns
    -------
    Counts
        Shape (H,), int64; sums to n.

    Raises
    ------
    DesignRefused
        n is no whole number, or no numbers within the bounds sum to it.
    ValueRefused
        A share is not positive.

    Examples
    --------
    >>> allocate(10, np.array([8.0, 1.0, 1.0]), np.array([2, 2, 2]), np.array([5, 9, 9]))
    array([5, 3, 2])
    """
    n = whole(n, "The sample size n")
    _refuse_impossible(n, low, high, names)
    ideal = _within_bounds(n, _shares(shares), low.astype(float), high.astype(float))
    counts: Counts = np.floor(ideal + 1e-9).astype(np.int64)
    by_remainder = np.argsort(-np.round(ideal - counts, 9), kind="stable")
    counts[by_remainder[: n - int(counts.sum())]] += 1
    return counts


def _refuse_impossible(n: int, low: Counts, high: Counts, names: Sequence[str]) -> None:
    narrow = np.flatnonzero(low > high)
    if narrow.size:
        h = int(narrow[0])
        raise DesignRefused(
            f"At least {low[h]} units are asked for, and there are {high[h]}.",
            where=f"stratum '{names[h]}'" if names else f"stratum {h + 1}",
            do="Ask for a smaller minimum, or merge the stratum with another.",
        )
    least, most = int(low.sum()), int(high.sum())
    if not least <= n <= most:
        raise DesignRefused(
            f"{n} units cannot be divided: the strata take from {least} to {most}.",
            do="Change the sample size or the minimum of a stratum.",
        )


def _within_bounds(n: int, shares: Floats, low: Floats, high: Floats) -> Floats:
    """Return c * shares held between the bounds, with the c at which they sum to n.

    The sum rises with c in straight pieces whose ends are the points at which a stratum leaves a
    bound, so the piece is looked up and solved.
    """
    ends = np.unique(np.concatenate([[0.0], low / shares, high / shares]))
    sums = np.array([np.clip(c * shares, low, high).sum() for c in ends])
    held: Floats = np.clip(np.interp(n, sums, ends) * shares, low, high)
    return held


def by_label(values: Mapping[str, float], labels: Sequence[str], what: str) -> NDArray[np.float64]:
    """Return numbers given by the names of strata, in the order of the strata.

    Parameters
    ----------
    what
        What is given for each stratum, in the singular: "number of units".

    Raises
    ------
    DesignRefused
        A stratum has no number, or a number has no stratum.

    Examples
    --------
    >>> by_label({"b": 2, "a": 1}, ["a", "b"], "cost")
    array([1., 2.])
    """
    missing = [label for label in labels if label not in values]
    if missing:
        raise DesignRefused(
            f"No {what} is given for the strata {listed(missing)}.",
            why="Nothing would be drawn in them, and their people would not be represented.",
            do="Add them to the allocation, or take them out of the frame.",
        )
    for name in values:
        if name not in labels:
            raise DesignRefused(
                f"A {what} is given for the stratum '{name}', and the frame has none.",
                do=nearest(name, labels) or f"The strata are {listed(labels, 12)}.",
            )
    return np.array([float(values[label]) for label in labels])
