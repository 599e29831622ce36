"""Opinion groups, shown only if they are still there when a tenth of the votes is left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.mixture import Mixture, fit_mixture, log_densities, log_total
from kelisim.engine.opinion.model import IdealPoint, ideal_point
from kelisim.engine.opinion.positions import Positions, positions
from kelisim.engine.opinion.rand import adjusted_rand
from kelisim.engine.opinion.votes import Indices, Votes, keep

MOST_GROUPS = 5
LEAST_VOTES = 7
"""Votes from which on a participant helps to find the groups; everybody is then placed."""

SURE = 0.9
"""Probability from which on a participant is said to be in a group, and not between groups."""

STABLE = 0.9
"""Least adjusted Rand index of any two runs without a tenth of the votes."""

LEAST_ASSIGNED = 0.5
"""Least share of the weight of those with enough votes that must be in some group."""

LEAST_SHARE = 0.05
"""Least share of the weight of a group."""

RUNS = 5
DROPPED = 0.1
FEWEST = 20
"""Participants with enough votes below which groups are not looked for."""


class NoGroups(StrEnum):
    """Why no groups are shown."""

    FEW_PEOPLE = "too few participants have voted often enough"
    ONE_CLOUD = "one group describes the positions as well as several do"
    UNSTABLE = "the groups change when a tenth of the votes is left out"
    UNCLEAR = "too few participants belong clearly to one group"
    SMALL = "a group would hold less than a twentieth of the participants"


@dataclass(frozen=True, slots=True)
class Stability:
    """How the groups stand up to leaving out a tenth of the votes.

    Attributes
    ----------
    least, median
        Adjusted Rand index of pairs of runs, over the people whom both runs place in a group.
    everyone
        The median when 'between groups' counts as a group of its own.
    runs
        The number of runs.
    """

    least: float
    median: float
    everyone: float
    runs: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Opinion groups, or the reason why none are shown.

    Attributes
    ----------
    labels
        Shape (n,): the group of each participant, the largest first; -1 between groups or without
        a vote.
    membership
        Shape (n, G): the probability of belonging to each group.
    shares
        Shape (G,): the part of the weight of those placed, by group.
    centres
        Shape (G, 2): the mean place of those in each group, on the map.
    stability
        None where no grouping was tried.
    reason
        Empty when groups are shown.
    """

    labels: Indices
    membership: Floats
    shares: Floats
    centres: Floats
    stability: Stability | None
    reason: str

    @property
    def count(self) -> int:
        """Return the number of groups shown."""
        return len(self.shares)


def find_groups(votes: Votes, model: IdealPoint, placed: Positions) -> Groups:
    """Return the groups of participants on the first two axes.

    Mixtures of 2 to 5 normal clouds are fitted to the positions; those that describe them better
    than one cloud (Bayesian information criterion) are tried from the best on, and the first that
    is stable is shown.
    """
    voters, heavy = votes.n_votes > 0, votes.n_votes >= LEAST_VOTES
    if heavy.sum() < FEWEST:
        return _none(votes, NoGroups.FEW_PEOPLE)
    candidates = _better_than_one(placed, votes.weights, heavy)
    if not candidates:
        return _none(votes, NoGroups.ONE_CLOUD)
    runs = [_without_a_tenth(votes, model, run) for run in range(RUNS)]
    refused: list[Groups] = []
    for mixture in candidates:
        tried = _tried(votes, placed, runs, mixture, voters, heavy)
        if not tried.reason:
            return tried
        refused.append(tried)
    return _none(votes, NoGroups(refused[0].reason), refused[0].stability)


def _none(votes: Votes, reason: NoGroups, stability: Stability | None = None) -> Groups:
    n = votes.shape[0]
    return Groups(
        np.full(n, -1, np.int32),
        np.empty((n, 0)),
        np.empty(0),
        np.empty((0, 2)),
        stability,
        reason.value,
    )


def _plane(placed: Positions) -> tuple[Floats, Floats]:
    """Return means (n, d) and covariances (n, d, d) on the first two axes, or the only one."""
    d = min(2, placed.people.mean.shape[1])
    return placed.people.mean[:, :d], placed.people.covariance[:, :d, :d]


def _better_than_one(placed: Positions, weights: Floats, heavy: NDArray[np.bool_]) -> list[Mixture]:
    points, scaled = _plane(placed)[0][heavy], _scaled(weights[heavy])
    distinct = len(np.unique(np.round(points, 9), axis=0))
    single = fit_mixture(points, scaled, 1).bic
    found = [fit_mixture(points, scaled, k) for k in range(2, min(MOST_GROUPS, distinct) + 1)]
    return sorted((m for m in found if m.bic < single), key=lambda m: m.bic)


def _scaled(weights: Floats) -> Floats:
    """Return weights that sum to the effective number of people (Kish)."""
    return np.asarray(weights * weights.sum() / np.sum(weights**2), np.float64)


def _without_a_tenth(votes: Votes, model: IdealPoint, run: int) -> Positions:
    # From nothing: a model begun from that of all votes would remember the tenth it must not know.
    fewer = keep(votes, ~_drawn(votes, run))
    return positions(ideal_point(fewer, model.dimensions, tolerance=5e-3), votes.weights)


def _drawn(votes: Votes, run: int) -> NDArray[np.bool_]:
    """Return which votes are left out in a run: a tenth, by a hash of row, column and run."""
    x = votes.rows().astype(np.uint64) << np.uint64(32) | votes.indices.astype(np.uint64)
    x = x * np.uint64(0x9E3779B97F4A7C15) + np.uint64((run + 1) * 0xD1B54A32D192ED03 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return (x ^ (x >> np.uint64(31))) < np.uint64(int(DROPPED * 2**64))


def _tried(
    votes: Votes,
    placed: Positions,
    runs: list[Positions],
    mixture: Mixture,
    voters: NDArray[np.bool_],
    heavy: NDArray[np.bool_],
) -> Groups:
    membership = _membership(placed, mixture)
    labels = _labels(membership, voters)
    count = len(mixture.shares)
    again = []
    for run in runs:
        points, scaled = _plane(run)[0][heavy], _scaled(votes.weights[heavy])
        refit = fit_mixture(points, scaled, count)
        parted = refit.bic < fit_mixture(points, scaled, 1).bic
        found = _labels(_membership(run, refit), voters)
        # Where one cloud does as well, the run finds no groups: it agrees with no run that does.
        again.append(found if parted else np.full_like(found, -1))
    stability = _stability(again, voters)
    held = np.bincount(labels[labels >= 0], votes.weights[labels >= 0], count)
    shares = held / max(held.sum(), np.finfo(float).tiny)
    assigned = votes.weights[heavy & (labels >= 0)].sum() / votes.weights[heavy].sum()
    reason = _reason(stability, shares, float(assigned))
    return Groups(
        labels,
        membership,
        shares,
        _centres(placed, votes.weights, labels, count),
        stability,
        reason,
    )


def _centres(placed: Positions, weights: Floats, labels: Indices, count: int) -> Floats:
    """Return the weighted mean place of each group's people, shape (G, 2)."""
    means = _plane(placed)[0]
    centres = np.zeros((count, 2))
    for g in range(count):
        own = weights * (labels == g)
        centres[g, : means.shape[1]] = np.einsum("n,nd->d", own, means) / max(own.sum(), 1e-300)
    return centres


def _membership(placed: Positions, mixture: Mixture) -> Floats:
    points, blur = _plane(placed)
    logs = log_densities(mixture, points, blur)
    return np.asarray(np.exp(logs - log_total(logs)[:, None]), np.float64)


def _labels(membership: Floats, voters: NDArray[np.bool_]) -> Indices:
    best = np.argmax(membership, axis=1)
    return np.where(voters & (membership.max(axis=1) >= SURE), best, -1).astype(np.int32)


def _stability(again: list[Indices], voters: NDArray[np.bool_]) -> Stability:
    placed_in_both, everyone = [], []
    for one, other in combinations(again, 2):
        both = (one >= 0) & (other >= 0)
        placed_in_both.append(adjusted_rand(one[both], other[both]) if both.any() else 0.0)
        everyone.append(adjusted_rand(one[voters], other[voters]))
    return Stability(
        min(placed_in_both),
        float(np.median(placed_in_both)),
        float(np.median(everyone)),
        len(again),
    )


def _reason(stability: Stability, shares: Floats, assigned: float) -> str:
    if stability.least < STABLE:
        return NoGroups.UNSTABLE
    if assigned < LEAST_ASSIGNED:
        return NoGroups.UNCLEAR
    return NoGroups.SMALL if shares.min() < LEAST_SHARE else ""
