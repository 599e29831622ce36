"""The textbook, written without haste: estimates and variances by loops over strata and units.

Nothing here is shared with the engine. A variance is built from the recursive definition of
multistage sampling (Särndal, Swensson and Wretman 1992, section 4.3), a residual from numpy's least
squares, on rows with their weight set to zero outside the domain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Labels = NDArray[np.generic]


def total_variance(
    z: Numbers, strata: Labels, units: Sequence[Labels], fractions: Sequence[Numbers]
) -> float:
    """Variance of sum z, for weighted values z of rows.

    ``units`` has an array a stage, ``fractions`` the sampling fraction of the row's group at each.
    """
    whole = 0.0
    for stratum in np.unique(strata):
        rows = strata == stratum
        f = float(fractions[0][rows][0])
        own = units[0][rows]
        sums = np.array([z[rows][own == unit].sum() for unit in np.unique(own)])
        m = sums.size
        if m > 1:
            whole += (1 - f) * m / (m - 1) * ((sums - sums.mean()) ** 2).sum()
        if len(units) == 1:
            continue
        for unit in np.unique(own):
            inside = rows.copy()
            inside[rows] = own == unit
            one = np.zeros(inside.sum())
            whole += f * total_variance(
                z[inside],
                one,
                [stage[inside] for stage in units[1:]],
                [stage[inside] for stage in fractions[1:]],
            )
    return whole


def ratio(y: Numbers, x: Numbers, w: Numbers) -> tuple[float, Numbers]:
    """Ratio of totals and the linearised value of each row, without its weight."""
    below = float((w * x).sum())
    r = float((w * y).sum()) / below
    return r, (y - r * x) / below


def residuals(u: Numbers, X: Numbers, d: Numbers) -> Numbers:
    """Residuals of u on the columns of X by least squares with weights d."""
    return np.asarray(u - X @ slopes(u, X, d))


def slopes(u: Numbers, X: Numbers, d: Numbers) -> Numbers:
    """The least slopes of u on the columns of X by least squares with weights d."""
    root = np.sqrt(d)
    return np.asarray(np.linalg.lstsq(X * root[:, None], u * root, rcond=None)[0])
