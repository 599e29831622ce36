"""Calibration: weights that reproduce population totals of categories and of numbers.

Raking, post-stratification and the generalised regression estimator are calibrations with one
distance or another. Weights are w = d F(x'l), and l is found by Newton's method on the convex dual
phi(l) = sum d G(x'l) - T'l.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import MarginRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Floats, as_frame, categories, numbers
from kelisim.engine.weighting.base import base_weights
from kelisim.engine.weighting.bounding import read_bounds
from kelisim.engine.weighting.distance import Distance, distance_of
from kelisim.engine.weighting.fitting import Bounds
from kelisim.engine.weighting.infeasible import explain
from kelisim.engine.weighting.margins import Margin, Margins, read_margins

STEPS = 100
"""Newton steps after which calibration is given up; a handful is usual."""

RANK = 1e-11
"""Directions of the totals weaker than this, relative to the strongest, are dependent."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Calibrated weights, and what is needed to judge them.

    Attributes
    ----------
    weights
        Shape (n,): they meet every total. Some may be negative; none has been clipped.
    base_weights
        Shape (n,).
    distance, bounds
        What the weights are close in, and the ratios they keep to.
    steps
        Of Newton's method.
    max_error
        The largest |total - target| / (1 + |target|).
    negative
        How many weights are below zero.
    min_ratio, max_ratio
        The smallest and largest ratio of weight to base weight.
    calibration
        What the variance of an estimate needs to know.
    """

    weights: Floats
    base_weights: Floats
    distance: str
    bounds: Bounds | None
    steps: int
    max_error: float
    negative: int
    min_ratio: float
    max_ratio: float
    calibration: Calibration


def calibrate(
    data: Any,
    margins: Margins,
    totals: Mapping[str, float] | None = None,
    weight: Any = None,
    distance: str = "linear",
    bounds: Sequence[float] | None = None,
    *,
    cluster: str | None = None,
    tolerance: float = 1e-9,
) -> Calibrated:
    """Calibrate a sample to counts of categories and totals of numeric columns.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays, with a row a respondent.
    margins
        As for `rake`; at least one, which says how many people there are.
    totals
        Numeric column to its sum over the population.
    weight
        The base weight: a column name, an array, or None for equal weights.
    distance
        ``linear``, ``raking`` or ``logit``.
    bounds
        Lowest and highest ratio of weight to base weight; they contain 1.
    cluster
        A column of clusters (such as households) whose members share one ratio.
    tolerance
        Largest |total - target| / (1 + |target|).

    Raises
    ------
    ColumnRefused, ValueRefused, MarginRefused, WeightRefused
        A column, a margin or a weight is refused, as by `rake`; a number is missing.
    SettingRefused
        The distance, or the bounds, are not what they should be.
    NotConverged
        No weights within the bounds meet the totals, or none were found.

    Examples
    --------
    >>> people = {"sex": ["f", "f", "m", "m"], "age": [20, 40, 30, 60]}
    >>> c = calibrate(people, {"sex": {"f": 6, "m": 4}}, {"age": 350})
    >>> c.weights.round(3).tolist(), c.negative
    ([3.154, 2.846, 2.231, 1.769], 0)
    """
    frame = as_frame(data)
    limits = read_bounds(bounds)
    chosen = distance_of(distance, limits)
    read = read_margins(frame, margins, 1e-8)
    population = math.fsum(read[0].targets)
    base = base_weights(frame, weight, population)
    wanted = dict(totals or {})
    columns = np.empty((len(frame), len(wanted)))
    for place, name in enumerate(wanted):
        columns[:, place] = _complete(frame, name)
    x = np.concatenate([*(_indicators(margin) for margin in read), columns], axis=1)
    if cluster is not None:
        x = _cluster_means(frame, cluster, x, base)
    target = np.concatenate([*(margin.targets for margin in read), list(wanted.values())])
    found = solve(x, base, target, chosen, tolerance)
    if not found.error < tolerance:
        names = [margin.category(k) for margin in read for k in range(len(margin.labels))]
        raise explain([*names, *wanted], x, base, target, found.ratio, limits)
    return _calibrated(distance, limits, found, _known(read, x, columns, base, found, cluster))


def _complete(frame: pl.DataFrame, name: str) -> Floats:
    values = numbers(frame, name, role="a total")
    missing = np.flatnonzero(np.isnan(values))
    if missing.size:
        raise MarginRefused(
            f"{missing.size} of {values.size} rows have no number.",
            where=f"column '{name}', row {int(missing[0]) + 1}",
            why="The sum over the population counts everyone.",
            do="Fill the missing numbers, or leave this total out.",
        )
    return values


def _indicators(margin: Margin) -> Floats:
    """Return 1 where a row is of a category: shape (n, L)."""
    return np.asarray(margin.codes[:, None] == np.arange(len(margin.labels)), dtype=np.float64)


def _cluster_means(frame: pl.DataFrame, cluster: str, x: Floats, base: Floats) -> Floats:
    """Return the base-weighted means of the cluster of each row: one ratio a cluster."""
    coded = categories(frame, cluster, role="the clusters")
    codes = np.where(coded.codes < 0, len(coded.labels), coded.codes)
    if codes.max() == len(coded.labels):
        raise MarginRefused(
            f"{int((coded.codes < 0).sum())} rows are in no cluster.",
            where=f"column '{cluster}'",
            do="Give each row its cluster, or calibrate row by row.",
        )
    size = np.bincount(codes, weights=base)
    sums = np.stack([np.bincount(codes, weights=base * column) for column in x.T], axis=1)
    return np.asarray((sums / size[:, None])[codes])


@dataclass(frozen=True, slots=True)
class Solution:
    """Where Newton's method ended.

    Attributes
    ----------
    ratio
        Shape (n,): weight over base weight.
    error
        The largest |total - target| / (1 + |target|).
    steps
        Taken.
    """

    ratio: Floats
    error: float
    steps: int


def solve(
    x: Floats, base: Floats, target: Floats, chosen: Distance, tolerance: float = 1e-9
) -> Solution:
    """Find the ratios F(x'l) whose weighted sums of x are the targets.

    Parameters
    ----------
    x
        Shape (n, q); columns may depend on each other, if their targets agree.
    base
        Shape (n,), >= 0: replicates differ in nothing else.
    target
        Shape (q,).

    Returns
    -------
    Solution
        With an error above the tolerance where no such ratios were found.
    """
    scale = 1 / np.maximum(np.sqrt(base @ x**2), 1e-300)
    z, wanted = x * scale, target * scale
    dual, steps, met = np.zeros(target.size), 0, False
    misfit = wanted - (base * chosen.F(z @ dual)) @ z
    # One step more than the tolerance asks for: it doubles the digits and costs little.
    while steps < STEPS and not met:
        met = _error(misfit / scale, target) < tolerance
        dual = _step(z, base, wanted, chosen, dual, misfit)
        misfit = wanted - (base * chosen.F(z @ dual)) @ z
        steps += 1
    return Solution(chosen.F(z @ dual), _error(misfit / scale, target), steps)


def _step(
    z: Floats, base: Floats, wanted: Floats, chosen: Distance, dual: Floats, misfit: Floats
) -> Floats:
    """Return Newton's next point, halved until phi does not rise."""
    eta = z @ dual
    H = z.T @ (z * (base * chosen.slope(eta))[:, None])
    move = np.linalg.pinv(H, rcond=RANK, hermitian=True) @ misfit
    shift = z @ move
    limit = _phi(eta, dual, base, wanted, chosen)
    limit += 1e-12 * (abs(limit) + float(base.sum()))
    size = 1.0
    while (
        size > 1e-8
        and not _phi(eta + size * shift, dual + size * move, base, wanted, chosen) <= limit
    ):
        size /= 2
    return np.asarray(dual + size * move)


def _phi(eta: Floats, dual: Floats, base: Floats, wanted: Floats, chosen: Distance) -> float:
    return float(base @ chosen.G(eta) - wanted @ dual)


def _error(misfit: Floats, target: Floats) -> float:
    return float((np.abs(misfit) / (1 + np.abs(target))).max())


def _known(
    margins: Sequence[Margin],
    x: Floats,
    columns: Floats,
    base: Floats,
    found: Solution,
    cluster: str | None,
) -> Calibration:
    weights = base * found.ratio
    if cluster is not None:
        return Calibration(base, weights, (), (), x)
    codes = tuple(margin.codes for margin in margins)
    levels = tuple(len(margin.labels) for margin in margins)
    return Calibration(base, weights, codes, levels, columns if columns.shape[1] else None)


def _calibrated(
    name: str, bounds: Bounds | None, found: Solution, known: Calibration
) -> Calibrated:
    ratio = found.ratio
    return Calibrated(
        known.weights,
        known.base_weights,
        name,
        bounds,
        found.steps,
        found.error,
        int((ratio < 0).sum()),
        float(ratio.min()),
        float(ratio.max()),
        known,
    )
