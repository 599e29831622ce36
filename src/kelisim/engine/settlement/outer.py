"""The Nash product over packages of options, by chords of the logarithm between whole gains.

The logarithm of a whole gain g lies on the chord from g to g + 1 and below every other chord, so a
linear programme with enough chords has the Nash package among its best (outer approximation). Each
package found is compared exactly and then excluded; when none is left whose logarithms could sum to
within `MARGIN` of the best, the best is proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, prod

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.model import Case, Exact, Package, worth
from kelisim.engine.settlement.programme import (
    Patience,
    Programme,
    Row,
    at_least,
    maximise,
    relaxed,
)
from kelisim.engine.settlement.rules import powers
from kelisim.engine.settlement.whole import Best, Target, best_package

LOG_UNIT = 1000.0
"""Logarithms enter the programme in thousandths, well above the solver's tolerance of 1e-6."""

MARGIN = 1e-3
"""In the same thousandths: products smaller by about a millionth part are compared exactly."""

LINEAR_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Logarithms:
    """The weighted logarithms of the parties' gains over their floors."""

    programme: Programme
    floor: tuple[int, ...]
    weight: tuple[float, ...]

    def score(self, gains: Sequence[Exact]) -> float:
        """Return the weighted sum of logarithms, in the units of the programme."""
        return sum(w * log(g) for w, g in zip(self.weight, gains, strict=True))

    def chord(self, i: int, g: int) -> Row:
        """Return y_i <= w_i (log g + (gain_i - g) log((g + 1) / g))."""
        slope = self.weight[i] * (log(g + 1) - log(g))
        row = np.zeros(self.programme.size + len(self.floor))
        row[: self.programme.size] = -slope * self.programme.worth[i]
        row[self.programme.size + i] = 1
        high = self.weight[i] * log(g) - slope * (g + self.floor[i])
        return Row(row, -np.inf, high)

    def objective(self) -> Floats:
        """Return the sum of the logarithms."""
        return np.concatenate((np.zeros(self.programme.size), np.ones(len(self.floor))))


def nash_by_chords(case: Case, programme: Programme, start: Package, patience: Patience) -> Best:
    """Return the package with the largest Nash product, or the best one when patience is out.

    Parameters
    ----------
    start
        A package in which every party has more than its disagreement.

    Returns
    -------
    Best
        With ``over`` in thousandths of the sum of ``n e_i log(gain_i)``.
    """
    n = len(case.parties)
    weight = tuple(LOG_UNIT * n * float(share) for share in case.entitlement)
    logarithms = Logarithms(programme, case.disagreement, weight)
    rows = at_least(programme, [d + 1 for d in case.disagreement], n)
    power = powers(case.entitlement)

    def gains(package: Package) -> list[Exact]:
        return [u - d for u, d in zip(worth(case, package), case.disagreement, strict=True)]

    def cuts(package: Package) -> list[Row]:
        sides = [(i, int(g)) for i, gain in enumerate(gains(package)) for g in (gain - 1, gain)]
        return [logarithms.chord(i, g) for i, g in sides if g > 0]

    target = Target(
        objective=logarithms.objective(),
        rows=[*rows, *_relaxation(logarithms, rows)],
        score=lambda package: logarithms.score(gains(package)),
        key=lambda package: prod(g**p for g, p in zip(gains(package), power, strict=True)),
        cuts=cuts,
        margin=MARGIN,
    )
    return best_package(case, programme, target, start, patience)


def _relaxation(logarithms: Logarithms, rows: list[Row]) -> list[Row]:
    """Return the chords that bind where options may be taken in part."""
    programme, n = logarithms.programme, len(logarithms.floor)
    tops = programme.worth.sum(axis=1)
    drawn = {(i, max(int(tops[i]) // part, 1)) for i in range(n) for part in (2, 4, 16)}
    chords = {pair: logarithms.chord(*pair) for pair in drawn}
    for _ in range(LINEAR_ROUNDS):
        every = [*rows, *chords.values()]
        answer = maximise(relaxed(programme), logarithms.objective(), every, np.zeros(n))
        if answer.x is None:
            break
        worths = programme.worth @ answer.x[: programme.size]
        gains = [max(int(u) - d, 1) for u, d in zip(worths, logarithms.floor, strict=True)]
        fresh = set(enumerate(gains)) - set(chords)
        if not fresh:
            break
        chords |= {pair: logarithms.chord(*pair) for pair in fresh}
    return list(chords.values())
