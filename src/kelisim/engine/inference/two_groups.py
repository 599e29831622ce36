"""The difference of two groups, in means or in ranks, tested as the sample was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from kelisim.core.errors import IndicatorRefused, SettingRefused, listed
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import MISSING, Floats, as_frame, categories, numbers
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.regression import regress
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.survey import prepare


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of the second group less that of the first.

    Attributes
    ----------
    groups
        The two categories, in the order of sorting.
    difference, se, low, high
        With its standard error and t interval.
    t, df, p
        Of no difference, two-sided; degrees of freedom are PSUs less strata, less one.
    """

    groups: tuple[str, str]
    difference: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float


def difference_of_groups(
    data: Any,
    design: Design,
    item: str,
    group: str,
    *,
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
    level: float = 0.95,
) -> Difference:
    """Compare the means of a number in two groups.

    It is the regression on the group, as ``svyttest`` of R has it: the covariance of the groups,
    who may share sampling units, is inside.

    Parameters
    ----------
    data, design, calibration, replicates, level
        As for `estimate`.
    item
        A column of numbers.
    group
        A column with two categories.

    Raises
    ------
    IndicatorRefused
        There are not exactly two groups.

    Examples
    --------
    >>> people = {"sex": ["f", "f", "f", "m", "m", "m"], "trust": [3, 4, 5, 1, 2, 3]}
    >>> found = difference_of_groups(people, Design(), "trust", "sex")
    >>> found.groups, round(found.difference, 6), round(found.p, 3)
    (('f', 'm'), -2.0, 0.052)
    """
    named = _two(as_frame(data), group)
    fitted = regress(
        named,
        design,
        item,
        [group],
        calibration=calibration,
        replicates=replicates,
        level=level,
    )
    b, se = float(fitted.estimate[1]), float(fitted.se[1])
    return Difference(
        groups=_groups(named, group),
        difference=b,
        se=se,
        low=float(fitted.low[1]),
        high=float(fitted.high[1]),
        t=b / se if se > 0 else float("nan"),
        df=fitted.df,
        p=float(fitted.p[1]),
    )


SCORES = ("wilcoxon", "van_der_waerden", "median")


def rank_test(
    data: Any,
    design: Design,
    item: str,
    group: str,
    *,
    score: str = "wilcoxon",
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
    level: float = 0.95,
) -> Difference:
    """Compare two groups by ranks in the population: for scales whose steps are not equal.

    A row's rank is the estimated share of the population below it, ties in the middle; the
    difference is that of the mean scores of the groups. For ``wilcoxon`` it is the probability that
    somebody of the second group is above somebody of the first, less one half.

    Parameters
    ----------
    data, design, item, group, calibration, replicates, level
        As for `difference_of_groups`.
    score
        ``wilcoxon``, ``van_der_waerden`` (normal scores) or ``median``.

    Raises
    ------
    SettingRefused
        There is no such score.
    IndicatorRefused
        There are not exactly two groups.

    References
    ----------
    Lumley and Scott (2013), Two-sample rank tests under complex sampling. Biometrika 100.

    Examples
    --------
    >>> people = {"sex": ["f", "f", "f", "m", "m", "m"], "trust": [3, 4, 5, 1, 2, 3]}
    >>> round(rank_test(people, Design(), "trust", "sex").difference, 3)
    -0.444
    """
    if score not in SCORES:
        raise SettingRefused(
            f"'{score}' is not a score of ranks.",
            where="score",
            do=f"Choose one of {', '.join(SCORES)}.",
        )
    frame = as_frame(data)
    values = numbers(frame, item, role="what is ranked")
    values = np.where(categories(frame, group).codes == MISSING, np.nan, values)
    weights = prepare(frame, design, (), calibration, replicates).sample.weights
    ranks = _score(_mid_ranks(values, weights), score)
    ranked = frame.with_columns(pl.Series(item, ranks).fill_nan(None))
    return difference_of_groups(
        ranked,
        design,
        item,
        group,
        calibration=calibration,
        replicates=replicates,
        level=level,
    )


def _mid_ranks(values: Floats, weights: Floats) -> Floats:
    """Return the weighted share below each value and half of those equal to it; NaN stays."""
    known = ~np.isnan(values)
    distinct, place = np.unique(values[known], return_inverse=True)
    # As R has it: mid-points of rows in sorted order, averaged over rows (not weight) of a tie.
    order = np.argsort(values[known], kind="stable")
    middle = np.empty(order.size)
    middle[order] = np.cumsum(weights[known][order]) - weights[known][order] / 2
    mean = np.bincount(place, middle, distinct.size) / np.bincount(place, minlength=distinct.size)
    ranks = np.full(values.shape, np.nan)
    ranks[known] = mean[place] / weights[known].sum()
    return ranks


def _score(ranks: Floats, score: str) -> Floats:
    if score == "median":
        return np.where(np.isnan(ranks), np.nan, ranks > 0.5)
    return np.asarray(ndtri(ranks)) if score == "van_der_waerden" else ranks


def _two(frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the frame with the groups as text, if there are two of them."""
    coded = categories(frame, group, role="the groups")
    if len(coded.labels) != 2:
        raise IndicatorRefused(
            f"'{group}' has {len(coded.labels)} categories: {listed(coded.labels)}.",
            where=f"column '{group}'",
            why="A test of two groups compares two.",
            do="Merge categories, or estimate the mean by domain and compare the intervals.",
        )
    labels = [*coded.labels, None]
    return frame.with_columns(pl.Series(group, [labels[code] for code in coded.codes]))


def _groups(frame: pl.DataFrame, group: str) -> tuple[str, str]:
    first, second = frame[group].drop_nulls().unique().sort()
    return first, second
