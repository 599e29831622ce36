"""Points in the plane gathered into cells and the cells into clusters, the same way every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.votes import Indices

MOST_POINTS = 1200
"""Up to here each point is its own cell, and the silhouette is exact."""

GRID = 28
"""Cells along each axis beyond that."""

ROUNDS = 100

LAST_POINTS = 5_000_000
"""Points looked at, in all, while clusters of cells are settled on every point."""

DIRECTIONS = 4
"""Directions in which the plane is cut for a start."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Weighted points that stand for many.

    Attributes
    ----------
    centres
        Shape (c, 2): the weighted mean of the points in each cell.
    weights
        Shape (c,).
    members
        Shape (n,): the cell of each point.
    """

    centres: Floats
    weights: Floats
    members: Indices


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters of points, the heaviest first.

    Attributes
    ----------
    labels
        Shape (n,): the cluster of each point, from 0.
    centres
        Shape (k, 2).
    silhouette
        The weighted mean silhouette of the cells, in -1..1; 0 for one cluster.
    """

    labels: Indices
    centres: Floats
    silhouette: float


def gathered(
    points: Floats, weights: Floats, *, grid: int = GRID, most: int = MOST_POINTS
) -> Cells:
    """Return points gathered on a grid, or as they are when they are few."""
    if len(points) <= most:
        return Cells(points, weights, np.arange(len(points), dtype=np.int32))
    low, high = points.min(axis=0), points.max(axis=0)
    step = np.maximum(high - low, np.finfo(float).tiny) / grid
    place = np.minimum((points - low) // step, grid - 1).astype(np.int64)
    used, members = np.unique(place[:, 0] * grid + place[:, 1], return_inverse=True)
    total = _sums(members, weights, len(used))
    sums = [_sums(members, weights * points[:, d], len(used)) for d in range(2)]
    return Cells(np.stack(sums, axis=1) / total[:, None], total, members.astype(np.int32))


def _sums(labels: Indices, weights: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(labels, weights, count), np.float64)


def k_means(points: Floats, weights: Floats, k: int) -> tuple[Indices, Floats]:
    """Return labels and centres of the best of several deterministic starts.

    One start spreads the centres as far from each other as can be; the others cut the plane into
    parts of equal weight along fixed directions.
    """
    starts = [_spread(points, weights, k)]
    starts += [
        _cut(points, weights, k, angle) for angle in np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    ]
    labels, centres, _ = min((_lloyd(points, weights, s) for s in starts), key=lambda run: run[2])
    return _heaviest_first(labels, centres, weights)


def _heaviest_first(labels: Indices, centres: Floats, weights: Floats) -> tuple[Indices, Floats]:
    sizes = np.bincount(labels, weights, len(centres))
    order = np.lexsort((*centres.T[::-1], -np.round(sizes, 9)))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[labels], centres[order]


def _spread(points: Floats, weights: Floats, k: int) -> Floats:
    mean = np.einsum("n,nd->d", weights, points) / weights.sum()
    chosen = [int(np.argmax(_squares(points, mean[None])[:, 0]))]
    while len(chosen) < k:
        nearest = _squares(points, points[chosen]).min(axis=1)
        # The weight keeps a single far voter from starting a cluster.
        chosen.append(int(np.argmax(nearest * np.sqrt(weights))))
    return points[chosen]


def _cut(points: Floats, weights: Floats, k: int, angle: float) -> Floats:
    direction = np.array([np.cos(angle), np.sin(angle)])[: points.shape[1]]
    along = np.einsum("nd,d->n", points, direction)
    order = np.argsort(along, kind="stable")
    share = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    part = np.minimum((share * k).astype(np.int64), k - 1)
    return _means(points[order], weights[order], part, points[order][:k].copy())


def _lloyd(
    points: Floats, weights: Floats, centres: Floats, rounds: int = ROUNDS
) -> tuple[Indices, Floats, float]:
    """Return labels, centres and the weighted sum of squares to them."""
    labels, sums, totals, inertia = _assigned(points, weights, centres)
    for _ in range(rounds):
        before = labels
        held = totals[:, None] > 0
        centres = np.where(held, sums / np.where(held, totals[:, None], 1.0), centres)
        labels, sums, totals, inertia = _assigned(points, weights, centres)
        if np.array_equal(labels, before):
            break
    return labels, centres, inertia


@njit(cache=True)
def _assigned(
    points: Floats, weights: Floats, centres: Floats
) -> tuple[Indices, Floats, Floats, float]:
    """Put each point to its nearest centre; return the sums and weights of the clusters too."""
    labels = np.empty(len(points), np.int32)
    sums, totals = np.zeros(centres.shape), np.zeros(len(centres))
    inertia = 0.0
    for i in range(len(points)):
        nearest, least = 0, np.inf
        for c in range(len(centres)):
            square = 0.0
            for d in range(points.shape[1]):
                off = points[i, d] - centres[c, d]
                square += off * off
            if square < least:
                nearest, least = c, square
        labels[i] = nearest
        totals[nearest] += weights[i]
        for d in range(points.shape[1]):
            sums[nearest, d] += weights[i] * points[i, d]
        inertia += weights[i] * least
    return labels, sums, totals, inertia


def _means(points: Floats, weights: Floats, labels: Indices, otherwise: Floats) -> Floats:
    k = len(otherwise)
    total = np.bincount(labels, weights, k)
    sums = [np.bincount(labels, weights * points[:, d], k) for d in range(points.shape[1])]
    held = total > 0
    return np.where(
        held[:, None], np.stack(sums, axis=1) / np.where(held, total, 1)[:, None], otherwise
    )


def _squares(points: Floats, centres: Floats) -> Floats:
    """Return squared distances, shape (n, k)."""
    squares = np.zeros((len(points), len(centres)))
    for d in range(points.shape[1]):
        squares += np.subtract.outer(points[:, d], centres[:, d]) ** 2
    return squares


def distances(points: Floats) -> Floats:
    """Return the distances between all points, shape (n, n)."""
    return np.asarray(np.sqrt(_squares(points, points)), np.float64)


def silhouette(distance: Floats, weights: Floats, labels: Indices) -> float:
    """Return the weighted mean silhouette of labelled points, from their `distances`.

    References
    ----------
    Rousseeuw (1987), Silhouettes, J. Comput. Appl. Math. 20, 53-65.
    """
    k = int(labels.max()) + 1
    if k < 2:
        return 0.0
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(k))
    sums = np.add.reduceat((distance * weights)[:, order], starts, axis=1)
    sizes = np.bincount(labels, weights, k)
    own = labels[:, None] == np.arange(k)
    # A cell stands for as many people as it weighs, at distance 0 from one another.
    others = np.maximum(sizes[labels] - np.minimum(weights, 1.0), np.finfo(float).tiny)
    within = sums[own] / others
    beyond = np.where(own, np.inf, sums / sizes).min(axis=1)
    widest = np.maximum(np.maximum(within, beyond), np.finfo(float).tiny)
    alone = np.bincount(labels, minlength=k)[labels] == 1
    scores = np.where(alone & (weights <= 1), 0.0, (beyond - within) / widest)
    return float(np.sum(weights * scores) / weights.sum())


def best_clusters(
    points: Floats, weights: Floats, most: int = 5, count: int | None = None
) -> Clusters:
    """Return the clusters of the largest silhouette among 2 to ``most``, or exactly ``count``.

    The number is chosen on cells; the clusters found are then settled on every point. Fewer
    distinct points than clusters leave one cluster.
    """
    cells = gathered(points, weights)
    apart = distances(cells.centres)
    distinct = len(np.unique(cells.centres, axis=0)) if len(cells.centres) else 0
    wanted = range(2, min(most, distinct) + 1) if count is None else range(count, count + 1)
    runs = []
    for k in wanted:
        if 2 <= k <= distinct:
            labels, centres = k_means(cells.centres, cells.weights, k)
            runs.append((silhouette(apart, cells.weights, labels), centres))
    if not runs:
        return Clusters(np.zeros(len(points), np.int32), cells.centres[:1], 0.0)
    width, centres = max(runs, key=lambda run: run[0])
    rounds = min(max(LAST_POINTS // len(points), 5), ROUNDS)
    settled, centres, _ = _lloyd(points, weights, centres, rounds)
    return Clusters(*_heaviest_first(settled, centres, weights), width)
