"""Joint inclusion probabilities: how often two units are in the sample together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb

import numpy as np

from kelisim.core.errors import DesignRefused
from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import refuse_too_many, whole
from kelisim.engine.sampling.inclusion import certain_units, checked_probabilities
from kelisim.engine.sampling.selection import brewer_step

MOST_SETS = 200_000
"""Sets of units that an exact enumeration may visit; about ten seconds."""

Samples = dict[tuple[int, ...], float]


def joint_srs(N: int, n: int) -> Floats:
    """Return the joint probabilities of a simple random sample.

    Returns
    -------
    Floats
        Shape (N, N): n(n-1) / (N(N-1)), and n / N on the diagonal.

    Raises
    ------
    DesignRefused
        n is no whole number, or exceeds N.

    Examples
    --------
    >>> joint_srs(4, 2).round(3)[0]
    array([0.5  , 0.167, 0.167, 0.167])
    """
    refuse_too_many(whole(n, "The sample size n"), N, "units")
    joint = np.full((N, N), n * (n - 1) / (N * max(N - 1, 1)))
    np.fill_diagonal(joint, n / N)
    return joint


def joint_poisson(pi: Floats) -> Floats:
    """Return the joint probabilities of Poisson sampling: products, shape (N, N).

    Raises
    ------
    ValueRefused
        A probability is not in (0, 1].
    """
    probabilities = checked_probabilities(pi, fixed=False)
    joint = np.outer(probabilities, probabilities)
    np.fill_diagonal(joint, probabilities)
    return joint


def joint_systematic(pi: Floats) -> Floats:
    """Return the joint probabilities of systematic sampling in the order given.

    The sample is constant between the fractional parts of the cumulated probabilities, so the
    joint probabilities are sums of lengths. Many are zero: no unbiased estimator of the variance
    exists for such a design.

    Parameters
    ----------
    pi
        Shape (N,): inclusion probabilities that sum to n.

    Returns
    -------
    Floats
        Shape (N, N).

    Raises
    ------
    ValueRefused, DesignRefused
        The probabilities are not in (0, 1], or do not sum to a whole number.

    Examples
    --------
    >>> joint_systematic(np.array([0.5, 0.5, 0.5, 0.5]))[0]
    array([0.5, 0. , 0.5, 0. ])
    """
    return _beside_the_certain(checked_probabilities(pi, fixed=True), _systematic_samples)


def _systematic_samples(pi: Floats) -> Samples:
    reach = np.cumsum(pi)[:-1]
    starts = np.unique(np.concatenate([[0.0], reach % 1.0]))
    ends = np.append(starts[1:], 1.0)
    steps = np.arange(round(float(pi.sum())))
    samples: Samples = {}
    for start, end in zip(starts, ends, strict=True):
        drawn = np.searchsorted(reach, (start + end) / 2 + steps, side="right")
        sample = tuple(int(unit) for unit in drawn)
        samples[sample] = samples.get(sample, 0.0) + float(end - start)
    return samples


def joint_brewer(pi: Floats) -> Floats:
    """Return the joint probabilities of Brewer's method, by going through every set of units.

    Parameters
    ----------
    pi
        Shape (N,): inclusion probabilities that sum to n.

    Returns
    -------
    Floats
        Shape (N, N), exact up to rounding.

    Raises
    ------
    ValueRefused, DesignRefused
        The probabilities are not in (0, 1], do not sum to a whole number, or there are too many
        sets of units to go through.

    Examples
    --------
    >>> joint_brewer(np.array([0.2, 0.6, 0.6, 0.6])).sum(axis=1).round(12)
    array([0.4, 1.2, 1.2, 1.2])
    """
    return _beside_the_certain(checked_probabilities(pi, fixed=True), _brewer_samples)


def brewer_samples(pi: Floats) -> Samples:
    """Return every sample of Brewer's method with its probability.

    The chances of a step depend on the set drawn before and not on its order, so that sets of one
    size are reached from the sets one smaller.

    Parameters
    ----------
    pi
        Shape (N,): inclusion probabilities that sum to n.

    Returns
    -------
    dict
        Positions, ascending, to the probability of that sample.

    Raises
    ------
    ValueRefused, DesignRefused
        As in `joint_brewer`.

    Examples
    --------
    >>> brewer_samples(np.array([0.25, 0.75, 1.0]))
    {(0, 2): 0.25, (1, 2): 0.75}
    """
    certain = certain_units(checked_probabilities(pi, fixed=True))
    always = np.flatnonzero(certain).tolist()
    chancy = np.flatnonzero(~certain)
    return {
        tuple(sorted([*always, *chancy[list(drawn)].tolist()])): probability
        for drawn, probability in _brewer_samples(pi[chancy]).items()
    }


def _brewer_samples(pi: Floats) -> Samples:
    n = round(float(pi.sum()))
    _refuse_too_many_sets(len(pi), n)
    sets: dict[frozenset[int], float] = {frozenset(): 1.0}
    for r in range(n, 0, -1):
        larger: dict[frozenset[int], float] = {}
        for drawn, probability in sets.items():
            left = np.ones(len(pi), dtype=bool)
            left[list(drawn)] = False
            chance = brewer_step(pi, left, r)
            chance *= probability / chance.sum()
            for unit in np.flatnonzero(left):
                grown = drawn | {int(unit)}
                larger[grown] = larger.get(grown, 0.0) + float(chance[unit])
        sets = larger
    return {tuple(sorted(drawn)): probability for drawn, probability in sets.items()}


def _refuse_too_many_sets(N: int, n: int) -> None:
    sets = sum(comb(N, size) for size in range(n + 1))
    if sets > MOST_SETS:
        raise DesignRefused(
            f"{n} of {N} units make {sets} sets, and {MOST_SETS} at most are gone through.",
            why="The joint probabilities of Brewer's method are summed over all of them.",
            do="Use systematic selection, whose joint probabilities are quickly computed, or an "
            "estimator of the variance that needs none.",
        )


def _beside_the_certain(pi: Floats, samples: Callable[[Floats], Samples]) -> Floats:
    """Sum the samples of the units left to chance; a certain unit is independent of all others."""
    chancy = np.flatnonzero(~certain_units(pi))
    joint = np.outer(pi, pi)
    if chancy.size:
        inner = np.zeros((chancy.size, chancy.size))
        for sample, probability in samples(pi[chancy]).items():
            inner[np.ix_(sample, sample)] += probability
        joint[np.ix_(chancy, chancy)] = inner
    return joint


def joint_of_strata(blocks: Sequence[Floats]) -> Floats:
    """Return the joint probabilities of strata drawn independently.

    Parameters
    ----------
    blocks
        One matrix a stratum, of shape (N_h, N_h).

    Returns
    -------
    Floats
        Shape (N, N): the blocks, and products between strata.

    Examples
    --------
    >>> joint_of_strata([joint_srs(2, 1), joint_srs(1, 1)])
    array([[0.5, 0. , 0.5],
           [0. , 0.5, 0.5],
           [0.5, 0.5, 1. ]])
    """
    pi = np.concatenate([np.diag(block) for block in blocks])
    joint = np.outer(pi, pi)
    start = 0
    for block in blocks:
        end = start + len(block)
        joint[start:end, start:end] = block
        start = end
    return joint
