"""Cholesky factors of matrices of some hundred rows, without waking the threads of BLAS.

A fit factors hundreds of small matrices one after another. The dense routine of LAPACK starts
threads for each; where another program holds a core, that wait is hundreds of times the work. The
packed and banded routines do the same arithmetic on one core, and are as fast on an idle machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from scipy.linalg.lapack import dpbtrs, dpptrf, dtbtrs

from kelisim.engine.frame import Floats

WIDE = 512
"""Above so many rows the dense routines repay their threads."""


@dataclass(frozen=True, slots=True)
class Factor:
    """The lower Cholesky factor L of a symmetric positive definite matrix H.

    Attributes
    ----------
    band
        Shape (m, m), column-major: entry (d, j) is L[j + d, j].
    """

    band: Floats

    def solve(self, right: Floats) -> Floats:
        """Return H^-1 r for r of shape (m,) or (m, k)."""
        return np.asarray(dpbtrs(self.band, right, lower=1)[0])

    def whiten(self, right: Floats) -> Floats:
        """Return L^-1 r for r of shape (m, k)."""
        return np.asarray(dtbtrs(self.band, right, uplo="L")[0])

    def colour(self, right: Floats) -> Floats:
        """Return L^-T r for r of shape (m, k): of covariance H^-1 if that of r is I."""
        return np.asarray(dtbtrs(self.band, right, uplo="L", trans="T")[0])

    def log_determinant(self) -> float:
        """Return log |H|."""
        return 2 * float(np.log(self.band[0]).sum())

    def inverse(self) -> Floats:
        """Return H^-1, shape (m, m)."""
        m = len(self.band)
        if m <= WIDE:
            return self.solve(np.eye(m))
        lower = np.zeros((m, m))
        rows, columns = _lower(m)
        lower[rows, columns] = self.band[rows - columns, columns]
        return np.asarray(cho_solve((lower, True), np.eye(m), check_finite=False))


def factor(matrix: Floats) -> Factor:
    """Return the factor of a symmetric positive definite matrix, shape (m, m)."""
    m = len(matrix)
    rows, columns = _lower(m)
    if m <= WIDE:  # the lower triangle by rows is the upper one by columns, which is packed storage
        entries = dpptrf(m, matrix[rows, columns], lower=0)[0]
    else:
        entries = np.linalg.cholesky(matrix)[rows, columns]
    band = np.zeros((m, m), order="F")
    band[rows - columns, columns] = entries
    return Factor(band)


@lru_cache(maxsize=4)
def _lower(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of the lower triangle, row by row."""
    rows, columns = np.tril_indices(size)
    return rows.astype(np.int64), columns.astype(np.int64)
