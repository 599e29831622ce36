"""The named settlements of many parties, found and bounded by the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import exp

import numpy as np

from kelisim.core.errors import NotSolved
from kelisim.engine.settlement.choice import METHODS, Choice, Method, NotOffered
from kelisim.engine.settlement.cumulated import cumulated_level
from kelisim.engine.settlement.levels import leximin_by_levels
from kelisim.engine.settlement.listed import geometric_mean, mean_weight
from kelisim.engine.settlement.measure import Measure, aspiration, satisfaction
from kelisim.engine.settlement.mixed import leximin_with_shares, nash_with_shares
from kelisim.engine.settlement.model import Case, Exact, Package, worth
from kelisim.engine.settlement.outer import LOG_UNIT, nash_by_chords
from kelisim.engine.settlement.programme import (
    EXACT_UP_TO,
    Patience,
    Programme,
    at_least,
    maximise,
    package_at,
    programme_of,
)
from kelisim.engine.settlement.whole import Target, acceptable, best_package, ideals, no_agreement

TOLERANCE = 1e-4
"""In points of 100: an unproved bound is at least this far above the value."""

CEILING = 1e6
"""Far above any value: what is said where the solver could not bound a value at all."""

CUSHION = 3e-6

SCORE_UNIT = 1000.0
MARGIN = 1e-3
"""Sums of points of 100, in thousandths, that are nearer than this are compared exactly."""


def choices_by_search(
    case: Case, patience: Patience, methods: Sequence[Method] = METHODS
) -> list[Choice | NotOffered]:
    """Return the choices of the rules asked for; of Nash perhaps why it is not offered.

    Adjusted winner is for two parties and never among them.

    Raises
    ------
    CaseRefused
        No package gives every party its disagreement.
    NotSolved
        No acceptable package was found in the time given.
    """
    programme = programme_of(case)
    start = acceptable(case, programme, case.disagreement, patience)
    if start is None:
        raise no_agreement()
    programme = _cushioned(case, programme, patience)
    task = _Task(case, programme, start, patience)
    choices: list[Choice | NotOffered] = [_nash(task)] if "nash" in methods else []
    choices += [_utilitarian(task)] if "utilitarian" in methods else []
    fair = {"leximin", "kalai_smorodinsky"} & set(methods)
    return [*choices, *_least(task, fair)]


def _cushioned(case: Case, programme: Programme, patience: Patience) -> Programme:
    """Return the programme with raised floors, where shares are rounded and there is room."""
    if not case.divisible or not any(case.disagreement):
        return programme
    raised = replace(programme, cushion=CUSHION)
    rows = at_least(raised, case.disagreement)
    answer = maximise(raised, np.zeros(raised.size), rows, np.zeros(0), patience)
    return programme if answer.x is None else raised


@dataclass(frozen=True, slots=True)
class _Task:
    case: Case
    programme: Programme
    start: Package
    patience: Patience

    @property
    def exact(self) -> bool:
        """Whether the solver can tell neighbouring packages apart."""
        return not self.case.divisible and max(self.case.totals) <= EXACT_UP_TO


def _bounded(
    method: Method, package: Package, value: Fraction | float, bound: float | Exact
) -> Choice:
    """Return a choice that is not proved, whatever the bound says; no bound is above `CEILING`."""
    return Choice(method, package, value, max(min(float(bound), CEILING), float(value) + TOLERANCE))


def _nash(task: _Task) -> Choice | NotOffered:
    case, n = task.case, len(task.case.parties)
    try:
        start = _joint_gain(task)
    except NotSolved:
        return NotOffered("nash", "not_found_in_time")
    if start is None:
        return NotOffered("nash", "no_joint_gain")
    if case.divisible:
        shared = nash_with_shares(case, task.programme, start, task.patience)
        package, over = shared.package, shared.over
    else:
        best = nash_by_chords(case, task.programme, start, task.patience)
        package, over = best.package, best.over
    value = geometric_mean(case, package)
    if over == 0 and task.exact:
        return Choice("nash", package, value, value)
    return _bounded("nash", package, value, value * exp(min(over / (LOG_UNIT * n), 50.0)))


def _joint_gain(task: _Task) -> Package | None:
    """Return a package in which every party has more than its disagreement, or None."""
    case = task.case
    if not case.divisible:
        more = [d + 1 for d in case.disagreement]
        return acceptable(case, task.programme, more, task.patience)
    answer = cumulated_level(task.programme, aspiration(case, case.totals), [], task.patience)
    package = task.start if answer.x is None else package_at(case, task.programme, answer.x)
    if all(u > d for u, d in zip(worth(case, package), case.disagreement, strict=True)):
        return package
    if answer.verdict == "stopped":
        raise NotSolved("No package that every party gains from was found in the time given.")
    return None


def _utilitarian(task: _Task) -> Choice:
    case, programme = task.case, task.programme
    weight = mean_weight(case)

    def mean(package: Package) -> Fraction:
        worths = worth(case, package)
        return Fraction(sum(u * w for u, w in zip(worths, weight, strict=True)))

    if not any(case.disagreement):
        package = _issue_by_issue(case, weight)
        return Choice("utilitarian", package, mean(package), mean(package))
    objective = SCORE_UNIT * (np.array([float(w) for w in weight]) @ programme.worth)
    rows = at_least(programme, case.disagreement)
    if case.divisible:
        answer = maximise(programme, objective, rows, np.zeros(0), task.patience)
        found = task.start if answer.x is None else package_at(case, programme, answer.x)
        return _bounded("utilitarian", found, mean(found), answer.bound / SCORE_UNIT)
    target = Target(
        objective=objective,
        rows=rows,
        score=lambda package: SCORE_UNIT * float(mean(package)),
        key=mean,
        cuts=lambda _: [],
        margin=MARGIN,
    )
    best = best_package(case, programme, target, task.start, task.patience)
    value = mean(best.package)
    if best.over == 0 and task.exact:
        return Choice("utilitarian", best.package, value, value)
    return _bounded("utilitarian", best.package, value, float(value) + best.over / SCORE_UNIT)


def _issue_by_issue(case: Case, weight: Sequence[Fraction]) -> Package:
    """Return the package with the largest weighted sum, where nothing else constrains it."""
    package: list[int | tuple[Fraction, ...]] = []
    for issue, table in zip(case.issues, case.points, strict=True):
        if issue.divisible:
            values = [int(table[i, 0]) * w for i, w in enumerate(weight)]
            winner = values.index(max(values))
            package.append(tuple(Fraction(int(i == winner)) for i in range(len(values))))
        else:
            sums = [
                sum(int(u) * w for u, w in zip(column, weight, strict=True)) for column in table.T
            ]
            package.append(sums.index(max(sums)))
    return tuple(package)


def _least(task: _Task, methods: set[str]) -> list[Choice]:
    """Return leximin and Kalai-Smorodinsky, which are the same while nobody has a disagreement."""
    choices: list[Choice] = []
    satisfied = satisfaction(task.case)
    if "kalai_smorodinsky" in methods:
        tops, proved = ideals(task.case, task.programme, task.patience)
        aspired = aspiration(task.case, tops)
        same = aspired == satisfied and "leximin" in methods
        half = task.patience if same or len(methods) == 1 else task.patience.part(0.5)
        timed = replace(task, patience=half)
        choices.append(_leximin(timed, "kalai_smorodinsky", aspired, proved=proved))
        if same:
            first = choices[0]
            return [Choice("leximin", first.package, first.value, first.bound), *choices]
    if "leximin" in methods:
        choices.insert(0, _leximin(task, "leximin", satisfied, proved=True))
    return choices


def _leximin(task: _Task, method: Method, measure: Measure, *, proved: bool) -> Choice:
    case, programme = task.case, task.programme
    if case.divisible:
        shared = leximin_with_shares(case, programme, measure, task.start, task.patience)
        least = Fraction(measure.gains(worth(case, shared.package))[0])
        return _bounded(method, shared.package, least, float(least) + shared.over)
    levels = leximin_by_levels(case, programme, measure, task.start, task.patience)
    open_level = min(levels.proved, len(levels.gains) - 1)
    value = Fraction(levels.gains[open_level])
    if levels.proved == len(levels.gains) and task.exact and proved:
        return Choice(method, levels.package, Fraction(levels.gains[0]), Fraction(levels.gains[0]))
    return _bounded(method, levels.package, value, levels.bound)
