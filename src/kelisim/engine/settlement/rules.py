"""Which outcome a rule of fairness picks: exact comparisons of the points of every candidate.

Candidates are rows of exact numbers, one a party. Floating point only sets aside the rows that are
far from the best; what is left is compared as integers and fractions, so that ties are ties.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import TypeVar

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.model import Exact, Points, Vector

Rows = Points | Sequence[Vector]

Key = TypeVar("Key", Exact, Vector)

NEAR = 1e-9
"""Rows within this relative distance of the best in floating point are compared exactly."""


def powers(entitlement: Sequence[Fraction]) -> tuple[int, ...]:
    """Return entitlements as the smallest whole exponents in the same proportion.

    >>> powers((Fraction(1, 2), Fraction(1, 2))), powers((Fraction(1, 4), Fraction(3, 4)))
    ((1, 1), (1, 3))
    """
    below = lcm(*(share.denominator for share in entitlement))
    return tuple(int(share * below) for share in entitlement)


def nash(rows: Rows, floor: Vector, power: Sequence[int]) -> list[int]:
    """Return the rows with the largest product of gains over the floor (Nash 1950).

    The gain of party i enters to the power of its entitlement (Harsanyi and Selten 1972). The list
    is empty if no row gains for every party.

    Examples
    --------
    >>> nash(np.array([[9, 1], [5, 5], [1, 9]]), (0, 0), (1, 1))
    [1]
    """
    gains = _approximate(rows) - np.array([float(d) for d in floor])
    joint = (gains > 0).all(axis=1)
    score = np.full(len(gains), -np.inf)
    score[joint] = np.log(gains[joint]) @ np.array(power, dtype=np.float64)

    def product(row: Vector) -> Exact:
        return prod((u - d) ** p for u, d, p in zip(row, floor, power, strict=True))

    return _best(rows, score, product) if joint.any() else []


def utilitarian(rows: Rows, weight: Sequence[Fraction]) -> list[int]:
    """Return the rows with the largest weighted sum.

    >>> utilitarian(np.array([[9, 1], [6, 5]]), (Fraction(1), Fraction(1)))
    [1]
    """
    score = _approximate(rows) @ np.array([float(w) for w in weight])
    return _best(rows, score, lambda row: sum(u * w for u, w in zip(row, weight, strict=True)))


def leximin(rows: Rows, origin: Vector, weight: Sequence[Fraction]) -> list[int]:
    """Return the rows whose least weighted gain is largest, then the next least, and so on.

    Parameters
    ----------
    origin, weight
        The gain of party i is ``(u_i - origin_i) * weight_i``. Weights 1 over the totals give
        leximin of the parties' own satisfaction; weights 1 over the ideal gains give the
        lexicographic solution of Kalai and Smorodinsky (Imai 1983).

    Examples
    --------
    >>> leximin(np.array([[9, 1], [5, 4], [4, 6]]), (0, 0), (Fraction(1), Fraction(1)))
    [2]
    """
    gains = (_approximate(rows) - np.array([float(a) for a in origin])) * np.array(
        [float(w) for w in weight]
    )
    levels = np.sort(gains, axis=1)
    close = np.ones(len(levels), dtype=np.bool_)
    for level in levels.T:
        close &= level >= level[close].max() - NEAR * max(1.0, float(np.abs(level).max()))
    return _best(rows, close.astype(np.float64), lambda row: ordered_gains(row, origin, weight))


def ordered_gains(row: Vector, origin: Vector, weight: Sequence[Fraction]) -> Vector:
    """Return the weighted gains of a row from the least to the largest."""
    return tuple(sorted((u - a) * w for u, a, w in zip(row, origin, weight, strict=True)))


def _approximate(rows: Rows) -> Floats:
    if isinstance(rows, np.ndarray):
        return rows.astype(np.float64)
    return np.array([[float(u) for u in row] for row in rows], dtype=np.float64)


def _best(rows: Rows, score: Floats, key: Callable[[Vector], Key]) -> list[int]:
    """Return every row with exactly the largest key, among the rows with nearly the best score."""
    best = float(score.max())
    near = np.flatnonzero(score >= best - NEAR * max(1.0, abs(best)))
    keys = {k: key(exact(rows[k])) for k in map(int, near)}
    largest = max(keys.values())
    return [k for k, value in keys.items() if value == largest]


def exact(row: Sequence[Exact] | Points) -> Vector:
    """Return a row as exact numbers."""
    return tuple(u if isinstance(u, Fraction) else int(u) for u in row)
