"""Trimming: extreme weights are cut, and what is cut off goes to the others.

Trimming trades bias for variance. It moves the totals that weights were calibrated to, so weights
are raked again where the margins have to hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kelisim.core.errors import NotConverged, SettingRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.margins import Margins
from kelisim.engine.weighting.raking import Raking, rake

ROUNDS = 200
"""Trimmings and rakings in turn after which no weights are expected any more."""

SLACK = 1e-6
"""What weights may be outside the limits, relative to them, when the margins are met again."""


def trim_weights(weights: Floats, low: float, high: float, *, strict: bool = False) -> Floats:
    """Cut weights to [low, high] and spread what is cut off evenly over those that were inside.

    Parameters
    ----------
    weights
        Shape (n,).
    strict
        Repeat until none is outside; once, the spreading may push some a little over a limit.

    Returns
    -------
    Floats
        Shape (n,), with the same sum.

    Raises
    ------
    SettingRefused
        The limits are no limits, or the mean weight is not between them.

    References
    ----------
    Potter (1990), A study of procedures to identify and trim extreme sampling weights. ASA
    Proceedings of the Survey Research Methods Section.

    Examples
    --------
    >>> trim_weights(np.array([1.0, 2.0, 3.0, 10.0]), 1.0, 5.0).round(3).tolist()
    [2.667, 3.667, 4.667, 5.0]
    >>> trim_weights(np.array([1.0, 4.0, 4.9, 8.0]), 1.0, 5.0).tolist()
    [2.0, 5.0, 5.9, 5.0]
    >>> trim_weights(np.array([1.0, 4.0, 4.9, 8.0]), 1.0, 5.0, strict=True).round(1).tolist()
    [2.9, 5.0, 5.0, 5.0]
    """
    _refuse_limits(float(weights.mean()), low, high)
    trimmed = weights.copy()
    outside = _outside(trimmed, low, high)
    while outside.any():
        cut = np.clip(trimmed, low, high)
        rest = float((trimmed - cut).sum())
        takers = ~outside
        if not takers.any():  # all were cut: what is left goes where there is room for it
            takers = cut < high if rest > 0 else cut > low
        cut[takers] += rest / max(int(takers.sum()), 1)
        trimmed = cut
        outside = _outside(trimmed, low, high) if strict else np.zeros_like(outside)
    return trimmed


def _outside(weights: Floats, low: float, high: float) -> Any:
    return (weights < low * (1 - 1e-12)) | (weights > high * (1 + 1e-12))


def _refuse_limits(mean: float, low: float, high: float) -> None:
    if not 0 <= low < high:
        raise SettingRefused(
            f"The limits are {low:g} and {high:g}.",
            where="limits",
            do="Write the least and the greatest weight, such as 20 and 45.",
        )
    if not low <= mean <= high:
        raise SettingRefused(
            f"The weights are {mean:g} on average, which is not between {low:g} and {high:g}.",
            where="limits",
            why="Trimming keeps the sum of the weights.",
            do="Give limits below and above the average.",
        )


def trim(calibration: Calibration, low: float, high: float, *, strict: bool = False) -> Calibration:
    """Trim calibrated weights; the sample keeps the residuals of its calibration.

    Parameters and refusals as for `trim_weights`.
    """
    weights = trim_weights(calibration.weights, low, high, strict=strict)
    return replace(calibration, weights=weights, untrimmed=calibration.weights)


def trim_and_rake(
    data: Any,
    margins: Margins,
    raking: Raking,
    limits: Sequence[float],
    *,
    tolerance: float = 1e-8,
) -> Raking:
    """Trim raked weights and rake them again, in turn, until margins and limits hold together.

    Parameters
    ----------
    data, margins, tolerance
        As for the raking.
    raking
        The weights to start from.
    limits
        The least and the greatest weight.

    Returns
    -------
    Raking
        With the base weights of ``raking``; its factors are those of the last round.

    Raises
    ------
    SettingRefused
        The limits are refused as by `trim_weights`.
    NotConverged
        Margins and limits do not hold together.

    Examples
    --------
    >>> people = {"sex": ["f", "f", "f", "m", "m"]}
    >>> counts = {"sex": {"f": 60, "m": 40}}
    >>> raked = rake(people, counts, weight=[1, 1, 4, 1, 1])
    >>> trim_and_rake(people, counts, raked, (5, 30)).weights.round(3).tolist()
    [15.0, 15.0, 30.0, 20.0, 20.0]
    """
    low, high = limits
    found = raking
    for _ in range(ROUNDS):
        weights = found.weights
        beyond = max(
            float((weights / high).max()) - 1, 1 - float((weights / max(low, 1e-300)).min())
        )
        if beyond <= SLACK:
            known = replace(found.calibration, base_weights=raking.base_weights)
            return replace(found, base_weights=raking.base_weights, calibration=known)
        trimmed = trim_weights(weights, low, high, strict=True)
        found = rake(data, margins, trimmed, tolerance=tolerance)
    raise NotConverged(
        f"Weights between {low:g} and {high:g} that meet the margins were not found: the last are "
        f"outside by {beyond:.2%}.",
        where="limits",
        why="Trimming and raking undo each other where a category needs larger or smaller weights.",
        do="Widen the limits, or merge small categories.",
    )
