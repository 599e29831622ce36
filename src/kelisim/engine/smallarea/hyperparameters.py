"""The hyperparameters: their mode, and points and weights that integrate over their posterior.

The log standard deviations of crossed random effects are nearly independent a posteriori, but each
is skewed, and one that the data hardly know has a long tail to the left. So the proposal is a
product of one-dimensional densities read off the posterior along each axis through the mode; a
shifted lattice goes through their quantiles, and importance weights correct the rest. For seven
groups the effective number of points is about nine tenths of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.laplace import Counts, Expansion, Mode, expand, find_mode, gradient
from kelisim.engine.smallarea.lattice import shifted_lattice
from kelisim.engine.smallarea.prior import Prior

FIRST = -1.5
"""Log standard deviation to start from: 0.22 on the logit scale."""

BOX = (-8.0, 4.0)
"""Hyperparameters are sought between these; the prior keeps the mode far inside."""

STEP = 0.1
"""Step of the difference of gradients that gives the curvature at the mode."""

STATIONS = (-3.5, -1.25, 0.0, 1.25, 3.5)
"""Where the posterior is read along an axis, in standard deviations of the curvature."""

GRID = np.linspace(-9.0, 9.0, 1801)
"""Where the density along an axis is tabulated, in the same unit."""

ROUGH = 1e-6
"""Newton decrement that suffices for a point of the integral."""


@dataclass(frozen=True, slots=True)
class Points:
    """An integration rule over the hyperparameters.

    Attributes
    ----------
    theta
        Shape (k, t): the points.
    weights
        Shape (k,): they sum to 1.
    """

    theta: Floats
    weights: Floats

    @property
    def effective(self) -> float:
        """Effective number of points, 1 / sum of squared weights."""
        return float(1 / np.sum(self.weights**2))


@dataclass(frozen=True, slots=True)
class Axis:
    """A density along one axis, tabulated on `GRID`.

    Attributes
    ----------
    log_density
        Shape of `GRID`: natural logarithm, normalised as a density by the sum over the grid.
    cumulative
        Shape of `GRID`: distribution function.
    """

    log_density: Floats
    cumulative: Floats

    def at(self, probability: Floats) -> Floats:
        """Return quantiles."""
        return np.interp(probability, self.cumulative, GRID)

    def log(self, place: Floats) -> Floats:
        """Return the log density."""
        return np.interp(place, GRID, self.log_density)


def find_best(counts: Counts, prior: Prior) -> Mode:
    """Return the joint mode: of theta under the Laplace approximation, and of b given theta."""
    start = expand(counts, np.zeros(prior.starts[-1]))
    best = find_mode(counts, prior, np.full(prior.size, FIRST), start)

    def outer(theta: Floats) -> tuple[float, Floats]:
        nonlocal best
        best = find_mode(counts, prior, theta, expand(counts, best.coefficients))
        return best.value, gradient(counts, prior, best)

    if prior.size:
        bounds = [BOX] * prior.size
        found = minimize(outer, best.theta, jac=True, method="L-BFGS-B", bounds=bounds,
                         options={"ftol": 1e-8, "gtol": 1e-3})  # fmt: skip
        best = find_mode(counts, prior, found.x, expand(counts, best.coefficients))
    return best


def integrate(
    counts: Counts, prior: Prior, best: Mode, size: int, rng: np.random.Generator
) -> tuple[Points, tuple[Mode, ...]]:
    """Return ``size`` (a prime) points with importance weights, and the mode at each."""
    if not prior.size:
        return Points(best.theta[None], np.ones(1)), (best,)
    start = expand(counts, best.coefficients)

    def fall(theta: Floats) -> float:
        return best.value - find_mode(counts, prior, theta, start, ROUGH).value

    scale = _scales(counts, prior, best, start)
    axes = [_axis(fall, best.theta, unit) for unit in np.diag(scale)]
    uniform = shifted_lattice(size, prior.size, rng)
    steps = np.stack([axis.at(u) for axis, u in zip(axes, uniform.T, strict=True)])
    proposed = np.sum([axis.log(z) for axis, z in zip(axes, steps, strict=True)], axis=0)
    theta = best.theta + steps.T * scale
    modes = tuple(find_mode(counts, prior, point, start, ROUGH) for point in theta)
    logs = -np.array([mode.value for mode in modes]) - proposed
    weights = np.exp(logs - logs.max())
    return Points(theta, weights / weights.sum()), modes


def _scales(counts: Counts, prior: Prior, best: Mode, start: Expansion) -> Floats:
    """Return 1 / sqrt(d2F / dtheta_t^2), shape (t,), by differences.

    The gradient at the mode is 0, so one evaluation ahead of it gives a difference.
    """
    curvature = np.empty(prior.size)
    for place, step in enumerate(STEP * np.eye(prior.size)):
        ahead = find_mode(counts, prior, best.theta + step, start, ROUGH)
        curvature[place] = gradient(counts, prior, ahead)[place] / STEP
    return 1 / np.sqrt(np.maximum(curvature, 0.25))


def _axis(fall: Callable[[Floats], float], center: Floats, unit: Floats) -> Axis:
    """Return the density along an axis: a spline of the log, with straight tails."""
    stations = np.array(STATIONS)
    logs = np.array([fall(center + z * unit) if z else 0.0 for z in stations])
    spline = CubicSpline(stations, logs, bc_type="natural")
    inside = np.clip(GRID, stations[0], stations[-1])
    left, right = (float(spline(stations[end], 1)) for end in (0, -1))
    tail = np.where(GRID < 0, max(left, 0.5), min(right, -0.5))
    density = np.exp(spline(inside) + tail * (GRID - inside))
    density /= density.sum()
    return Axis(np.log(density), np.cumsum(density))
