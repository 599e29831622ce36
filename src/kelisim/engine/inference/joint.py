"""Estimates as sums over the same units, from which any covariance or contrast of them follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Answers, Block, block
from kelisim.engine.inference.dispersion import deviations
from kelisim.engine.inference.linearise import Estimated, linearise
from kelisim.engine.inference.partition import Cells
from kelisim.engine.inference.replicate_variance import replicate_estimates
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.residuals import Residuals, slopes
from kelisim.engine.inference.survey import Survey
from kelisim.engine.inference.variance import Explained, Rows, covariance


@dataclass(frozen=True, slots=True)
class Sums:
    """K estimates, linearised and summed over the units of each stage.

    Attributes
    ----------
    estimate, df
        Shape (K,): the estimates, and the degrees of freedom of each; by category, then by domain.
    stages
        Of each stage, weighted linearised values summed over units: shape (P, K).
    slopes
        Shape (q, K): their regression on what was calibrated to; None without calibration.
    """

    estimate: Floats
    df: Floats
    stages: tuple[Rows, ...]
    slopes: Floats | None


def sums(answers: Answers, places: Sequence[int], place: int, survey: Survey) -> Sums:
    """Linearise categories of one indicator in every domain of a set.

    Parameters
    ----------
    places
        Which categories.
    place
        Which set of domains.

    Raises
    ------
    IndicatorRefused
        The indicator is a quantile: its interval does not come from a linearised variable.
    """
    _refuse_quantile(answers)
    partition, weights = survey.partitions[place], survey.sample.weights
    if answers.indicator.kind == "variance":
        answers = deviations(answers, partition, weights)
    together = block([(answers, category) for category in places], weights)
    estimated, totals = linearise(together, partition)
    shape = estimated.estimate.shape
    return Sums(
        estimate=estimated.estimate.T.ravel(),
        df=np.broadcast_to(estimated.df, shape).T.ravel(),
        stages=tuple(
            _by_unit(cells, z, partition.size)
            for cells, z in zip(partition.cells, totals, strict=True)
        ),
        slopes=_slopes(survey.residuals[place], together, estimated),
    )


def replicated(
    answers: Answers, places: Sequence[int], place: int, survey: Survey, replicates: Replicates
) -> Floats:
    """Return the estimates of `sums` in every replicate: shape (K, R)."""
    partition, weights = survey.partitions[place], survey.sample.weights
    if answers.indicator.kind == "variance":
        answers = deviations(answers, partition, weights)
    together = block([(answers, category) for category in places], weights)
    theta = np.stack(list(replicate_estimates(together, partition, replicates)), axis=1)
    return theta.reshape(-1, theta.shape[2])


def _refuse_quantile(answers: Answers) -> None:
    if answers.indicator.kind == "quantile":
        raise IndicatorRefused(
            "Quantiles have no joint covariance.",
            where=f"indicator '{answers.indicator.name}'",
            why="Their intervals are read off the distribution, not linearised.",
            do="Compare their intervals, or estimate the share above a value.",
        )


def _by_unit(cells: Cells, totals: Floats, domains: int) -> Rows:
    """Return totals of cells (C, V) as a sparse matrix with a row a unit: shape (P, V D)."""
    quantities = totals.shape[1]
    unit = np.tile(cells.unit, quantities)
    column = (np.arange(quantities)[:, None] * domains + cells.domain).ravel()
    shape = (cells.stage.units.group.size, quantities * domains)
    return csr_array((totals.T.ravel(), (unit, column)), shape=shape)


def _slopes(residuals: Residuals | None, block: Block, estimated: Estimated) -> Floats | None:
    """Return the regression of each estimate: shape (q, V D)."""
    if residuals is None:
        return None
    B = slopes(residuals, block, estimated)
    return B.transpose(1, 2, 0).reshape(B.shape[1], -1)


def beside(parts: Sequence[Sums]) -> Sums:
    """Return several sets of sums of one survey as one."""
    explained = [part.slopes for part in parts if part.slopes is not None]
    return Sums(
        estimate=np.concatenate([part.estimate for part in parts]),
        df=np.concatenate([part.df for part in parts]),
        stages=tuple(
            hstack(stage, format="csr") for stage in zip(*(p.stages for p in parts), strict=True)
        ),
        slopes=np.concatenate(explained, axis=1) if explained else None,
    )


def combined(sums: Sums, coefficients: Floats) -> Sums:
    """Return one linear combination, coefficients of shape (K,), as sums of its own."""
    column = csr_array(coefficients[:, None])
    chosen = coefficients != 0
    return Sums(
        estimate=np.array([coefficients[chosen] @ sums.estimate[chosen]]),
        df=sums.df[:1],
        stages=tuple((stage @ column).tocsr() for stage in sums.stages),
        slopes=None if sums.slopes is None else sums.slopes @ coefficients[:, None],
    )


def joint_covariance(sums: Sums, survey: Survey) -> Floats:
    """Return the covariance of K estimates over all stages: shape (K, K)."""
    total = np.zeros((sums.estimate.size, sums.estimate.size))
    for place, (stage, totals) in enumerate(zip(survey.sample.stages, sums.stages, strict=True)):
        total += covariance(stage, totals, _explained(sums, place, survey))
    return total


def _explained(sums: Sums, place: int, survey: Survey) -> Explained | None:
    residuals = survey.residuals[0]
    if residuals is None or sums.slopes is None:
        return None
    return Explained(residuals.auxiliaries.stages[place].units, sums.slopes)
