"""How far weights are from equal, and from the base weights they started from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kelisim.engine.frame import Floats


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """A few numbers about weights.

    Attributes
    ----------
    n
        The number of weights.
    sum
        What they add up to.
    kish_deff
        n sum(w^2) / (sum w)^2, at least 1: the factor by which unequal weights inflate the variance
        of a mean that is unrelated to them (Kish 1965, 1992).
    n_eff
        n / kish_deff.
    min_ratio, max_ratio
        The smallest and largest ratio of weight to base weight.
    """

    n: int
    sum: float
    kish_deff: float
    n_eff: float
    min_ratio: float
    max_ratio: float


def diagnostics(weights: ArrayLike, base_weights: ArrayLike = 1.0) -> Diagnostics:
    """Describe weights.

    Parameters
    ----------
    weights
        Shape (n,), > 0.
    base_weights
        Shape (n,), > 0, or one number for all.

    Examples
    --------
    >>> diagnostics([1.0, 1.0, 2.0], 0.5)
    Diagnostics(n=3, sum=4.0, kish_deff=1.125, n_eff=2.666..., min_ratio=2.0, max_ratio=4.0)
    """
    w: Floats = np.asarray(weights, dtype=np.float64)
    ratio = w / np.asarray(base_weights, dtype=np.float64)
    total = float(w.sum())
    kish = len(w) * float(w @ w) / total**2
    return Diagnostics(len(w), total, kish, len(w) / kish, float(ratio.min()), float(ratio.max()))
