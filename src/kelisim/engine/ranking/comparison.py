"""How far apart areas are, in standard errors of their differences, and how far is far enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.ranking.bounds import extremes, private_scale, upper_bounds
from kelisim.engine.ranking.covariance import ROUNDING, difference_errors
from kelisim.engine.ranking.maxima import Pairs, all_pairs, pairs_with
from kelisim.engine.ranking.stepdown import Comparisons, critical_value
from kelisim.engine.ranking.student import degrees_of_differences, normal_scale


@dataclass(frozen=True, slots=True)
class Separation:
    """How far apart p areas are.

    Attributes
    ----------
    statistics
        Shape (p, p): (t_j - t_k) / s_jk, on the normal scale. Where s_jk = 0, an infinity, or 0 for
        a tie.
    weights
        Shape (p, p): 1 / s_jk; 0 where s_jk = 0.
    errors
        Shape (p, p): s_jk.
    """

    statistics: Floats
    weights: Floats
    errors: Floats


def separation(t: Floats, V: Floats, df: Floats) -> Separation:
    """Return how far apart areas are, from the largest estimate down.

    Parameters
    ----------
    t, V
        Shapes (p,) in falling order, and (p, p): the estimates and their covariance.
    df
        Shape (p,): the degrees of freedom of their variances.
    """
    s = difference_errors(V)
    difference = np.subtract.outer(t, t)
    size = np.abs(t)
    tied = np.abs(difference) <= ROUNDING * np.maximum.outer(size, size)
    sure = np.where(tied, 0.0, np.copysign(np.inf, difference))
    weights = np.divide(1.0, s, out=np.zeros_like(s), where=s > 0)
    # Half of the pairs are enough: the others are the same with the sign changed.
    upper = np.triu(np.where(s > 0, difference * weights, sure), 1)
    if np.isfinite(df).any():
        upper = normal_scale(upper, degrees_of_differences(V.diagonal(), df))
    return Separation(upper - upper.T, weights, s)


def families_of(areas: int, *, simultaneous: bool) -> list[Pairs]:
    """Return which pairs are judged together: all at once, or those of each area; none of one."""
    if simultaneous:
        return [all_pairs(areas)] if areas > 1 else []
    return [pairs_with(area) for area in range(areas)]


def critical_values(
    z: Floats, V: Floats, apart: Separation, families: Sequence[Pairs], k: int, *, step_down: bool
) -> Floats:
    """Return the value that the statistics of each area are held against: shape (p,).

    Parameters
    ----------
    z
        Shape (B, p): draws from N(0, V).
    families
        Which pairs are judged together.
    k
        Which of the B maxima, in order of size, is the critical value.
    """
    scale = private_scale(V, apart.errors)
    ends = extremes(z, scale)
    c = np.zeros(len(V))
    for pairs in families:
        j = pairs.rows
        compared = Comparisons(pairs, apart.statistics[j], apart.weights[j], scale)
        bounds = upper_bounds(z, scale, ends, pairs)
        c[j] = critical_value(z, compared, bounds, k, step_down=step_down)
    return c
