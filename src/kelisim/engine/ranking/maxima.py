"""The largest standardised difference of any two areas, in every draw, without storing the pairs.

1,000 areas have 499,500 pairs, and 10,000 draws of them would fill 40 GB; so some draws at a time
go through all the pairs with their running maxima. The maxima are exact: they are over the pairs
themselves, in double precision.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats

Places = NDArray[np.int64]

FEW = 200
"""Up to so many areas numpy alone is quicker than loading a compiler."""

FEW_DRAWS = 32
"""Up to so many draws, too."""

TILE = 128
"""Draws that go through the pairs at once: long enough for the vector unit, short enough for the
cache."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of areas that are judged together.

    Attributes
    ----------
    rows
        Shape (R,): the first area of the pairs in each row.
    starts
        Shape (R,): the row is compared with the areas k >= start.
    """

    rows: Places
    starts: Places


def all_pairs(areas: int) -> Pairs:
    """Return every pair once."""
    return Pairs(np.arange(areas), np.arange(1, areas + 1))


def pairs_with(area: int) -> Pairs:
    """Return the pairs of one area with every area."""
    return Pairs(np.array([area]), np.zeros(1, dtype=np.int64))


def largest_differences(z: Floats, above: Floats, below: Floats, pairs: Pairs) -> Floats:
    """Return max over the pairs of max((z_j - z_k) above_jk, (z_k - z_j) below_jk), or 0 if less.

    Parameters
    ----------
    z
        Shape (n, p): draws.
    above, below
        Shape (R, p), >= 0: the weight of each direction of a pair; 1 / s_jk, or 0 to leave it out.
    pairs
        The area j of each of the R rows, and the areas k.

    Returns
    -------
    Floats
        Shape (n,): a maximum for each draw.
    """
    if z.shape[1] <= FEW or len(z) <= FEW_DRAWS or len(pairs.rows) == 1:
        blocks = range(0, len(z), TILE)
        return np.concatenate([_by_rows(z[b : b + TILE], above, below, pairs) for b in blocks])
    tiles = _tiles(z)
    top = np.zeros((len(tiles), TILE))
    arrays = np.ascontiguousarray(above), np.ascontiguousarray(below), pairs.rows, pairs.starts
    _in_parallel(lambda part: _compiled()(tiles[part], *arrays, top[part]), len(tiles))
    return top.reshape(-1)[: len(z)]


def _by_rows(z: Floats, above: Floats, below: Floats, pairs: Pairs) -> Floats:
    top = np.zeros(len(z))
    for r, (j, start) in enumerate(zip(pairs.rows, pairs.starts, strict=True)):
        difference = z[:, j, None] - z[:, start:]
        for weight in (above[r, start:], -below[r, start:]):
            np.maximum(top, (difference * weight).max(axis=1, initial=0.0), out=top)
    return top


def by_pairs(
    tiles: Floats, above: Floats, below: Floats, rows: Places, starts: Places, top: Floats
) -> None:
    """Do the same pair by pair; compiled, the innermost loop is one pass of the vector unit.

    ``tiles`` has the shape (T, p, TILE), and ``top`` (T, TILE) is brought up to the maxima.
    """
    for t in range(tiles.shape[0]):
        for r in range(rows.shape[0]):
            j = rows[r]
            for k in range(starts[r], tiles.shape[1]):
                up = above[r, k]
                down = -below[r, k]
                for d in range(TILE):
                    x = tiles[t, j, d] - tiles[t, k, d]
                    top[t, d] = max(top[t, d], max(x * up, x * down))


@cache
def _compiled() -> Callable[..., None]:
    # Loaded when first needed: a poll of twenty regions never pays for the compiler.
    from numba import njit

    kernel: Callable[..., None] = njit(cache=True, nogil=True)(by_pairs)
    return kernel


def _tiles(z: Floats) -> Floats:
    """Return draws of shape (n, p) as tiles of shape (T, p, TILE), filled up with zeros."""
    padded = np.zeros((-(-len(z) // TILE) * TILE, z.shape[1]))
    padded[: len(z)] = z
    return np.ascontiguousarray(padded.reshape(-1, TILE, z.shape[1]).transpose(0, 2, 1))


def _in_parallel(work: Callable[[slice], None], tiles: int) -> None:
    """Share the tiles out over threads: each is computed by one, so the order does not matter."""
    threads = min(os.cpu_count() or 1, tiles)
    edges = np.linspace(0, tiles, threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        for share in [pool.submit(work, slice(a, b)) for a, b in pairwise(edges)]:
            share.result()
