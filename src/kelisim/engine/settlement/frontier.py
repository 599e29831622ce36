"""The whole Pareto frontier of packages of options, exactly, for two and three parties.

Two parties: issue by issue, keep the packages that no other package so far is at least as good as
for both (Nemhauser and Ullmann 1969); the scale of the points does not matter. Three parties: one
pass an issue over a grid of the points of two of them, holding the best of the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.settlement.model import Points

GRID_CELLS = 2**21
"""The grid of three parties may hold this many cells; beyond it the solver takes over."""

MOST_ROWS = 200_000
"""Where opposed interests of very fine points leave more packages undominated, likewise."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """The packages that cannot be improved for one party without loss to another.

    Attributes
    ----------
    points
        Shape (m, n), int64: what each package is worth, in lexicographic order; no row twice.
    packages
        Shape (m, issues), int64: the option of every issue in one package of that worth.
    """

    points: Points
    packages: NDArray[np.int64]


def frontier_of_two(tables: Sequence[Points]) -> Frontier | None:
    """Return the frontier of two parties, or None if it has more than `MOST_ROWS` packages.

    Parameters
    ----------
    tables
        One array an issue, shape (2, options): points in whole units. With no issue at all the
        frontier is the single empty package.

    Examples
    --------
    >>> f = frontier_of_two([np.array([[6, 0, 4], [0, 5, 4]]), np.array([[4, 0], [0, 5]])])
    >>> f.points.tolist(), f.packages.tolist()
    ([[0, 10], [4, 9], [6, 5], [8, 4], [10, 0]], [[1, 1], [2, 1], [0, 1], [2, 0], [0, 0]])
    """
    x, y = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    origins, sizes = [], []
    for table in tables:
        sizes.append(len(x))
        x, y, origin = _extended(x, y, table)
        origins.append(origin)
        if len(x) > MOST_ROWS:
            return None
    packages = np.empty((len(x), len(tables)), dtype=np.int64)
    at = np.arange(len(x))
    for j in range(len(tables) - 1, -1, -1):
        packages[:, j], at = np.divmod(origins[j][at], sizes[j])
    return Frontier(np.column_stack((x, y))[::-1], packages[::-1])


def _extended(x: Points, y: Points, table: Points) -> tuple[Points, Points, NDArray[np.intp]]:
    """Add one issue: every option on every package, then only the undominated ones, x falling."""
    across = (x[None, :] + table[0][:, None]).ravel()
    up = (y[None, :] + table[1][:, None]).ravel()
    order = np.lexsort((up, across))[::-1]
    high = np.maximum.accumulate(up[order])
    better = np.concatenate(([True], high[1:] > high[:-1]))
    kept = order[better]
    return across[kept], up[kept], kept


def grid_fits(totals: Sequence[int], issues: int) -> bool:
    """Whether the frontier of three parties can be computed on a grid of reasonable size."""
    first, second, _ = sorted(totals)
    return (first + 1) * (second + 1) * max(issues // 32, 1) <= GRID_CELLS


def frontier_of_three(tables: Sequence[Points]) -> Frontier:
    """Return the frontier of three parties; `grid_fits` says whether there is room for it.

    Parameters
    ----------
    tables
        One array an issue, shape (3, options): points in whole units.

    Examples
    --------
    >>> frontier_of_three([np.array([[2, 0, 1], [0, 2, 1], [0, 1, 0]])]).points.tolist()
    [[0, 2, 1], [1, 1, 0], [2, 0, 0]]
    """
    totals = np.sum([table.max(axis=1) for table in tables], axis=0)
    axes = np.argsort(totals, kind="stable")
    best, chosen = _grid([table[axes] for table in tables], totals[axes])
    x, y = np.nonzero(_maximal(best))
    points = np.empty((len(x), 3), dtype=np.int64)
    points[:, axes] = np.column_stack((x, y, best[x, y]))
    packages = _retrace([table[axes] for table in tables], chosen, x, y)
    order = np.lexsort(points.T[::-1])
    return Frontier(points[order], packages[order])


def _grid(tables: Sequence[Points], totals: Points) -> tuple[Points, list[NDArray[np.int16]]]:
    """Return the most of the third party at every (x, y), -1 where none, and the option taken."""
    shape = (int(totals[0]) + 1, int(totals[1]) + 1)
    best = np.full(shape, -1, dtype=np.int64)
    best[0, 0] = 0
    chosen = []
    for table in tables:
        after = np.full(shape, -1, dtype=np.int64)
        option = np.zeros(shape, dtype=np.int16)
        for o, (a, b, c) in enumerate(table.T):
            before = best[: shape[0] - a, : shape[1] - b]
            shifted = np.where(before >= 0, before + c, -1)
            target = after[a:, b:]
            better = shifted > target
            target[better] = shifted[better]
            option[a:, b:][better] = o
        best = after
        chosen.append(option)
    return best, chosen


def _maximal(best: Points) -> NDArray[np.bool_]:
    """Return the cells that no cell further along either axis reaches."""
    high = np.full((best.shape[0] + 1, best.shape[1] + 1), -1, dtype=np.int64)
    high[:-1, :-1] = best[::-1, ::-1]
    high[:-1, :-1] = np.maximum.accumulate(np.maximum.accumulate(high[:-1, :-1], 0), 1)[::-1, ::-1]
    return best > np.maximum(high[1:, :-1], high[:-1, 1:])


def _retrace(
    tables: Sequence[Points],
    chosen: Sequence[NDArray[np.int16]],
    x: NDArray[np.intp],
    y: NDArray[np.intp],
) -> NDArray[np.int64]:
    packages = np.empty((len(x), len(tables)), dtype=np.int64)
    for j in range(len(tables) - 1, -1, -1):
        packages[:, j] = chosen[j][x, y]
        x, y = x - tables[j][0][packages[:, j]], y - tables[j][1][packages[:, j]]
    return packages
