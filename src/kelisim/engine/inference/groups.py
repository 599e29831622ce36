"""Sums within groups: a sparse matrix with a row a group, multiplied by what is summed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from kelisim.engine.frame import Codes, Floats

Keys = NDArray[np.int64]
Bools = NDArray[np.bool_]
Matrix = csc_array[np.float64]

_ROOM = 1 << 20
"""Up to this many possible codes beyond eight a row, a table of them is cheaper than a sort."""


def compact(keys: Keys, size: int) -> tuple[Keys, Codes]:
    """Return the keys that occur, and for each key its place among them.

    Parameters
    ----------
    keys
        Shape (n,), each in 0..size-1.

    Returns
    -------
    occurring
        Shape (m,): the distinct keys, ascending.
    number
        Shape (n,): the place of each key.

    Examples
    --------
    >>> occurring, number = compact(np.array([7, 2, 7]), 9)
    >>> occurring.tolist(), number.tolist()
    ([2, 7], [1, 0, 1])
    """
    if size > 8 * keys.size + _ROOM:
        occurring, number = np.unique(keys, return_inverse=True)
        return occurring, number.astype(np.int32)
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[keys] = True
    place = np.cumsum(occurs, dtype=np.int32)
    return np.flatnonzero(occurs), place[keys] - np.int32(1)


def summation(codes: Codes, size: int, weights: Floats | None = None) -> Matrix:
    """Return the matrix that sums rows within groups: ``summation(codes, size, w) @ y``.

    A column holds one entry, so that a product reads ``y`` once from top to bottom and adds in the
    order of the rows: two equal columns have equal sums to the last bit.

    Parameters
    ----------
    codes
        Shape (n,): the group of each row, negative where it belongs to none.
    size
        The number of groups.
    weights
        Shape (n,): what a row is multiplied by; 1 when not given.

    Returns
    -------
    Matrix
        Shape (size, n).

    Examples
    --------
    >>> group = np.array([0, 1, 0, -1], dtype=np.int32)
    >>> (summation(group, 2) @ np.array([1.0, 2.0, 3.0, 9.0])).tolist()
    [4.0, 2.0]
    """
    member = codes >= 0
    pointer = np.zeros(codes.size + 1, dtype=np.int32)
    np.cumsum(member, out=pointer[1:])
    values = np.ones(codes.size) if weights is None else weights
    if pointer[-1] < codes.size:
        codes, values = codes[member], values[member]
    return csc_array((values, codes, pointer), shape=(size, pointer.size - 1))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Weighted sums within G groups, and how much everyone adds up to.

    Attributes
    ----------
    matrix
        Shape (G, n): see `summation`.
    everyone
        Shape (G, 1): the sum of weights of all rows of the group.
    """

    matrix: Matrix
    everyone: Floats


def grouping(codes: Codes, size: int, weights: Floats | None = None) -> Grouping:
    """Return the sums within groups of rows; parameters as for `summation`."""
    matrix = summation(codes, size, weights)
    return Grouping(matrix, np.asarray(matrix @ np.ones((codes.size, 1))))
