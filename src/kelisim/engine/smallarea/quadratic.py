"""Sums of x w x' over cells as one sparse product: the inner loop of every fit.

vec(N'WN) = P w with a fixed sparse P of the products of each row's entries (estimation.md 4.4), and
its transpose gives the quadratic forms x_c' V x_c of all cells at once. Only pairs i <= j are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.terms import Rows


@dataclass(frozen=True, slots=True)
class Quadratic:
    """A model matrix X = N E ready for weighted cross-products.

    Attributes
    ----------
    matrix
        Shape (c, m): X.
    transposed
        Shape (m, c): X'.
    expansion
        Shape (q, m): E.
    collapse
        Shape (m, q): E'. A transpose is kept, not taken: the taking costs more than the product.
    products
        Shape (q * q, c): P; the rows below the diagonal are empty.
    squares
        Shape (c, q * q): P'.
    """

    matrix: csr_array
    transposed: csr_array
    expansion: csr_array
    collapse: csr_array
    products: csr_array
    squares: csr_array

    def gram(self, weights: Floats) -> Floats:
        """Return X' diag(weights) X, shape (m, m)."""
        q = self.expansion.shape[0]
        upper = np.asarray(self.products @ weights).reshape(q, q)
        narrow = upper + np.triu(upper, 1).T
        return np.asarray(self.collapse @ np.ascontiguousarray((self.collapse @ narrow).T))

    def forms(self, covariance: Floats) -> Floats:
        """Return x_c' V x_c of every cell, shape (c,), for a symmetric V of shape (m, m)."""
        narrow = self.expansion @ np.ascontiguousarray((self.expansion @ covariance).T)
        doubled = 2 * narrow
        np.fill_diagonal(doubled, narrow.diagonal())
        return np.asarray(self.squares @ doubled.ravel())


def quadratic(rows: Rows) -> Quadratic:
    """Return the products of the entries of each row, built once for a fit."""
    count, width = rows.places.shape
    q = rows.expansion.shape[0]
    first, second = np.triu_indices(width)
    low = np.minimum(rows.places[:, first], rows.places[:, second])
    high = np.maximum(rows.places[:, first], rows.places[:, second])
    values = rows.values[:, first] * rows.values[:, second]
    cells = np.arange(count)
    narrow = csr_array(
        (rows.values.ravel(), (np.repeat(cells, width), rows.places.ravel())), shape=(count, q)
    )
    products = csr_array(
        (values.ravel(), ((low * q + high).ravel(), np.repeat(cells, first.size))),
        shape=(q * q, count),
    )
    matrix = (narrow @ rows.expansion).tocsr()
    return Quadratic(
        matrix,
        matrix.T.tocsr(),
        rows.expansion,
        rows.expansion.T.tocsr(),
        products,
        products.T.tocsr(),
    )
