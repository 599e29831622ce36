"""Joint inclusion probabilities: how often two units are in the sample together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb

import numpy as np
from scipy.sparse import csr_array

from kelisim.core.errors import DesignRefused
from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import refuse_too_many, whole
from kelisim.engine.sampling.inclusion import (
    ROUNDING,
    certain_units,
    checked_probabilities,
    pps_inclusion,
)
from kelisim.engine.sampling.selection import Positions, brewer_step

MOST_SETS = 200_000
"""Sets of units that an exact enumeration may visit; about ten seconds."""

MOST_DRAWN = 3_000
"""Units drawn whose pairs may be listed: 4.5 million, some 300 MB while they are made."""

Samples = dict[tuple[int, ...], float]
JointOf = Callable[[Floats, Positions], Floats]
"""Probabilities and the positions that are asked about, to the joint probabilities of these."""


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
    return _equally_often(N, n, units=N)


def _equally_often(N: int, n: int, units: int) -> Floats:
    joint = np.full((units, units), n * (n - 1) / (N * max(N - 1, 1)))
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

    On a circle of length 1 a unit is an arc, between the fractional parts of the cumulated
    probabilities; it is drawn when the random start falls on it, so that two units are together as
    often as their arcs overlap. Many do not: no unbiased estimator of the variance exists for such
    a design.

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
    return _beside_the_certain(checked_probabilities(pi, fixed=True), np.arange(len(pi)), _overlaps)


def _overlaps(pi: Floats, among: Positions) -> Floats:
    reach = np.cumsum(pi)
    length = pi[among]
    start = (reach - pi)[among] % 1.0
    end = start + length
    joint = np.zeros((among.size, among.size))
    for turn in (-1.0, 0.0, 1.0):  # an arc may pass the point where the circle is closed
        until = np.minimum.outer(end, end + turn)
        joint += np.maximum(until - np.maximum.outer(start, start + turn), 0.0)
    joint[joint < ROUNDING] = 0.0
    # An arc inside another is its own length, and not more by what the ends were rounded.
    return np.minimum(joint, np.minimum.outer(length, length))


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
    return _beside_the_certain(
        checked_probabilities(pi, fixed=True), np.arange(len(pi)), _summed_over_samples
    )


def _summed_over_samples(pi: Floats, among: Positions) -> Floats:
    samples = _brewer_samples(pi)
    members = np.array(list(samples))
    rows = np.repeat(np.arange(len(samples)), members.shape[1])
    inside = csr_array((np.ones(members.size), (rows, members.ravel())), (len(samples), len(pi)))
    drawn = inside.tocsc()[:, among]
    together = drawn.T @ drawn.multiply(np.array(list(samples.values()))[:, None])
    return np.asarray(together.todense())


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


def _beside_the_certain(pi: Floats, among: Positions, joint_of: JointOf) -> Floats:
    """Let a method see the units left to chance; a certain unit is independent of all others."""
    chancy = np.flatnonzero(~certain_units(pi))
    left = np.flatnonzero(np.isin(among, chancy))
    joint = np.outer(pi[among], pi[among])
    np.fill_diagonal(joint, pi[among])
    if left.size > 1:
        joint[np.ix_(left, left)] = joint_of(pi[chancy], np.searchsorted(chancy, among[left]))
    return joint


def refuse_too_many_pairs(n: int) -> None:
    """Refuse to list the pairs of a sample that has too many.

    Parameters
    ----------
    n
        How many units are asked for.

    Raises
    ------
    DesignRefused
        More than `MOST_DRAWN`.
    """
    if n > MOST_DRAWN:
        raise DesignRefused(
            f"{n} units make {n * (n - 1) // 2} pairs, and those of {MOST_DRAWN} units at most are "
            "listed.",
            why="Each pair is a row of the joint probabilities.",
            do="Leave out 'joint': what is between strata, and within one drawn by 'srs', follows "
            "from pi and the numbers in the report.",
        )


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


def joint_of_drawn(method: str, size: Floats, n: int, drawn: Positions) -> Floats:
    """Return the joint probabilities of the units drawn in one stratum, and of no others.

    Parameters
    ----------
    method
        One of `plan.WITH_JOINT`.
    size
        Shape (N,): the measure of size, in the order of the list; all equal without one.
    n
        How many were asked for.
    drawn
        Shape (k,): the positions drawn, ascending.

    Returns
    -------
    Floats
        Shape (k, k); inclusion probabilities on the diagonal.

    Raises
    ------
    Refusal
        As the function of the whole list: `joint_srs`, `joint_systematic`, `joint_brewer`,
        `joint_poisson`.

    Examples
    --------
    >>> joint_of_drawn("systematic", np.ones(4), 2, np.array([0, 2]))
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    if method == "srs":
        return _equally_often(len(size), n, units=drawn.size)
    if method == "systematic":
        return _beside_the_certain(np.full(len(size), n / len(size)), drawn, _overlaps)
    pi = pps_inclusion(size, n)
    if method == "poisson":
        return joint_poisson(pi[drawn]) if drawn.size else np.zeros((0, 0))
    joint_of = _summed_over_samples if method == "pps-brewer" else _overlaps
    return _beside_the_certain(pi, drawn, joint_of)
