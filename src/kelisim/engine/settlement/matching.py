"""Mediators for cases: as many cases as possible, near home, by turns, never against a conflict.

The total cost of all assignments together is the least possible. Of assignments that cost the same
a published seed draws one, so that anyone can repeat the draw and nobody can choose it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import RosterRefused
from kelisim.core.rng import stream_seed
from kelisim.engine.settlement.flow import Network, cheapest_flow
from kelisim.engine.settlement.roster import Integers, Roster

Flags = NDArray[np.bool_]

OTHER_REGION = 1000
"""What it costs when case and mediator are in different regions."""

FULL_LOAD = 400
"""What a case costs at a mediator whose turn is furthest off, for a load of its whole capacity."""

TIE_BITS = 20
LARGEST_COST = 2**58
UNASSIGNED = -1

Reason = Literal["no_language", "no_specialisation", "conflict", "no_capacity"]


@dataclass(frozen=True, slots=True)
class Matching:
    """Who mediates what.

    Attributes
    ----------
    mediator
        Shape (n,): the mediator of each case, `UNASSIGNED` for none.
    same_region
        Shape (n,): whether the mediator is of the case's region.
    possible
        Shape (n,): how many mediators were possible for the case.
    load
        Shape (m,): the cases given to each mediator.
    reason
        Why a case has no mediator, by its position.
    """

    mediator: Integers
    same_region: Flags
    possible: Integers
    load: Integers
    reason: dict[int, Reason]


def match(roster: Roster, seed: int) -> Matching:
    """Assign mediators to cases.

    A mediator is possible for a case if it has all its languages and specialisations, free
    capacity and no conflict. As many cases as possible are assigned; then the sum of the costs is
    as small as possible: `OTHER_REGION` for a mediator of another region, and up to `FULL_LOAD`
    for the turn, which rises with the share of its capacity a mediator has been given already.

    Parameters
    ----------
    seed
        Decides among assignments of equal cost; to be fixed and published before the cases are
        known.

    Returns
    -------
    Matching
        The same for any order of the rows.

    Raises
    ------
    RosterRefused
        There are too many cases and mediators for exact sums of their costs.
    """
    n, m = len(roster.cases.names), len(roster.mediators.names)
    if _unit(n) * _nobody(n, m) >= LARGEST_COST:
        raise RosterRefused(
            f"There are {n} cases and {m} mediators.",
            where="cases",
            why="The sums of their costs would no longer be exact.",
            do="Match the regions one after another.",
        )
    possible = possible_pairs(roster)
    taker = cheapest_flow(_network(roster, possible & (roster.mediators.free > 0), seed)).taker
    mediator = np.where(taker == m, UNASSIGNED, taker)
    taken = mediator != UNASSIGNED
    same = np.zeros(n, dtype=np.bool_)
    same[taken] = roster.cases.region[taken] == roster.mediators.region[mediator[taken]]
    return Matching(
        mediator=mediator,
        same_region=same,
        possible=possible.sum(axis=1),
        load=np.bincount(mediator[taken], minlength=m),
        reason=dict(_reasons(roster, np.flatnonzero(~taken))),
    )


def _unit(cases: int) -> int:
    """Return what one unit of cost is in the network: more than all draws together."""
    return 1 << (TIE_BITS + cases.bit_length())


def _nobody(cases: int, mediators: int) -> int:
    """Return the cost of no assignment: more than any chain of moves that would avoid it."""
    return (OTHER_REGION + FULL_LOAD + 1) * min(cases, mediators + 1)


def possible_pairs(roster: Roster) -> Flags:
    """Return, shape (n, m), whether a mediator has what a case needs and no conflict with it."""
    possible = _covers(roster.cases.language, roster.mediators.language)
    possible &= _covers(roster.cases.specialisation, roster.mediators.specialisation)
    possible[roster.conflicts[:, 0], roster.conflicts[:, 1]] = False
    return possible


def _covers(needed: NDArray[np.uint64], had: NDArray[np.uint64]) -> Flags:
    """Return whether each of the second has every bit of each of the first."""
    kinds, which = np.unique(needed, return_inverse=True)
    covered: Flags = (kinds[:, None] & ~had[None, :]) == 0
    return covered[which]


def _network(roster: Roster, possible: Flags, seed: int) -> Network:
    """Return the flow network; the last mediator stands for no assignment."""
    (n, m), unit = possible.shape, _unit(len(possible))
    case, taker = np.nonzero(possible)
    away = roster.cases.region[case] != roster.mediators.region[taker]
    cost = away * (OTHER_REGION * unit) + _draw(roster, case, taker, seed)
    case = np.concatenate((case, np.arange(n)))
    taker = np.concatenate((taker, np.full(n, m)))
    cost = np.concatenate((cost, np.full(n, unit * _nobody(n, m))))
    order = np.lexsort((cost, case))
    free = np.append(roster.mediators.free, n)
    place = np.arange(free.sum()) - np.repeat(np.cumsum(free) - free, free)
    turn = np.append(roster.mediators.recent, 0)
    capacity = np.append(roster.mediators.capacity, 1)
    share = (np.repeat(turn, free) + place + 1) * FULL_LOAD // np.repeat(capacity, free)
    highest = int(((turn + free) * FULL_LOAD // capacity)[:m].max(initial=1))
    places = share * FULL_LOAD // max(highest, FULL_LOAD) * unit
    places[len(places) - n :] = 0
    return Network(
        case_starts=np.searchsorted(case[order], np.arange(n + 1)),
        takers=taker[order],
        costs=cost[order],
        place_starts=np.concatenate(([0], np.cumsum(free))),
        places=places,
    )


def _draw(roster: Roster, case: Integers, taker: Integers, seed: int) -> Integers:
    """Return a number below 2**20 for each pair, from the seed and the two names alone.

    The seeds of ``("case", name)`` and ``("mediator", name)`` (see `stream_seed`) are mixed by one
    round of SplitMix64; the sum of all of them stays below one unit of cost.
    """
    left = _seeds(seed, "case", roster.cases.names)
    right = _seeds(seed, "mediator", roster.mediators.names)
    mixed = left[case] + right[taker]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - TIE_BITS)).astype(np.int64)


def _seeds(seed: int, kind: str, names: tuple[str, ...]) -> NDArray[np.uint64]:
    return np.array(
        [stream_seed(seed, kind, name) & (2**64 - 1) for name in names], dtype=np.uint64
    )


def _reasons(roster: Roster, without: Integers) -> Iterator[tuple[int, Reason]]:
    """Yield the first requirement that leaves no mediator for a case."""
    cases, mediators = roster.cases, roster.mediators
    for k in map(int, without):
        language = (cases.language[k] & ~mediators.language) == 0
        specialised = language & ((cases.specialisation[k] & ~mediators.specialisation) == 0)
        apart = roster.conflicts[roster.conflicts[:, 0] == k, 1]
        clear = specialised.copy()
        clear[apart] = False
        if not language.any():
            yield k, "no_language"
        elif not specialised.any():
            yield k, "no_specialisation"
        else:
            yield k, "no_capacity" if clear.any() else "conflict"


def gini(share: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of the loads as shares of capacity: 0 is equal turns.

    >>> gini(np.array([0.5, 0.5])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ordered = np.sort(share)
    n = len(ordered)
    if ordered.sum() == 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))
