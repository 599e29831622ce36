"""Why margins cannot be met: which categories of the sample stand in each other's way.

When no weights meet the margins there is a direction y, one number a category, along which no
occupied cell of the sample gains (the sum of y over its categories is at most 0) although the
population would: T'y > 0. What y wants occurs in the sample only together with what is scarce.
A linear programme finds the y that names the fewest categories (Farkas' lemma).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kelisim.engine.frame import Floats
from kelisim.engine.weighting.cells import Cells

AT_ONCE = 20_000
"""Cells a linear programme starts with; more join only where they are violated."""

Level = tuple[int, int]
"""Margin and category."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Categories that cannot all have their counts.

    Attributes
    ----------
    wanted, scarce
        In the sample, rows of any of the first occur only together with one of the second.
    wanted_total, scarce_total
        Their counts in the population. The first is larger; when they are equal, the margins are
        met only if every other row of the scarce categories gets no weight.
    """

    wanted: tuple[Level, ...]
    scarce: tuple[Level, ...]
    wanted_total: float
    scarce_total: float


def find_conflict(cells: Cells, targets: Sequence[Floats]) -> Conflict | None:
    """Return the conflict that keeps margins from being met, or None where they can be.

    Parameters
    ----------
    cells
        Every occupied cell, collapsed.
    targets
        K arrays of shape (L_k,): population counts, > 0.
    """
    X = indicators(cells)
    population = float(targets[0].sum())
    target = np.concatenate(targets)
    none = np.zeros_like(target)
    direction = _direction(X, target / population, none)
    if direction is None:
        direction = _direction(X, none, target / population)
    return None if direction is None else _named(direction, cells.levels, target)


def indicators(cells: Cells) -> sp.csr_array:
    """Return the sparse (J, sum L) matrix of the categories of each cell."""
    starts = np.cumsum((0, *cells.levels))
    columns = np.column_stack([code + at for code, at in zip(cells.codes, starts, strict=False)])
    J, K = columns.shape
    return sp.csr_array(
        (np.ones(J * K), columns.ravel(), np.arange(0, J * K + 1, K)), shape=(J, starts[-1])
    )


def _direction(X: sp.csr_array, gain: Floats, level: Floats) -> Floats | None:
    """Return the smallest y with X y <= 0 for which the population gains, or loses nothing.

    With a ``gain`` of T it is scaled to T'y = 1. With a ``level`` of T it has T'y = 0 and the
    cells lose 1 on average: they are not all untouched, and what they lose they cannot have.
    """
    scale = gain if gain.any() else -np.asarray(X.mean(axis=0)).ravel()
    equal = np.vstack([_both(scale), _both(level)])
    part = np.zeros(X.shape[0], dtype=bool)
    part[:: -(-len(part) // AT_ONCE)] = True
    while True:
        y = _smallest(X[np.flatnonzero(part)], equal)
        violated = None if y is None else np.flatnonzero((X @ y > 1e-7 * np.abs(y).max()) & ~part)
        if violated is None or not violated.size:
            return y
        part[violated[:AT_ONCE]] = True


def _both(row: Floats) -> Floats:
    return np.concatenate([row, -row])


def _smallest(X: sp.csr_array, equal: Floats) -> Floats | None:
    from scipy.optimize import linprog  # loading it takes longer than raking a million rows

    size = X.shape[1]
    found = linprog(
        np.ones(2 * size),
        A_ub=sp.hstack([X, -X], format="csr"),
        b_ub=np.zeros(X.shape[0]),
        A_eq=equal,
        b_eq=[1.0, 0.0],
        method="highs",
    )
    return None if found.x is None else np.asarray(found.x[:size] - found.x[size:])


def _named(y: Floats, levels: Sequence[int], target: Floats) -> Conflict:
    y = y / np.abs(y).max()
    place = [(k, code) for k, count in enumerate(levels) for code in range(count)]
    wanted, scarce = np.flatnonzero(y > 1e-6), np.flatnonzero(y < -1e-6)
    return Conflict(
        tuple(place[at] for at in wanted),
        tuple(place[at] for at in scarce),
        float(target[wanted] @ y[wanted]),
        float(-target[scarce] @ y[scarce]),
    )
