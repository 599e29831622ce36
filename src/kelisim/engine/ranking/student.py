"""Statistics whose standard error is itself estimated, from few primary sampling units.

A variance of ten units is off by half its size as often as not, and the largest of many differences
is where it is too small. So each statistic gives way to the normal quantile of its own tail under
Student's t, and is then held against a normal critical value like any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtr

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats


def degrees_of_freedom(df: ArrayLike | None, known: NDArray[np.bool_]) -> Floats:
    """Return the degrees of freedom of every area, infinite where none are given: shape (p,).

    Raises
    ------
    ValueRefused
        The shape is wrong, or a known area has fewer than one degree of freedom.

    Examples
    --------
    >>> degrees_of_freedom(None, np.array([True, True]))
    array([inf, inf])
    """
    given = np.asarray(np.inf if df is None else df, dtype=np.float64)
    if given.shape not in ((), known.shape):
        raise ValueRefused(
            f"The degrees of freedom have the shape {given.shape}, and there are "
            f"{len(known)} areas.",
            do="Pass one number, or one for each area.",
        )
    degrees = np.broadcast_to(given, known.shape)
    short = np.flatnonzero(known & ~(degrees >= 1))
    if short.size:
        raise ValueRefused(
            f"An area has a standard error on {degrees[short[0]]} degrees of freedom.",
            where=f"area {int(short[0]) + 1}",
            why="A variance needs two primary sampling units at least.",
            do="Give the variance of such an area as NaN.",
        )
    return degrees


def degrees_of_differences(variances: Floats, df: Floats) -> Floats:
    """Return the degrees of freedom of differences (Welch 1938, Satterthwaite 1946): shape (p, p).

    >>> degrees_of_differences(np.array([1.0, 1.0, 0.0]), np.array([9.0, 9.0, 9.0])).tolist()
    [[18.0, 18.0, 9.0], [18.0, 18.0, 9.0], [9.0, 9.0, inf]]
    """
    both = np.add.outer(variances, variances) ** 2
    spread = np.add.outer(variances**2 / df, variances**2 / df)
    degrees: Floats = np.divide(both, spread, out=np.full_like(both, np.inf), where=spread > 0)
    return degrees


def normal_scale(statistics: Floats, df: Floats) -> Floats:
    """Return the normal quantiles of statistics with the tail that they have under Student's t.

    >>> normal_scale(np.array([2.262157, -2.262157, 0.0]), np.array([9.0, 9.0, 9.0])).round(4)
    array([ 1.96, -1.96,  0.  ])
    """
    estimated = np.isfinite(df) & (statistics != 0)
    tail = ndtri(stdtr(df[estimated], -np.abs(statistics[estimated])))
    quantiles = statistics.copy()
    quantiles[estimated] = np.copysign(tail, statistics[estimated])
    return quantiles
