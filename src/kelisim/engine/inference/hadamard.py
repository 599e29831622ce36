"""Hadamard matrices: signs whose columns are balanced against each other, for half-samples."""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.int8]


def hadamard(least: int) -> Signs:
    """Return a matrix of signs H with H'H = m I, of the smallest order m >= least at hand.

    The first column is all ones, so that every other column adds up to zero.

    Parameters
    ----------
    least
        At least 1.

    Returns
    -------
    Signs
        Shape (m, m), of 1 and -1.

    References
    ----------
    Sylvester (1867) for the doubling; Paley (1933), On orthogonal matrices, Journal of Mathematics
    and Physics 12, for orders q + 1 and 2 (q + 1), q prime.

    Examples
    --------
    >>> hadamard(3).tolist()
    [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    >>> [len(hadamard(m)) for m in (1, 2, 5, 11, 21, 30)]
    [1, 2, 8, 12, 24, 32]
    """
    for order in count(least):
        found = _of_order(order)
        if found is not None:
            return found * found[:, :1]
    raise AssertionError  # pragma: no cover


def _of_order(order: int) -> Signs | None:
    if order in (1, 2):
        return np.array([[1, 1], [1, -1]], dtype=np.int8)[:order, :order]
    if order % 4:
        return None
    half = _of_order(order // 2)
    if half is not None:
        return np.kron(np.array([[1, 1], [1, -1]], dtype=np.int8), half)
    if _prime(order - 1):
        return _first_kind(order - 1)
    if _prime(order // 2 - 1):
        return _second_kind(order // 2 - 1)
    return None


def _prime(q: int) -> bool:
    return q > 1 and all(q % d for d in range(2, int(q**0.5) + 1))


def _residues(q: int) -> Signs:
    """Return Jacobsthal's matrix: 1 where the difference of the places is a square modulo q."""
    character = np.full(q, -1, dtype=np.int8)
    character[np.arange(1, q, dtype=np.int64) ** 2 % q] = 1
    character[0] = 0
    return np.asarray(character[np.subtract.outer(np.arange(q), np.arange(q)) % q])


def _bordered(q: int, corner: int) -> Signs:
    bordered = np.ones((q + 1, q + 1), dtype=np.int8)
    bordered[0, 0] = 0
    bordered[1:, 0] = corner
    bordered[1:, 1:] = _residues(q)
    return bordered


def _first_kind(q: int) -> Signs:
    """Return Paley's matrix of order q + 1, q a prime of the form 4 k + 3."""
    return _bordered(q, -1) + np.eye(q + 1, dtype=np.int8)


def _second_kind(q: int) -> Signs:
    """Return Paley's matrix of order 2 (q + 1), q a prime of the form 4 k + 1."""
    zero = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    sign = np.array([[1, 1], [1, -1]], dtype=np.int8)
    return np.kron(_bordered(q, 1), sign) + np.kron(np.eye(q + 1, dtype=np.int8), zero)
