"""Coordinated voting made visible: accounts that vote as one, bursts, and what they may weigh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import IdealPoint, ideal_point
from kelisim.engine.opinion.resemblance import Resemblance, resemblance
from kelisim.engine.opinion.votes import Indices, Votes

LEAST_CLUSTER = 3
LEAST_VOTES = 5

TIGHT = 0.8
"""Least part of the room for agreement beyond expectation that a cluster fills: 1 is one voice.
In honest conversations thinned at random, clusters of any size that are this tight do not pass
`SURPRISE`, and those that pass it fill less than 0.7."""

SURPRISE = 2.2
"""Least excess of a cluster, in standard deviations, above that of the best of so many sets."""

JOIN = 0.4
"""Least share of the room, less one standard deviation, that an account fills with a cluster."""

SEEDS = 60
"""Sets grown around the closest accounts, and as many again around the closest in none of them."""

BLOCK = 2_000
"""Accounts compared at a time; beyond that, neighbours along the first axis."""

Grown = tuple[tuple[int, ...], float, float]
"""Members, tightness and surprise of a set of accounts."""

NULL_DIMENSIONS = 2
"""Dimensions of the model of honest opinion. More would learn an invented camp as an opinion."""

BURST_SECONDS = 60.0
BURST_VOTES = 60
"""Votes of one account within a minute that no reader can cast."""

BURST_SHARE = 0.01
"""What is left of the weight of an account with a burst."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Accounts that vote as one beyond chance.

    Attributes
    ----------
    members
        Positions of the accounts, ascending.
    tightness
        Agreement beyond expectation over the room for it, from 0 (independent) to 1 (one voice).
    surprise
        See `SURPRISE`.
    seconds
        Time from the first to the last vote of the cluster; None without times.
    """

    members: Indices
    tightness: float
    surprise: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Burst:
    """An account with more votes in a minute than a person can cast.

    Attributes
    ----------
    participant
        Position of the account.
    votes
        The most votes within any `BURST_SECONDS`.
    """

    participant: int
    votes: int


@dataclass(frozen=True, slots=True)
class Integrity:
    """What looks coordinated. Nothing is deleted; `weights` is what the results use.

    Attributes
    ----------
    clusters
        The largest first.
    bursts
        By account.
    weights
        Shape (n,): the participants' weights, where each cluster counts as one account of its mean
        weight, and an account with a burst as a hundredth.
    """

    clusters: tuple[Cluster, ...]
    bursts: tuple[Burst, ...]
    weights: Floats

    @property
    def alarm(self) -> bool:
        """Return whether anything was found."""
        return bool(self.clusters or self.bursts)


def check_integrity(votes: Votes) -> Integrity:
    """Return clusters of coordinated accounts, bursts of votes, and weights that cap both."""
    null = ideal_point(votes, NULL_DIMENSIONS, tolerance=5e-3)
    found = [
        cluster
        for accounts in _blocks(votes, null)
        for cluster in clusters_within(resemblance(votes, null, accounts), votes)
    ]
    clusters = tuple(sorted(found, key=lambda c: (-len(c.members), int(c.members[0]))))
    bursts = vote_bursts(votes)
    return Integrity(clusters, bursts, capped_weights(votes.weights, clusters, bursts))


def _blocks(votes: Votes, null: IdealPoint) -> list[Indices]:
    """Return the accounts with enough votes, cut into blocks of neighbours on the first axis."""
    active = np.flatnonzero(votes.n_votes >= LEAST_VOTES)
    along = np.argsort(np.round(null.people.mean[active, 2], 9), kind="stable")
    parts = max(1, -(-len(active) // BLOCK))
    return [np.sort(active[part]) for part in np.array_split(along, parts)]


def clusters_within(pairs: Resemblance, votes: Votes) -> list[Cluster]:
    """Return the disjoint clusters of accounts that vote as one, the most surprising first."""
    if len(pairs.accounts) < LEAST_CLUSTER:
        return []
    found = _grown_sets(pairs)
    taken: set[int] = set()
    clusters = []
    for members, tightness, surprise in sorted(found, key=lambda f: (-round(f[2], 9), f[0])):
        suspect = len(members) >= LEAST_CLUSTER and tightness >= TIGHT and surprise >= SURPRISE
        if suspect and not taken & set(members):
            taken |= set(members)
            accounts = np.sort(pairs.accounts[list(members)])
            clusters.append(Cluster(accounts, tightness, surprise, _span(votes, accounts)))
    return clusters


def _grown_sets(pairs: Resemblance) -> list[Grown]:
    """Return sets around the accounts closest to their three nearest, and then around others.

    One large loose camp can hold all of the closest accounts, and is rightly no cluster; so the
    search begins anew among those that no set holds yet.
    """
    closeness = _least_share(pairs.excess, pairs.variance, pairs.room)
    nearest = np.sort(closeness, axis=1)[:, -LEAST_CLUSTER:].mean(axis=1)
    order = [int(i) for i in np.argsort(-np.round(nearest, 9), kind="stable")]
    found = [_grown(pairs, seed) for seed in order[:SEEDS]]
    held = {account for members, _, _ in found for account in members}
    for seed in order[SEEDS:]:
        if seed not in held and len(found) < 2 * SEEDS:
            found.append(_grown(pairs, seed))
            held.update(found[-1][0])
    return found


def _least_share(excess: Floats, variance: Floats, room: Floats) -> Floats:
    """Return the share of the room that is filled, less one standard deviation."""
    return (excess - np.sqrt(variance + 1)) / np.maximum(room, LEAST_CLUSTER)


def _grown(pairs: Resemblance, seed: int) -> Grown:
    """Return a cluster around an account, with its tightness and its surprise."""
    members = [seed]
    excess, variance, room = pairs.excess[seed], pairs.variance[seed], pairs.room[seed]
    total = np.zeros(3)
    while len(members) < len(pairs.accounts):
        closeness = _least_share(excess, variance, room)
        closeness[members] = -np.inf
        best = int(np.argmax(np.round(closeness, 9)))
        if closeness[best] < JOIN:
            break
        total += excess[best], variance[best], room[best]
        members.append(best)
        excess = excess + pairs.excess[best]
        variance = variance + pairs.variance[best]
        room = room + pairs.room[best]
    size, everyone = len(members), len(pairs.accounts)
    # The best of all sets of this size, were pairs independent: about sqrt(2 log C(n, size)).
    best_of_sets = np.sqrt(2 * size * np.log(np.e * everyone / size))
    surprise = total[0] / np.sqrt(total[1] + 1) - best_of_sets
    return tuple(sorted(members)), float(total[0] / max(total[2], 1e-9)), float(surprise)


def _span(votes: Votes, members: Indices) -> float | None:
    if votes.times is None:
        return None
    times = np.concatenate([votes.times[votes.indptr[i] : votes.indptr[i + 1]] for i in members])
    return float(times.max() - times.min())


def vote_bursts(votes: Votes) -> tuple[Burst, ...]:
    """Return the accounts with `BURST_VOTES` or more votes within `BURST_SECONDS`.

    Only the last vote on each statement is looked at; without times nothing can be said.
    """
    if votes.times is None:
        return ()
    found = []
    for i in np.flatnonzero(votes.n_votes >= BURST_VOTES):
        times = np.sort(votes.times[votes.indptr[i] : votes.indptr[i + 1]])
        within = np.searchsorted(times, times + BURST_SECONDS, side="left") - np.arange(len(times))
        if within.max() >= BURST_VOTES:
            found.append(Burst(int(i), int(within.max())))
    return tuple(found)


def capped_weights(
    weights: Floats, clusters: tuple[Cluster, ...], bursts: tuple[Burst, ...]
) -> Floats:
    """Return weights with which a cluster counts as one account, and a burst as a hundredth."""
    capped = weights.copy()
    for cluster in clusters:
        capped[cluster.members] /= len(cluster.members)
    for burst in bursts:
        capped[burst.participant] *= BURST_SHARE
    return capped
