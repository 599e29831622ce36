"""A bound on the standardised differences of a draw, from one look at each area.

Let g_j > 0 be such that g_j^2 + g_k^2 <= s_jk^2 for every pair. With f_j = z_j / g_j, where the
draw z may be moved by any common amount, Cauchy's inequality gives for areas of opposite sign

    |z_j - z_k| = g_j |f_j| + g_k |f_k| <= s_jk sqrt(f_j^2 + f_k^2),

and for areas of equal sign |z_j - z_k| <= max(|z_j|, |z_k|) <= s_jk max(|f_j|, |f_k|). So most
draws need no pairs, and most areas of the other draws need not be paired. Where areas are nearly
independent, once what moves them all is taken out, g_j is nearly their standard error and the bound
nearly reached; where they are strongly correlated it is still a bound, and of less use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.ranking.maxima import FEW, Pairs, largest_differences

SLACK = 1 + 1e-7
"""More than the rounding of what moves all areas, so that a bound is one in floating point too."""

CONTESTS = 4096
"""Up to so many pairs of a draw are computed one draw at a time."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What turns draws into f.

    Attributes
    ----------
    share
        Shape (p,): weights of the mean that is subtracted from all areas of a draw.
    inverse
        Shape (p,): 1 / g_j; 0 for an area that does not vary once the mean is subtracted.
    """

    share: Floats
    inverse: Floats


def private_scale(covariance: Floats, errors: Floats) -> Scale:
    """Return g with g_j^2 + g_k^2 <= s_jk^2: the least s_jk^2 / (V_jj + V_kk) of j, times V_jj.

    V is the covariance after a mean weighted by precision is subtracted, so that one very uncertain
    area does not move all the others.
    """
    variances = covariance.diagonal()
    precision = np.divide(1.0, variances, out=np.zeros_like(variances), where=variances > 0)
    share = precision / max(precision.sum(), np.finfo(float).tiny)
    common = covariance @ share
    left = np.maximum(variances - 2 * common + share @ common, 0.0)
    both = np.add.outer(left, left)
    ratio = np.divide(errors**2, both, out=np.full_like(both, 2.0), where=(errors > 0) & (both > 0))
    g = np.sqrt(ratio.min(axis=1, initial=2.0) * left)
    return Scale(share, np.divide(SLACK, g, out=np.zeros_like(g), where=g > 0))


def standardised(z: Floats, scale: Scale) -> Floats:
    """Return f, shape (n, p), of draws z of that shape."""
    f: Floats = (z - (z @ scale.share)[:, None]) * scale.inverse
    return f


@dataclass(frozen=True, slots=True)
class Extremes:
    """The largest f and the largest -f of every draw, at least 0: both of shape (B,)."""

    highest: Floats
    lowest: Floats


def extremes(z: Floats, scale: Scale) -> Extremes:
    """Return the extremes of f in every draw, in blocks that fit the cache."""
    highest, lowest = np.empty(len(z)), np.empty(len(z))
    for start in range(0, len(z), 256):
        block = slice(start, start + 256)
        f = standardised(z[block], scale)
        highest[block] = f.max(axis=1, initial=0.0)
        lowest[block] = -f.min(axis=1, initial=0.0)
    return Extremes(highest, lowest)


def upper_bounds(z: Floats, scale: Scale, ends: Extremes, pairs: Pairs) -> Floats:
    """Return a bound, for every draw, on the largest standardised difference of the pairs."""
    up, down = ends.highest, ends.lowest
    if len(pairs.rows) == 1:
        j = int(pairs.rows[0])
        f = (z[:, j] - z @ scale.share) * scale.inverse[j]
        up, down = np.maximum(f, 0.0), np.maximum(-f, 0.0)
    return np.maximum(np.hypot(up, ends.lowest), np.hypot(down, ends.highest))


def exact_maxima(z: Floats, scale: Scale, above: Floats, below: Floats, pairs: Pairs) -> Floats:
    """Return `largest_differences`, pairing only the areas that could reach the maximum.

    Once a difference is found that exceeds every |f|, only areas of opposite sign matter, and of
    them only those whose f^2, with that of the other extreme, exceeds the square of what was found.
    """
    if z.shape[1] <= FEW or len(pairs.rows) == 1:
        return largest_differences(z, above, below, pairs)
    f = standardised(z, scale)
    top, high, low = _against_extremes(z, f, above, below)
    over = (f > 0) & (f**2 > (top**2 - low**2)[:, None])
    under = (f < 0) & (f**2 > (top**2 - high**2)[:, None])
    many = (over.sum(axis=1) * under.sum(axis=1) > CONTESTS) | (top < np.maximum(high, low))
    for draw in np.flatnonzero(~many):
        j, k = np.flatnonzero(over[draw])[:, None], np.flatnonzero(under[draw])
        contests = (z[draw, j] - z[draw, k]) * above[j, k]
        top[draw] = max(top[draw], contests.max(initial=0.0))
    if many.any():
        top[many] = largest_differences(z[many], above, below, pairs)
    return top


def _against_extremes(
    z: Floats, f: Floats, above: Floats, below: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the largest difference to one of the two extreme areas of each draw, and their |f|."""
    draw = np.arange(len(z))
    highest, lowest = f.argmax(axis=1), f.argmin(axis=1)
    down = (z[draw, highest, None] - z) * above[highest]
    up = (z - z[draw, lowest, None]) * below[lowest]
    top = np.maximum(down.max(axis=1), up.max(axis=1))
    return top, np.maximum(f[draw, highest], 0.0), np.maximum(-f[draw, lowest], 0.0)
