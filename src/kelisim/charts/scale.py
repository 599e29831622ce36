"""From values to places: an axis that begins and ends at round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of an axis: ``ticks[0]`` stands at ``start``, ``ticks[-1]`` at ``end``."""

    ticks: tuple[float, ...]
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (self.end - self.start) * (value - low) / (high - low)


SAME = 1e-12
"""Two values nearer than this, or than this share of them, are drawn as one."""


def round_steps(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return at most ``most + 1`` round numbers, evenly spaced, that enclose two values.

    >>> round_steps(0.12, 0.47, 5)
    (0.1, 0.2, 0.3, 0.4, 0.5)
    >>> round_steps(3.0, 3.0, 5)
    (2.0, 2.5, 3.0, 3.5, 4.0)
    >>> round_steps(0.0, 5e-324, 4)
    (-1.0, -0.5, 0.0, 0.5, 1.0)
    """
    size = max(abs(low), abs(high))
    if high - low <= SAME * max(size, 1.0):
        around = 10.0 ** math.floor(math.log10(size)) if size > SAME else 1.0
        low, high = low - around, low + around
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20, 50):
        step = factor * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    # A step is a decimal; a product of binary fractions would print as 0.30000000000000004.
    digits = max(0, 1 - math.floor(math.log10(step)))
    return tuple(round(place * step, digits) for place in range(first, last + 1))


def scale(
    values: Iterable[float],
    start: float,
    end: float,
    *,
    most: int = 5,
    bounds: tuple[float, float] | None = None,
) -> Scale:
    """Return the scale that holds all values, no wider than the bounds of what is measured.

    A value beyond the bounds, as negative weights can make it, is not hidden: the bounds give way.
    """
    known = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    ticks = round_steps(min(known), max(known), most)
    if bounds is not None and bounds[0] <= min(known) and max(known) <= bounds[1]:
        ticks = tuple(tick for tick in ticks if bounds[0] <= tick <= bounds[1])
    if len(ticks) < 2:
        ticks = bounds or (0.0, 1.0)
    return Scale(ticks, start, end)
