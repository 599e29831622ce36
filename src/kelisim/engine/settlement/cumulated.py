"""Leximin by cumulated levels: the sum of the k least gains, for k = 1, 2, ... (linear).

The sum of the k least gains is max over r of k r - sum_i (r - g_i)+ (Ogryczak and Sliwinski 2006).
With options taken in part it bounds the levels of packages of options; with shares it finds the
leximin division itself, up to the tolerance of the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.programme import (
    Answer,
    Patience,
    Programme,
    Row,
    at_least,
    maximise,
)

SLACK = 1e-7
"""Former levels may be missed by this much, relative to 100 points, so that they stay feasible."""


def cumulated_level(
    programme: Programme, measure: Measure, sums: Sequence[float], patience: Patience
) -> Answer:
    """Maximise the sum of the k + 1 least gains, given the sums of the 1, 2, ... k least.

    Parameters
    ----------
    sums
        The cumulated former levels.

    Returns
    -------
    Answer
        ``bound`` bounds the sum of the k + 1 least gains.
    """
    objective, rows = _levels(programme, measure, sums)
    further = np.zeros(len(objective) - programme.size)
    return maximise(programme, objective, rows, further, patience)


def _levels(
    programme: Programme, measure: Measure, sums: Sequence[float]
) -> tuple[Floats, list[Row]]:
    """Return the last sum as an objective, and all constraints; per level n rows of shortfall.

    Beside the decisions there are, for each level k, its r and the n shortfalls (r - g_i)+.
    """
    n, v, levels = len(measure.weight), programme.size, len(sums) + 1
    size = v + levels * (1 + n)
    gain = programme.worth * np.array([float(w) for w in measure.weight])[:, None]
    zero = [float(a * w) for a, w in zip(measure.origin, measure.weight, strict=True)]
    rows, totals = [], []
    for k in range(levels):
        r, short = v + k * (1 + n), v + k * (1 + n) + 1
        total = np.zeros(size)
        total[r], total[short : short + n] = k + 1, -1
        totals.append(total)
        for i in range(n):
            row = np.zeros(size)
            row[:v], row[r], row[short + i] = gain[i], -1, 1
            rows.append(Row(row, zero[i]))
    rows += [Row(row, least - SLACK * 100) for row, least in zip(totals, sums, strict=False)]
    return totals[-1], rows + at_least(programme, measure.floor, size - v)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What linear programming says about the next level.

    Attributes
    ----------
    bound
        No package with the former gains has a next gain of more.
    prices
        n non-negative prices of a whole unit of each party, at which the bound is met.
    """

    bound: float
    prices: Floats


def ceiling(programme: Programme, measure: Measure, former: Sequence[float]) -> Ceiling:
    """Return a bound on the next least gain, given the former ones, with options taken in part."""
    n, sums = len(measure.weight), list(np.cumsum(former))
    objective, rows = _levels(programme, measure, sums)
    wide = np.zeros((len(programme.choose), len(objective)))
    wide[:, : programme.size] = [row.coefficients for row in programme.choose]
    found = linprog(
        -objective,
        A_ub=-np.array([row.coefficients for row in rows]),
        b_ub=-np.array([row.low for row in rows]),
        A_eq=wide,
        b_eq=np.ones(len(wide)),
    )
    weight = np.array([float(w) for w in measure.weight])
    if found.status != 0 or found.fun is None:
        return Ceiling(float((programme.worth.sum(axis=1) * weight).max()), np.zeros(n))
    shadow = -np.minimum(found.ineqlin.marginals[: n * (len(sums) + 1)], 0.0)
    bound = -found.fun - (sums[-1] if sums else 0.0) + SLACK * 100 * (len(sums) + 1)
    return Ceiling(float(bound), shadow.reshape(-1, n).sum(axis=0) * weight)
