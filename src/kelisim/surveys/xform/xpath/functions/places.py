"""Places: areas, distances, whether a point lies inside a shape."""

from __future__ import annotations

import math
from itertools import pairwise

from kelisim.surveys.xform.xpath.functions.registry import MANY, Shelf, strings
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import NAN, Value, to_string

HERE = Shelf()
EARTH_RADIUS = 6_378_100.0
"""Metres, as JavaRosa and web-forms take it."""

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""


def _point(text: str) -> Point | None:
    words = text.split()
    try:
        latitude, longitude = float(words[0]), float(words[1])
    except (IndexError, ValueError):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _line(values: tuple[Value, ...]) -> list[Point] | None:
    """Return the points of traces, shapes and points together; None when one is no point."""
    texts = [text for value in values for text in strings(value)]
    points = [_point(part) for text in texts for part in text.split(";") if part.strip()]
    known = [point for point in points if point is not None]
    return known if len(known) == len(points) else None


@HERE.add("distance", 1, MANY)
def _distance(_scope: Scope, *values: Value) -> Value:
    """Return the length of a line in metres, along great circles."""
    line = _line(values)
    if line is None:
        return NAN
    if len(line) < 2:
        return 0.0
    return sum(_between(a, b) for a, b in pairwise(line))


def _between(a: Point, b: Point) -> float:
    one, other = math.radians(a[0]), math.radians(b[0])
    angle = math.radians(b[1] - a[1])
    cosine = math.sin(one) * math.sin(other) + math.cos(one) * math.cos(other) * math.cos(angle)
    return math.acos(max(-1.0, min(1.0, cosine))) * EARTH_RADIUS


@HERE.add("area", 1, MANY)
def _area(_scope: Scope, *values: Value) -> Value:
    """Return the area of a closed shape in square metres, on a sphere."""
    line = _line(values)
    if line is None:
        return NAN
    if len(line) < 3:
        return 0.0
    total = 0.0
    for a, b in zip(line, [*line[1:], line[0]], strict=True):
        turn = math.radians(b[1] - a[1])
        total += turn * (2 + math.sin(math.radians(a[0])) + math.sin(math.radians(b[0])))
    return abs(total) * EARTH_RADIUS**2 / 2


@HERE.add("geofence", 2)
def _geofence(_scope: Scope, place: Value, shape: Value) -> Value:
    """Say whether a point lies inside a shape: a ray to the east crosses its side an odd number."""
    point, line = _point(to_string(place)), _line((shape,))
    if point is None or line is None or len(line) < 3:
        return False
    inside = False
    for (y1, x1), (y2, x2) in zip(line, [*line[1:], line[0]], strict=True):
        if (y1 > point[0]) != (y2 > point[0]):
            crossing = x1 + (point[0] - y1) / (y2 - y1) * (x2 - x1)
            inside ^= point[1] < crossing
    return inside
