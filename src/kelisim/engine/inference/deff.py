"""Design effects: how much more an estimate varies than in a simple random sample of the size."""

from __future__ import annotations

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Block
from kelisim.engine.inference.linearise import Estimated
from kelisim.engine.inference.partition import Partition

_ROUNDING = 1e-13
"""A sum of squares below this share of what it was computed from is zero."""


def simple_variance(block: Block, partition: Partition, estimated: Estimated) -> Floats:
    r"""Return the variance each estimate would have under simple random sampling.

    With W the sum of weights and u the linearised variable of the domain, drawn with replacement,

    .. math:: V_0 = W^2 S_u^2 / n, \quad
              S_u^2 = \frac{n}{n - 1} \sum_i w_i (u_i - \bar u)^2 / W .

    For a mean this is S^2/n of the item; R ``survey`` calls V/V_0 the design effect "replace".

    Returns
    -------
    Floats
        Shape (D, V); NaN where fewer than two rows answered or their answers are all equal.
    """
    rows = partition.rows
    weight = rows.everyone if block.complete else np.asarray(rows.matrix @ block.answered)
    square = np.asarray(rows.matrix @ block.numerator**2)
    deviation = square - _explained(block, partition, estimated.ratio, weight)
    kept = (deviation > _ROUNDING * square) & (estimated.n > 1) & (weight > 0)
    scaled = weight * deviation / estimated.scale**2
    unknown = np.full(square.shape, np.nan)
    return np.asarray(np.divide(scaled, estimated.n - 1, out=unknown, where=kept))


def _explained(block: Block, partition: Partition, ratio: Floats, weight: Floats) -> Floats:
    """Return sum w y^2 - sum w (y - R x)^2 in each domain; for a mean x is 1."""
    if not block.ratio:
        return np.asarray(ratio**2 * weight)
    y, x = block.numerator, block.denominator
    rows = partition.rows.matrix
    return np.asarray(ratio * (2 * (rows @ (y * x)) - ratio * (rows @ x**2)))


def without_replacement(deff: Floats, n: Floats, population: Floats) -> Floats:
    """Return the design effect against a simple random sample without replacement.

    This is the default kind of R ``survey``: V / (S^2 (N - n) / (N n)).

    Parameters
    ----------
    deff
        The "replace" kind.
    n, population
        Rows that answered, and the sum of their weights, N.

    Examples
    --------
    >>> float(without_replacement(np.array(2.0), np.array(100.0), np.array(200.0)))
    4.0
    """
    return np.asarray(deff / (1 - n / population))
