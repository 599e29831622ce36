"""Are two questions related? Tests of a contingency table that know how the sample was drawn.

Pearson's statistic of a survey table does not have its textbook distribution: people of a cluster
resemble each other, and weights differ. Rao and Scott divide it by what the design did to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import MISSING, Floats, as_frame, categories
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.influence import covariance_of, degrees_of_freedom
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.survey import Survey, prepare
from kelisim.engine.inference.tested import Tested, chi_square, f_test


@dataclass(frozen=True, slots=True)
class Association:
    """The table of two questions, and tests of their independence.

    Attributes
    ----------
    rows, columns
        R and C categories.
    shares
        Shape (R, C): estimated shares of the population, summing to 1.
    n
        Rows of the sample that answered both.
    pearson
        X^2 of the shares times n: the naive statistic, to see what the design does to it.
    deffs
        Shape ((R-1)(C-1),): the generalised design effects, largest first.
    cramers_v
        How strong the relation is, 0 to 1, whatever the size of the sample.
    second_order
        Rao and Scott's F with Satterthwaite's degrees of freedom: the test to report.
    first_order
        Their chi-square with the mean design effect.
    wald, adjusted_wald
        Of the differences of observed and expected counts; unstable where cells outnumber PSUs.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: Floats
    n: int
    pearson: float
    deffs: Floats
    cramers_v: float
    second_order: Tested
    first_order: Tested
    wald: Tested
    adjusted_wald: Tested


def association(
    data: Any,
    design: Design,
    row: str,
    column: str,
    *,
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
) -> Association:
    """Test whether two categorical columns are independent in the population.

    Rows that miss one of the answers leave the table, not the design.

    Parameters
    ----------
    data, design, calibration, replicates
        As for `estimate`.
    row, column
        The two questions.

    Raises
    ------
    IndicatorRefused
        One of them has a single answer, so there is nothing to be related to.
    Refusal
        What `estimate` refuses of a design.

    References
    ----------
    Rao and Scott (1984), On chi-squared tests for multiway contingency tables with cell proportions
    estimated from survey data. Annals of Statistics 12. Thomas and Rao (1987), Small-sample
    comparisons of level and power for simple goodness-of-fit statistics under cluster sampling.
    JASA 82. Koch, Freeman and Freeman (1975), Strategies in the multivariate analysis of data from
    complex surveys. International Statistical Review 43.

    Examples
    --------
    >>> people = {"sex": ["f", "m"] * 20, "vote": ["yes", "no", "no", "no"] * 10}
    >>> found = association(people, Design(), "sex", "vote")
    >>> round(found.second_order.statistic, 3), round(found.cramers_v, 3)
    (14.444, 0.577)
    """
    frame = as_frame(data)
    survey = prepare(frame, design, (), calibration, replicates)
    table = _table(frame, row, column)
    shares = table.shares(survey.sample.weights)
    df = degrees_of_freedom(table.answered, survey)
    V = covariance_of(lambda w: table.shares(w).ravel(), table.influence(survey), survey)
    p, q = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(p, q)
    pearson = float(table.n * ((shares - expected) ** 2 / expected).sum())
    deffs = _generalised_deffs(shares, V if df >= 1 else np.full_like(V, np.nan), table.n)
    wald, adjusted = _wald_tests(table, survey, df)
    return Association(
        rows=table.rows,
        columns=table.columns,
        shares=shares,
        n=table.n,
        pearson=pearson,
        deffs=deffs,
        cramers_v=float(np.sqrt(pearson / table.n / (min(shares.shape) - 1))),
        second_order=_satterthwaite(pearson, deffs, df),
        first_order=chi_square(pearson / float(deffs.mean()), float(deffs.size)),
        wald=wald,
        adjusted_wald=adjusted,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Who is in which cell: ``cell`` of shape (n, R C) holds 1 in the row's cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cell: Floats

    @property
    def answered(self) -> Any:
        return self.cell.any(axis=1)

    @property
    def n(self) -> int:
        return int(self.cell.sum())

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)

    def shares(self, weights: Floats) -> Floats:
        counts = self.counts(weights)
        return np.asarray(counts / counts.sum())

    def counts(self, weights: Floats) -> Floats:
        return np.asarray(weights @ self.cell).reshape(self.shape)

    def influence(self, survey: Survey) -> Floats:
        """Return the influence of each row on the shares: (1[cell] - share) / N."""
        weights = survey.sample.weights
        shares = self.shares(weights).ravel()
        inside = self.cell.sum(axis=1, keepdims=True)
        return np.asarray((self.cell - inside * shares) / self.counts(weights).sum())


def _table(frame: pl.DataFrame, row: str, column: str) -> _Table:
    first, second = (
        categories(frame, name, role="a question of the table") for name in (row, column)
    )
    both = (first.codes != MISSING) & (second.codes != MISSING)
    for one in (first, second):
        if np.unique(one.codes[both]).size < 2:
            raise IndicatorRefused(
                f"Everyone who answered '{row}' and '{column}' says the same to '{one.name}'.",
                where=f"column '{one.name}'",
                why="A question with one answer is independent of everything.",
                do="Choose a question on which people differ.",
            )
    kept = [np.unique(one.codes[both]) for one in (first, second)]
    a, b = (np.searchsorted(k, one.codes) for k, one in zip(kept, (first, second), strict=True))
    cell = np.zeros((frame.height, kept[0].size * kept[1].size))
    cell[both, (a * kept[1].size + b)[both]] = 1.0
    labels = [
        tuple(one.labels[k] for k in some) for some, one in zip(kept, (first, second), strict=True)
    ]
    return _Table(labels[0], labels[1], cell)


def _generalised_deffs(shares: Floats, V: Floats, n: int) -> Floats:
    """Return the eigenvalues of (C' D^-1 C / n)^-1 (C' D^-1 V D^-1 C), C the interactions.

    D holds the shares; a cell that nobody is in takes no part.
    """
    R, C = shares.shape
    contrasts = np.kron(_contrast(R), _contrast(C))
    main = np.concatenate(
        [np.kron(np.eye(R), np.ones((C, 1))), np.kron(np.ones((R, 1)), np.eye(C))], axis=1
    )
    # Of the interactions only what the margins do not explain counts.
    contrasts -= main @ np.linalg.lstsq(main, contrasts, rcond=None)[0]
    p = shares.ravel()
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
    scaled = contrasts * inverse[:, None]
    delta = np.linalg.solve(contrasts.T @ scaled / n, scaled.T @ V @ scaled)
    known = not np.isnan(delta).any()
    return np.sort(np.linalg.eigvals(delta).real)[::-1] if known else np.full(len(delta), np.nan)


def _contrast(levels: int) -> Floats:
    return np.eye(levels)[:, 1:]


def _satterthwaite(pearson: float, deffs: Floats, df: float) -> Tested:
    total = float(deffs.sum())
    df1 = total**2 / float((deffs**2).sum())
    return f_test(pearson / total, df1, df1 * df if df >= 1 else 0.0)


def _wald_tests(table: _Table, survey: Survey, df: float) -> tuple[Tested, Tested]:
    """Test counts against what independence expects, first row and column left out."""
    chosen = [
        r * table.shape[1] + c for r in range(1, table.shape[0]) for c in range(1, table.shape[1])
    ]

    def excess(weights: Floats) -> Floats:
        counts = table.counts(weights)
        margins = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
        return np.asarray((counts - margins).ravel()[chosen])

    counts = table.counts(survey.sample.weights)
    total, above, beside = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    in_row = table.cell @ np.kron(np.eye(table.shape[0]), np.ones((1, table.shape[1]))).T
    in_column = table.cell @ np.kron(np.ones((table.shape[0], 1)), np.eye(table.shape[1]))
    through = in_row[:, :, None] * beside + in_column[:, None, :] * above[:, None]
    through -= table.cell.sum(axis=1)[:, None, None] * np.outer(above, beside) / total
    influence = (table.cell - through.reshape(table.cell.shape) / total)[:, chosen]
    Y, V = excess(survey.sample.weights), covariance_of(excess, influence, survey)
    k = float(len(chosen))
    W = float(Y @ np.linalg.pinv(V, hermitian=True) @ Y)
    rest = df - k + 1
    return f_test(W / k, k, df), f_test(W * rest / (k * max(df, 1.0)), k, rest)
