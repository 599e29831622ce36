"""What holds for a package, checked afresh, without the word of the rule that chose it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from kelisim.engine.settlement.frontier import frontier_of_two
from kelisim.engine.settlement.model import Case, Exact, Package, Vector, worth
from kelisim.engine.settlement.programme import (
    EXACT_UP_TO,
    Patience,
    Row,
    at_least,
    maximise,
    programme_of,
)

IMPROVABLE = 1e-5
"""With divided issues, a package counts as improvable from this part of a party's total."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What holds for a package.

    Attributes
    ----------
    efficient
        No package is better for one party and as good for every other; None if not decided in
        the time given.
    envy_free
        Two parties: each has at least its entitlement of its own total. More: no party would
        rather have what another has, relative to entitlements; None where an issue has options
        that name no party, so that "what another has" means nothing.
    equitable
        All parties are equally satisfied in their own points, relative to entitlements.
    """

    efficient: bool | None
    envy_free: bool | None
    equitable: bool


def properties_of(case: Case, package: Package, patience: Patience) -> Properties:
    """Return what holds for a package."""
    have = worth(case, package)
    return Properties(
        efficient=_efficient(case, package, have, patience),
        envy_free=_envy_free(case, package, have),
        equitable=len(set(_relative(case, have))) == 1,
    )


def _relative(case: Case, have: Vector) -> list[Fraction]:
    of_hundred = case.of_hundred(have)
    return [s / e for s, e in zip(of_hundred, case.entitlement, strict=True)]


def _efficient(case: Case, package: Package, have: Vector, patience: Patience) -> bool | None:
    if len(case.parties) == 2 and not case.whole:
        return _in_order_of_ratio(case, package)
    if case.divisible:
        return _cannot_be_improved(case, have, patience)
    if max(case.totals) <= EXACT_UP_TO:
        return _dominated_by_none(case, have, patience)
    return _on_frontier(case, have) if len(case.parties) == 2 else None


def _in_order_of_ratio(case: Case, package: Package) -> bool:
    """Whether no exchange of shares between two parties helps one at no cost to the other.

    Nobody holds what only the other wants, and no issue of which the first party holds some has a
    lower ratio of points than one of which the second holds some.
    """
    first, second = [], []
    for table, decision in zip(case.points, package, strict=True):
        a, b = int(table[0, 0]), int(table[1, 0])
        x, y = decision  # type: ignore[misc]  # every issue is divided
        if (a == 0 < b and x > 0) or (b == 0 < a and y > 0):
            return False
        if a and b:
            first += [Fraction(a, b)] * (x > 0)
            second += [Fraction(a, b)] * (y > 0)
    return not first or not second or min(first) >= max(second)


def _dominated_by_none(case: Case, have: Vector, patience: Patience) -> bool | None:
    """Whether no package gives every party as much and one of them a whole unit more (HiGHS)."""
    programme = programme_of(case)
    rows = at_least(programme, [float(u) for u in have])
    more = Row(programme.worth.sum(axis=0), float(sum(have)) + 1)
    objective = np.zeros(programme.size)
    answer = maximise(programme, objective, [*rows, more], np.zeros(0), patience)
    return None if answer.verdict == "stopped" else answer.verdict == "infeasible"


def _cannot_be_improved(case: Case, have: Vector, patience: Patience) -> bool | None:
    """Whether no package gives every party as much and all together noticeably more (HiGHS)."""
    programme = programme_of(case)
    satisfied = programme.worth / np.array(case.totals, dtype=np.float64)[:, None]
    now = sum(float(u) / t for u, t in zip(have, case.totals, strict=True))
    rows = at_least(
        replace(programme, worth=satisfied), [float(s) / 100 - 1e-9 for s in case.of_hundred(have)]
    )
    answer = maximise(programme, satisfied.sum(axis=0), rows, np.zeros(0), patience)
    return answer.bound <= now + IMPROVABLE if answer.verdict == "optimal" else None


def _on_frontier(case: Case, have: Vector) -> bool | None:
    frontier = frontier_of_two(case.points)
    if frontier is None:
        return None
    return bool((frontier.points == np.array([int(u) for u in have])).all(axis=1).any())


def _envy_free(case: Case, package: Package, have: Vector) -> bool | None:
    parties, share = range(len(case.parties)), case.entitlement
    if len(case.parties) == 2:
        return all(have[i] >= share[i] * case.totals[i] for i in parties)
    if any(set(case.issues[j].options) - set(case.parties) for j in case.whole):
        return None
    return all(
        _value_of_other(case, package, i, k) * share[i] <= have[i] * share[k]
        for i in parties
        for k in parties
        if i != k
    )


def _value_of_other(case: Case, package: Package, i: int, k: int) -> Exact:
    """Return what party i would have in the place of party k, who holds what is given to it."""
    value: Exact = 0
    for issue, table, decision in zip(case.issues, case.points, package, strict=True):
        if isinstance(decision, tuple):
            value += int(table[i, 0]) * decision[k]
        elif issue.options[decision] == case.parties[k] and case.parties[i] in issue.options:
            value += int(table[i, issue.options.index(case.parties[i])])
    return value
