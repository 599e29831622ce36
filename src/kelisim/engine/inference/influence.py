"""The covariance of any smooth function of the sample, from what each row does to it.

`linearise` knows ratios and totals. A regression or a test has its own estimating equation; it
brings the influence of each row (Deville 1999), and stages, calibration and replicates are the
same for it as for everything else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.inference.domains import DomainSet
from kelisim.engine.inference.groups import Bools, summation
from kelisim.engine.inference.joint import Sums, joint_covariance
from kelisim.engine.inference.partition import partition
from kelisim.engine.inference.replicate_variance import replicate_covariance
from kelisim.engine.inference.residuals import Residuals
from kelisim.engine.inference.stages import Stage
from kelisim.engine.inference.survey import Survey
from kelisim.engine.inference.variance import Rows


def covariance_of(
    function: Callable[[Floats], Floats], influence: Floats, survey: Survey
) -> Floats:
    """Return the covariance of K functions of the weights.

    Parameters
    ----------
    function
        Weights of shape (n,) to estimates of shape (K,); called once a replicate, where there are
        replicates, and not at all where there are none.
    influence
        Shape (n, K): the derivative of each estimate to the weight of each row, 0 for a row that
        takes no part, so that the design stays whole.

    Returns
    -------
    Floats
        Shape (K, K).

    References
    ----------
    Deville (1999), Variance estimation for complex statistics and estimators: linearization and
    residual techniques. Survey Methodology 25.
    """
    if survey.replicates is not None:
        theta = np.stack([function(weights) for weights in survey.replicates.weights.T], axis=1)
        return replicate_covariance(theta, survey.replicates, function(survey.replicates.full))
    none = np.zeros(influence.shape[1])
    stages = tuple(
        _by_unit(stage, survey.sample.weights, influence) for stage in survey.sample.stages
    )
    return joint_covariance(
        Sums(none, none, stages, _slopes(survey.residuals[0], influence)), survey
    )


def _by_unit(stage: Stage, weights: Floats, influence: Floats) -> Rows:
    units = stage.units
    return Rows(np.asarray(summation(units.of_row, units.group.size, weights) @ influence))


def _slopes(explained: Residuals | None, influence: Floats) -> Floats | None:
    """Regress the influence on what the weights were calibrated to: shape (q, K)."""
    if explained is None:
        return None
    moments = [np.asarray(moment.matrix @ influence) for moment in explained.moments]
    return np.asarray(explained.auxiliaries.inverse @ np.concatenate(moments))


def degrees_of_freedom(rows: Bools, survey: Survey) -> float:
    """Return PSUs less strata that hold any of the rows."""
    within = DomainSet((), np.where(rows, 0, -1).astype(np.int32), ("",))
    return float(partition(survey.sample, within).df[0, 0])
