"""The variance of estimates over replicates: all quantities and replicates in one product a domain.

With y the numerators (n, V) and x the denominators of a block, and w the replicate weights (n, R),
y'w and x'w over the rows of a domain give every estimate of every replicate at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from kelisim.core.errors import WeightRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Block
from kelisim.engine.inference.partition import Partition
from kelisim.engine.inference.replicates import Replicates


def replicate_variance(
    block: Block, partition: Partition, replicates: Replicates, estimate: Floats
) -> Floats:
    """Return scale sum_r rscale_r (theta_r - c)^2 of every estimate.

    Parameters
    ----------
    estimate
        Shape (D, V): of the full sample.

    Returns
    -------
    Floats
        Shape (D, V); NaN where a replicate holds nobody who answered.
    """
    V = np.full(estimate.shape, np.nan)
    for domain, theta in enumerate(replicate_estimates(block, partition, replicates)):
        deviation = deviations_of(theta, replicates, estimate[domain])
        V[domain] = replicates.scale * (deviation**2 @ replicates.rscales)
    return V


def replicate_estimates(
    block: Block, partition: Partition, replicates: Replicates
) -> Iterator[Floats]:
    """Yield, for each domain, the estimates of all replicates: shape (V, R)."""
    codes, size = partition.domains.codes, partition.size
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(size + 1))
    for first, last in pairwise(ends):
        everyone = last - first == codes.size
        yield _estimates(block, slice(None) if everyone else order[first:last], replicates.weights)


def _estimates(block: Block, rows: slice | np.ndarray, weights: Floats) -> Floats:
    w = weights[rows]
    above, below = block.numerator[rows].T @ w, _denominator(block, rows, w)
    totals = above + block.shift[:, None] * below
    ratios = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return np.where(block.total[:, None], totals, ratios + block.shift[:, None])


def _denominator(block: Block, rows: slice | np.ndarray, w: Floats) -> Floats:
    """Return the sums of the denominators: (V, R)."""
    if block.plain:
        return np.broadcast_to(w.sum(axis=0), (block.shift.size, w.shape[1]))
    return np.asarray(block.denominator[rows].T @ w)


def deviations_of(theta: Floats, replicates: Replicates, estimate: Floats) -> Floats:
    """Return theta_r - c: shape (K, R), from estimates of shapes (K, R) and (K,)."""
    counted = replicates.rscales > 0
    if replicates.mse or not counted.any():
        return np.asarray(theta - estimate[:, None])
    return np.asarray(theta - theta[:, counted].mean(axis=1, keepdims=True))


def replicate_covariance(theta: Floats, replicates: Replicates, estimate: Floats) -> Floats:
    """Return the joint covariance of K estimates: shape (K, K), theta of shape (K, R)."""
    deviation = deviations_of(theta, replicates, estimate)
    return np.asarray(replicates.scale * ((deviation * replicates.rscales) @ deviation.T))


def refuse_other_rows(replicates: Replicates, rows: int) -> None:
    """Refuse replicates of other data.

    Raises
    ------
    WeightRefused
        They do not have a weight for each row.
    """
    if replicates.weights.shape[0] != rows:
        raise WeightRefused(
            f"The replicates are of {replicates.weights.shape[0]} rows, the data have {rows}.",
            where="replicates",
            why="Replicate weights belong to the rows they were made for.",
            do="Make the replicates from these data.",
        )
