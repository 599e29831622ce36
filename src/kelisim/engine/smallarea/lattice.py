"""Points that fill a cube evenly: a rank-1 lattice, built for its plane projections, and shifted.

A lattice of n points has the coordinates frac(k z_j / n + shift_j), k = 0 ... n - 1. Its generating
numbers z_j are chosen one after another so that each new coordinate lies evenly with each of those
before it (component by component; Sloan and Reztsov 2002), as what matters in an integral over
hyperparameters are single ones and pairs. The random shift makes every point uniform.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats


def shifted_lattice(size: int, dimension: int, rng: np.random.Generator) -> Floats:
    """Return points in the unit cube, shape (size, dimension); ``size`` is prime.

    Folded at the middle (the tent of Hickernell 2002), so that what is smooth but does not return
    to where it began is integrated as well as what does.

    >>> points = shifted_lattice(67, 7, np.random.default_rng(1))
    >>> points.shape, bool(abs(points.mean() - 0.5) < 0.01)
    ((67, 7), True)
    """
    steps = np.outer(np.arange(size), _generator(size, dimension)) % size
    points = (steps / size + rng.random(dimension)) % 1.0
    return np.asarray(1 - np.abs(2 * points - 1))


@lru_cache(maxsize=8)
def _generator(size: int, dimension: int) -> NDArray[np.int64]:
    """Return the generating numbers, shape (dimension,): z and n - z fold to the same points."""
    candidates = np.arange(1, size // 2 + 1)
    unevenness = _bernoulli((np.outer(candidates, np.arange(size)) % size) / size)
    chosen, taken = [0], unevenness[0].copy()
    while len(chosen) < dimension:
        best = int(np.argmin(unevenness @ taken))
        chosen.append(best)
        taken += unevenness[best]
    return np.asarray(candidates[chosen[:dimension]])


def _bernoulli(x: Floats) -> Floats:
    """Return the Bernoulli polynomial B2(x): the kernel of the worst-case error."""
    return x * x - x + 1 / 6
