"""Calibrating replicates: every replicate weight meets the totals of the full sample."""

from __future__ import annotations

import numpy as np

from kelisim.core.errors import NotConverged
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.calibrate import Calibrated, solve
from kelisim.engine.weighting.distance import distance_of


def recalibrate(calibrated: Calibrated, factors: Floats, *, tolerance: float = 1e-9) -> Floats:
    """Calibrate every replicate of a calibrated sample to the same totals.

    Parameters
    ----------
    calibrated
        The full sample.
    factors
        Shape (n, R): replicate weight over weight, before calibration; >= 0.
    tolerance
        Largest |total - target| / (1 + |target|).

    Returns
    -------
    Floats
        Shape (n, R).

    Raises
    ------
    NotConverged
        A replicate cannot meet the totals; it is named.

    Examples
    --------
    >>> from kelisim.engine.weighting.calibrate import calibrate
    >>> c = calibrate({"sex": ["f", "f", "m", "m"]}, {"sex": {"f": 60, "m": 40}})
    >>> recalibrate(c, np.array([[0.0], [2.0], [0.5], [1.5]])).round(6).ravel().tolist()
    [0.0, 60.0, 10.0, 30.0]
    """
    x = auxiliaries(calibrated.calibration)
    target = calibrated.weights @ x
    chosen = distance_of(calibrated.distance, calibrated.bounds)
    weights = calibrated.base_weights[:, None] * factors
    for replicate in range(weights.shape[1]):
        found = solve(x, weights[:, replicate], target, chosen, tolerance)
        if not found.error < tolerance:
            raise NotConverged(
                f"Calibrating replicate {replicate + 1} did not converge.",
                where="replicates",
                why="Without the people whom the replicate leaves out the totals cannot be met.",
                do="Merge small categories, widen the bounds, or keep the weights of the full "
                "sample's calibration.",
            )
        weights[:, replicate] *= found.ratio
    return weights


def auxiliaries(calibration: Calibration) -> Floats:
    """Return what a sample was calibrated on, categories as 0 and 1: shape (n, q)."""
    parts = [
        (codes[:, None] == np.arange(levels)) * 1.0
        for codes, levels in zip(calibration.margins, calibration.levels, strict=True)
    ]
    if calibration.covariates is not None:
        parts.append(calibration.covariates)
    return np.concatenate(parts, axis=1)
