"""The Laplace approximation of a logistic model with normal effects, on cells.

For given hyperparameters theta the coefficients b are maximised by Newton's method (penalised
IRLS), and the curvature there integrates them out (Tierney and Kadane 1986):

    -log p(theta | y) ~ F(theta) = f(b) + log|H| / 2 - sum(log lambda) / 2 - log p(theta),

f the penalised negative log likelihood and H its second derivative, both at the mode b(theta).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.factor import Factor, factor
from kelisim.engine.smallarea.prior import Precision, Prior
from kelisim.engine.smallarea.quadratic import Quadratic

ROUNDING = 1e-9
"""A rise of f below this share of it may be rounding."""

DECREMENT = 1e-10
"""Newton stops when a step promises less than half of this in log density."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers by cell: the data of one yes-or-no question.

    Attributes
    ----------
    trials
        Shape (c,): respondents.
    successes
        Shape (c,): those who said yes.
    rows
        The model matrix of these cells.
    """

    trials: Floats
    successes: Floats
    rows: Quadratic


@dataclass(frozen=True, slots=True)
class Expansion:
    """The likelihood to second order around some coefficients; no hyperparameter enters it.

    Every search from the same place shares its first, so that none computes it anew.

    Attributes
    ----------
    coefficients
        Shape (m,): b.
    value
        The negative log likelihood at b, without its constant.
    slope
        Shape (m,): its gradient.
    gram
        Shape (m, m): its second derivative, X'WX.
    """

    coefficients: Floats
    value: float
    slope: Floats
    gram: Floats


@dataclass(frozen=True, slots=True)
class Mode:
    """The posterior mode of the coefficients at given hyperparameters.

    Attributes
    ----------
    theta
        Shape (t,).
    coefficients
        Shape (m,): b.
    curvature
        H, factored.
    value
        F(theta).
    precision
        The prior at theta.
    """

    theta: Floats
    coefficients: Floats
    curvature: Factor
    value: float
    precision: Precision


def find_mode(
    counts: Counts, prior: Prior, theta: Floats, start: Expansion, tolerance: float = DECREMENT
) -> Mode:
    """Return the mode of the coefficients at ``theta``, by Newton's method from ``start``.

    f is strictly convex and steps that raise it are halved, so the method always ends.
    """
    precision = prior.precision(theta)
    penalty = prior.matrix(precision)
    here = start
    while True:
        pull = penalty @ here.coefficients
        curvature = factor(here.gram + penalty)
        gradient = here.slope + pull
        step = -curvature.solve(gradient)
        if -gradient @ step < tolerance:
            break
        here = _advance(counts, penalty, here, step)
    f = here.value + float(here.coefficients @ pull) / 2
    value = f + curvature.log_determinant() / 2 - float(np.log(precision.values).sum()) / 2
    return Mode(theta, here.coefficients, curvature, value - prior.log_density(theta)[0], precision)


def expand(counts: Counts, b: Floats) -> Expansion:
    """Return the likelihood to second order around b."""
    return _expansion(counts, b, *_likelihood(counts, b))


def _expansion(counts: Counts, b: Floats, value: float, p: Floats) -> Expansion:
    slope = counts.rows.transposed @ (counts.trials * p - counts.successes)
    return Expansion(b, value, slope, counts.rows.gram(counts.trials * p * (1 - p)))


def _likelihood(counts: Counts, b: Floats) -> tuple[float, Floats]:
    """Return the negative log likelihood at b, and the probability of yes in each cell."""
    eta = np.asarray(counts.rows.matrix @ b)
    odds = np.exp(-np.abs(eta))
    p = np.where(eta >= 0, 1.0, odds) / (1 + odds)
    softplus = np.maximum(eta, 0) + np.log1p(odds)
    return float(counts.trials @ softplus - counts.successes @ eta), p


def _advance(counts: Counts, penalty: Floats, here: Expansion, step: Floats) -> Expansion:
    """Return the place one step on, the step halved until f does not rise."""

    def penalised(b: Floats, value: float) -> float:
        return value + float(b @ penalty @ b) / 2

    f = penalised(here.coefficients, here.value)
    while True:
        b = here.coefficients + step
        value, p = _likelihood(counts, b)
        if penalised(b, value) <= f + ROUNDING * abs(f):
            return _expansion(counts, b, value, p)
        step = step / 2


def skew(counts: Counts, mode: Mode, V: Floats) -> Floats:
    """Return Vu, where u is the gradient of log|H| by b; the mean of b lies near b - Vu/2.

    That is one step from the mode to the mean of the best normal approximation (Rue and van
    Niekerk 2023), and the same vector carries the dependence of H on theta through b.
    """
    p = expit(counts.rows.matrix @ mode.coefficients)
    third = counts.trials * p * (1 - p) * (1 - 2 * p)
    return np.asarray(V @ (counts.rows.transposed @ (third * counts.rows.forms(V))))


def gradient(counts: Counts, prior: Prior, mode: Mode) -> Floats:
    """Return dF/dtheta, shape (t,), exact: b(theta) by the implicit function theorem."""
    V = mode.curvature.inverse()
    b, shift = prior.rotate(mode.coefficients), prior.rotate(skew(counts, mode, V))
    spread = prior.rotated_variances(V)
    precision = mode.precision
    excess = precision.values * (b**2 + spread - b * shift) - 1
    return excess @ precision.slopes / 2 - prior.log_density(mode.theta)[1]
