"""Cells: rows that agree in every margin, taken together.

The raking factor of a row depends on nothing but its categories, so all rows of a cell share it.
Rows are crossed once to add their weights up and once to hand the factors out; everything between
happens on the occupied cells, which are usually far fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Codes, Floats

Places = NDArray[np.intp]

OVERFLOW = 2**62
"""Cell numbers stay below this, so that they fit an int64 with room to spare."""

WORTH = 0.6
"""With more cells than this share of the rows, the rows are faster (measured: 0.5 to 0.75)."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells that iteration works on; with ``place`` None every row is a cell of its own.

    Attributes
    ----------
    place
        Shape (n,): the cell of each row, or None.
    codes
        K arrays of shape (J,): the category of each cell in each margin.
    levels
        K: the number of categories of each margin.
    """

    place: Places | None
    codes: tuple[Places, ...]
    levels: tuple[int, ...]

    def rows(self) -> Places:
        """Return the cell of each row, also where every row is a cell: (n,)."""
        return np.arange(len(self.codes[0])) if self.place is None else self.place

    def total(self, rows: Floats) -> Floats:
        """Add a quantity of the rows up by cell: (n,) to (J,)."""
        if self.place is None:
            return rows
        return totals(self.place, rows, len(self.codes[0]))

    def spread(self, cells: Floats) -> Floats:
        """Hand a quantity of the cells out to the rows: (J,) to (n,)."""
        return cells if self.place is None else cells[self.place]

    def margin_totals(self, cells: Floats) -> list[Floats]:
        """Add a quantity of the cells up by category: (J,) to K arrays of (L_k,)."""
        return [
            totals(code, cells, levels)
            for code, levels in zip(self.codes, self.levels, strict=True)
        ]

    def along(self, categories: Floats) -> Floats:
        """Add up, for each cell, a quantity of its categories: (sum L,) to (J,)."""
        parts = np.split(categories, np.cumsum(self.levels)[:-1])
        total = parts[0][self.codes[0]]
        for part, code in zip(parts[1:], self.codes[1:], strict=True):
            total += part[code]
        return total

    def crossed(self, cells: Floats) -> Floats:
        """Cross-tabulate a quantity of the cells, each two margins: (J,) to (sum L, sum L)."""
        ends = np.cumsum((0, *self.levels))
        table = np.zeros((ends[-1], ends[-1]))
        table[np.diag_indices_from(table)] = np.concatenate(self.margin_totals(cells))
        for a, (code, levels) in enumerate(zip(self.codes, self.levels, strict=True)):
            for b, (other, others) in enumerate(zip(self.codes[:a], self.levels[:a], strict=True)):
                joint = totals(other * levels + code, cells, others * levels)
                block = joint.reshape(others, levels)
                table[ends[b] : ends[b + 1], ends[a] : ends[a + 1]] = block
                table[ends[a] : ends[a + 1], ends[b] : ends[b + 1]] = block.T
        return table


def totals(code: NDArray[Any], weights: Floats, levels: int) -> Floats:
    """Add weights up by code: (n,) to (levels,)."""
    return np.bincount(code, weights=weights, minlength=levels).astype(np.float64, copy=False)


def collapse(codes: Sequence[Codes], levels: Sequence[int], *, worth: float = WORTH) -> Cells:
    """Collapse rows to the occupied cells, or keep the rows where there is little to gain.

    Parameters
    ----------
    codes
        K arrays of shape (n,), 0 <= code < levels[k].
    levels
        K: the number of categories of each margin.
    worth
        The largest share of cells to rows at which cells are used; 0 keeps the rows.

    Examples
    --------
    >>> cells = collapse([np.array([0, 0, 1]), np.array([1, 1, 0])], (2, 2), worth=1)
    >>> cells.place.tolist(), [code.tolist() for code in cells.codes]
    ([0, 0, 1], [[0, 1], [1, 0]])
    """
    n = len(codes[0])
    few = prod(levels) <= max(4 * n, 2**16)
    place, combined = _tabulated(codes, levels) if few else _sorted(codes, levels)
    if len(combined[0]) > worth * n:
        return Cells(None, tuple(code.astype(np.intp) for code in codes), tuple(levels))
    return Cells(place, combined, tuple(levels))


def _tabulated(codes: Sequence[Codes], levels: Sequence[int]) -> tuple[Places, tuple[Places, ...]]:
    """Give the occupied cells numbers through a table of all of them; return also their codes."""
    number = _appended(codes[0].astype(np.intp), codes[1:], levels[1:])
    occupied = np.bincount(number, minlength=prod(levels)) > 0
    place = np.cumsum(occupied, dtype=np.intp) - 1
    return place[number], np.unravel_index(np.flatnonzero(occupied), tuple(levels))


def _sorted(codes: Sequence[Codes], levels: Sequence[int]) -> tuple[Places, tuple[Places, ...]]:
    """Do the same by sorting, where a table of all cells would be too large."""
    number, size = codes[0].astype(np.intp), levels[0]
    for code, level in zip(codes[1:], levels[1:], strict=True):
        if size * level > OVERFLOW:
            occupied, number = np.unique(number, return_inverse=True)
            size = len(occupied)
        number, size = _appended(number, [code], [level]), size * level
    _, row, place = np.unique(number, return_index=True, return_inverse=True)
    return place, tuple(code[row].astype(np.intp) for code in codes)


def _appended(number: Places, codes: Sequence[Codes], levels: Sequence[int]) -> Places:
    """Append digits to mixed-radix numbers, in place: new memory costs more than the sum."""
    for code, level in zip(codes, levels, strict=True):
        number *= level
        number += code
    return number
