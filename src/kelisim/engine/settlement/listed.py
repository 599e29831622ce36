"""The named settlements of two or three parties, chosen exactly from everything they can reach."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log
from operator import ge

import numpy as np

from kelisim.engine.settlement.choice import Choice, Method
from kelisim.engine.settlement.measure import Measure, aspiration, satisfaction
from kelisim.engine.settlement.model import Case, Package, Vector, worth
from kelisim.engine.settlement.reach import Reach
from kelisim.engine.settlement.rules import Rows, exact, leximin, nash, powers, utilitarian
from kelisim.engine.settlement.whole import no_agreement


def choices_from(reach: Reach) -> list[Choice]:
    """Return Nash, leximin, Kalai-Smorodinsky and utilitarian; Nash only if all can gain.

    Of packages that a rule finds exactly as good, the one with the better leximin order of points
    of 100 is shown and the others are named as ties.

    Raises
    ------
    CaseRefused
        Nothing in reach gives every party its disagreement.
    """
    case, satisfied = reach.case, satisfaction(reach.case)
    rows = _acceptable(case, reach.rows(), reach.between([satisfied]))
    ideal = _tops(rows)
    aspired = aspiration(case, ideal)
    rows = _acceptable(case, rows, reach.between([aspired]))
    best: dict[Method, list[int]] = {
        "nash": nash(rows, case.disagreement, powers(case.entitlement)),
        "leximin": leximin(rows, satisfied.origin, satisfied.weight),
        "kalai_smorodinsky": leximin(rows, aspired.origin, aspired.weight),
        "utilitarian": utilitarian(rows, mean_weight(case)),
    }
    return [
        _choice(reach, method, [exact(rows[k]) for k in ties], satisfied, aspired)
        for method, ties in best.items()
        if ties
    ]


def mean_weight(case: Case) -> tuple[Fraction, ...]:
    """Return the weights of the mean of the parties' points of 100 by entitlement."""
    return tuple(100 * e / t for e, t in zip(case.entitlement, case.totals, strict=True))


def geometric_mean(case: Case, package: Package) -> float:
    """Return the mean of the gains in points of 100, geometric, by entitlement."""
    gains = [u - d for u, d in zip(worth(case, package), case.disagreement, strict=True)]
    parts = zip(case.of_hundred(tuple(gains)), case.entitlement, strict=True)
    return exp(sum(float(e) * log(g) for g, e in parts))


def _acceptable(case: Case, rows: Rows, more: list[Vector]) -> Rows:
    """Return the rows that give every party its disagreement, the listed ones first."""
    rows = [*map(exact, rows), *more] if more else rows
    if not any(case.disagreement):
        return rows
    enough: Rows
    if isinstance(rows, np.ndarray):
        enough = rows[(rows >= np.array(case.disagreement)).all(axis=1)]
    else:
        enough = [row for row in rows if all(map(ge, row, case.disagreement))]
    if len(enough) == 0:
        raise no_agreement()
    return enough


def _tops(rows: Rows) -> Vector:
    """Return the most that each party has in any row."""
    if isinstance(rows, np.ndarray):
        return tuple(map(int, rows.max(axis=0)))
    return tuple(max(column) for column in zip(*rows, strict=True))


def _choice(
    reach: Reach, method: Method, ties: list[Vector], satisfied: Measure, aspired: Measure
) -> Choice:
    distinct = sorted(set(ties), key=lambda row: (satisfied.gains(row), row), reverse=True)
    package = reach.package(distinct[0])
    value: Fraction | float
    if method == "nash":
        value = geometric_mean(reach.case, package)
    elif method == "utilitarian":
        weights = mean_weight(reach.case)
        value = Fraction(sum(u * w for u, w in zip(distinct[0], weights, strict=True)))
    else:
        measure = aspired if method == "kalai_smorodinsky" else satisfied
        value = Fraction(measure.gains(distinct[0])[0])
    return Choice(method, package, value, value, tuple(distinct[1:]))
