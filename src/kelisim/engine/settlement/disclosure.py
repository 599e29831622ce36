"""What a suggestion tells one party about another's points, by simulation, and how many to allow.

An observer who knows its own points, the rule and the package suggested can rule out every profile
of the other party under which the rule would have suggested something else. The profiles that are
left are walked through at random, from the true one; how often each issue is the other's top issue
among them is what the observer can infer. The walk begins at the truth, so a short walk overstates
what is revealed, never understates it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log2

import numpy as np

from kelisim.core.errors import CaseRefused
from kelisim.engine.frame import Floats
from kelisim.engine.settlement.model import Case, Package, Points

Rule = Callable[[Case], Package | None]
"""The rule whose package is suggested, the same for every profile."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What an observer can infer about another party from one suggestion.

    Attributes
    ----------
    top_issue
        The probability, among profiles consistent with the suggestion, of the true top issue.
    guess
        The largest probability of any issue: how sure the observer's best guess is.
    blind_guess
        The same without the suggestion: 1 over the number of issues.
    bits
        What the suggestion tells about the top issue: the entropy lost, at least 0.
    most_bits
        No suggestion can tell more than this: the logarithm of the number of issues.
    consistent
        The share of the steps of the walk that stayed consistent; small means the suggestion
        restricts the other's points strongly.
    steps
        The length of the walk.
    """

    top_issue: float
    guess: float
    blind_guess: float
    bits: float
    most_bits: float
    consistent: float
    steps: int

    def allowed(self, budget: float) -> int:
        """Return how many such suggestions stay within a budget of bits about the top issue.

        Information of separate suggestions is at most the sum, so the count is safe; a suggestion
        that tells nothing measurable counts as a hundredth of a bit.
        """
        return int(budget / max(self.bits, 0.01))


def disclosure(
    case: Case,
    rule: Rule,
    other: int,
    rng: np.random.Generator,
    *,
    steps: int = 1000,
) -> Disclosure:
    """Return what the other parties together can infer about one party from a suggestion.

    Parameters
    ----------
    case
        A case with at least two issues.
    rule
        What is suggested, such as the package of the Nash settlement.
    other
        The position of the party whose points are to be protected. All others are taken to pool
        what they know, which is the worst case.
    rng
        The source of chance; the same seed gives the same report.
    steps
        The length of the walk; the rule is computed once a step.

    Notes
    -----
    Beforehand every division of the party's total over the issues is equally likely, and so is
    every shape of the options inside an issue, one of them being the best. A step moves some of the
    total from one issue to another, which is as likely back as forth, or draws a shape anew; a
    profile that would have led to another suggestion is not entered (Metropolis et al. 1953).

    Raises
    ------
    CaseRefused
        There are fewer than two issues, so there is nothing to hide.
    """
    issues = len(case.issues)
    if issues < 2:
        raise CaseRefused(
            "With a single issue everyone knows what the other's top issue is.",
            where="issues",
            do="Ask for what is revealed only where there are two issues or more.",
        )
    shown, profile = _shown(rule(case)), _profile_of(case, other, rng)
    truth = profile.top()
    seen, stayed = np.zeros(issues), 0
    for _ in range(steps):
        proposed = _moved(profile, case.totals[other], rng)
        if proposed is not None and _shown(rule(_with(case, other, proposed))) == shown:
            profile, stayed = proposed, stayed + 1
        seen[profile.top()] += 1
    share = seen / steps
    return Disclosure(
        top_issue=float(share[truth]),
        guess=float(share.max()),
        blind_guess=1 / issues,
        bits=max(0.0, log2(issues) - _entropy(share)),
        most_bits=log2(issues),
        consistent=stayed / steps,
        steps=steps,
    )


def _shown(package: Package | None) -> tuple[object, ...]:
    """Return a package as people are shown it: shares in whole per cent."""
    return tuple(
        tuple(round(100 * share) for share in d) if isinstance(d, tuple) else d
        for d in package or ()
    )


@dataclass(frozen=True, slots=True)
class _Profile:
    """A party's points: the worth of the best option of each issue, and each option beside it."""

    best: Points
    shapes: tuple[Floats, ...]

    def top(self) -> int:
        return int(np.argmax(self.best))


def _profile_of(case: Case, party: int, rng: np.random.Generator) -> _Profile:
    rows = [table[party] for table in case.points]
    shapes = [row / row.max() if row.any() else _shape(len(row), rng) for row in rows]
    return _Profile(np.array([row.max() for row in rows]), tuple(shapes))


def _shape(options: int, rng: np.random.Generator) -> Floats:
    shape = rng.random(options)
    shape[int(rng.integers(options))] = 1.0
    return shape


def _moved(profile: _Profile, total: int, rng: np.random.Generator) -> _Profile | None:
    """Return a neighbouring profile, or None where the step would leave points below 0."""
    giver, taker = (int(j) for j in rng.choice(len(profile.shapes), size=2, replace=False))
    if rng.random() < 0.5:
        shapes = list(profile.shapes)
        shapes[giver] = _shape(len(shapes[giver]), rng)
        return replace(profile, shapes=tuple(shapes))
    best = profile.best.copy()
    step = int(rng.integers(1, max(2, total // 4 + 1)))
    best[giver] -= step
    best[taker] += step
    return replace(profile, best=best) if best[giver] >= 0 else None


def _with(case: Case, party: int, profile: _Profile) -> Case:
    """Return the case as it would be if the party had this profile."""
    tables = [table.copy() for table in case.points]
    for table, best, shape in zip(tables, profile.best, profile.shapes, strict=True):
        table[party] = np.rint(best * shape)
    return replace(case, points=tuple(tables))


def _entropy(share: Floats) -> float:
    positive = share[share > 0]
    return float(-(positive * np.log2(positive)).sum())
