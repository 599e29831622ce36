"""How a participant would vote on a statement, with calibrated doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import Gaussian, IdealPoint
from kelisim.engine.opinion.votes import Indices

NEWTON_ROUNDS = 25
SURE = 1e-12
"""No probability closer to 0 or 1 than this is believed."""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Posterior moments of log-odds of agreement.

    Attributes
    ----------
    mean, variance
        Shape (q,), one for each asked pair.
    """

    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """What votes that the model had not seen say about its log-odds.

    Attributes
    ----------
    shift, slope
        Predicted log-odds x become shift + slope x.
    """

    shift: float = 0.0
    slope: float = 1.0


def agreement_log_odds(model: IdealPoint, rows: Indices, columns: Indices) -> LogOdds:
    """Return the posterior mean and variance of a_i + b_s + u_i . w_s for pairs (row, column)."""
    own = model.people.part(np.concatenate(([0], np.arange(2, model.dimensions + 2))))
    return log_odds(own, model.agreeing, rows, columns)


def passing_log_odds(model: IdealPoint, rows: Indices, columns: Indices) -> LogOdds:
    """Return the posterior mean and variance of e_i + c_s + u_i . g_s for pairs (row, column)."""
    own = model.people.part(np.concatenate(([1], np.arange(2, model.dimensions + 2))))
    return log_odds(own, model.passing, rows, columns)


def log_odds(people: Gaussian, statements: Gaussian, rows: Indices, columns: Indices) -> LogOdds:
    """Return moments for pairs from coordinates (level, slopes) of both sides."""
    x = people.mean[rows].copy()
    y = statements.mean[columns].copy()
    level = x[:, 0] + y[:, 0]
    x[:, 0], y[:, 0] = 1.0, 1.0
    both = np.einsum("qd,qd->q", x[:, 1:], y[:, 1:])
    xx, yy = people.covariance[rows], statements.covariance[columns]
    variance = (
        np.einsum("qd,qde,qe->q", y, xx, y)
        + np.einsum("qd,qde,qe->q", x, yy, x)
        + np.einsum("qde,qde->q", xx[:, 1:, 1:], yy[:, 1:, 1:])
    )
    return LogOdds(level + both, variance)


def chance(odds: LogOdds, calibration: Calibration | None = None) -> Floats:
    """Return the probability of yes as the variational bound sees it, calibrated if wanted.

    It is 1/2 + omega E[psi] with omega = tanh(c / 2) / (2 c) and c^2 = E[psi^2]: the value against
    which the bound sets each vote. Other averages of the logistic function would be timid here.

    >>> chance(LogOdds(np.array([0.0, 2.0]), np.array([4.0, 0.0]))).round(3).tolist()
    [0.5, 0.881]
    """
    c = np.sqrt(odds.mean**2 + odds.variance + np.finfo(float).tiny)
    raw: Floats = 0.5 + np.tanh(c / 2) / (2 * c) * odds.mean
    if calibration is None:
        return raw
    steady = calibration.shift + calibration.slope * logit(np.clip(raw, SURE, 1 - SURE))
    return np.asarray(expit(steady), np.float64)


def log_loss(chances: Floats, yes: Floats) -> float:
    """Return the mean of minus the logarithm of the probability given to what happened.

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([0.0, 1.0])), 4)
    0.6931
    """
    given = np.where(yes > 0.5, chances, 1 - chances)
    return float(-np.mean(np.log(given)))


def calibrated(
    chances: Floats, yes: Floats, *, prior_deviation: float = 0.5
) -> tuple[float, float]:
    """Return the shift and slope of log-odds that make held-out votes most likely.

    Logistic regression of the votes on the predicted log-odds by Newton's method, with normal
    priors around shift 0 and slope 1, so that few votes change little.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines.
    """
    x = np.stack([np.ones_like(chances), logit(np.clip(chances, SURE, 1 - SURE))], axis=1)
    precision = np.eye(2) / prior_deviation**2
    centre = np.array([0.0, 1.0])
    beta = centre.copy()
    step, rounds = np.ones(2), 0
    while np.abs(step).max() > 1e-10 and rounds < NEWTON_ROUNDS:
        rounds += 1
        p = expit(x[:, 0] * beta[0] + x[:, 1] * beta[1])
        slope = np.einsum("qd,q->d", x, yes - p) - precision @ (beta - centre)
        curvature = np.einsum("qd,q,qe->de", x, p * (1 - p), x) + precision
        step = np.linalg.solve(curvature, slope)
        beta = beta + step
    return float(beta[0]), float(beta[1])


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the asked votes on each statement will agree.

    Attributes
    ----------
    asked
        Shape (m,): the asked votes on each statement.
    expected, deviation
        Shape (m,): mean and standard deviation of the number that agree.
    """

    asked: Floats
    expected: Floats
    deviation: Floats


def expected_counts(
    model: IdealPoint, rows: Indices, columns: Indices, calibration: Calibration | None = None
) -> Counts:
    """Return the expected number of agreeing votes by statement, with its standard deviation.

    The variance adds the chance of each vote, the doubt about each person, which is independent
    between persons, and the doubt about the statement, which all its votes share.
    """
    known = calibration or Calibration()
    p = chance(agreement_log_odds(model, rows, columns), known)
    own = model.people.part(np.concatenate(([0], np.arange(2, model.dimensions + 2))))
    m, slope = len(model.agreeing.mean), p * (1 - p) * known.slope
    x, y = own.mean[rows].copy(), model.agreeing.mean[columns].copy()
    x[:, 0], y[:, 0] = 1.0, 1.0
    personal = slope**2 * np.einsum("qd,qde,qe->q", y, own.covariance[rows], y)
    gradient = np.stack(
        [np.bincount(columns, slope * x[:, d], m) for d in range(x.shape[1])], axis=1
    )
    shared = np.einsum("md,mde,me->m", gradient, model.agreeing.covariance, gradient)
    variance = np.bincount(columns, p * (1 - p) + personal, m) + shared
    return Counts(
        np.bincount(columns, minlength=m).astype(np.float64),
        np.asarray(np.bincount(columns, p, m), np.float64),
        np.asarray(np.sqrt(variance), np.float64),
    )


def covered(counts: Counts, agreed: Floats, *, level: float = 0.9) -> Floats:
    """Return how much of each count lies in its interval of the given level, shape (m,), in 0..1.

    The interval is expected +- z deviation. A count c stands for c - 1/2..c + 1/2, so that whole
    numbers neither help nor hurt.
    """
    half = float(ndtri(0.5 + level / 2)) * counts.deviation
    low = np.maximum(counts.expected - half, agreed - 0.5)
    high = np.minimum(counts.expected + half, agreed + 0.5)
    return np.asarray(np.clip(high - low, 0.0, 1.0), np.float64)
