"""P(rank = r) of every area, from draws: shown beside a rank set, never instead of it.

A probability of a rank answers 'given these draws, how often', under a flat or a model's prior; it
does not bound how often a league table is wrong, which is what a rank set does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats

BLOCK = 512


def rank_probabilities(draws: Floats, centre: Floats | float = 0.0) -> Floats:
    """Return the share of draws in which area j has rank r, 1 for the largest.

    Equal values share the best of their ranks, as estimates do.

    Parameters
    ----------
    draws
        Shape (B, p): posterior draws; or draws of the errors of estimates.
    centre
        What is added to every draw, shape (p,): the estimates, if the draws are of their errors.

    Returns
    -------
    Floats
        Shape (p, p): row j, column r - 1. Every row sums to 1.

    Raises
    ------
    ValueRefused
        The draws are not a table of numbers, or a number is missing.

    Examples
    --------
    >>> rank_probabilities(np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 5.0]]))
    array([[0.5, 0.5, 0. ],
           [0. , 0.5, 0.5],
           [0.5, 0.5, 0. ]])
    """
    if draws.ndim != 2 or not len(draws) or np.isnan(draws).any():
        raise ValueRefused(
            f"Ranks are counted over a table of draws by areas, not over the shape {draws.shape} "
            "or over missing numbers.",
            do="Leave out areas that have no draws.",
        )
    counts = np.zeros((draws.shape[1],) * 2, dtype=np.int64)
    for start in range(0, len(draws), BLOCK):
        counts += _counts(draws[start : start + BLOCK] + centre)
    return counts / len(draws)


def _counts(draws: Floats) -> NDArray[np.int64]:
    """Return in how many of the draws, shape (B, p), area j has rank r, shape (p, p)."""
    areas = draws.shape[1]
    order = np.argsort(-draws, axis=1)
    ordered = np.take_along_axis(draws, order, axis=1)
    place = np.tile(np.arange(areas), (len(draws), 1))
    tied = ordered[:, 1:] == ordered[:, :-1]
    if tied.any():
        place[:, 1:][tied] = 0
        np.maximum.accumulate(place, axis=1, out=place)
    place += order * areas
    counts = np.bincount(place.reshape(-1), minlength=areas * areas)
    return counts.reshape(areas, areas)
