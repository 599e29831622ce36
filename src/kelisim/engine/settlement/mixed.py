"""Three parties and more who divide some issues: solutions to the tolerance of the solver.

Shares are continuous, so nothing here is proved in whole numbers: every result comes with a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.cumulated import cumulated_level
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Case, Package, worth
from kelisim.engine.settlement.programme import (
    Patience,
    Programme,
    Row,
    at_least,
    maximise,
    package_at,
)

LOG_UNIT = 1000.0
SMALLEST_GAIN = 1e-6
"""The least gain that counts as one, as a part of a party's total."""

CLOSE = 1e-3
"""Rounds of tangents end when the bound is this near, in thousandths of a logarithm."""

ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Bounded:
    """A package and a bound on how far its objective is from the best."""

    package: Package
    over: float


def leximin_with_shares(
    case: Case, programme: Programme, measure: Measure, start: Package, patience: Patience
) -> Bounded:
    """Return the leximin package; ``over`` is for the least gain."""
    sums: list[float] = []
    best, bound = start, np.inf
    for _ in case.parties:
        answer = cumulated_level(programme, measure, sums, patience)
        bound = min(bound, answer.bound) if not sums else bound
        if answer.x is None:
            break
        found = package_at(case, programme, answer.x)
        best = max(best, found, key=lambda p: measure.gains(worth(case, p)))
        sums.append(_attained(programme, measure, answer.x, len(sums) + 1))
        if answer.verdict == "stopped":
            break
    least = float(measure.gains(worth(case, best))[0])
    return Bounded(best, max(0.0, float(bound) - least))


def _attained(programme: Programme, measure: Measure, x: Floats, k: int) -> float:
    """Return the sum of the k least gains at a point of the solver."""
    origin = np.array([float(a) for a in measure.origin])
    gains = programme.worth @ x[: programme.size] - origin
    return float(np.sort(gains * np.array([float(w) for w in measure.weight]))[:k].sum())


@dataclass(frozen=True, slots=True)
class _Tangents:
    """The weighted logarithms of the parties' gains, as parts of their totals, above the least."""

    satisfied: Floats
    aside: Floats
    weight: Floats

    def gains(self, x: Floats) -> Floats:
        """Return the gains at a point of the solver, at least `SMALLEST_GAIN`."""
        held = self.satisfied @ x[: self.satisfied.shape[1]]
        return np.maximum(held - self.aside, SMALLEST_GAIN)

    def score(self, x: Floats) -> float:
        """Return the weighted sum of logarithms."""
        return float(self.weight @ np.log(self.gains(x) / SMALLEST_GAIN))

    def at(self, i: int, gain: float) -> Row:
        """Return y_i <= w_i (log(g / least) + (gain_i - g) / g)."""
        n, v = self.satisfied.shape
        row = np.zeros(v + n)
        row[:v], row[v + i] = -self.weight[i] / gain * self.satisfied[i], 1
        high = log(gain / SMALLEST_GAIN) - (gain + self.aside[i]) / gain
        return Row(row, -np.inf, self.weight[i] * high)


def nash_with_shares(
    case: Case, programme: Programme, start: Package, patience: Patience
) -> Bounded:
    """Return the package with the largest Nash product, by tangents of the logarithm.

    Parameters
    ----------
    start
        A package in which every party has more than its disagreement.

    Returns
    -------
    Bounded
        ``over`` in thousandths of the sum of ``n e_i log(gain_i)``.
    """
    n, total = len(case.parties), np.array(case.totals, dtype=np.float64)
    tangents = _Tangents(
        satisfied=programme.worth / total[:, None],
        aside=np.array(case.disagreement, dtype=np.float64) / total,
        weight=LOG_UNIT * n * np.array([float(share) for share in case.entitlement]),
    )
    objective = np.concatenate((np.zeros(programme.size), np.ones(n)))
    rows = at_least(programme, case.disagreement, n)
    rows += [tangents.at(i, g) for i in range(n) for g in (0.9, 0.6, 0.3, 0.1)]
    best, score, bound = start, -np.inf, np.inf
    for _ in range(ROUNDS):
        answer = maximise(programme, objective, rows, np.zeros(n), patience)
        bound = min(bound, answer.bound)
        if answer.x is None:
            break
        if tangents.score(answer.x) > score:
            best, score = package_at(case, programme, answer.x), tangents.score(answer.x)
        if bound - score < CLOSE:
            break
        rows += [tangents.at(i, float(g)) for i, g in enumerate(tangents.gains(answer.x))]
    return Bounded(best, max(0.0, bound - score))
