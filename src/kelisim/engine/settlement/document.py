"""A solution, a matching and dates as plain documents, with the names that the contract fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from kelisim.core.rng import stream_seed
from kelisim.engine.settlement.choice import Method, Settlement
from kelisim.engine.settlement.deadlines import Deadline
from kelisim.engine.settlement.disclosure import disclosure
from kelisim.engine.settlement.explain import facts
from kelisim.engine.settlement.matching import UNASSIGNED, Matching, gini
from kelisim.engine.settlement.model import Case, Vector, in_words
from kelisim.engine.settlement.roster import Roster
from kelisim.engine.settlement.solve import Solution, suggestion

Document = dict[str, Any]

STEPS, STEPS_OF_SOLVER = 500, 40
"""Steps of the walk that measures what is revealed; the second where each step asks the solver."""


def number(value: Fraction | float) -> float:
    """Return a number for JSON: whole numbers without a decimal point.

    >>> number(Fraction(66)), number(Fraction(1, 4))
    (66, 0.25)
    """
    return int(value) if value == int(value) else float(value)


def solution_document(solution: Solution) -> Document:
    """Return a solution as the contract prints it.

    ``frontier`` lists undominated points of two parties in their own points, the first rising. If
    issues are divided these are the corners of lines, and ``frontier_lines`` has each unbroken
    line by itself, with its end even where the next line begins as high.
    """
    case = solution.case
    document: Document = {
        "solutions": [_settlement(case, s) for s in solution.settlements],
        "not_offered": [{"method": n.method, "reason": n.reason} for n in solution.not_offered],
        "remarks": [{"key": r.key, **r.about} for r in case.remarks],
    }
    if len(case.parties) == 2:
        lines = [[[number(u) for u in point] for point in line] for line in solution.frontier]
        document["frontier"] = _undominated([point for line in lines for point in line])
        if any(len(line) > 1 for line in lines):
            document["frontier_lines"] = lines
    return document


def _undominated(points: Sequence[list[float]]) -> list[list[float]]:
    """Drop the ends of lines that a later point, with more for the first, is as high as."""
    kept: list[list[float]] = []
    for point in reversed(points):
        if not kept or point[1] > kept[-1][1]:
            kept.append(point)
    return kept[::-1]


def _settlement(case: Case, settlement: Settlement) -> Document:
    choice, held = settlement.choice, settlement.properties
    return {
        "method": settlement.method,
        "choice": in_words(case, choice.package),
        "points": _by_party(case, settlement.points),
        "points_of_100": _by_party(case, settlement.of_hundred),
        "status": settlement.status,
        "value": number(choice.value),
        "bound": number(choice.bound),
        "gap": settlement.gap,
        "properties": {
            "efficient": held.efficient,
            "envy_free": held.envy_free,
            "equitable": held.equitable,
        },
        "ties": [_by_party(case, _written(case, tie)) for tie in choice.ties],
        "explanation": [{"key": fact.key, **fact.about} for fact in facts(case, settlement)],
    }


def _by_party(case: Case, values: Sequence[Fraction]) -> dict[str, float]:
    return {party: number(value) for party, value in zip(case.parties, values, strict=True)}


def _written(case: Case, worths: Vector) -> list[Fraction]:
    return [u * unit for u, unit in zip(worths, case.unit, strict=True)]


def reveals_document(
    case: Case, methods: Sequence[Method], seed: int, *, steps: int = 0
) -> list[Document]:
    """Return what each suggestion tells the others about each party's top issue, by simulation.

    Empty for a case of a single issue, where there is nothing to hide.

    Parameters
    ----------
    steps
        The length of each walk; 0 for `STEPS`, or `STEPS_OF_SOLVER` where each asks the solver.
    """
    if len(case.issues) < 2:
        return []
    steps = steps or (STEPS if len(case.parties) < 4 else STEPS_OF_SOLVER)
    rows = []
    for method in methods:
        rule = partial(suggestion, method=method)
        for k, party in enumerate(case.parties):
            rng = np.random.default_rng(stream_seed(seed, "reveals", method, party))
            found = disclosure(case, rule, k, rng, steps=steps)
            rows.append({"method": method, "about": party, "simulated": True, **asdict(found)})
    return rows


def matching_document(roster: Roster, matching: Matching, seed: int) -> Document:
    """Return a matching with its reasons, case by case."""
    cases, mediators = roster.cases, roster.mediators
    assigned = []
    for k, name in enumerate(cases.names):
        m = int(matching.mediator[k])
        row: Document = {"case": name, "possible": int(matching.possible[k])}
        if m == UNASSIGNED:
            row |= {"mediator": None, "reason": matching.reason[k]}
        else:
            row |= {"mediator": mediators.names[m], "same_region": bool(matching.same_region[k])}
        assigned.append(row)
    given = matching.mediator != UNASSIGNED
    return {
        "seed": seed,
        "cases": len(cases.names),
        "mediators": len(mediators.names),
        "assigned": int(given.sum()),
        "same_region": int(matching.same_region.sum()),
        "conflicts_declared": len(roster.conflicts),
        "load_gini": gini(matching.load / mediators.capacity),
        "assignments": assigned,
    }


def deadline_document(dates: Sequence[Deadline]) -> list[Document]:
    """Return statutory dates, each with its article and whether anyone has confirmed the rule."""
    return [
        {
            "deadline": d.rule.key,
            "last_day": d.last_day.isoformat(),
            "state": d.state,
            "working_day": d.working_day,
            "days": d.rule.days,
            "unit": d.rule.unit,
            "article": d.rule.article,
            "source": d.rule.source,
            "basis": d.rule.basis,
            "confirmed": d.rule.confirmed,
        }
        for d in dates
    ]
