"""The terms of a multilevel model on cells, and the columns they put into its model matrix.

The model is written once for all cells of the population. A row of its matrix holds the fixed
columns and one 1 for each group of random effects, so it is kept as positions and values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kelisim.engine.frame import Codes, Floats

AREA = 0
"""Position of the area among the variables of a cell."""


@dataclass(frozen=True, slots=True)
class Term:
    """A group of random effects that share one standard deviation.

    Attributes
    ----------
    name
        The variables, joined by ``:``.
    variables
        Positions of the variables that cross; 0 is the area.
    sizes
        Levels of each of them; the group has their product.
    """

    name: str
    variables: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def levels(self) -> int:
        """Random effects in the group."""
        return int(np.prod(self.sizes))

    def codes(self, variables: Codes) -> NDArray[np.int64]:
        """Return the level of each cell, shape (c,), given its variables, shape (c, 1 + D)."""
        place = np.zeros(len(variables), dtype=np.int64)
        for variable, size in zip(self.variables, self.sizes, strict=True):
            place = place * size + variables[:, variable]
        return place


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms: fixed columns of the area, contrasts of two-level variables, random groups.

    Attributes
    ----------
    fixed
        Shape (A, q): the intercept and the predictors of each area.
    contrasts
        Positions of the variables with two levels; they enter as -1/2 and +1/2.
    random
        The groups of random effects.
    """

    fixed: Floats
    contrasts: tuple[int, ...]
    random: tuple[Term, ...]

    @property
    def constants(self) -> int:
        """Fixed coefficients."""
        return len(self.fixed[0]) + len(self.contrasts)

    @property
    def starts(self) -> tuple[int, ...]:
        """First column of each random group, and the number of all columns at the end."""
        sizes = [self.constants, *(term.levels for term in self.random)]
        return tuple(int(start) for start in np.cumsum(sizes))

    @property
    def of_area(self) -> bool:
        """Whether the first group is that of the area."""
        return bool(self.random) and self.random[0].variables == (AREA,)

    @property
    def columns(self) -> int:
        """Coefficients of the model, m."""
        return self.starts[-1]


@dataclass(frozen=True, slots=True)
class Rows:
    """A model matrix X = N E: narrow rows N with equally many entries, and an expansion E.

    The predictors of an area are the same in all its cells, so N holds the area's indicator instead
    and E turns indicators into predictors. That halves the products of entries.

    Attributes
    ----------
    places
        Shape (c, k), int64: the column of each entry of N.
    values
        Shape (c, k): the entry.
    expansion
        Shape (columns of N, m): E.
    """

    places: NDArray[np.int64]
    values: Floats
    expansion: csr_array


def model_rows(terms: Terms, variables: Codes) -> Rows:
    """Return the model matrix for cells given by their variables.

    Parameters
    ----------
    variables
        Shape (c, 1 + D): the area and the D cell variables of each cell, as codes.
    """
    blocks = _blocks(terms, variables)
    areas, width = terms.fixed.shape
    starts = areas + np.cumsum([0, *(len(block.columns) for block in blocks)])
    expansion = np.zeros((starts[-1], terms.columns))
    expansion[:areas, :width] = terms.fixed
    if terms.of_area:
        expansion[:areas, terms.starts[0] : terms.starts[1]] = np.eye(areas)
    for start, block in zip(starts, blocks, strict=False):
        expansion[start + np.arange(len(block.columns)), block.columns] = 1
    codes = [start + block.codes for start, block in zip(starts, blocks, strict=False)]
    return Rows(
        np.column_stack([variables[:, AREA], *codes]).astype(np.int64),
        np.column_stack([np.ones(len(variables)), *(block.values for block in blocks)]),
        csr_array(expansion),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of X that differ inside an area: the code and value of each cell, and where to."""

    codes: NDArray[np.int64]
    values: Floats
    columns: range


def _blocks(terms: Terms, variables: Codes) -> list[Block]:
    """Return the contrasts and the groups other than that of the area."""
    first, one = terms.fixed.shape[1], np.ones(len(variables))
    contrasts = [
        Block(
            np.zeros(len(variables), np.int64), one * variables[:, v] - 0.5, range(place, place + 1)
        )
        for place, v in enumerate(terms.contrasts, start=first)
    ]
    groups = [
        Block(term.codes(variables), one, range(start, start + term.levels))
        for start, term in zip(terms.starts, terms.random, strict=False)
        if term.variables != (AREA,)
    ]
    return contrasts + groups
