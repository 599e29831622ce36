"""The frontier of two parties when some issues are divided: the upper edge of many lines.

Each package of the undivided issues shifts the line of divisions; the frontier is the undominated
part of their union. Everything is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from kelisim.engine.settlement.division import Line
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Exact, Points, Vector

Point = tuple[Exact, Exact]

MOST_PIECES = 12_000
"""More stretches of shifted lines than this are left to the solver."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A falling stretch of a line; where it begins on the line does not matter.

    Attributes
    ----------
    start, end
        Points of both parties; the first party has less at the start.
    package
        The package of undivided issues that shifted the line.
    leg
        The leg of the line.
    """

    start: Point
    end: Point
    package: int
    leg: int

    def at(self, x: Exact) -> Exact:
        """Return what the second party has where the first has x."""
        (x0, y0), (x1, y1) = self.start, self.end
        return y0 + Fraction(x - x0) / (x1 - x0) * (y1 - y0)

    def cut(self, low: Exact, high: Exact) -> Piece:
        """Return the stretch between two values of the first party."""
        if (low, high) == (self.start[0], self.end[0]):
            return self
        return replace(self, start=(low, self.at(low)), end=(high, self.at(high)))


def frontier_pieces(packages: Points, line: Line) -> list[Piece]:
    """Return the undominated stretches, the first party rising.

    Parameters
    ----------
    packages
        Shape (m, 2): the frontier of the undivided issues.
    line
        The divisions of the others; it must have at least one leg.

    Examples
    --------
    >>> import numpy as np
    >>> line = Line(((0, 10), (10, 0)), (0,), (), (10,))
    >>> pieces = frontier_pieces(np.array([[0, 8], [12, 0]]), line)
    >>> [[int(u) for u in (*piece.start, *piece.end)] for piece in pieces]
    [[0, 18, 8, 10], [12, 10, 22, 0]]
    """
    shifted = [
        [
            Piece(_sum(base, a), _sum(base, b), k, leg)
            for leg, (a, b) in enumerate(pairwise(line.corners))
        ]
        for k, base in enumerate(packages)
    ]
    return _undominated(_merged(shifted))


def _sum(base: Points, corner: tuple[int, int]) -> Point:
    return int(base[0]) + corner[0], int(base[1]) + corner[1]


def _merged(lines: Sequence[list[Piece]]) -> list[Piece]:
    """Return the upper edge of several lines, halving the list."""
    if len(lines) == 1:
        return lines[0]
    middle = len(lines) // 2
    return _joined(_upper(_merged(lines[:middle]), _merged(lines[middle:])))


def _upper(one: Sequence[Piece], other: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the upper edge of two lists of pieces, cut wherever either begins, ends or crosses."""
    cuts = sorted({x for piece in (*one, *other) for x in (piece.start[0], piece.end[0])})
    i = j = 0
    for low, high in pairwise(cuts):
        while i < len(one) and one[i].end[0] <= low:
            i += 1
        while j < len(other) and other[j].end[0] <= low:
            j += 1
        over = [p for p in (*one[i : i + 1], *other[j : j + 1]) if p.start[0] <= low]
        yield from _higher([piece.cut(low, high) for piece in over])


def _higher(pair: Sequence[Piece]) -> Sequence[Piece]:
    """Return the higher of two pieces over the same stretch, in two parts if they cross."""
    if len(pair) < 2:
        return pair
    p, q = pair
    left, right = p.start[1] - q.start[1], p.end[1] - q.end[1]
    if left >= 0 and right >= 0:
        return [p]
    if left <= 0 and right <= 0:
        return [q]
    x0, x1 = p.start[0], p.end[0]
    x = x0 + Fraction(left) / (left - right) * (x1 - x0)
    first, second = (p, q) if left > 0 else (q, p)
    return [first.cut(x0, x), second.cut(x, x1)]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return neighbouring stretches of the same line as one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and (last.end, last.package, last.leg) == (piece.start, piece.package, piece.leg):
            joined[-1] = replace(last, end=piece.end)
        else:
            joined.append(piece)
    return joined


def _undominated(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop what a point further right is at least as good as for the second party."""
    kept = []
    high: Exact = -1
    for piece in reversed(pieces):
        (x0, y0), (x1, y1) = piece.start, piece.end
        if y0 <= high:
            continue
        left = x1 if y1 >= high else x0 + Fraction(y0 - high) / (y0 - y1) * (x1 - x0)
        kept.append(piece.cut(x0, left))
        high = y0
    return kept[::-1]


def turning_points(
    piece: Piece, floor: Vector, power: Sequence[int], measures: Sequence[Measure]
) -> Iterator[Exact]:
    """Yield where on the whole line of a piece the choice of a rule can lie, for the first party.

    That is where a party has just its floor, where the product of the gains over the floor, to the
    given powers, is largest, and where the gains by one of the measures are equal.
    """
    (x0, y0), (d0, d1) = piece.start, floor
    slope = Fraction(piece.end[1] - y0) / (piece.end[0] - x0)
    at_zero = y0 - slope * x0
    p, q = power
    yield d0
    yield (d1 - at_zero) / slope
    yield (q * slope * d0 - p * (at_zero - d1)) / (slope * (p + q))
    for measure in measures:
        (a0, a1), (w0, w1) = measure.origin, measure.weight
        yield (w1 * (at_zero - a1) + w0 * a0) / (w0 - w1 * slope)
