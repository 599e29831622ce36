"""Decisions at a threshold, for all areas at once: above, below, or not decided.

'More than 30 % of residents hold that ...' is asked of every area, so some answers are wrong by
chance; what is declared is their expected share among the areas called above, and likewise among
those called below. An area that the data do not decide is said to be undecided, with the sample
that would decide it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit, ndtri, stdtr

from kelisim.core.errors import ValueRefused, listed
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.discovery import RULES, Rule, discoveries, divisor
from kelisim.engine.ranking.shares import Scale, check_scale
from kelisim.engine.ranking.student import degrees_of_freedom

Verdict = Literal["above", "below", "undecided"]


@dataclass(frozen=True, slots=True)
class ThresholdDecisions:
    """What is known about each of p areas at a threshold.

    Attributes
    ----------
    verdicts
        p verdicts. An area without an estimate is undecided.
    p_above, p_below
        Shape (p,): the probability that the area is above, and below, the threshold. NaN without
        an estimate.
    sample_multiplier
        Shape (p,): how many times the area's sample, PSUs and all, would be enough to decide it, if
        its estimate stayed where it is and the other areas as they are. 1 where it is decided,
        infinite where the estimate is at the threshold, NaN without an estimate.
    threshold
        In the units of the estimates.
    error_rate
        The expected share of wrong calls among 'above', and among 'below'.
    method
        The rule, one of ``bayes``, ``bh`` and ``by``.
    """

    verdicts: tuple[Verdict, ...]
    p_above: Floats
    p_below: Floats
    sample_multiplier: Floats
    threshold: float
    error_rate: float
    method: Rule


def threshold_decisions(
    estimates: ArrayLike,
    doubt: ArrayLike,
    threshold: float,
    error_rate: float = 0.05,
    method: Rule | None = None,
    *,
    df: ArrayLike | None = None,
    scale: Scale = "identity",
) -> ThresholdDecisions:
    """Decide for every area whether it is above or below a threshold, with a declared error rate.

    Parameters
    ----------
    estimates
        Shape (p,): NaN where an area has no estimate.
    doubt
        Shape (p,): standard errors, NaN where not known, 0 where the estimate is exact. Or shape
        (B, p): posterior draws, NaN throughout where an area has none.
    threshold
        What the areas are compared with.
    error_rate
        q, above 0 and below 0.5.
    method
        ``bayes``: call the largest set of areas whose mean probability of being on the other side
        is at most q. It holds on average over the model that the draws come from, so it belongs to
        posterior draws; with standard errors it takes every area for equally likely anywhere.
        ``bh``: Benjamini and Hochberg on one-sided p-values, for independent or positively
        dependent areas. ``by``: Benjamini and Yekutieli, for any dependence. By default ``bayes``
        with draws and ``bh`` with standard errors.
    df
        One number, or shape (p,): the degrees of freedom of the standard errors, PSUs less strata
        of the area. Without them the standard errors are taken as known.
    scale
        ``logit`` for shares: a small share has a small standard error, so that it looks farther
        below the threshold than it is. Draws need no scale.

    Raises
    ------
    ValueRefused
        Shapes differ, a number is infinite, a standard error is negative, some draws of an area are
        missing or too few for p-values, the error rate, the method or the scale is not one, shares
        are not between 0 and 1, or degrees of freedom are below one or given with draws.

    Examples
    --------
    >>> d = threshold_decisions([0.42, 0.33, 0.21], [0.03, 0.03, 0.03], 0.30)
    >>> d.verdicts
    ('above', 'undecided', 'below')
    >>> d.p_above.round(3).tolist(), d.sample_multiplier.round(1).tolist()
    ([1.0, 0.841, 0.001], [1.0, 3.4, 1.0])
    """
    t = np.asarray(estimates, dtype=np.float64)
    spread = np.asarray(doubt, dtype=np.float64)
    rule: Rule = method or ("bh" if spread.ndim == 1 else "bayes")
    _check(t, spread, threshold, error_rate, rule)
    if spread.ndim == 2:
        _check_draws(spread, error_rate, rule, df)
    check_scale(np.append(t, threshold), scale)
    if spread.ndim == 1:
        degrees = degrees_of_freedom(df, ~np.isnan(t + spread))
        p_above, p_below = _tails(t, spread, threshold, degrees, scale)
    else:
        p_above, p_below = _shares(t, spread, threshold)
    # A p-value counts the draw that was observed, too (Phipson and Smyth 2010).
    draws = len(spread) if spread.ndim == 2 and rule != "bayes" else None
    above = _calls(p_above, p_below, error_rate, rule, draws)
    below = _calls(p_below, p_above, error_rate, rule, draws)
    verdicts = np.select([above.called, below.called], ["above", "below"], "undecided")
    return ThresholdDecisions(
        verdicts=tuple(verdicts.tolist()),
        p_above=p_above,
        p_below=p_below,
        sample_multiplier=np.minimum(above.multiplier, below.multiplier),
        threshold=threshold,
        error_rate=error_rate,
        method=rule,
    )


def _tails(
    t: Floats, errors: Floats, threshold: float, df: Floats, scale: Scale
) -> tuple[Floats, Floats]:
    """Return P(above) and P(below) from estimates and standard errors."""
    away = t - threshold
    if scale == "logit":
        # Shares of 0 and 1, and a threshold there, have no logit: they are compared as they are.
        inside = (t > 0) & (t < 1) & (0 < threshold < 1)
        away = np.where(inside, logit(t) - logit(threshold), away)
        errors = errors / np.where(inside, t * (1 - t), 1.0)
    z = np.divide(away, errors, out=np.copysign(np.inf, away), where=errors > 0)
    # An exact estimate at the threshold is on neither side of it.
    cases = [np.isnan(t + errors), (errors == 0) & (away == 0)]
    above = np.select(cases, [np.nan, 0.0], stdtr(df, z))
    return above, np.select(cases, [np.nan, 0.0], stdtr(df, -z))


def _shares(t: Floats, draws: Floats, threshold: float) -> tuple[Floats, Floats]:
    gone = np.isnan(t) | np.isnan(draws[0])
    above, below = (draws > threshold).mean(axis=0), (draws < threshold).mean(axis=0)
    return np.where(gone, np.nan, above), np.where(gone, np.nan, below)


@dataclass(frozen=True, slots=True)
class _Calls:
    """The areas called on one side, and the sample that would be enough; both of shape (p,)."""

    called: NDArray[np.bool_]
    multiplier: Floats


def _calls(right: Floats, wrong: Floats, q: float, rule: Rule, draws: int | None) -> _Calls:
    """Call areas on the side where each is with probability ``right``, if it is the likelier one.

    With the error Phi(-z) now and Phi(-z') enough, the sample must grow by (z' / z)^2.
    """
    error = wrong if draws is None else (wrong * draws + 1) / (draws + 1)
    likelier = right > wrong
    known = int((~np.isnan(right)).sum())
    found = discoveries(np.sort(error[likelier]), known, q, rule)
    called = likelier & (error <= found.largest)
    undecided = likelier & ~called
    multiplier = np.where(np.isnan(right), np.nan, np.inf)
    multiplier[called] = 1.0
    multiplier[undecided] = (ndtri(found.following) / ndtri(error[undecided])) ** 2
    return _Calls(called, multiplier)


def _check(t: Floats, spread: Floats, threshold: float, error_rate: float, rule: Rule) -> None:
    if rule not in RULES:
        raise ValueRefused(
            f"There is no rule '{rule}' for decisions at a threshold.",
            do=f"The rules are {listed(RULES)}.",
        )
    if not 0 < error_rate < 0.5 or not np.isfinite(threshold):
        raise ValueRefused(
            f"The error rate is {error_rate} and the threshold {threshold}.",
            why="An error rate is above 0 and below 0.5, and a threshold is a number.",
            do="Pass 0.05 to let one call in twenty be wrong.",
        )
    areas = (len(t),) if t.ndim == 1 else None
    if spread.ndim not in (1, 2) or spread.shape[-1:] != areas or 0 in spread.shape[:-1]:
        raise ValueRefused(
            f"The estimates have the shape {t.shape} and their doubt the shape {spread.shape}.",
            do="Pass one standard error an area, or a table of draws by areas.",
        )
    if np.isinf(t).any() or np.isinf(spread).any() or (spread.ndim == 1 and (spread < 0).any()):
        raise ValueRefused(
            "An estimate, a draw or a standard error is infinite, or a standard error is negative.",
            do="Give what is not known as NaN.",
        )


def _check_draws(draws: Floats, error_rate: float, rule: Rule, df: ArrayLike | None) -> None:
    if df is not None:
        raise ValueRefused(
            "Degrees of freedom are given beside draws.",
            why="They belong to standard errors; draws hold their own doubt.",
            do="Leave them out.",
        )
    missing = np.isnan(draws)
    partly = np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0))
    if partly.size:
        raise ValueRefused(
            "Some draws of an area are missing.",
            where=f"area {int(partly[0]) + 1}",
            why="A share of the draws that are left is not a probability.",
            do="Draw all areas together, or give an area without draws as NaN throughout.",
        )
    least = divisor(draws.shape[1], rule) / error_rate
    if rule != "bayes" and len(draws) + 1 < least:
        raise ValueRefused(
            f"{len(draws)} draws are too few for p-values of {draws.shape[1]} areas.",
            why="The smallest p-value that so many draws can give would call no area.",
            do=f"Use at least {int(np.ceil(least))} draws, or the rule 'bayes'.",
        )
