"""The one margin of error a reader looks for, with the design effect it was computed with.

Kish (1965): with a design effect deff, n interviews are worth n / deff of a simple random sample,
and the 95 % margin of a share of one half is 1.96 sqrt(deff / (4 n)).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from statistics import median

from kelisim.study.report.facts import IndicatorFacts


def design_effect(facts: Iterable[IndicatorFacts], kish: float) -> float:
    """Return the larger of the effect of the weights and the median effect of national shares.

    Kish's effect knows the weights only; the design effects of the estimates know the clusters too.
    """
    found = [
        answer.nation.deff
        for one in facts
        if one.share
        for answer in one.answers
        if answer.nation is not None and answer.nation.deff is not None
    ]
    return max(kish, median(found)) if found else kish


def margin_of_error(n: int, deff: float) -> float:
    """Return half the width of the 95 % interval of a share of one half.

    >>> round(margin_of_error(1600, 1.0), 4), round(margin_of_error(1600, 2.0), 4)
    (0.0245, 0.0346)
    """
    return 1.96 * sqrt(deff / (4 * n))
