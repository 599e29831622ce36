"""Packages of options from the solver: an acceptable one, and the exactly best of the near best.

The solver compares in floating point. So each package it finds is compared exactly, then excluded,
until it shows that no other comes within a margin far wider than its tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import CaseRefused, NotSolved
from kelisim.engine.frame import Floats
from kelisim.engine.settlement.model import Case, Exact, Package, worth
from kelisim.engine.settlement.programme import (
    Patience,
    Programme,
    Row,
    at_least,
    maximise,
    package_at,
)

ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be maximised, for the solver and exactly.

    Attributes
    ----------
    objective
        Shape (v + e,): a linear objective over the decisions and e further variables, which is
        never less than the score of a package.
    rows
        Constraints on all of them.
    score
        The objective of a package, in floating point.
    key
        The same order of packages, exactly.
    cuts
        Constraints that make the objective tight at a package.
    margin
        Packages whose score is lower by more than this are worse.
    """

    objective: Floats
    rows: Sequence[Row]
    score: Callable[[Package], float]
    key: Callable[[Package], Exact]
    cuts: Callable[[Package], list[Row]]
    margin: float


@dataclass(frozen=True, slots=True)
class Best:
    """The best package found; ``over`` bounds how far any other score is above its own."""

    package: Package
    over: float


def best_package(
    case: Case, programme: Programme, target: Target, start: Package, patience: Patience
) -> Best:
    """Return the package with the largest key; ``over`` is 0 if that is proved."""
    rows, best = list(target.rows), start
    bound = np.inf
    for _ in range(ROUNDS):
        score = target.score(best)
        answer = maximise(
            programme,
            target.objective,
            [*rows, Row(target.objective, score - target.margin)],
            np.zeros(len(target.objective) - programme.size),
            patience,
        )
        if answer.verdict == "infeasible":
            return Best(best, 0.0)
        bound = min(bound, max(answer.bound, score))
        if answer.x is None:
            break
        found = package_at(case, programme, answer.x)
        rows += [*target.cuts(found), _other_than(programme, found, len(target.objective))]
        best = max(best, found, key=target.key)
    return Best(best, max(bound - target.score(best), target.margin))


def _other_than(programme: Programme, package: Package, size: int) -> Row:
    """Exclude one package of options."""
    row = np.zeros(size)
    for start, option in zip(programme.starts, package, strict=True):
        row[start + option] = 1  # type: ignore[operator]  # packages of options only
    return Row(row, -np.inf, len(package) - 1)


def acceptable(
    case: Case, programme: Programme, floors: Sequence[int], patience: Patience
) -> Package | None:
    """Return a package that gives every party its floor, or None if there is none.

    Raises
    ------
    NotSolved
        The patience was out before one was found or shown not to exist.
    """
    weight = sum(
        worth_of / total for worth_of, total in zip(programme.worth, case.totals, strict=True)
    )
    simple = package_at(case, programme, _greedy(programme, weight))
    if all(u >= f for u, f in zip(worth(case, simple), floors, strict=True)):
        return simple
    rows = at_least(programme, floors)
    answer = maximise(programme, weight, rows, np.zeros(0), patience)
    if answer.x is not None:
        return package_at(case, programme, answer.x)
    if answer.verdict == "infeasible":
        return None
    raise NotSolved(
        "No package that every party prefers to no agreement was found in the time given.",
        why="It is not known whether there is one.",
        do="Give the solver more seconds.",
    )


def _greedy(programme: Programme, weight: Floats) -> Floats:
    """Return the point that takes the decision with the most weight in every issue."""
    x = np.zeros(programme.size)
    for start, stop in zip(programme.starts, (*programme.starts[1:], programme.size), strict=True):
        x[start + int(np.argmax(weight[start:stop]))] = 1
    return x


def no_agreement() -> CaseRefused:
    """Return the refusal when no package is acceptable; it says nothing about anyone's points."""
    return CaseRefused(
        "No package gives every party at least what it has without an agreement.",
        where="disagreement",
        why="On these points there is nothing yet that all could accept.",
        do="Look for further options, or ask each party in private to think its points over.",
    )


def ideals(case: Case, programme: Programme, patience: Patience) -> tuple[tuple[Exact, ...], bool]:
    """Return the most each party can have while all have their floors, and whether it is proved."""
    if not any(case.disagreement):
        return case.totals, True
    rows = at_least(programme, case.disagreement)
    tops: list[Exact] = []
    proved = True
    for i, (objective, floor) in enumerate(zip(programme.worth, case.disagreement, strict=True)):
        answer = maximise(programme, objective, rows, np.zeros(0), patience)
        found = answer.x is not None and worth(case, package_at(case, programme, answer.x))[i]
        tops.append(found or floor)
        proved = proved and answer.verdict == "optimal"
    return tuple(tops), proved
