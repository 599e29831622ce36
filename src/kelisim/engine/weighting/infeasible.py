"""Why calibration found no weights: proof by linear programming, and the nearest bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kelisim.core.errors import NotConverged
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.fitting import Bounds

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def explain(
    names: Sequence[str],
    x: Floats,
    base: Floats,
    target: Floats,
    ratio: Floats,
    bounds: Bounds | None,
) -> NotConverged:
    """Return the refusal of totals that no weights were found for.

    Parameters
    ----------
    names
        What the q columns of x are called.
    x, base, target
        Shapes (n, q), (n,) and (q,).
    ratio
        Shape (n,): where the search ended.
    bounds
        That the ratios had to keep.
    """
    least = widening(x, base, target, bounds)
    if least is None:
        return NotConverged(
            "No positive weights meet these totals together, and no weights are returned.",
            where=_worst(names, x, base, target, ratio),
            why="The sample holds no mixture of rows that looks like the totals.",
            do="Check the totals, merge categories, or leave one of them out.",
        )
    if bounds is not None and least > 1:
        low, high = 1 - least * (1 - bounds[0]), 1 + least * (bounds[1] - 1)
        return NotConverged(
            f"No weights between {bounds[0]:g} and {bounds[1]:g} times the base weight meet these "
            f"totals. The nearest bounds of the same shape that can be met are "
            f"{max(low, 0.0):.3g} and {high:.3g}.",
            where="bounds",
            do="Widen the bounds, or leave out the total that strains them most: "
            f"{_worst(names, x, base, target, ratio)}.",
        )
    return NotConverged(
        "Calibration did not converge, and no weights are returned.",
        where=_worst(names, x, base, target, ratio),
        why="Weights that meet the totals exist, but not close to the base weights.",
        do="Check the totals, or widen the bounds.",
    )


def widening(x: Floats, base: Floats, target: Floats, bounds: Bounds | None) -> float | None:
    """Return the least s >= 0 for which bounds 1 - s (1 - L) and 1 + s (U - 1) can be met.

    Without bounds s is 0. None where no weights >= 0 meet the totals at all.
    """
    from scipy.optimize import LinearConstraint, milp  # loading it takes longer than calibrating
    from scipy.sparse import csr_array, hstack

    scale = 1 / np.maximum(np.abs(base @ x), np.abs(target)).clip(1e-300)
    columns = csr_array((x * base[:, None] * scale).T)
    n, q = base.size, target.size
    constraints = [LinearConstraint(hstack([columns, csr_array((q, 1))]), *(target * scale,) * 2)]
    if bounds is not None:
        rows, ends = _limits(n, bounds)
        constraints.append(LinearConstraint(rows, -np.inf, ends))
    found = milp(np.append(np.zeros(n), 1.0), constraints=constraints)
    return float(found.x[-1]) if found.status == 0 else None


def _limits(n: int, bounds: Bounds) -> tuple[csr_array[np.float64], Floats]:
    """Return the bounds as rows: g - s (U - 1) <= 1 and -g - s (1 - L) <= -1."""
    from scipy.sparse import csr_array

    every, number = np.tile(np.arange(n), 2), np.arange(2 * n)
    sign = np.repeat([1.0, -1.0], n)
    widen = np.repeat([1 - bounds[1], bounds[0] - 1], n)
    places = (np.tile(number, 2), np.concatenate([every, np.full(2 * n, n)]))
    rows = csr_array((np.concatenate([sign, widen]), places), shape=(2 * n, n + 1))
    return rows, sign


def _worst(names: Sequence[str], x: Floats, base: Floats, target: Floats, ratio: Floats) -> str:
    misfit = np.abs((base * np.nan_to_num(ratio)) @ x - target) / (1 + np.abs(target))
    return names[int(misfit.argmax())]
