"""Draws of the coefficients from their posterior, hyperparameters and all.

A draw takes a point of the hyperparameters with its weight and a normal vector around the mean of
the coefficients there. The normal vectors of a whole run are turned so that their mean is exactly 0
and their covariance exactly I: a mean or a standard deviation over 1,000 draws is then that of the
posterior, without the 3 % and 2 % of noise that free draws would add.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.factor import factor
from kelisim.engine.smallarea.laplace import Counts, Mode, skew


def posterior_draws(
    counts: Counts, modes: Sequence[Mode], weights: Floats, size: int, rng: np.random.Generator
) -> Floats:
    """Return draws of the coefficients in random order, shape (m, size).

    Parameters
    ----------
    modes
        The mode of the coefficients at each point of the hyperparameters.
    weights
        The weight of each point.
    """
    normal = matched_normal(modes[0].coefficients.size, size, rng)
    chosen = spread(weights, size, rng)
    drawn = np.empty_like(normal)
    for point in np.unique(chosen):
        own = chosen == point
        mode = modes[point]
        center = mode.coefficients - skew(counts, mode, mode.curvature.inverse()) / 2
        drawn[:, own] = center[:, None] + mode.curvature.colour(normal[:, own])
    return np.ascontiguousarray(drawn[:, rng.permutation(size)])


def matched_normal(dimension: int, size: int, rng: np.random.Generator) -> Floats:
    """Return standard normal vectors, shape (dimension, size), with exact moments if size allows.

    The mean is 0; where ``size`` is at least twice ``dimension`` the covariance (divisor
    ``size - 1``) is I.
    """
    normal = rng.standard_normal((dimension, size))
    normal -= normal.mean(axis=1, keepdims=True)
    if size < 2 * dimension + 2:
        return normal
    return factor(normal @ normal.T / (size - 1)).whiten(normal)


def spread(weights: Floats, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ``size`` positions, each as often as its weight to within one (systematic sampling).

    >>> spread(np.array([0.5, 0.25, 0.25]), 4, np.random.default_rng(1)).tolist()
    [0, 0, 1, 2]
    """
    places = (np.arange(size) + rng.uniform()) / size
    return np.minimum(np.searchsorted(np.cumsum(weights), places, side="right"), len(weights) - 1)
