"""Raking: weights that reproduce the population's margins exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kelisim.core.errors import SettingRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Floats, as_frame
from kelisim.engine.weighting.base import base_weights
from kelisim.engine.weighting.bounding import nearest_bounds, read_bounds
from kelisim.engine.weighting.cells import collapse
from kelisim.engine.weighting.conflict import find_conflict
from kelisim.engine.weighting.explain import contradiction, too_narrow, unmet
from kelisim.engine.weighting.fitting import Bounds, Fit, Problem, fit, fit_within
from kelisim.engine.weighting.margins import Margin, Margins, read_margins
from kelisim.engine.weighting.nearest import nearest_margins

FIRST_SWEEPS = 40
"""Sweeps before anyone asks whether the margins can be met at all."""

ALMOST_NOTHING = 1e-6
"""A ratio this far below the largest may be on its way to zero."""


@dataclass(frozen=True, slots=True)
class Raking:
    """Raked weights, and what is needed to judge and to continue them.

    Attributes
    ----------
    weights
        Shape (n,), float64, > 0: they meet every margin.
    base_weights
        Shape (n,): the weights before raking; population / n each where none were given.
    sweeps
        Sweeps of proportional fitting.
    steps
        Steps of Newton's method after them.
    max_error
        The largest |sum of weights - count| of any category, measured on `weights`, relative to
        the population.
    method
        ``cells`` or ``rows``, what was iterated on, then ``+newton`` and ``+bounds`` where used.
    factors
        Margin to category to factor; without bounds a weight is its base weight times them.
    calibration
        What the variance of an estimate needs to know.
    """

    weights: Floats
    base_weights: Floats
    sweeps: int
    steps: int
    max_error: float
    method: str
    factors: Mapping[str, Mapping[str, float]]
    calibration: Calibration


def rake(
    data: Any,
    margins: Margins,
    weight: Any = None,
    bounds: Sequence[float] | None = None,
    tolerance: float = 1e-8,
    *,
    start: Raking | None = None,
    max_sweeps: int = 1000,
) -> Raking:
    """Weight a sample to the margins of its population.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays, with a row a respondent.
    margins
        Column to (category to population count); a tuple of columns to (tuple of categories to
        count) for a crossed margin. Categories are compared as text.
    weight
        The base weight: a column name, an array, or None for equal weights.
    bounds
        Lowest and highest ratio of weight to base weight. The margins are met all the same.
    tolerance
        Largest error of a margin, relative to the population. Usually it is far smaller.
    start
        An earlier raking, to start from its factors.
    max_sweeps
        Sweeps after which raking is given up.

    Returns
    -------
    Raking
        ``weights`` has shape (n,), in the order of the rows.

    Raises
    ------
    ColumnRefused
        A column is not in the data.
    MarginRefused
        Margins and sample do not have the same categories, a row misses a category, or margins
        add up to different totals.
    WeightRefused
        A base weight is missing, zero, negative or not finite.
    SettingRefused
        Bounds, tolerance or max_sweeps are not what they should be.
    NotConverged
        No weights meet the margins, or keep within the bounds; the categories are named.

    Examples
    --------
    >>> people = {"sex": ["f", "f", "f", "m"], "age": [30, 30, 60, 60]}
    >>> r = rake(people, {"sex": {"f": 55, "m": 45}, "age": {"30": 40, "60": 60}})
    >>> r.weights.round(6).tolist(), r.max_error < 1e-9
    ([20.0, 20.0, 15.0, 45.0], True)
    """
    frame = as_frame(data)
    limits = read_bounds(bounds)
    goal = _goal(tolerance, max_sweeps)
    read = read_margins(frame, margins, tolerance)
    population = math.fsum(read[0].targets)
    base = base_weights(frame, weight, population)
    problem = _problem(read, base, population)
    found = _solve(read, problem, limits, goal, _duals(read, start), max_sweeps)
    weights = base * problem.cells.spread(found.ratio)
    return Raking(
        weights,
        base,
        found.sweeps,
        found.steps,
        _max_error(read, problem, weights, population),
        _method(problem, found, limits),
        _factors(read, found),
        Calibration(base, weights, tuple(margin.codes for margin in read), problem.cells.levels),
    )


def _goal(tolerance: float, max_sweeps: int) -> float:
    """Return the misfit to aim at: ten times closer than asked, where arithmetic reaches it."""
    if not 1e-12 <= tolerance <= 0.1:
        raise SettingRefused(
            f"The tolerance is {tolerance}.",
            where="tolerance",
            do="Give a number from 1e-12 to 0.1; 1e-8 is usual.",
        )
    if max_sweeps < 1:
        raise SettingRefused(
            f"max_sweeps is {max_sweeps}.", where="max_sweeps", do="Allow at least one sweep."
        )
    return max(tolerance / 10, 1e-12)


def _problem(margins: Sequence[Margin], base: Floats, population: float) -> Problem:
    cells = collapse([margin.codes for margin in margins], [len(m.labels) for m in margins])
    targets = tuple(m.targets * (population / math.fsum(m.targets)) for m in margins)
    return Problem(cells, cells.total(base), targets)


def _solve(
    margins: Sequence[Margin],
    problem: Problem,
    bounds: Bounds | None,
    goal: float,
    start: Floats | None,
    max_sweeps: int,
) -> Fit:
    """Rake, or say why not."""
    found = fit(problem, goal=goal, start=start, max_sweeps=min(FIRST_SWEEPS, max_sweeps))
    vanishing = found.ratio.min() < ALMOST_NOTHING * found.ratio.max()
    if not found.converged or vanishing:
        whole = collapse([margin.codes for margin in margins], problem.cells.levels, worth=1)
        conflict = find_conflict(whole, problem.targets)
        if conflict is not None:
            raise contradiction(margins, conflict, nearest_margins(whole, problem.targets))
    if not found.converged:
        found = _continued(found, problem, goal, max_sweeps)
    if not found.converged:
        raise unmet(margins, problem, found)
    return found if bounds is None else _bounded(margins, problem, bounds, goal, found)


def _continued(found: Fit, problem: Problem, goal: float, max_sweeps: int) -> Fit:
    more = fit(problem, goal=goal, start=found.duals, max_sweeps=max_sweeps - found.sweeps)
    return replace(more, sweeps=found.sweeps + more.sweeps)


def _bounded(
    margins: Sequence[Margin], problem: Problem, bounds: Bounds, goal: float, free: Fit
) -> Fit:
    found = fit_within(bounds, free, problem, goal=goal)
    if not found.converged:
        nearest = nearest_bounds(bounds, free, problem, goal)
        raise too_narrow(margins, problem, found, bounds, nearest)
    return found


def _duals(margins: Sequence[Margin], start: Raking | None) -> Floats | None:
    """Return the logarithms of an earlier raking's factors, 0 for categories it did not have."""
    if start is None:
        return None
    known = [start.factors.get(margin.name, {}) for margin in margins]
    return np.log(
        [
            factors.get(name, 1.0)
            for margin, factors in zip(margins, known, strict=True)
            for name in margin.labels
        ]
    )


def _max_error(
    margins: Sequence[Margin], problem: Problem, weights: Floats, population: float
) -> float:
    totals = problem.cells.margin_totals(problem.cells.total(weights))
    pairs = zip(totals, margins, strict=True)
    return max(float(np.abs(total - m.targets).max()) for total, m in pairs) / population


def _method(problem: Problem, found: Fit, bounds: Bounds | None) -> str:
    where = "rows" if problem.cells.place is None else "cells"
    newton = "+newton" if found.steps else ""
    return where + newton + ("" if bounds is None else "+bounds")


def _factors(margins: Sequence[Margin], found: Fit) -> dict[str, dict[str, float]]:
    ends = np.cumsum([len(margin.labels) for margin in margins])[:-1]
    return {
        margin.name: dict(zip(margin.labels, part.tolist(), strict=True))
        for margin, part in zip(margins, np.split(np.exp(found.duals), ends), strict=True)
    }
