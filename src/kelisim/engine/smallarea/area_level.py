"""The Fay-Herriot model: direct estimates of areas, shrunk to what predictors say of them.

y = X b + u + e with e ~ N(0, D) known and u ~ N(0, A) (Fay and Herriot 1979). Letters and formulas
follow Rao and Molina (2015), chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from kelisim.engine.frame import Floats


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Estimates of m areas, those without a direct estimate included.

    Attributes
    ----------
    variance
        A, the variance between areas that predictors leave.
    coefficients, coefficient_covariance
        b, shape (q,), and its covariance, shape (q, q).
    estimate, mse
        Shape (m,): the empirical best predictor and its estimated mean squared error.
    covariance
        Shape (m, m): of the errors of the estimates, `mse` on its diagonal.
    gamma
        Shape (m,): the weight of the direct estimate, 0 where there is none.
    """

    variance: float
    coefficients: Floats
    coefficient_covariance: Floats
    estimate: Floats
    mse: Floats
    covariance: Floats
    gamma: Floats


@dataclass(frozen=True, slots=True)
class Regression:
    """Generalised least squares at a given A: b, its covariance, residuals and V = A + D."""

    b: Floats
    covariance: Floats
    residuals: Floats
    V: Floats


def regress(y: Floats, X: Floats, D: Floats, A: float) -> Regression:
    """Return the regression of y, shape (m,), on X, shape (m, q), with variances A + D."""
    V = A + D
    covariance = np.linalg.inv(X.T @ (X / V[:, None]))
    b = covariance @ (X.T @ (y / V))
    return Regression(b, np.asarray(covariance), np.asarray(y - X @ b), V)


def score(y: Floats, X: Floats, D: Floats, A: float, *, restricted: bool) -> float:
    """Return the derivative of the (restricted) log likelihood by A."""
    r = regress(y, X, D, A)
    trace = np.sum(1 / r.V)
    if restricted:
        trace -= np.trace(r.covariance @ (X.T @ (X / r.V[:, None] ** 2)))
    return float(np.sum((r.residuals / r.V) ** 2) - trace) / 2


def variance_between(y: Floats, X: Floats, D: Floats, *, restricted: bool) -> float:
    """Return the (restricted) maximum likelihood estimate of A; 0 if the likelihood falls there."""

    def slope(A: float) -> float:
        return score(y, X, D, A, restricted=restricted)

    if slope(0.0) <= 0:
        return 0.0
    high = float(D.mean() + y.var())
    while slope(high) > 0:
        high *= 2
    return float(brentq(slope, 0.0, high, xtol=1e-14 * high, rtol=1e-13))


def shrink(y: Floats, X: Floats, D: Floats, *, restricted: bool = True) -> Shrunk:
    """Return the estimates of all areas.

    The errors of two areas have the covariance (1 - gamma_i)(1 - gamma_j) x_i' Cov(b) x_j: only the
    error of b is common to them, and it is uncorrelated with what is special to an area.

    Parameters
    ----------
    y
        Shape (m,): direct estimates, NaN where there is none.
    X
        Shape (m, q): predictors with the intercept, of full rank where y is known.
    D
        Shape (m,): variances of the direct estimates, > 0 where y is known.
    restricted
        REML, else ML.
    """
    known = ~np.isnan(y)
    A = variance_between(y[known], X[known], D[known], restricted=restricted)
    r = regress(y[known], X[known], D[known], A)
    gamma = np.where(known, A / (A + np.where(known, D, 1.0)), 0.0)
    synthetic = X @ r.b
    estimate = synthetic + gamma * np.where(known, y - synthetic, 0.0)
    mse = _mse(X, D, A, r, known, gamma, restricted=restricted)
    kept = (1 - gamma)[:, None] * X
    joint = kept @ r.covariance @ kept.T
    np.fill_diagonal(joint, mse)
    return Shrunk(A, r.b, r.covariance, estimate, mse, joint, gamma)


def _mse(
    X: Floats, D: Floats, A: float, r: Regression, known: Floats, gamma: Floats, *, restricted: bool
) -> Floats:
    """Return g1 + g2 + 2 g3, for ML less the bias of g1 (Datta and Lahiri 2000).

    Without a direct estimate it is A + x' Cov(b) x.
    """
    g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", X, r.covariance, X)
    information = np.sum(r.V**-2) / 2
    own = D[known]
    g3 = own**2 / r.V**3 / information
    g1 = gamma[known] * own
    if not restricted:
        trace = np.trace(r.covariance @ (X[known].T @ (X[known] / r.V[:, None] ** 2)))
        g1 = g1 + trace / (2 * information) * (1 - gamma[known]) ** 2
    mse = A + g2
    mse[known] = g1 + g2[known] + 2 * g3
    return np.asarray(mse)
