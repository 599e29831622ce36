"""A case as a mixed-integer programme, and one door to the solver (HiGHS, through SciPy).

Every answer of the solver carries what it has shown: optimal, infeasible, or stopped by the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from kelisim.core.errors import NotSolved
from kelisim.engine.frame import Floats
from kelisim.engine.settlement.model import Case, Package

EXACT_UP_TO = 10**6
"""Whole units up to here are far enough apart for the solver's tolerance of 1e-6."""

SHARE_STEP = 10**6
"""Shares found by the solver are read as multiples of one millionth."""

Verdict = Literal["optimal", "infeasible", "stopped"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the solver may work on a case.

    Attributes
    ----------
    seconds
        The limit; infinite for none.
    stopwatch
        Tells the seconds since any fixed moment; only differences count.
    began
        What the stopwatch told when the work began.
    """

    seconds: float
    stopwatch: Callable[[], float]
    began: float

    @classmethod
    def of(cls, seconds: float, stopwatch: Callable[[], float]) -> Patience:
        """Return patience that begins now."""
        return cls(seconds, stopwatch, stopwatch())

    def part(self, share: float) -> Patience:
        """Return patience for a share of what is left, from now on."""
        return Patience.of(self.left() * share, self.stopwatch)

    def left(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self.seconds - (self.stopwatch() - self.began))


ENDLESS = Patience(float("inf"), lambda: 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Row:
    """A linear constraint: low <= coefficients . x <= high."""

    coefficients: Floats
    low: float
    high: float = np.inf


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver has shown.

    Attributes
    ----------
    x
        Shape (variables,): the best point found, or None.
    bound
        No point has a larger objective.
    """

    verdict: Verdict
    x: Floats | None
    bound: float


@dataclass(frozen=True, slots=True)
class Programme:
    """The decisions of a case as variables, in the order of its issues.

    Attributes
    ----------
    worth
        Shape (n, v): whole units of each party for each decision variable.
    choose
        One row an issue: its variables sum to 1.
    whole
        Shape (v,), 1 for an option (0 or 1), 0 for a share.
    starts
        Shape (issues,): the first variable of each issue.
    cushion
        Floors are raised by this part of all a party could have, so that rounding shares to
        millionths takes nobody below its floor.
    """

    worth: Floats
    choose: tuple[Row, ...]
    whole: Floats
    starts: tuple[int, ...]
    cushion: float = 0.0

    @property
    def size(self) -> int:
        """Return the number of decision variables."""
        return len(self.whole)


def programme_of(case: Case) -> Programme:
    """Return the programme of a case: a variable an option, and one a party for a shared issue."""
    blocks = [
        np.diag(table[:, 0]) if issue.divisible else table
        for issue, table in zip(case.issues, case.points, strict=True)
    ]
    starts = np.concatenate(([0], np.cumsum([block.shape[1] for block in blocks])))
    choose = []
    for low, high in pairwise(starts):
        row = np.zeros(starts[-1])
        row[low:high] = 1
        choose.append(Row(row, 1, 1))
    whole = [
        np.full(b.shape[1], float(not issue.divisible))
        for issue, b in zip(case.issues, blocks, strict=True)
    ]
    return Programme(
        worth=np.hstack(blocks).astype(np.float64),
        choose=tuple(choose),
        whole=np.concatenate(whole),
        starts=tuple(int(start) for start in starts[:-1]),
    )


def maximise(
    programme: Programme,
    objective: Floats,
    rows: Sequence[Row],
    extra_whole: Floats,
    patience: Patience = ENDLESS,
) -> Answer:
    """Maximise a linear objective over the packages and some further variables.

    Parameters
    ----------
    objective
        Shape (v + e,): decision variables first, then the e further ones.
    rows
        Constraints on all v + e variables.
    extra_whole
        Shape (e,): 1 where a further variable is 0 or 1, else 0 (any non-negative number).

    Raises
    ------
    NotSolved
        The solver failed in a way that says nothing about the case.
    """
    left = patience.left()
    if left <= 0:
        return Answer("stopped", None, np.inf)
    every = [*_widened(programme.choose, len(extra_whole)), *rows]
    limits = np.where(extra_whole == 1, 1.0, np.inf)
    found = milp(
        -objective,
        integrality=np.concatenate((programme.whole, extra_whole)),
        bounds=Bounds(0, np.concatenate((np.ones(programme.size), limits))),
        constraints=LinearConstraint(
            np.array([row.coefficients for row in every]),
            [row.low for row in every],
            [row.high for row in every],
        ),
        options={"mip_rel_gap": 0.0, "time_limit": left},
    )
    if found.status == 2:
        return Answer("infeasible", None, -np.inf)
    if found.status not in (0, 1):
        raise NotSolved(
            f"The solver gave up: {found.message}",
            why="Nothing is known about the case from that.",
            do="Round the points to whole numbers that sum to 100 and try again.",
        )
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return Answer(
        verdict="optimal" if found.status == 0 else "stopped",
        x=found.x,
        bound=np.inf if bound is None else -float(bound),
    )


def _widened(rows: Sequence[Row], extra: int) -> list[Row]:
    """Return constraints of decision variables with room for further ones."""
    return [Row(np.concatenate((r.coefficients, np.zeros(extra))), r.low, r.high) for r in rows]


def relaxed(programme: Programme) -> Programme:
    """Return the programme in which every option may be taken in part."""
    return replace(programme, whole=np.zeros(programme.size))


def package_at(case: Case, programme: Programme, x: Floats) -> Package:
    """Return the package at a point of the solver: whole options, shares with the exact sum 1."""
    package: list[int | tuple[Fraction, ...]] = []
    for issue, start in zip(case.issues, programme.starts, strict=True):
        width = len(issue.options) or len(case.parties)
        part = x[start : start + width]
        package.append(_shares(part) if issue.divisible else int(np.argmax(part)))
    return tuple(package)


def _shares(part: Floats) -> tuple[Fraction, ...]:
    steps = np.maximum(np.rint(part * SHARE_STEP), 0).astype(np.int64)
    steps[int(np.argmax(steps))] += SHARE_STEP - int(steps.sum())
    return tuple(Fraction(int(step), SHARE_STEP) for step in steps)


def at_least(programme: Programme, floors: Sequence[float], extra: int = 0) -> list[Row]:
    """Return the rows that give every party at least so much."""
    rows = [
        Row(worth, float(floor) + programme.cushion * float(worth.sum()))
        for worth, floor in zip(programme.worth, floors, strict=True)
        if floor > 0
    ]
    return _widened(rows, extra)
