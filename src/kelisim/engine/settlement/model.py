"""A dispute as numbers: parties, issues, points in whole units, and the packages that settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]
Exact = int | Fraction
Vector = tuple[Exact, ...]
"""One exact number a party, in the party's whole units."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One question of the dispute.

    Attributes
    ----------
    options
        The ways to decide it; empty for an issue that is divided into shares.
    """

    name: str
    options: tuple[str, ...] = ()

    @property
    def divisible(self) -> bool:
        """Whether the parties take shares of it."""
        return not self.options


@dataclass(frozen=True, slots=True)
class Remark:
    """Something accepted that the mediator should know: a key and the names it is about."""

    key: str
    about: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A dispute with the private points of every party, in exact whole units.

    Attributes
    ----------
    points
        One array an issue, shape (n, options), int64 >= 0: what each option is worth to each
        party. A divisible issue has shape (n, 1): what the whole of it is worth.
    unit
        n fractions: the points, as the party wrote them, in one whole unit.
    entitlement
        n positive fractions that sum to 1.
    disagreement
        n whole units: what each party has without an agreement.
    """

    parties: tuple[str, ...]
    issues: tuple[Issue, ...]
    points: tuple[Points, ...]
    unit: tuple[Fraction, ...]
    entitlement: tuple[Fraction, ...]
    disagreement: tuple[int, ...]
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """Return what each party would have if every issue went its way."""
        best = np.array([table.max(axis=1) for table in self.points])
        return tuple(int(total) for total in best.sum(axis=0))

    @cached_property
    def whole(self) -> tuple[int, ...]:
        """Return the positions of the issues that are decided by an option."""
        return tuple(j for j, issue in enumerate(self.issues) if not issue.divisible)

    @cached_property
    def divisible(self) -> tuple[int, ...]:
        """Return the positions of the issues that are divided into shares."""
        return tuple(j for j, issue in enumerate(self.issues) if issue.divisible)

    def tables(self, positions: Sequence[int]) -> list[Points]:
        """Return the points of some issues."""
        return [self.points[j] for j in positions]

    def of_hundred(self, worth: Vector) -> tuple[Fraction, ...]:
        """Return worth in whole units as points of 100: 100 is every issue going one's way."""
        return tuple(Fraction(100 * u, t) for u, t in zip(worth, self.totals, strict=True))


Shares = tuple[Fraction, ...]
Package = tuple[int | Shares, ...]
"""One decision an issue: the position of an option, or one share a party (they sum to 1)."""


def worth(case: Case, package: Package) -> Vector:
    """Return what a package is worth to each party, in whole units, exactly."""
    gained: list[Exact] = [0] * len(case.parties)
    for table, decision in zip(case.points, package, strict=True):
        for i in range(len(gained)):
            if isinstance(decision, tuple):
                gained[i] += int(table[i, 0]) * decision[i]
            else:
                gained[i] += int(table[i, decision])
    return tuple(gained)


def in_words(case: Case, package: Package) -> dict[str, str | dict[str, float]]:
    """Return a package by the names of issues, options and parties, as the contract prints it."""
    words: dict[str, str | dict[str, float]] = {}
    for issue, decision in zip(case.issues, package, strict=True):
        if isinstance(decision, tuple):
            shares = zip(case.parties, decision, strict=True)
            words[issue.name] = {party: float(share) for party, share in shares}
        else:
            words[issue.name] = issue.options[decision]
    return words
