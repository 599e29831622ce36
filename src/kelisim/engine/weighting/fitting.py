"""Raking: one factor a category of each margin, such that every margin is met exactly.

Weights are w_i = d_i prod_k f_k[c_k(i)]: of all weights that meet the margins they are the closest
to the base weights d in the sense of Kullback and Leibler (Deming and Stephan 1940; Deville,
Sarndal and Sautory 1993). Two ways lead there. Iterative proportional fitting adjusts the margins
in turn: it cannot overshoot, and it may need thousands of sweeps. Newton's method on the dual,

    minimise over l:   phi(l) = sum_j D_j G(x_j' l) - T' l,   G' = F,   f_k = exp(l_k),

doubles its correct digits at every step once it is near. So a few sweeps lead near, and Newton
finishes. F is the exponential; with bounds it is cut off at both ends, and the weights are again
the closest ones, among those within the bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.weighting.cells import Cells, totals

Bounds = tuple[float, float]
"""Lowest and highest ratio of weight to base weight."""

FREE: Bounds = (1e-300, 1e300)
"""Bounds of a ratio that is only positive: those of its floating-point number."""

NEWTON_AFTER = (3, 30, 300)
"""Numbers of sweeps after which Newton is tried; 3 were enough in all of 3,000 random cases."""

NEWTON_LEVELS = 2000
"""With more categories than this in all, one Newton step costs more than many sweeps."""

NEWTON_STEPS = 40
"""Newton steps after which a trial is given up."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Base weights by cell, and the counts they are to be raked to.

    Attributes
    ----------
    cells
        J cells and K margins.
    mass
        Shape (J,): the base weight in each cell, >= 0. Replicates differ in nothing else.
    targets
        K arrays of shape (L_k,): population counts, > 0, each adding up to the same total.
    """

    cells: Cells
    mass: Floats
    targets: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the iteration ended.

    Attributes
    ----------
    duals
        Shape (sum L,): the logarithm of the factor of each category, margin after margin.
    ratio
        Shape (J,): weight over base weight of each cell.
    sweeps
        Sweeps of proportional fitting.
    steps
        Steps of Newton's method that led to the result; 0 when the sweeps did.
    error
        The largest |total - target| / target of any category.
    converged
        Whether ``error`` is below the goal.
    """

    duals: Floats
    ratio: Floats
    sweeps: int
    steps: int
    error: float
    converged: bool


def fit(
    problem: Problem, *, goal: float = 1e-9, start: Floats | None = None, max_sweeps: int = 1000
) -> Fit:
    """Find the raking factors.

    Parameters
    ----------
    goal
        Largest misfit of a category, relative to its target.
    start
        Shape (sum L,): duals to start from, such as those of an earlier fit.

    Returns
    -------
    Fit
        Not converged where the margins cannot be met, or were not met in ``max_sweeps``.

    Examples
    --------
    >>> from kelisim.engine.weighting.cells import collapse
    >>> cells = collapse([np.array([0, 0, 1])], (2,), worth=1)
    >>> fit(Problem(cells, np.array([2.0, 1.0]), (np.array([30.0, 70.0]),))).ratio
    array([15., 70.])
    """
    cells = problem.cells
    duals = np.zeros(sum(cells.levels)) if start is None else start.copy()
    weights = problem.mass * _ratio(cells.along(duals), FREE)
    sweeps, error = 0, np.inf
    while sweeps < max_sweeps and error >= goal:
        error, change = sweep(cells, weights, problem.targets)
        duals += np.log(change)
        sweeps += 1
        if sweeps in NEWTON_AFTER and error >= goal and len(duals) <= NEWTON_LEVELS:
            polished = newton(problem, duals, FREE, goal)
            if polished.converged:
                return replace(polished, sweeps=sweeps)
    return Fit(duals, _ratio(cells.along(duals), FREE), sweeps, 0, error, error < goal)


def fit_within(bounds: Bounds, free: Fit, problem: Problem, *, goal: float = 1e-9) -> Fit:
    """Find the weights closest to the base weights whose ratio to them is within bounds.

    Parameters
    ----------
    free
        The fit without bounds, which is the answer where it keeps within them.

    Returns
    -------
    Fit
        Not converged where the margins cannot be met within the bounds.
    """
    if bounds[0] <= free.ratio.min() and free.ratio.max() <= bounds[1]:
        return free
    limits = (max(bounds[0], FREE[0]), min(bounds[1], FREE[1]))
    return replace(newton(problem, free.duals, limits, goal), sweeps=free.sweeps)


def sweep(cells: Cells, weights: Floats, targets: Sequence[Floats]) -> tuple[float, Floats]:
    """Adjust every margin once, changing ``weights`` in place.

    Returns
    -------
    error
        The largest relative misfit met, each margin's taken before its own adjustment: an upper
        limit of the misfit after a sweep that follows.
    change
        Shape (sum L,): what each category was multiplied by.
    """
    worst, changes = 0.0, []
    for code, target in zip(cells.codes, targets, strict=True):
        total = totals(code, weights, len(target))
        worst = max(worst, float(np.abs(total / target - 1).max()))
        change = np.divide(target, total, out=np.ones_like(target), where=total > 0)
        weights *= change[code]
        changes.append(change)
    return worst, np.concatenate(changes)


def newton(problem: Problem, duals: Floats, bounds: Bounds, goal: float) -> Fit:
    """Minimise the dual from ``duals`` on.

    The Hessian is singular, as every margin has the same total; a ridge that vanishes with the
    misfit picks one of the solutions, which all give the same weights. Steps are cut where they
    would multiply a weight by more than e^5, and halved until phi does not rise.
    """
    target = np.concatenate(problem.targets)
    point = _evaluate(problem, duals, problem.cells.along(duals), bounds)
    steps, error = 0, float(np.abs(point.gradient / target).max())
    while steps < NEWTON_STEPS and error >= goal:
        H = problem.cells.crossed(point.slope)
        point = _descend(problem, point, _move(H, point.gradient, target, error), bounds)
        steps, error = steps + 1, float(np.abs(point.gradient / target).max())
    return Fit(point.duals, _ratio(point.eta, bounds), 0, steps, error, error < goal)


@dataclass(frozen=True, slots=True)
class _Point:
    """The dual at one place: eta = x_j'l and slope = D F'(eta) by cell, gradient = T - X'v."""

    duals: Floats
    eta: Floats
    phi: float
    gradient: Floats
    slope: Floats


def _evaluate(problem: Problem, duals: Floats, eta: Floats, bounds: Bounds) -> _Point:
    ratio = _ratio(eta, bounds)
    target = np.concatenate(problem.targets)
    # A sum and not a dot product: waking the threads of BLAS takes longer than the work.
    phi = float((problem.mass * ratio * (1 + eta - np.log(ratio))).sum() - target @ duals)
    reached = np.concatenate(problem.cells.margin_totals(problem.mass * ratio))
    inside = (ratio > bounds[0]) & (ratio < bounds[1])
    return _Point(duals, eta, phi, target - reached, problem.mass * ratio * inside)


def _ratio(eta: Floats, bounds: Bounds) -> Floats:
    return np.clip(np.exp(np.minimum(eta, 690.0)), *bounds)


def _move(H: Floats, gradient: Floats, target: Floats, error: float) -> Floats:
    """Return Newton's step, scaled so that the Hessian has a diagonal of about 1."""
    scale = 1 / np.sqrt(target)
    scaled = H * np.outer(scale, scale)
    scaled[np.diag_indices_from(scaled)] += np.clip(1e-3 * error, 1e-11, 1e-3)
    return np.asarray(scale * np.linalg.solve(scaled, scale * gradient))


def _descend(problem: Problem, point: _Point, move: Floats, bounds: Bounds) -> _Point:
    shift = problem.cells.along(move)
    size = min(1.0, 5.0 / max(float(np.abs(shift).max()), 1e-300))
    limit = point.phi + 1e-12 * (abs(point.phi) + sum(float(t.sum()) for t in problem.targets))
    while True:
        duals, eta = point.duals + size * move, point.eta + size * shift
        ahead = _evaluate(problem, duals, eta, bounds)
        if ahead.phi <= limit or size < 1e-6:
            return ahead
        size /= 2
