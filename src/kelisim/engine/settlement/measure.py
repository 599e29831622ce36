"""How worth becomes a gain that parties can be compared by, exactly and in whole units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from kelisim.engine.settlement.model import Case, Exact, Vector
from kelisim.engine.settlement.rules import ordered_gains


@dataclass(frozen=True, slots=True)
class Measure:
    """Gain of party i: (worth - origin_i) * weight_i, for worth of at least floor_i.

    Attributes
    ----------
    origin
        n exact numbers, in whole units.
    weight
        n positive fractions.
    floor
        n whole units that a package must give each party.
    """

    origin: Vector
    weight: tuple[Fraction, ...]
    floor: tuple[int, ...]

    def gains(self, worths: Vector) -> Vector:
        """Return the gains from the least to the largest."""
        return ordered_gains(worths, self.origin, self.weight)

    def reaching(self, level: Exact) -> tuple[int, ...]:
        """Return the least whole units with which each party gains the level."""
        units = [ceil(a + level / w) for a, w in zip(self.origin, self.weight, strict=True)]
        return tuple(map(max, units, self.floor))

    def passing(self, level: Exact) -> tuple[int, ...]:
        """Return the least whole units with which each party gains more than the level.

        >>> Measure((0, 0), (Fraction(1, 3), Fraction(1)), (0, 0)).passing(2)
        (7, 3)
        """
        units = [floor(a + level / w) + 1 for a, w in zip(self.origin, self.weight, strict=True)]
        return tuple(map(max, units, self.floor))

    def above(self, level: Exact) -> Exact:
        """Return the least gain above the level that whole units can give any party."""
        units = zip(self.passing(level), self.origin, self.weight, strict=True)
        return min((u - a) * w for u, a, w in units)


def satisfaction(case: Case) -> Measure:
    """Return points of 100, relative to entitlement: what leximin compares.

    The weights are 100 / (total * n * entitlement), so that with equal entitlements a gain is the
    party's own points of 100.
    """
    n = len(case.parties)
    weight = tuple(
        Fraction(100, t) / (n * e) for t, e in zip(case.totals, case.entitlement, strict=True)
    )
    return Measure((0,) * n, weight, case.disagreement)


def aspiration(case: Case, ideal: Vector) -> Measure:
    """Return the share of the way from disagreement to ideal: what Kalai and Smorodinsky compare.

    Parameters
    ----------
    ideal
        The most each party can have while every party has at least its disagreement. A party that
        cannot gain has weight 1 on whatever it has, which is the same in every package.
    """
    n = len(case.parties)
    weight = tuple(
        Fraction(100) / (max(top - d, 1) * n * e)
        for top, d, e in zip(ideal, case.disagreement, case.entitlement, strict=True)
    )
    return Measure(case.disagreement, weight, case.disagreement)
