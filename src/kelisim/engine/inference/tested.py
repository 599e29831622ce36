"""A test: a statistic, its degrees of freedom, and how often chance alone gives as much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc


@dataclass(frozen=True, slots=True)
class Tested:
    """The outcome of a test.

    Attributes
    ----------
    statistic
        F; chi-square where ``df2`` is infinite.
    df1, df2
        Degrees of freedom of numerator and denominator.
    p
        NaN where the design leaves no degrees of freedom.
    """

    statistic: float
    df1: float
    df2: float
    p: float


def f_test(statistic: float, df1: float, df2: float) -> Tested:
    """Return the test of an F statistic; without a statistic where df2 is below 1.

    >>> round(f_test(4.0, 2, 10).p, 4)
    0.0529
    """
    if df2 < 1:
        return Tested(np.nan, df1, df2, np.nan)
    return Tested(statistic, df1, df2, float(fdtrc(df1, df2, statistic)))


def chi_square(statistic: float, df: float) -> Tested:
    """Return the test of a chi-square statistic.

    >>> round(chi_square(5.99, 2).p, 3)
    0.05
    """
    return Tested(statistic, df, np.inf, float(chdtrc(df, statistic)))
