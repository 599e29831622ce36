"""The critical value of many comparisons at once, with the step-down of Romano and Wolf (2005).

Every ordered pair of areas is a hypothesis: 'j is not above k'. It is rejected when
(t_j - t_k) / s_jk exceeds the quantile of the largest such statistic under equality. Rejected
hypotheses leave, the quantile over the others is lower, and so on until none is rejected.

What leaves is 'j is not above k' alone. Its reverse stays: leaving both, as for two-sided tests of
equality, would guard against calling equal areas different, but no longer against calling a pair
in the wrong order, which is what a rank set must never do (Mogstad, Romano, Shaikh and Wilhelm
2023, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.bounds import Scale, exact_maxima
from kelisim.engine.ranking.maxima import Pairs

BATCH = 512


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What is compared, and how.

    Attributes
    ----------
    pairs
        Which areas: R rows of them.
    statistics
        Shape (R, p): (t_j - t_k) / s_jk.
    weights
        Shape (R, p): 1 / s_jk, 0 where s_jk = 0.
    scale
        What bounds the differences.
    """

    pairs: Pairs
    statistics: Floats
    weights: Floats
    scale: Scale


def order_of_quantile(level: float, draws: int) -> int:
    """Return the k such that the k-th smallest of the draws is the critical value.

    k = ceil(level (B + 1)): a statistic drawn like the B others is below it with probability at
    least ``level``, so that simulation makes the sets wider and never narrower.

    Raises
    ------
    ValueRefused
        There are too few draws for the level.

    Examples
    --------
    >>> order_of_quantile(0.95, 999)
    950
    """
    k = ceil(round(level * (draws + 1), 9))
    if k > draws:
        raise ValueRefused(
            f"{draws} draws cannot give a quantile at the level {level}.",
            do=f"Use at least {ceil(level / (1 - level))} draws, or a lower level.",
        )
    return k


def critical_value(
    z: Floats, compared: Comparisons, bounds: Floats, k: int, *, step_down: bool
) -> float:
    """Return the value that the standardised differences are held against.

    Parameters
    ----------
    z
        Shape (B, p): draws of the errors of the estimates.
    compared
        What is compared.
    bounds
        Shape (B,): an upper bound on the largest difference of each draw.
    k
        Which of the maxima, in order of size, is the answer.
    step_down
        Whether rejected hypotheses leave and the others are judged again.
    """
    top = bounds.copy()
    c = _quantile(top, z, compared, compared.weights, compared.weights, k)
    left = 0
    while step_down and (rejected := int((np.abs(compared.statistics) > c).sum())) > left:
        left = rejected
        above = np.where(compared.statistics > c, 0.0, compared.weights)
        below = np.where(-compared.statistics > c, 0.0, compared.weights)
        c = _quantile(top, z, compared, above, below, k)
    return c


def _quantile(
    top: Floats, z: Floats, compared: Comparisons, above: Floats, below: Floats, k: int
) -> float:
    """Return the k-th smallest of the maxima of the draws, exactly.

    ``top`` holds a bound on each maximum: at first that of the extremes, later the maximum over
    more hypotheses than are left. The draws are computed from the largest bound downwards, and only
    until no bound could reach the answer; ``top`` is brought down to the maximum where it was
    computed.
    """
    order = np.argsort(-top, kind="stable")
    beyond = len(top) - k + 1
    done = 0
    while True:
        batch = order[done : done + BATCH]
        top[batch] = exact_maxima(z[batch], compared.scale, above, below, compared.pairs)
        done += len(batch)
        if done < beyond:
            continue
        c = float(np.partition(top[order[:done]], done - beyond)[done - beyond])
        if done == len(order) or top[order[done]] <= c:
            return abs(c)
