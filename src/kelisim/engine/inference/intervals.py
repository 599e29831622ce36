"""Confidence intervals: Wald for numbers, and for shares six methods that respect 0 and 1.

Names of methods are those of R ``survey::svyciprop``. All functions take arrays that broadcast and
return a pair (low, high) of the broadcast shape.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit, xlogy

from kelisim.core.errors import SettingRefused
from kelisim.engine.frame import Floats

Interval = tuple[Floats, Floats]


def check_level(level: float) -> None:
    """Refuse a confidence level that is not a probability.

    Raises
    ------
    SettingRefused
        It is not strictly between 0 and 1.
    """
    if not 0 < level < 1:
        raise SettingRefused(
            f"A confidence level lies between 0 and 1, not at {level:g}.",
            where="level",
            do="Write 0.95 for 95 %.",
        )


def critical(level: float, df: Floats | float) -> Floats:
    """Return the two-sided critical value of t; of the normal where df is infinite, NaN below 1.

    Examples
    --------
    >>> critical(0.95, np.array([9.0, np.inf])).round(4).tolist()
    [2.2622, 1.96]
    """
    df = np.asarray(df, dtype=np.float64)
    p = (1 + level) / 2
    finite = np.where(df >= 1, df, np.nan)
    return np.where(np.isinf(df), ndtri(p), stdtrit(np.where(np.isinf(df), 1.0, finite), p))


def wald(estimate: Floats, se: Floats, df: Floats | float, level: float = 0.95) -> Interval:
    """Return estimate -+ t se (method ``mean``).

    Examples
    --------
    >>> low, high = wald(np.array(10.0), np.array(1.0), np.inf)
    >>> round(float(low), 2), round(float(high), 2)
    (8.04, 11.96)
    """
    half = critical(level, df) * se
    return estimate - half, estimate + half


def wald_logit(p: Floats, se: Floats, df: Floats | float, level: float = 0.95) -> Interval:
    """Return the Wald interval of logit p, mapped back (methods ``xlogit`` and ``logit``).

    R's ``logit`` takes the same interval from a regression on a constant. NaN where p is 0 or 1.
    """
    inside = np.where((p > 0) & (p < 1), p, np.nan)
    low, high = wald(logit(inside), se / (inside * (1 - inside)), df, level)
    return expit(low), expit(high)


def wald_arcsine(p: Floats, se: Floats, df: Floats | float, level: float = 0.95) -> Interval:
    """Return the Wald interval of arcsin sqrt p, mapped back (method ``asin``)."""
    inside = np.where((p > 0) & (p < 1), p, np.nan)
    low, high = wald(np.arcsin(np.sqrt(inside)), se / np.sqrt(4 * inside * (1 - inside)), df, level)
    return np.sin(np.maximum(low, 0)) ** 2, np.sin(np.minimum(high, np.pi / 2)) ** 2


def clopper_pearson(p: Floats, n: Floats, level: float = 0.95) -> Interval:
    """Return the exact binomial interval of a share p of n trials; n need not be whole.

    Examples
    --------
    >>> low, high = clopper_pearson(np.array(0.0), np.array(20.0))
    >>> float(low), round(float(high), 4)
    (0.0, 0.1684)
    """
    tail = (1 - level) / 2
    yes, no = np.broadcast_arrays(n * p, n * (1 - p))
    low = betaincinv(np.maximum(yes, 1e-300), no + 1, tail)
    high = betaincinv(yes + 1, np.maximum(no, 1e-300), 1 - tail)
    return np.where(yes > 0, low, 0.0), np.where(no > 0, high, 1.0)


def korn_graubard(
    p: Floats, se: Floats, n: Floats, df: Floats | float, level: float = 0.95
) -> Interval:
    """Return the Clopper-Pearson interval at the effective sample size (method ``beta``).

    n_eff = p (1 - p) / V (t_{n-1} / t_df)^2.

    References
    ----------
    Korn and Graubard (1998), Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data. Survey Methodology 24.
    """
    effective = p * (1 - p) / se**2 * (critical(level, n - 1) / critical(level, df)) ** 2
    return clopper_pearson(p, effective, level)


def likelihood(
    p: Floats, se: Floats, n: Floats, df: Floats | float, level: float = 0.95
) -> Interval:
    """Return the interval of the scaled binomial likelihood (method ``likelihood``).

    Its ends are the q at which the Kullback-Leibler distance from p is
    t^2 V / (2 p (1 - p)) n / (n - 1): the deviance, scaled so that its curvature at p is that of
    the design variance, over the dispersion n / (n - 1) of a regression on a constant. Solved by
    bisection on the logit scale. NaN where p is 0 or 1.
    """
    p = np.where((p > 0) & (p < 1), p, np.nan)
    distance = critical(level, df) ** 2 * se**2 / (2 * p * (1 - p)) * n / (n - 1)
    return _likelihood_end(p, distance, -1.0), _likelihood_end(p, distance, 1.0)


def _likelihood_end(p: Floats, distance: Floats, side: float) -> Floats:
    near, far = np.zeros_like(p), 1e3 / np.minimum(p, 1 - p)
    for _ in range(80):
        middle = (near + far) / 2
        inside = _divergence(p, logit(p) + side * middle) < distance
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return expit(logit(p) + side * near)


def _divergence(p: Floats, eta: Floats) -> Floats:
    """Return KL(p, expit eta), from log q = -log(1 + e^-eta) so that no q rounds to 0 or 1."""
    own = xlogy(p, p) + xlogy(1 - p, 1 - p)
    return own + p * np.logaddexp(0, -eta) + (1 - p) * np.logaddexp(0, eta)
