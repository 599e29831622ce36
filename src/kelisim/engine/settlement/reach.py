"""Everything two or three parties can reach, exactly: what the rules of fairness choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kelisim.engine.settlement.division import Line, line_of_two
from kelisim.engine.settlement.envelope import MOST_PIECES, Piece, frontier_pieces, turning_points
from kelisim.engine.settlement.frontier import (
    Frontier,
    frontier_of_three,
    frontier_of_two,
    grid_fits,
)
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Case, Exact, Package, Points, Vector
from kelisim.engine.settlement.rules import Rows, powers


@dataclass(frozen=True, slots=True)
class Reach:
    """The frontier of a case.

    Attributes
    ----------
    frontier
        The undominated packages of the undivided issues.
    line
        The divisions of the others, of two parties; None for three.
    pieces
        The undominated stretches of both together; empty if nothing is really divided.
    """

    case: Case
    frontier: Frontier
    line: Line | None
    pieces: tuple[Piece, ...] = ()

    def rows(self) -> Rows:
        """Return the worth of every undominated package, or the ends of every stretch."""
        if self.pieces:
            return [point for piece in self.pieces for point in (piece.start, piece.end)]
        if self.line is None:
            return self.frontier.points
        points: Points = self.frontier.points + np.array(self.line.corners[0])
        return points

    def between(self, measures: Sequence[Measure]) -> list[Vector]:
        """Return the inner points of stretches where the choice of a rule can lie.

        These are where the Nash product peaks, where a party has just its disagreement, and where
        the gains by one of the measures are equal.
        """
        power = powers(self.case.entitlement)
        return [
            (x, piece.at(x))
            for piece in self.pieces
            for x in turning_points(piece, self.case.disagreement, power, measures)
            if piece.start[0] < x < piece.end[0]
        ]

    def package(self, row: Vector) -> Package:
        """Return a package with the worth of a row."""
        if not self.pieces:
            aside = self.line.corners[0] if self.line else (0,) * len(row)
            base = np.array([int(u - a) for u, a in zip(row, aside, strict=True)])
            at = np.flatnonzero((self.frontier.points == base).all(axis=1))[0]
            return self._combined(int(at), 0, 0)
        piece = next(
            p for p in self.pieces if p.start[0] <= row[0] <= p.end[0] and p.at(row[0]) == row[1]
        )
        corner = self.line.corners[piece.leg][0] if self.line else 0
        base_of_first = int(self.frontier.points[piece.package, 0])
        return self._combined(piece.package, piece.leg, row[0] - base_of_first - corner)

    def _combined(self, package: int, leg: int, beyond: Exact) -> Package:
        decisions: dict[int, int | tuple[Fraction, ...]] = {
            j: int(option)
            for j, option in zip(self.case.whole, self.frontier.packages[package], strict=True)
        }
        if self.line:
            decisions |= zip(self.case.divisible, self.line.shares(leg, beyond), strict=True)
        return tuple(decisions[j] for j in range(len(self.case.issues)))


def reach_of(case: Case) -> Reach | None:
    """Return everything that two or three parties can reach; None where it cannot be listed.

    It can be listed for two parties unless opposed interests leave a vast number of packages
    undominated, and for three while every issue has options and the grid of points has room.
    """
    if len(case.parties) == 2:
        frontier = frontier_of_two(case.tables(case.whole))
        line = line_of_two(case.tables(case.divisible))
        if frontier is None or len(frontier.points) * len(line.order) > MOST_PIECES:
            return None
        pieces = frontier_pieces(frontier.points, line) if line.order else []
        return Reach(case, frontier, line, tuple(pieces))
    listable = len(case.parties) == 3 and not case.divisible
    if listable and grid_fits(case.totals, len(case.issues)):
        return Reach(case, frontier_of_three(case.points), None)
    return None
