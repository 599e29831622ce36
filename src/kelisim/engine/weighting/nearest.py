"""The margins nearest to those asked for that the sample can meet, and what they cost.

A linear programme moves as few people as it can from one category to another of the same margin
until some weights >= 0 meet the counts. Its answer lies on the edge of what can be met, where some
rows have no weight; a step of `INWARDS` towards the sample's own cells gives all of them some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kelisim.engine.frame import Floats
from kelisim.engine.weighting.cells import Cells
from kelisim.engine.weighting.conflict import AT_ONCE, Level, indicators

INWARDS = 1e-3
"""Share of the step from the edge towards equal weights of all cells."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Margins that can be met.

    Attributes
    ----------
    targets
        K arrays of shape (L_k,): their population counts.
    moved
        People whose category differs from what was asked, as a share of the population, added up
        over the margins.
    """

    targets: tuple[Floats, ...]
    moved: float

    def changes(self, asked: Sequence[Floats]) -> list[tuple[Level, float, float]]:
        """Return the categories that change, with the counts asked and met, the largest first."""
        rows = [
            ((k, code), float(before), float(after))
            for k, (old, new) in enumerate(zip(asked, self.targets, strict=True))
            for code, (before, after) in enumerate(zip(old, new, strict=True))
        ]
        # What the step inwards alone has changed is of no interest.
        least = 2 * INWARDS * float(asked[0].sum())
        told = [row for row in rows if abs(row[2] - row[1]) > least]
        return sorted(told, key=lambda row: -abs(row[2] - row[1]))


def nearest_margins(cells: Cells, targets: Sequence[Floats]) -> Nearest | None:
    """Return the nearest margins that positive weights can meet; None above `AT_ONCE` cells.

    Parameters
    ----------
    cells
        Every occupied cell, collapsed.
    targets
        K arrays of shape (L_k,): population counts, > 0.
    """
    from scipy.optimize import linprog  # loading it takes longer than raking a million rows

    X = indicators(cells)
    J, L = X.shape
    if J > AT_ONCE:
        return None
    population, target = float(targets[0].sum()), np.concatenate(targets)
    moves, everybody = sp.eye_array(L, format="csr"), sp.csr_array(np.ones((1, J)))
    # Moving enough people meets any counts: the programme always has an answer.
    counts = sp.hstack([X.T, -moves, moves])
    found = linprog(
        np.concatenate([np.zeros(J), np.full(2 * L, 0.5)]),
        A_eq=sp.vstack([counts, sp.hstack([everybody, sp.csr_array((1, 2 * L))])], format="csr"),
        b_eq=np.append(target / population, 1.0),
        method="highs",
    )
    masses = np.asarray(found.x, np.float64)[:J]
    met = (1 - INWARDS) * (X.T @ masses) + INWARDS * np.asarray(X.mean(axis=0)).ravel()
    ends = np.cumsum(cells.levels)[:-1]
    moved = float(np.abs(met - target / population).sum()) / 2
    return Nearest(tuple(np.split(met * population, ends)), moved)
