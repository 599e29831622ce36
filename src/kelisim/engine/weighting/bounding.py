"""Bounds on the ratio of weight to base weight, and the nearest ones that can be met."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from kelisim.core.errors import SettingRefused
from kelisim.engine.weighting.fitting import Bounds, Fit, Problem, fit_within


def read_bounds(bounds: Any) -> Bounds | None:
    """Return bounds as two numbers.

    Raises
    ------
    SettingRefused
        They are not two numbers with 0 <= lower < upper.

    Examples
    --------
    >>> read_bounds([0.2, 5])
    (0.2, 5.0)
    """
    if bounds is None:
        return None
    try:
        low, high = (float(end) for end in bounds)
    except (TypeError, ValueError):
        low = high = math.nan
    if 0 <= low < high:
        return low, high
    raise SettingRefused(
        f"The bounds are {bounds!r}.",
        where="bounds",
        why="A weight may be between the first and the second number times its base weight.",
        do="Write a lower and an upper ratio, such as [0.2, 5.0].",
    )


def nearest_bounds(bounds: Bounds, free: Fit, problem: Problem, goal: float) -> Bounds:
    """Return the narrowest bounds (low / c, high * c), c > 1, that can be met, to about 1 %.

    The margins can be met without bounds, so a wide enough c exists: it is doubled until it is
    found, and then bisected.
    """

    def feasible(c: float) -> bool:
        return fit_within((bounds[0] / c, bounds[1] * c), free, problem, goal=goal).converged

    narrow, wide = 1.0, 2.0
    while not feasible(wide):
        narrow, wide = wide, wide * 2
    while wide / narrow > 1.01:
        middle = math.sqrt(narrow * wide)
        narrow, wide = (narrow, middle) if feasible(middle) else (middle, wide)
    return _outward(bounds[0] / wide, math.floor), _outward(bounds[1] * wide, math.ceil)


def _outward(value: float, whole: Callable[[float], int]) -> float:
    """Round to three digits, away from the middle."""
    if value == 0 or math.isinf(value):
        return value
    unit = 10.0 ** (math.floor(math.log10(value)) - 2)
    return float(f"{whole(value / unit) * unit:.3g}")
