"""Leximin over packages of options, proved level by level in whole units.

The least gain is made as large as possible, then the next least, and so on. A level is proved when
no package reaches more: "n - l + 1 parties reach level l, for every former level, and n - k + 1
pass the value found" is infeasible. This is the distribution form of Ogryczak and Sliwinski (2006);
each question has one binary variable a party and distinct level, and all its numbers are whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import linear_sum_assignment

from kelisim.engine.frame import Floats
from kelisim.engine.settlement.cumulated import ceiling
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Case, Exact, Package, Vector, worth
from kelisim.engine.settlement.polish import polished
from kelisim.engine.settlement.programme import (
    Answer,
    Patience,
    Programme,
    Row,
    maximise,
    package_at,
)

ROUNDING = 1e-9
"""Sums of prices are trusted to this relative precision."""


@dataclass(frozen=True, slots=True)
class Levels:
    """A package and how much of its leximin order is proved.

    Attributes
    ----------
    gains
        The weighted gains of the package from the least to the largest.
    proved
        How many of them, from the least, are proved.
    bound
        No package with the proved levels has more at the next; the last gain if all are proved.
    """

    package: Package
    gains: Vector
    proved: int
    bound: Exact


def leximin_by_levels(
    case: Case, programme: Programme, measure: Measure, start: Package, patience: Patience
) -> Levels:
    """Return the leximin package, or the best one found when the patience is out.

    Parameters
    ----------
    start
        A package that respects the floors of the measure.
    """
    best = polished(case, measure, start)
    for k in range(len(case.parties)):
        best, bound = _raised(case, programme, measure, best, k, patience)
        gains = measure.gains(worth(case, best))
        if bound is not None:
            return Levels(best, gains, k, bound)
    return Levels(best, gains, len(gains), gains[-1])


def _raised(
    case: Case, programme: Programme, measure: Measure, best: Package, k: int, patience: Patience
) -> tuple[Package, Exact | None]:
    """Return a package with the largest k-th gain; with a bound if that is not proved.

    Questions alternate between "more than the best found", which proves it, and "at least halfway
    to the bound", which halves what is left.
    """
    former = measure.gains(worth(case, best))[:k]
    top = ceiling(programme, measure, [float(g) for g in former])
    high: Exact | float = top.bound
    bold = False
    while measure.above(low := measure.gains(worth(case, best))[k]) <= high:
        middle = Fraction(low + Fraction(high)) / 2
        bold = bold and measure.above(low) <= middle
        floors = measure.reaching(middle) if bold else measure.passing(low)
        answer = _ask(programme, measure, _Question(former, floors, top.prices), patience)
        better = None if answer.x is None else package_at(case, programme, answer.x)
        if better and measure.gains(worth(case, better))[: k + 1] > (*former, low):
            best = polished(case, measure, better)
        elif answer.verdict != "infeasible":
            return best, Fraction(high)
        elif bold:
            high = middle
        else:
            break
        bold = not bold
    return best, None


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether a package has the former gains while all other parties reach the last floors."""

    former: Vector
    last: tuple[int, ...]
    prices: Floats


def _ask(programme: Programme, measure: Measure, question: _Question, patience: Patience) -> Answer:
    levels = sorted(set(question.former))
    floors = np.array([*map(measure.reaching, levels), question.last], dtype=np.int64)
    (steps, n), v = (len(levels), floors.shape[1]), programme.size
    rows = [_never(programme, measure, question, steps * n)]
    for i in range(n):
        mine = v + i * steps
        row = np.zeros(v + n * steps)
        row[:v], row[mine : mine + steps] = programme.worth[i], -np.diff(floors[:, i])
        rows.append(Row(row, float(floors[0, i])))
        for step in range(mine, mine + steps - 1):
            order = np.zeros(v + n * steps)
            order[step], order[step + 1] = 1, -1
            rows.append(Row(order, 0.0))
    below = [sum(g < level for g in question.former) for level in levels[1:]]
    for step, allowed in enumerate([*below, len(question.former)][:steps]):
        row = np.zeros(v + n * steps)
        row[v + step :: steps] = 1
        rows.append(Row(row, float(n - allowed)))
    return maximise(programme, np.zeros(v + n * steps), rows, np.ones(n * steps), patience)


def _never(programme: Programme, measure: Measure, question: _Question, extra: int) -> Row:
    """Exclude the options that no package can contain that answers the question.

    At any prices a package is worth at most the sum of the best option of each issue, and at least
    what the cheapest way to hand the floors to the parties is worth; an option that loses more than
    the difference is in no such package.
    """
    n = len(question.last)
    ladder = [*map(measure.reaching, question.former)]
    ladder += [question.last] * (n - len(ladder))
    price = np.array(ladder, dtype=np.float64).T * question.prices[:, None]
    least = price[linear_sum_assignment(price)].sum()
    value = question.prices @ programme.worth
    best = np.maximum.reduceat(value, programme.starts)
    issue = np.searchsorted(programme.starts, np.arange(programme.size), side="right") - 1
    spare = best.sum() - least + ROUNDING * (1 + best.sum())
    lost = np.zeros(programme.size + extra)
    lost[: programme.size] = best[issue] - value > spare
    return Row(lost, -np.inf, 0.0)
