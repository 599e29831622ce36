"""The cheapest assignment of many cases to mediators whose further cases cost more and more.

A minimum-cost flow with a unit from each case and convex costs at the mediators, solved by
successive shortest paths with prices (Edmonds and Karp 1972). All costs are whole, so the optimum
is exact; the prices prove it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Integers = NDArray[np.int64]

FAR = 2**62
"""Longer than any path; costs must stay so small that a path of all cases is shorter."""


@dataclass(frozen=True, slots=True)
class Network:
    """Cases, the mediators each of them can go to, and the places of the mediators.

    Attributes
    ----------
    case_starts, takers, costs
        Shapes (cases + 1,), (arcs,), (arcs,): the arcs of case c are ``case_starts[c]`` up to
        ``case_starts[c + 1]``, each a mediator and a non-negative cost, in order of cost.
    place_starts, places
        Shapes (mediators + 1,), (all places,): the costs of a mediator's first, second, ... case,
        non-negative and in order.
    """

    case_starts: Integers
    takers: Integers
    costs: Integers
    place_starts: Integers
    places: Integers


@dataclass(frozen=True, slots=True)
class Flow:
    """An assignment and the prices that prove it.

    Attributes
    ----------
    taker
        Shape (cases,), int64: the mediator of each case.
    price
        Shape (mediators,), all <= 0: every case is with a mediator of the least ``cost - price``,
        and at every mediator the places taken cost at most, and the free ones at least, what
        ``-price`` and one number common to all mediators add up to.
    """

    taker: Integers
    price: Integers


def cheapest_flow(network: Network) -> Flow:
    """Assign every case to one of its mediators at the least total cost.

    Every case must find a place: let one mediator with room for all, at a high cost, stand for no
    assignment.

    Examples
    --------
    >>> network = Network(np.array([0, 2, 4]), np.array([0, 1, 0, 1]), np.array([1, 5, 2, 9]),
    ...                   np.array([0, 1, 2]), np.array([0, 0]))
    >>> cheapest_flow(network).taker.tolist()
    [1, 0]
    """
    taker, price = _augment(
        network.case_starts, network.takers, network.costs, network.place_starts, network.places
    )
    return Flow(taker, price)


@njit(cache=True)
def _augment(
    starts: Integers, takers: Integers, costs: Integers, place_starts: Integers, places: Integers
) -> tuple[Integers, Integers]:
    cases, mediators = len(starts) - 1, len(place_starts) - 1
    price = np.zeros(mediators, dtype=np.int64)
    load = np.zeros(mediators, dtype=np.int64)
    held = np.full(len(places), -1, dtype=np.int64)
    arc = np.full(cases, -1, dtype=np.int64)
    distance = np.empty(mediators, dtype=np.int64)
    through = np.empty(mediators, dtype=np.int64)
    for case in range(cases):
        distance[:] = FAR
        end, length = _reach(
            case, starts, takers, costs, place_starts, places,
            price, load, held, arc, distance, through,
        )  # fmt: skip
        for m in range(mediators):
            if distance[m] < length:
                price[m] += distance[m] - length
        _pass_on(case, end, starts, takers, arc, held, load, place_starts, through)
    return takers[arc], price


@njit(cache=True)
def _reach(
    case: int,
    starts: Integers,
    takers: Integers,
    costs: Integers,
    place_starts: Integers,
    places: Integers,
    price: Integers,
    load: Integers,
    held: Integers,
    arc: Integers,
    distance: Integers,
    through: Integers,
) -> tuple[np.int64, np.int64]:
    """Find the cheapest chain of moves that gives a case a place: its end and its cost (Dijkstra).

    Fills ``distance`` up to that cost, and ``through`` with the arc by which a mediator is reached.
    """
    end, length, highest = np.int64(-1), np.int64(FAR), price.max()
    done = np.zeros(len(load), dtype=np.bool_)
    m, near = np.int64(-1), np.int64(0)
    first, last = np.int64(0), np.int64(1)
    while True:
        for k in range(first, last):
            moved = case if m < 0 else held[k]
            base = np.int64(0) if m < 0 else near - costs[arc[moved]] + price[m]
            for a in range(starts[moved], starts[moved + 1]):
                if base + costs[a] - highest >= length:
                    break  # arcs are in order of cost
                t = takers[a]
                if base + costs[a] - price[t] < distance[t]:
                    distance[t], through[t] = base + costs[a] - price[t], a
                    free = place_starts[t] + load[t]
                    if free < place_starts[t + 1] and base + costs[a] + places[free] < length:
                        end, length = t, base + costs[a] + places[free]
        m, near = np.int64(-1), length
        for k in range(len(load)):
            if not done[k] and distance[k] < near:
                m, near = np.int64(k), distance[k]
        if m < 0:
            return end, length
        done[m] = True
        first, last = place_starts[m], place_starts[m] + load[m]


@njit(cache=True)
def _pass_on(
    case: int,
    end: np.int64,
    starts: Integers,
    takers: Integers,
    arc: Integers,
    held: Integers,
    load: Integers,
    place_starts: Integers,
    through: Integers,
) -> None:
    """Move each case on the path to the next mediator on it, from the end back to the new case."""
    place = place_starts[end] + load[end]
    load[end] += 1
    m = end
    while True:
        a = through[m]
        moved = np.searchsorted(starts, a, side="right") - 1
        before = arc[moved]
        held[place] = moved
        arc[moved] = a
        if moved == case:
            return
        m = takers[before]
        place = place_starts[m]
        while held[place] != moved:
            place += 1
