"""Scores of a battery: items turned into one direction, and the mean of those answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.frame import Floats, numbers


def turned(
    frame: pl.DataFrame, items: Sequence[str], reverse: Sequence[str], ends: tuple[float, float]
) -> Floats:
    """Return the items as numbers, those to be reversed as lowest + highest - answer.

    Parameters
    ----------
    items
        K columns of numbers.
    reverse
        Those of them in which a high answer means little of what is measured.
    ends
        The lowest and the highest answer.

    Returns
    -------
    Floats
        Shape (n, K); NaN where there is no answer.

    Raises
    ------
    IndicatorRefused
        An answer is beyond the ends, such as a code for 'do not know'.

    Examples
    --------
    >>> turned(pl.DataFrame({"a": [1, 5], "b": [2, 4]}), ["a", "b"], ["b"], (1, 5)).tolist()
    [[1.0, 4.0], [5.0, 2.0]]
    """
    low, high = ends
    answers = np.stack([numbers(frame, name, role="an item") for name in items], axis=1)
    beyond = (answers < low) | (answers > high)
    if beyond.any():
        row, item = (int(one[0]) for one in np.nonzero(beyond))
        raise IndicatorRefused(
            f"The answer {answers[row, item]:g} is not between {low:g} and {high:g}.",
            where=f"column '{items[item]}', row {row + 1}",
            why="It may be a code for no answer, and would be taken for one.",
            do="List it as missing, or correct the ends of the scale.",
        )
    down = np.array([name in set(reverse) for name in items])
    return np.where(down, low + high - answers, answers)


def mean_score(answers: Floats, least: float = 0.5) -> Floats:
    """Return the mean of the answered items of each row, NaN where too few are.

    Parameters
    ----------
    answers
        Shape (n, K).
    least
        The share of items that must be answered.

    Examples
    --------
    >>> mean_score(np.array([[1.0, 3.0, np.nan], [2.0, np.nan, np.nan]])).tolist()
    [2.0, nan]
    """
    known = ~np.isnan(answers)
    count = known.sum(axis=1)
    sums = np.where(known, answers, 0.0).sum(axis=1)
    enough = count >= least * answers.shape[1]
    return np.where(enough, sums / np.maximum(count, 1), np.nan)
