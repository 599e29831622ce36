"""Reliability: how much of a score is what its items have in common, and how surely known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference.influence import covariance_of, degrees_of_freedom
from kelisim.engine.inference.intervals import wald
from kelisim.engine.inference.survey import Survey

STEPS = 200
"""Newton steps of the one-factor fit after which it is given up."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Two coefficients of reliability with their intervals.

    Attributes
    ----------
    alpha, omega
        Cronbach's alpha, a lower bound where items measure one thing, and McDonald's omega of a
        one-factor model; NaN with two items, and where no factor fits.
    alpha_se, omega_se, alpha_interval, omega_interval
        By the design of the sample, linearised.
    loadings
        Shape (K,): standardised, of the one factor.
    rest_correlations
        Shape (K,): of each item with the mean of the others.
    alpha_without
        Shape (K,): alpha if the item is left out; NaN with two items.
    n
        Rows that answered every item.
    """

    alpha: float
    alpha_se: float
    alpha_interval: tuple[float, float]
    omega: float
    omega_se: float
    omega_interval: tuple[float, float]
    loadings: Floats
    rest_correlations: Floats
    alpha_without: Floats
    n: int


def reliability(answers: Floats, survey: Survey, level: float = 0.95) -> Reliability:
    """Measure the reliability of the sum of K items, from weighted covariances.

    Parameters
    ----------
    answers
        Shape (n, K), in one direction; rows with a missing answer take no part, as a domain.
    survey
        The sample they were asked in.

    Raises
    ------
    IndicatorRefused
        There are fewer than two items, or an item does not vary.

    References
    ----------
    Cronbach (1951), Psychometrika 16; McDonald (1999), Test theory. Intervals: the influence
    functions of both, as Deville (1999) has it.
    """
    known = np.asarray(~np.isnan(answers).any(axis=1))
    w = survey.sample.weights * known
    x = np.where(known[:, None], answers, 0.0)
    _refuse_unfit(answers[known])
    S, centred = _covariance(x, w)
    alpha, d_alpha = _alpha(S, centred)
    omega, d_omega, loadings = _omega(S, centred)
    influence = np.stack([d_alpha, d_omega], axis=1) * known[:, None] / w.sum()
    V = covariance_of(lambda weights: _both(x, weights * known), influence, survey)
    se = np.sqrt(V.diagonal())
    df = degrees_of_freedom(known, survey)
    se = se if df >= 1 else np.full(2, np.nan)
    low, high = wald(np.array([alpha, omega]), se, max(df, 1.0), level)
    return Reliability(
        alpha=alpha,
        alpha_se=float(se[0]),
        alpha_interval=(float(low[0]), min(float(high[0]), 1.0)),
        omega=omega,
        omega_se=float(se[1]),
        omega_interval=(float(low[1]), min(float(high[1]), 1.0)),
        loadings=loadings,
        rest_correlations=_rest(S),
        alpha_without=_without(S),
        n=int(known.sum()),
    )


def _refuse_unfit(answers: Floats) -> None:
    if answers.shape[1] < 2:
        raise IndicatorRefused(
            "A battery of one item has no reliability.", where="items", do="Name two or more."
        )
    still = [k + 1 for k in range(answers.shape[1]) if np.unique(answers[:, k]).size < 2]
    if still:
        raise IndicatorRefused(
            f"Everybody answers item {still[0]} alike.",
            where="items",
            why="What does not vary has nothing in common with anything.",
            do="Leave the item out.",
        )


def _covariance(x: Floats, w: Floats) -> tuple[Floats, Floats]:
    centred = x - (w @ x) / w.sum()
    return (centred.T * w) @ centred / w.sum(), centred


def _alpha(S: Floats, centred: Floats) -> tuple[float, Floats]:
    """Return alpha and the derivative to the weight of each row, times the sum of weights."""
    k, trace, total = len(S), float(np.trace(S)), float(S.sum())
    d_trace = (centred**2).sum(axis=1) - trace
    d_total = centred.sum(axis=1) ** 2 - total
    factor = k / (k - 1)
    return factor * (1 - trace / total), factor * (trace * d_total / total - d_trace) / total


def _omega(S: Floats, centred: Floats) -> tuple[float, Floats, Floats]:
    """Return omega, its derivative as in `_alpha`, and the standardised loadings."""
    sd, total = np.sqrt(S.diagonal()), float(S.sum())
    R, z = S / np.outer(sd, sd), centred / sd
    fitted = _one_factor(R) if len(R) > 2 else None
    if fitted is None:
        return np.nan, np.full(len(z), np.nan), np.full(len(S), np.nan)
    loadings, J = fitted
    sign = 1.0 if (sd @ loadings) >= 0 else -1.0
    loadings = sign * loadings
    # d r_ij = z_i z_j - r_ij (z_i^2 + z_j^2) / 2, summed over j != i with l_j.
    squares = z**2 - 1
    off = R - np.eye(len(R))
    d_g = z * (z @ loadings)[:, None] - z**2 * loadings - off @ loadings
    d_g -= squares / 2 * (off @ loadings) + (squares * loadings) @ off / 2
    d_loadings = -np.linalg.solve(J, d_g.T).T
    common = float(sd @ loadings)
    d_common = d_loadings @ sd + (squares / 2) @ (sd * loadings)
    d_total = centred.sum(axis=1) ** 2 - total
    omega = common**2 / total
    return omega, 2 * common * d_common / total - omega * d_total / total, loadings


def _one_factor(R: Floats) -> tuple[Floats, Floats] | None:
    """Fit r_ij = l_i l_j off the diagonal by least squares; return l and the Jacobian there.

    None where there is no such factor; of two items there are many.

    The equations are sum_j (r_ij - l_i l_j) l_j = 0 over j != i (minimum residuals, Harman 1966).
    """
    off = R - np.diag(R.diagonal())
    values, vectors = np.linalg.eigh(R)
    loadings = vectors[:, -1] * np.sqrt(values[-1]) * 0.8
    for _ in range(STEPS):
        squares = float(loadings @ loadings) - loadings**2
        g = off @ loadings - loadings * squares
        J = off - np.diag(squares) - 2 * (np.outer(loadings, loadings) - np.diag(loadings**2))
        if float(np.abs(g).max()) < 1e-13:
            return (loadings, J) if np.linalg.cond(J) < 1e12 else None
        # Half a step to the fixed point until near, then Newton, which far away may leave.
        if float(np.abs(g).max()) > 1e-3:
            loadings = (loadings + (off @ loadings) / np.maximum(squares, 1e-12)) / 2
        else:
            loadings = loadings - np.linalg.solve(J, g)
    return None


def _both(x: Floats, w: Floats) -> Floats:
    S, centred = _covariance(x, w)
    return np.array([_alpha(S, centred)[0], _omega(S, centred)[0]])


def _rest(S: Floats) -> Floats:
    rows = S.sum(axis=1) - S.diagonal()
    rest = S.sum() - 2 * S.sum(axis=1) + S.diagonal()
    return np.asarray(rows / np.sqrt(S.diagonal() * rest))


def _without(S: Floats) -> Floats:
    if len(S) == 2:
        return np.full(2, np.nan)
    found = []
    for k in range(len(S)):
        kept = np.delete(np.delete(S, k, 0), k, 1)
        m = len(kept)
        found.append(m / (m - 1) * (1 - np.trace(kept) / kept.sum()))
    return np.array(found)
