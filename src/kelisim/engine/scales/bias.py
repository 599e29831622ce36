"""Do items work alike in two languages? Differential item functioning, screened item by item.

People of two groups with the same score on the battery should give the same answers to each item.
Where they do not, the item means something else in one of the languages, and scores are not
comparable until it is mended or left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import chdtrc

from kelisim.core.errors import IndicatorRefused, NotConverged
from kelisim.engine.frame import Floats
from kelisim.engine.inference import Design, regress
from kelisim.engine.scales.scores import mean_score

STRATA = 10
"""Classes of equal rest score, at most."""

FEWEST = 4
"""With fewer items than this in the scores no more are left out of them."""

SMALL, LARGE = 1.0, 1.5
"""Of |delta|: below 1 an item is of class A, from 1.5 on of class C (ETS; Zieky 1993)."""


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """The common odds ratio of 2 x 2 tables, and the test that it is 1.

    Attributes
    ----------
    odds_ratio, log_se
        Of Mantel and Haenszel; the standard error of its logarithm by Robins, Breslow, Greenland.
    statistic, p
        Chi-square with one degree of freedom and the correction for continuity.
    delta
        -2.35 times the logarithm of the odds ratio: the scale of ETS.
    """

    odds_ratio: float
    log_se: float
    statistic: float
    p: float
    delta: float


def mantel_haenszel(tables: NDArray[np.float64]) -> MantelHaenszel:
    """Return the common odds ratio of S tables.

    Parameters
    ----------
    tables
        Shape (S, 2, 2): groups in rows, no and yes in columns.

    Raises
    ------
    IndicatorRefused
        No table has both groups and both answers.

    References
    ----------
    Mantel and Haenszel (1959), JNCI 22; Robins, Breslow and Greenland (1986), Biometrics 42.

    Examples
    --------
    >>> round(mantel_haenszel(np.array([[[10.0, 5], [4, 8]]])).odds_ratio, 3)
    4.0
    """
    a, b, c, d = tables[:, 0, 0], tables[:, 0, 1], tables[:, 1, 0], tables[:, 1, 1]
    n = a + b + c + d
    used = (a + b > 0) & (c + d > 0) & (a + c > 0) & (b + d > 0) & (n > 1)
    a, b, c, d, n = (part[used] for part in (a, b, c, d, n))
    R, S, P, Q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    if not used.any() or R.sum() == 0 or S.sum() == 0:
        raise IndicatorRefused(
            "The groups cannot be compared: no class of equal score has both answers in both.",
            where="items",
            do="Compare larger groups, or leave the item out.",
        )
    ratio = float(R.sum() / S.sum())
    variance = (
        (P * R).sum() / (2 * R.sum() ** 2)
        + (P * S + Q * R).sum() / (2 * R.sum() * S.sum())
        + (Q * S).sum() / (2 * S.sum() ** 2)
    )
    expected = (a + b) * (a + c) / n
    spread = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    away = max(abs(float((a - expected).sum())) - 0.5, 0.0)
    statistic = away**2 / float(spread.sum())
    delta = -2.35 * float(np.log(ratio))
    return MantelHaenszel(
        ratio, float(np.sqrt(variance)), statistic, float(chdtrc(1, statistic)), delta
    )


@dataclass(frozen=True, slots=True)
class Bias:
    """How one item works in two groups of equal score.

    Attributes
    ----------
    item
        Its name.
    mantel_haenszel
        Of answers above the middle of the scale, within classes of equal rest score.
    uniform_p, uniform
        Of the design-based logistic regression on rest score and group: the test that the group
        does not matter, and its coefficient; NaN where the regression has no solution.
    growing_p
        That it does not matter more at one end of the score than at the other.
    adjusted_p
        The least p of Mantel-Haenszel and of both regressions' tests times three, adjusted over
        all items by Benjamini and Hochberg.
    grade
        A, B or C by the size of delta; B and C only where ``adjusted_p`` is below 5 %.
    """

    item: str
    mantel_haenszel: MantelHaenszel
    uniform: float
    uniform_p: float
    growing_p: float
    adjusted_p: float
    grade: str


def item_bias(
    answers: Floats,
    items: Sequence[str],
    second: NDArray[np.bool_],
    ends: tuple[float, float],
    frame: pl.DataFrame,
    design: Design,
) -> tuple[Bias, ...]:
    """Screen every item of a battery for bias between two groups.

    An item of class C makes the score it is part of unfit to compare the others by, so that they
    would seem biased the other way: the worst is left out of the scores and all are screened again,
    until none is new (purification, Holland and Thayer 1988).

    Parameters
    ----------
    answers
        Shape (n, K): items in one direction, NaN where unanswered.
    items
        K names.
    second
        Shape (n,): who is of the second group; everybody else is of the first.
    ends
        The lowest and the highest answer; answers above their middle count as yes.
    frame, design
        The table with the columns of the design, of those n rows.

    Raises
    ------
    IndicatorRefused
        A group has fewer than 30 people, or an item cannot be compared.

    References
    ----------
    Holland and Thayer (1988), Differential item performance and the Mantel-Haenszel procedure;
    Swaminathan and Rogers (1990), Journal of Educational Measurement 27; Zieky (1993).
    """
    for size, name in ((int(second.sum()), "second"), (int((~second).sum()), "first")):
        if size < 30:
            raise IndicatorRefused(
                f"The {name} group has {size} people.",
                where="language",
                why="Bias cannot be told from chance with fewer than 30.",
                do="Leave the comparison out.",
            )
    above = np.where(np.isnan(answers), np.nan, answers > (ends[0] + ends[1]) / 2)
    left_out: list[int] = []
    while True:
        found = _all(answers, above, items, second, frame, design, left_out)
        large = [
            (abs(one.mantel_haenszel.delta), k)
            for k, one in enumerate(found)
            if one.grade == "C" and k not in left_out
        ]
        if not large or len(items) - len(left_out) < FEWEST:
            return found
        left_out.append(max(large)[1])


def _all(
    answers: Floats,
    above: Floats,
    items: Sequence[str],
    second: NDArray[np.bool_],
    frame: pl.DataFrame,
    design: Design,
    left_out: Sequence[int],
) -> tuple[Bias, ...]:
    """Screen every item against the rest of the items that are not left out."""
    found = []
    for k in range(len(items)):
        rest = mean_score(np.delete(answers, sorted({k, *left_out}), axis=1))
        found.append(_screened(rest, above[:, k], second, frame, design))
    adjusted = _benjamini_hochberg(np.array([min(3 * p, 1.0) for *_, p in found]))
    return tuple(
        Bias(name, mh, b, p, growing, float(q), _grade(mh.delta, float(q)))
        for name, (mh, b, p, growing, _), q in zip(items, found, adjusted, strict=True)
    )


def _screened(
    rest: Floats,
    above: Floats,
    second: NDArray[np.bool_],
    frame: pl.DataFrame,
    design: Design,
) -> tuple[MantelHaenszel, float, float, float, float]:
    known = ~np.isnan(rest) & ~np.isnan(above)
    found = mantel_haenszel(_tables(rest[known], above[known] == 1, second[known]))
    score = (rest - np.nanmean(rest)) / np.nanstd(rest)
    data = frame.with_columns(
        pl.Series("above", above).fill_nan(None),
        pl.Series("rest", score).fill_nan(None),
        pl.Series("group", second * 1.0),
        pl.Series("growing", second * score).fill_nan(None),
    )
    try:
        uniform = regress(data, design, "above", ["rest", "group"], family="logit")
        both = regress(data, design, "above", ["rest", "group", "growing"], family="logit")
    except NotConverged:
        return found, np.nan, np.nan, np.nan, found.p
    p, growing = float(uniform.p[2]), both.test("growing").p
    least = float(np.nanmin([found.p, p, growing]))
    return found, float(uniform.estimate[2]), p, growing, least


def _tables(rest: Floats, yes: NDArray[np.bool_], second: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Count answers by group within classes of about equal rest score: shape (S, 2, 2)."""
    cuts = np.unique(np.quantile(rest, np.linspace(0, 1, STRATA + 1)[1:-1]))
    stratum = np.searchsorted(cuts, rest, side="right")
    cell = stratum * 4 + second * 2 + yes
    return np.bincount(cell, minlength=(cuts.size + 1) * 4).reshape(-1, 2, 2).astype(np.float64)


def _benjamini_hochberg(p: Floats) -> Floats:
    order = np.argsort(p)[::-1]
    stepped = np.minimum.accumulate(p[order] * p.size / np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def _grade(delta: float, adjusted: float) -> str:
    if adjusted >= 0.05 or abs(delta) < SMALL:
        return "A"
    return "C" if abs(delta) >= LARGE else "B"
