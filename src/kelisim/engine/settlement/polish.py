"""A package made better by changing one or two issues at a time, before the solver is asked."""

from __future__ import annotations

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Case, Package, worth

MOST_PAIRS = 250_000
"""Pairs of changes are tried up to this many at a time; beyond it, single changes only."""


def polished(case: Case, measure: Measure, package: Package) -> Package:
    """Return a package of options that no change of one or two issues improves in leximin order.

    The floors of the measure stay respected. Changes are ranked in floating point and accepted only
    if they are better exactly, so that the search ends.
    """
    weight = np.array([float(w) for w in measure.weight])
    origin = np.array([float(a) for a in measure.origin])
    floor = np.array(measure.floor, dtype=np.float64)
    best, gains = package, measure.gains(worth(case, package))
    while True:
        have = np.array([float(u) for u in worth(case, best)])
        issue, option, change = _changes(case, best)
        first, second = _pairs(issue)
        moved = have + change[first] + np.where((first != second)[:, None], change[second], 0.0)
        moved[(moved < floor).any(axis=1)] = -np.inf
        k = _leximin_row((moved - origin) * weight)
        decisions = list(best)
        decisions[issue[first[k]]] = int(option[first[k]])
        decisions[issue[second[k]]] = int(option[second[k]])
        candidate = tuple(decisions)
        reached = measure.gains(worth(case, candidate))
        if reached <= gains or not np.isfinite(moved[k]).all():
            return best
        best, gains = candidate, reached


def _changes(case: Case, package: Package) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Return every single change: its issue, its option and what it adds to each party."""
    issue, option, change = [], [], []
    for j, (table, taken) in enumerate(zip(case.points, package, strict=True)):
        now = table[:, taken if isinstance(taken, int) else 0]
        for o in range(table.shape[1]):
            issue.append(j)
            option.append(o)
            change.append(table[:, o] - now)
    return np.array(issue), np.array(option), np.array(change, dtype=np.float64)


def _pairs(issue: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of changes of different issues, and each change with itself."""
    count = len(issue)
    if count * count > 2 * MOST_PAIRS:
        return np.arange(count), np.arange(count)
    first, second = np.triu_indices(count)
    apart = (issue[first] != issue[second]) | (first == second)
    return first[apart], second[apart]


def _leximin_row(gains: Floats) -> int:
    """Return the row with the best leximin order."""
    levels = np.sort(gains, axis=1)
    left = np.arange(len(levels))
    for level in range(levels.shape[1]):
        column = levels[left, level]
        left = left[column >= column.max()]
    return int(left[0])
