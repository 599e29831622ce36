"""The main axes of a sparse matrix of votes, without ever filling in what was not voted on.

A missing vote filled with the mean of its statement, and then centred, is exactly zero; so the
principal components of the filled matrix are the singular vectors of the sparse residuals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.linalg import eig_banded

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.votes import Indices, Pointers, Signs, Votes, tally

BLOCK = 4
"""Vectors that are multiplied together in one pass over the votes; `_gram_product` has them one by
one."""

MOST_PASSES = 40


@dataclass(frozen=True, slots=True)
class Axes:
    """The leading principal axes of the votes.

    Attributes
    ----------
    means
        Shape (m,): the weighted mean vote on each statement, 0 where nobody voted.
    loadings
        Shape (m, k): orthonormal columns; the entry of largest size in each is positive.
    variances
        Shape (k,): the weighted sum of squares along each axis, descending.
    passes
        How many times the votes were read.
    """

    means: Floats
    loadings: Floats
    variances: Floats
    passes: int


def principal_axes(
    votes: Votes, count: int = 2, *, tolerance: float = 1e-8, start: Axes | None = None
) -> Axes:
    """Return the leading axes by block Krylov iteration; no random numbers are used.

    Parameters
    ----------
    count
        How many axes; columns beyond the rank of the votes are zero.
    tolerance
        Largest residual of an axis, relative to the largest variance.
    start
        Axes of an earlier state of the same statements: the iteration begins there.

    References
    ----------
    Musco, Musco (2015), Randomized block Krylov methods for stronger and faster approximate
    singular value decomposition, NeurIPS; the start here is a fixed cosine basis.
    """
    means = mean_votes(votes)
    m = votes.shape[1]
    start_at = _cosines(m, max(BLOCK, count)) if start is None else start.loadings
    # Vectors are rows here, so that sums run along memory.
    basis, image, within = np.empty((0, m)), np.empty((0, m)), np.empty((0, 0))
    block = _orthonormal(start_at.T, basis)
    loadings, variances, passes = np.zeros((m, count)), np.zeros(count), 0
    while len(block) and passes < MOST_PASSES:
        product = np.ascontiguousarray(gram_product(votes, means, block.T)[0].T)
        passes += 1
        basis, image = np.vstack([basis, block]), np.vstack([image, product])
        within = _bordered(within, np.einsum("am,bm->ab", basis, product))
        loadings, variances, residual = _ritz(basis, image, within, 2 * start_at.shape[1], count)
        if residual <= tolerance * max(variances[0], np.finfo(float).tiny):
            break
        block = _orthonormal(product, basis)
    return Axes(means, _signed(loadings), variances, passes)


def mean_votes(votes: Votes) -> Floats:
    """Return the weighted mean vote on each statement, shape (m,); 0 where nobody voted."""
    counts = tally(votes, np.zeros(votes.shape[0], np.int32), 1)
    seen = counts.seen[0]
    means: Floats = np.divide(
        counts.agree[0] - counts.disagree[0], seen, out=np.zeros_like(seen), where=seen > 0
    )
    return means


def gram_product(votes: Votes, means: Floats, block: Floats) -> tuple[Floats, Floats]:
    """Return (R' W R X, R X) for sparse residuals R, weights W and a block X of shape (m, b)."""
    products, scores = [], []
    for first in range(0, block.shape[1], BLOCK):
        part = np.zeros((len(block), BLOCK))
        width = min(BLOCK, block.shape[1] - first)
        part[:, :width] = block[:, first : first + width]
        product, score = _gram_product(
            votes.indptr, votes.indices, votes.signs, votes.weights, means, part
        )
        products.append(product[:, :width])
        scores.append(score[:, :width])
    return np.hstack(products), np.hstack(scores)


@njit(cache=True)
def _gram_product(
    indptr: Pointers, indices: Indices, signs: Signs, weights: Floats, means: Floats, block: Floats
) -> tuple[Floats, Floats]:
    """Multiply a block of `BLOCK` columns, written out so that it becomes vector instructions."""
    product = np.zeros(block.shape)
    scores = np.empty((weights.size, 4))
    residuals = np.empty(np.diff(indptr).max() if weights.size else 0)
    for i in range(weights.size):
        first, size = indptr[i], indptr[i + 1] - indptr[i]
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for k in range(size):
            j = indices[first + k]
            residual = signs[first + k] - means[j]
            residuals[k] = residual
            a += residual * block[j, 0]
            b += residual * block[j, 1]
            c += residual * block[j, 2]
            d += residual * block[j, 3]
        scores[i, 0], scores[i, 1], scores[i, 2], scores[i, 3] = a, b, c, d
        a, b, c, d = a * weights[i], b * weights[i], c * weights[i], d * weights[i]
        for k in range(size):
            j, residual = indices[first + k], residuals[k]
            product[j, 0] += residual * a
            product[j, 1] += residual * b
            product[j, 2] += residual * c
            product[j, 3] += residual * d
    return product, scores


def _cosines(m: int, count: int) -> Floats:
    """Return a fixed start: cosines of low and unrelated frequencies."""
    frequency = np.arange(1, min(count, m) + 1) * np.sqrt(2)
    return np.cos(np.outer(np.arange(m) + 0.5, frequency))


def _orthonormal(block: Floats, basis: Floats) -> Floats:
    """Return the block as orthonormal rows, orthogonal to the basis, without dependent ones.

    Plain sums instead of BLAS: their order does not depend on the number of threads.
    """
    rest = np.ascontiguousarray(block)
    before = np.sqrt(np.sum(rest * rest, axis=1))
    for _ in range(2):
        rest = rest - np.einsum("ba,am->bm", np.einsum("bm,am->ba", rest, basis), basis)
    fresh: list[Floats] = []
    for vector, size_before in zip(rest, before, strict=True):
        for _ in range(2):
            for other in fresh:
                vector = vector - np.sum(other * vector) * other
        size = np.sqrt(np.sum(vector * vector))
        if size > 1e-10 * size_before:
            fresh.append(vector / size)
    return np.array(fresh) if fresh else np.empty((0, basis.shape[1]))


def _bordered(within: Floats, columns: Floats) -> Floats:
    """Return a symmetric matrix grown by its last columns."""
    known, fresh = len(within), columns.shape[1]
    grown = np.empty((known + fresh, known + fresh))
    grown[:known, :known] = within
    grown[:, known:] = columns
    grown[known:, :known] = columns[:known].T
    return grown


def _ritz(
    basis: Floats, image: Floats, within: Floats, reach: int, count: int
) -> tuple[Floats, Floats, float]:
    """Return the best axes within a basis, their variances and the largest residual.

    The image of a block lies in the blocks up to the next one, so `within` is a band of ``reach``
    diagonals on either side. The dense routine would wake the threads of BLAS: 50 ms for 56 rows
    where another program holds a core, and 0.2 ms here.
    """
    size = len(within)
    band = np.zeros((min(reach, size), size))
    for offset, row in enumerate(band):
        row[: size - offset] = within.diagonal(-offset)
    ends = (max(size - count, 0), size - 1)
    values, vectors = eig_banded(band, lower=True, select="i", select_range=ends)
    values, weights = values[::-1], np.ascontiguousarray(vectors[:, ::-1].T)
    axes = np.einsum("ka,am->km", weights, basis)
    residuals = np.einsum("ka,am->km", weights, image) - axes * values[:, None]
    found = len(values)
    loadings, variances = np.zeros((basis.shape[1], count)), np.zeros(count)
    loadings[:, :found], variances[:found] = axes.T, np.maximum(values, 0.0)
    enough = found == count
    residual = float(np.sqrt((residuals**2).sum(axis=1)).max()) if enough else np.inf
    return loadings, variances, residual


def _signed(loadings: Floats) -> Floats:
    """Turn each axis so that its entry of largest size, the first of them, is positive."""
    if not loadings.size:
        return loadings
    largest = np.argmax(np.round(np.abs(loadings), 9), axis=0)
    return loadings * np.where(loadings[largest, np.arange(loadings.shape[1])] < 0, -1.0, 1.0)
