"""Bargaining over a convex set, as the axioms have it: a polygon exactly, a curve numerically."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from scipy.optimize import brentq

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.envelope import Piece, turning_points
from kelisim.engine.settlement.measure import Measure
from kelisim.engine.settlement.model import Exact, Vector
from kelisim.engine.settlement.rules import leximin, nash

Utility = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class InPolygon:
    """Two solutions of a bargaining problem, exactly."""

    nash: Vector
    kalai_smorodinsky: Vector


def bargain_in_polygon(
    vertices: Sequence[Sequence[float]], disagreement: Sequence[float] = (0, 0)
) -> InPolygon:
    """Return the solutions of Nash (1950) and of Kalai and Smorodinsky (1975).

    Parameters
    ----------
    vertices
        The set is their convex hull; decimals are read exactly.
    disagreement
        What the two parties have without an agreement.

    Raises
    ------
    CaseRefused
        No point of the set is better for both parties than the disagreement.

    Examples
    --------
    >>> found = bargain_in_polygon([(0, 0), (1, 0), (1, 0.7), (0, 1)])
    >>> [str(u) for u in (*found.nash, *found.kalai_smorodinsky)]
    ['1', '7/10', '10/13', '10/13']
    """
    corners = _falling([(_read(x), _read(y)) for x, y in vertices])
    floor = (_read(disagreement[0]), _read(disagreement[1]))
    pieces = [Piece(start, end, 0, 0) for start, end in pairwise(corners)]
    rows = _above(corners, pieces, floor, ())
    best = nash(rows, floor, (1, 1)) if rows else []
    if not best:
        raise CaseRefused(
            "No point of the set is better for both parties than the disagreement.",
            where="disagreement",
            do="Look for further options.",
        )
    ideal = tuple(max(column) for column in zip(*rows, strict=True))
    weight = tuple(1 / Fraction(top - d) for top, d in zip(ideal, floor, strict=True))
    measure = Measure(floor, weight, (0, 0))
    rows = _above(corners, pieces, floor, (measure,))
    return InPolygon(
        nash=rows[nash(rows, floor, (1, 1))[0]],
        kalai_smorodinsky=rows[leximin(rows, floor, weight)[0]],
    )


def _read(number: float) -> Exact:
    return Fraction(repr(float(number)))


def _falling(vertices: Sequence[tuple[Exact, Exact]]) -> list[tuple[Exact, Exact]]:
    """Return the corners of the undominated side of the hull, from left to right."""
    hull: list[tuple[Exact, Exact]] = []
    for x, y in sorted(set(vertices)):
        while hull and (y >= hull[-1][1] or (len(hull) > 1 and _below(hull[-2], hull[-1], (x, y)))):
            hull.pop()
        hull.append((x, y))
    return hull


def _below(
    left: tuple[Exact, Exact], middle: tuple[Exact, Exact], right: tuple[Exact, Exact]
) -> bool:
    """Whether the middle lies on or below the line from left to right."""
    run, rise = right[0] - left[0], right[1] - left[1]
    return (middle[1] - left[1]) * run <= rise * (middle[0] - left[0])


def _above(
    corners: Sequence[tuple[Exact, Exact]],
    pieces: Sequence[Piece],
    floor: tuple[Exact, Exact],
    measures: Sequence[Measure],
) -> list[Vector]:
    """Return the corners and turning points that give both parties their disagreement."""
    rows: list[Vector] = list(corners)
    for piece in pieces:
        turns = turning_points(piece, floor, (1, 1), measures)
        rows += [(x, piece.at(x)) for x in turns if piece.start[0] < x < piece.end[0]]
    return [row for row in rows if row[0] >= floor[0] and row[1] >= floor[1]]


@dataclass(frozen=True, slots=True)
class OnCurve:
    """The parameter of three solutions on a curve of agreements."""

    nash: float
    kalai_smorodinsky: float
    egalitarian: float


def bargain_on_curve(
    first: Utility, second: Utility, disagreement: tuple[float, float] = (0.0, 0.0)
) -> OnCurve:
    """Return solutions on a curve of agreements x in [0, 1], to about 1e-10.

    Parameters
    ----------
    first, second
        Concave utilities, smooth inside (0, 1); the first rises and the second falls, and the
        disagreement is below both somewhere. An agreement at an end of the curve is not looked for.

    Examples
    --------
    >>> round(bargain_on_curve(lambda x: x, lambda x: (1 - x) ** 0.5).nash, 9)
    0.666666667
    """
    low, high = _gaining(first, second, disagreement)
    d, e = disagreement
    top, other = first(high) - d, second(low) - e
    edge = 1e-9 * (high - low)

    def log_slope(x: float) -> float:
        step = 1e-3 * min(x - low, high - x)
        one, two = _slope(first, x, step), _slope(second, x, step)
        return one * (second(x) - e) + two * (first(x) - d)

    def relative(x: float) -> float:
        return (first(x) - d) / top - (second(x) - e) / other

    return OnCurve(
        nash=_root(log_slope, low + edge, high - edge),
        kalai_smorodinsky=_root(relative, low, high),
        egalitarian=_root(lambda x: first(x) - d - second(x) + e, low, high),
    )


def _gaining(
    first: Utility, second: Utility, disagreement: tuple[float, float]
) -> tuple[float, float]:
    """Return the stretch of the curve on which neither party is below its disagreement."""
    d, e = disagreement
    low = 0.0 if first(0.0) >= d else _root(lambda x: first(x) - d, 0.0, 1.0)
    high = 1.0 if second(1.0) >= e else _root(lambda x: second(x) - e, 0.0, 1.0)
    return low, high


def _slope(function: Utility, x: float, step: float) -> float:
    """Return the derivative by five points, with an error of the fourth power of the step."""
    near = function(x + step) - function(x - step)
    far = function(x + 2 * step) - function(x - 2 * step)
    return (8 * near - far) / (12 * step)


def _root(function: Utility, low: float, high: float) -> float:
    return float(brentq(function, low, high, xtol=1e-15, rtol=1e-14))
