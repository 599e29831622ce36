"""Fay-Herriot estimates from a table of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from kelisim.core.errors import SettingRefused, ValueRefused, listed
from kelisim.engine.frame import Floats, as_frame, categories, column, numbers
from kelisim.engine.smallarea.area_level import Shrunk, shrink
from kelisim.engine.smallarea.predictors import read_predictors

METHODS = {"reml": True, "ml": False}

SYNTHETIC = "no direct estimate in the area: the estimate is the predictors' alone"
"""Note of an area without a direct estimate."""


@dataclass(frozen=True, slots=True)
class AreaLevel:
    """What `fay_herriot` returns.

    Attributes
    ----------
    estimates
        A row an area, sorted by name, with the columns of estimates.csv; ``se`` is the root of the
        estimated mean squared error, ``n``, ``n_eff``, ``df`` and ``deff`` are null.
    covariance
        Shape (areas, areas): of the errors of the estimates, their mean squared errors on the
        diagonal. Areas share the errors of the coefficients.
    gamma
        Shape (areas,): the weight of each direct estimate, from 0 to 1.
    variance
        Variance between areas that the predictors leave; 0 when they leave none.
    coefficients, coefficient_se
        Shape (q,): intercept, then the standardised predictors.
    areas
        The areas in the order of the arrays.
    """

    estimates: pl.DataFrame
    covariance: Floats
    gamma: Floats
    variance: float
    coefficients: Floats
    coefficient_se: Floats
    areas: tuple[str, ...]


def fay_herriot(
    data: Any,
    estimate: str,
    se: str,
    area: str,
    predictors: Sequence[str] = (),
    *,
    method: str = "reml",
    level: float = 0.95,
    indicator: str | None = None,
) -> AreaLevel:
    """Shrink the direct estimates of areas towards a regression on predictors.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays, with a row an area.
    estimate, se
        The columns of the direct estimate and its standard error; both empty in an area that has
        none, which is then estimated from its predictors alone.
    area
        The column of the area.
    predictors
        Columns; numbers are standardised, text becomes indicators.
    method
        ``reml`` or ``ml`` for the variance between areas.
    level
        Level of the intervals.
    indicator
        Name of the indicator in the table; the estimate's column when not given.

    Raises
    ------
    ColumnRefused
        A column is missing.
    IdRefused
        An area occurs twice.
    ValueRefused
        A predictor is missing or collinear; a standard error is missing or not positive; there are
        too few direct estimates for the coefficients.
    SettingRefused
        The method or level is not known.

    Examples
    --------
    >>> table = {"region": list("ABCDE"), "share": [0.2, 0.3, 0.5, 0.6, None],
    ...          "error": [0.1, 0.1, 0.1, 0.1, None], "income": [1.0, 2.0, 3.0, 4.0, 5.0]}
    >>> f = fay_herriot(table, "share", "error", "region", ["income"])
    >>> f.estimates["estimate"].round(3).to_list()
    [0.19, 0.33, 0.47, 0.61, 0.75]
    """
    if method not in METHODS or not 0 < level < 1:
        raise SettingRefused(
            f"The method is {method!r} and the level {level}.",
            where="method, level",
            do="Give 'reml' or 'ml', and a level between 0 and 1.",
        )
    frame = as_frame(data)
    columns = [column(frame, name) for name in (area, *predictors)]
    areas = categories(frame, area, role="the area").labels
    X = read_predictors(pl.DataFrame(columns), area, areas)
    order = np.argsort(categories(frame, area).codes)
    y = numbers(frame, estimate, role="the direct estimate")[order]
    error = numbers(frame, se, role="its standard error")[order]
    _check_errors(y, error, areas, se)
    _check_enough(y, X, estimate)
    shrunk = shrink(y, X, error**2, restricted=METHODS[method])
    return AreaLevel(
        _table(shrunk, areas, np.isnan(y), (indicator or estimate, area), level),
        shrunk.covariance,
        shrunk.gamma,
        shrunk.variance,
        shrunk.coefficients,
        np.sqrt(shrunk.coefficient_covariance.diagonal()),
        areas,
    )


def _check_errors(y: Floats, error: Floats, areas: Sequence[str], name: str) -> None:
    wrong = ~np.isnan(y) & ~(error > 0)
    if wrong.any():
        raise ValueRefused(
            f"The standard error of {listed(np.array(areas)[wrong])} is missing or not positive.",
            where=f"column '{name}'",
            why="The model weighs a direct estimate by its variance.",
            do="Give the standard error, or empty the estimate to predict the area.",
        )


def _check_enough(y: Floats, X: Floats, name: str) -> None:
    known = ~np.isnan(y)
    if known.sum() <= X.shape[1] or np.linalg.matrix_rank(X[known]) < X.shape[1]:
        raise ValueRefused(
            f"{known.sum()} direct estimates do not determine {X.shape[1]} coefficients.",
            where=f"column '{name}'",
            do="Use fewer predictors.",
        )


def _table(
    shrunk: Shrunk, areas: Sequence[str], unknown: Any, names: tuple[str, str], level: float
) -> pl.DataFrame:
    half = ndtri((1 + level) / 2) * np.sqrt(shrunk.mse)
    indicator, area = names
    empty = {name: pl.lit(None, dtype=pl.Float64) for name in ("n_eff", "df", "deff")}
    table = pl.DataFrame(
        {
            "indicator": [indicator] * len(areas),
            "category": [""] * len(areas),
            "domain": [f"{area}={name}" for name in areas],
            "method": ["fay-herriot"] * len(areas),
            "estimate": shrunk.estimate,
            "se": np.sqrt(shrunk.mse),
            "ci_low": shrunk.estimate - half,
            "ci_high": shrunk.estimate + half,
            "note": [SYNTHETIC if one else "" for one in unknown],
        }
    )
    return table.with_columns(n=pl.lit(None, dtype=pl.Int64), **empty).select(COLUMNS)


COLUMNS = (
    "indicator", "category", "domain", "method", "n", "n_eff", "estimate", "se",
    "ci_low", "ci_high", "df", "deff", "note",
)  # fmt: skip
"""The columns of estimates.csv."""
