"""Selecting units: simple random, systematic, Brewer, Poisson, and with replacement.

Every function takes a generator and uses nothing of it but ``random``: the stream of uniform
numbers is what another program can reproduce when a public draw is checked years later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import refuse_too_many, whole
from kelisim.engine.sampling.inclusion import (
    certain_units,
    checked_probabilities,
    refuse_sizes,
)

Positions = NDArray[np.intp]
Draw = Callable[[Floats, Generator], Positions]


def srs(N: int, n: int, rng: Generator) -> Positions:
    """Draw n of N units with equal probabilities, every set of n as likely as any other.

    Every unit gets a uniform number, and the n smallest are taken.

    Returns
    -------
    Positions
        Shape (n,), ascending; inclusion probabilities are n / N.

    Raises
    ------
    DesignRefused
        n is no whole number, or exceeds N.

    Examples
    --------
    >>> srs(10, 3, np.random.default_rng(1))
    array([2, 4, 9])
    """
    refuse_too_many(whole(n, "The sample size n"), N, "units")
    return np.sort(np.argsort(rng.random(N), kind="stable")[:n])


def systematic(N: int, n: int, rng: Generator) -> Positions:
    """Draw n of N units at equal, fractional steps N / n from a random start.

    In a sorted list this spreads the sample over what the list is sorted by (implicit
    stratification). The probability is n / N also where N is no multiple of n.

    Returns
    -------
    Positions
        Shape (n,), ascending.

    Raises
    ------
    DesignRefused
        n is no whole number, or exceeds N.

    Examples
    --------
    >>> systematic(10, 4, np.random.default_rng(1))
    array([1, 3, 6, 8])
    """
    refuse_too_many(whole(n, "The sample size n"), N, "units")
    return systematic_pps(np.full(N, n / N), rng)


def _beside_the_certain(draw: Draw) -> Draw:
    """Let a method see only the units that are left to chance."""

    @wraps(draw)
    def whole_draw(pi: Floats, rng: Generator) -> Positions:
        probabilities = checked_probabilities(pi, fixed=True)
        certain = certain_units(probabilities)
        (chancy,) = np.nonzero(~certain)
        if not chancy.size:
            return np.arange(len(probabilities))
        drawn = chancy[draw(probabilities[chancy], rng)]
        return np.sort(np.concatenate([np.flatnonzero(certain), drawn]))

    return whole_draw


@_beside_the_certain
def systematic_pps(pi: Floats, rng: Generator) -> Positions:
    """Draw systematically with unequal probabilities, in the order of the list (Madow 1949).

    Parameters
    ----------
    pi
        Shape (N,): inclusion probabilities that sum to n; those of 1 are taken for certain.

    Returns
    -------
    Positions
        Shape (n,), ascending.

    Raises
    ------
    ValueRefused, DesignRefused
        The probabilities are not in (0, 1], or do not sum to a whole number.
    """
    n = round(float(pi.sum()))
    return np.searchsorted(np.cumsum(pi)[:-1], rng.random() + np.arange(n), side="right")


@_beside_the_certain
def randomised_systematic(pi: Floats, rng: Generator) -> Positions:
    """Draw systematically from the list in random order (Goodman and Kish 1950).

    Parameters, result and refusals are those of `systematic_pps`.
    """
    order = np.argsort(rng.random(len(pi)), kind="stable")
    return np.sort(order[systematic_pps(pi[order], rng)])


@_beside_the_certain
def brewer(pi: Floats, rng: Generator) -> Positions:
    """Draw one unit after another so that the probabilities are exact (Brewer 1975).

    Parameters, result and refusals are those of `systematic_pps`.
    """
    n = round(float(pi.sum()))
    left = np.ones(len(pi), dtype=bool)
    for r in range(n, 0, -1):
        reach = np.cumsum(brewer_step(pi, left, r))
        left[np.searchsorted(reach, rng.random() * reach[-1], side="right")] = False
    return np.flatnonzero(~left)


def brewer_step(pi: Floats, left: NDArray[np.bool_], r: int) -> Floats:
    """Return the chances, up to a factor, of each unit at the step with r units still to draw.

    With a the sum of the probabilities of the units left, a unit's chance is in proportion to
    pi (a - pi) / (a - r pi) (Tille 2006, algorithm 6.10).

    Parameters
    ----------
    pi
        Shape (N,), in (0, 1).
    left
        Shape (N,): the units not drawn yet.

    Returns
    -------
    Floats
        Shape (N,): 0 for units drawn already.
    """
    if r == 1:
        return np.where(left, pi, 0.0)
    a = float(pi[left].sum())
    chance = np.zeros(len(pi))
    chance[left] = pi[left] * (a - pi[left]) / (a - r * pi[left])
    return chance


def poisson(pi: Floats, rng: Generator) -> Positions:
    """Draw every unit on its own with its probability; the size of the sample is left to chance.

    Parameters
    ----------
    pi
        Shape (N,): inclusion probabilities; they sum to the expected size.

    Returns
    -------
    Positions
        Ascending; as many as chance gave, perhaps none.

    Raises
    ------
    ValueRefused
        A probability is not in (0, 1].
    """
    probabilities = checked_probabilities(pi, fixed=False)
    return np.flatnonzero(rng.random(len(probabilities)) < probabilities)


def pps_wr(size: Floats, n: int, rng: Generator) -> Positions:
    """Draw n times proportionally to size with replacement (Hansen and Hurwitz 1943).

    Returns
    -------
    Positions
        Shape (n,), in the order of the draws; a unit may occur more than once. A unit is expected
        n * size / sum(size) times.

    Raises
    ------
    ValueRefused
        A size is missing, zero or negative.
    DesignRefused
        n is no whole number.

    Examples
    --------
    >>> pps_wr(np.array([1.0, 98.0, 1.0]), 4, np.random.default_rng(1))
    array([1, 1, 1, 1])
    """
    refuse_sizes(size)
    reach = np.cumsum(size)
    draws = rng.random(whole(n, "The sample size n")) * reach[-1]
    drawn: Positions = np.searchsorted(reach, draws, side="right")
    return drawn
