"""Regression on a survey sample: coefficients of the population, with the doubt of the design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit, stdtr

from kelisim.core.errors import IndicatorRefused, NotConverged, SettingRefused, listed, nearest
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import MISSING, Floats, as_frame, categories, numbers
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.influence import covariance_of, degrees_of_freedom
from kelisim.engine.inference.intervals import check_level, wald
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.survey import prepare
from kelisim.engine.inference.tested import Tested, f_test

FAMILIES = ("gaussian", "logit", "poisson")

STEPS = 60
"""Newton steps after which a fit is given up; a handful is usual."""

STEEP = 25.0
"""A logit, or the logarithm of a count, beyond this predicts somebody's outcome for certain."""


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients, with their joint covariance.

    Attributes
    ----------
    terms
        K names: ``(constant)``, a number's column, or ``column=category`` against the first.
    estimate, se, low, high, p
        Shape (K,): on the scale of the linear predictor (logit, log, or the outcome itself).
    matrix
        Shape (K, K): the covariance.
    df
        Design degrees of freedom less coefficients beside the constant; of the t intervals.
    n
        Rows that have the outcome and every predictor.
    """

    terms: tuple[str, ...]
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    matrix: Floats
    df: float
    n: int

    def test(self, column: str) -> Tested:
        """Test all coefficients of one predictor at once: Wald's F.

        Raises
        ------
        IndicatorRefused
            The regression has no such predictor.
        """
        at = [k for k, term in enumerate(self.terms) if term.partition("=")[0] == column]
        if not at:
            known = dict.fromkeys(term.partition("=")[0] for term in self.terms)
            raise IndicatorRefused(
                f"The regression has no predictor '{column}'.",
                do=nearest(column, known) or f"The predictors are {listed(known, 12)}.",
            )
        b, V = self.estimate[at], self.matrix[np.ix_(at, at)]
        F = float(b @ np.linalg.solve(V, b)) / len(at)
        return f_test(F, float(len(at)), self.df)

    def to_polars(self) -> pl.DataFrame:
        """Return a row a coefficient: ``term, estimate, se, ci_low, ci_high, p``."""
        columns = {"estimate": self.estimate, "se": self.se, "ci_low": self.low}
        return pl.DataFrame({"term": self.terms, **columns, "ci_high": self.high, "p": self.p})


def regress(
    data: Any,
    design: Design,
    outcome: str,
    predictors: Sequence[str],
    *,
    family: str = "gaussian",
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
    level: float = 0.95,
) -> Regression:
    """Regress a column on others by weighted likelihood, with the variance of the design.

    Columns of text are categories against their first; numbers enter as they are. Rows that miss a
    value leave the regression, not the design.

    Parameters
    ----------
    data, design, calibration, replicates, level
        As for `estimate`.
    outcome
        A number; 0 or 1 where the family is ``logit``, and not negative where it is ``poisson``.
    predictors
        Columns; none gives the constant alone.
    family
        ``gaussian``, ``logit`` or ``poisson`` (each with its natural link).

    Raises
    ------
    SettingRefused
        There is no such family.
    IndicatorRefused
        The outcome does not suit the family, or predictors say the same thing (they are named).
    NotConverged
        The likelihood has no maximum, because a predictor decides the outcome.

    References
    ----------
    Binder (1983), On the variances of asymptotically normal estimators from complex surveys.
    International Statistical Review 51.

    Examples
    --------
    >>> people = {"age": [20, 30, 40, 50, 60], "income": [10, 14, 15, 19, 21]}
    >>> found = regress(people, Design(), "income", ["age"])
    >>> found.terms, found.estimate.round(3).tolist()
    (('(constant)', 'age'), [5.0, 0.27])
    """
    check_level(level)
    frame = as_frame(data)
    survey = prepare(frame, design, (), calibration, replicates)
    y, x, terms = _model(frame, outcome, predictors, _family(family))
    known = ~np.isnan(y) & ~np.isnan(x).any(axis=1)
    y, x = np.where(known, y, 0.0), np.where(known[:, None], x, 0.0)
    weights = survey.sample.weights * known
    _refuse_dependent(x * np.sqrt(weights)[:, None], terms)
    b = _fit(x, y, weights, family)
    influence = (x * (y - MEANS[family](x @ b))[:, None] * known[:, None]) @ _inverse(
        x, b, weights, family
    )
    matrix = covariance_of(lambda w: _fit(x, y, w * known, family, b), influence, survey)
    df = degrees_of_freedom(known, survey) + 1 - len(terms)
    return _concluded(terms, b, matrix, df, int(known.sum()), level)


MEANS: dict[str, Callable[[Floats], Floats]] = {
    "gaussian": lambda eta: eta,
    "logit": expit,
    "poisson": np.exp,
}
"""The expected outcome of a linear predictor."""


def _family(name: str) -> str:
    if name not in FAMILIES:
        raise SettingRefused(
            f"There is no family '{name}'.",
            where="family",
            do=nearest(name, FAMILIES) or f"Choose one of {', '.join(FAMILIES)}.",
        )
    return name


def _model(
    frame: pl.DataFrame, outcome: str, predictors: Sequence[str], family: str
) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Return outcome (n,), model matrix (n, K) and terms; NaN where a value is missing."""
    y = numbers(_as_numbers(frame, outcome), outcome, role="the outcome")
    wrong = {"logit": (y != 0) & (y != 1), "poisson": y < 0}.get(family, y != y) & ~np.isnan(y)
    if wrong.any():
        raise IndicatorRefused(
            f"The outcome is {y[wrong][0]:g}, which the family {family} does not know.",
            where=f"column '{outcome}', row {int(np.flatnonzero(wrong)[0]) + 1}",
            do="Code it 0 and 1." if family == "logit" else "Counts are 0 or more.",
        )
    columns, terms = [np.ones(frame.height)], ["(constant)"]
    for name in predictors:
        if frame.schema.get(name) in (pl.String, pl.Categorical, pl.Enum, pl.Boolean):
            coded = categories(frame, name, role="a predictor")
            for code, label in list(enumerate(coded.labels))[1:]:
                columns.append(np.where(coded.codes == MISSING, np.nan, coded.codes == code))
                terms.append(f"{name}={label}")
        else:
            columns.append(numbers(frame, name, role="a predictor"))
            terms.append(name)
    return y, np.stack(columns, axis=1), tuple(terms)


def _as_numbers(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    if frame.schema.get(name) == pl.Boolean:
        return frame.with_columns(pl.col(name).cast(pl.Int8))
    return frame


def _refuse_dependent(x: Floats, terms: tuple[str, ...]) -> None:
    """Refuse a column that those before it determine."""
    size = np.maximum(np.linalg.norm(x, axis=0), 1e-300)
    R = np.abs(np.diag(np.linalg.qr(x / size, mode="r")))
    alike = [term for term, rest in zip(terms, R, strict=False) if rest < 1e-9]
    alike += list(terms[R.size :])
    if alike:
        raise IndicatorRefused(
            f"{listed(alike)} says nothing that the predictors before it do not say.",
            where="predictors",
            why="Their coefficients cannot be told apart.",
            do="Leave one of them out, or merge its categories.",
        )


def _inverse(x: Floats, b: Floats, weights: Floats, family: str) -> Floats:
    """Return the inverse of the weighted information."""
    return np.asarray(np.linalg.inv(x.T @ (x * (weights * _slope(x @ b, family))[:, None])))


def _slope(eta: Floats, family: str) -> Floats:
    mean = MEANS[family](eta)
    return {"gaussian": np.ones_like(eta), "logit": mean * (1 - mean)}.get(family, mean)


def _fit(x: Floats, y: Floats, weights: Floats, family: str, start: Floats | None = None) -> Floats:
    """Solve sum w x (y - mean(x'b)) = 0 by Newton's method with damped steps."""
    w = weights / weights.sum()
    b = np.zeros(x.shape[1]) if start is None else start.copy()
    if start is None and family == "poisson":
        b[0] = np.log(max(float(w @ y), 1e-300))
    for _ in range(STEPS):
        eta = x @ b
        score = x.T @ (w * (y - MEANS[family](eta)))
        H = x.T @ (x * (w * _slope(eta, family))[:, None])
        move = np.linalg.pinv(H, rcond=1e-14, hermitian=True) @ score
        if family != "gaussian":
            move *= min(1.0, 4.0 / max(float(np.abs(x @ move).max()), 1e-300))
        b = b + move
        if family != "gaussian" and _decided((x @ b)[w > 0], family):
            break
        if float(move @ H @ move) < 1e-26 * max(1.0, float(b @ H @ b)):
            return np.asarray(b)
    raise NotConverged(
        "The regression has no solution: a predictor decides the outcome of some rows.",
        where="predictors",
        why="A category in which all or none say yes has no finite coefficient.",
        do="Merge that category with another one, or leave the predictor out.",
    )


def _decided(eta: Floats, family: str) -> bool:
    """Whether an outcome is predicted for certain: yes or no of a logit, none of a count."""
    return bool(eta.min() < -STEEP or (family == "logit" and eta.max() > STEEP))


def _concluded(
    terms: tuple[str, ...], b: Floats, matrix: Floats, df: float, n: int, level: float
) -> Regression:
    if df < 1:
        matrix = np.full(matrix.shape, np.nan)
    se = np.sqrt(matrix.diagonal())
    low, high = wald(b, se, max(df, 1.0), level)
    t = np.divide(b, se, out=np.full(b.shape, np.nan), where=se > 0)
    return Regression(terms, b, se, low, high, 2 * stdtr(max(df, 1.0), -np.abs(t)), matrix, df, n)
