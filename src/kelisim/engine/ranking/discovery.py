"""Which of many claims to make, so that the expected share of wrong ones is at most q.

Two readings of one promise. The Bayesian: the mean probability that a claim is wrong, over the
claims made, is at most q. The frequentist: the false discovery rate of Benjamini and Hochberg
(1995), or under any dependence of Benjamini and Yekutieli (2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kelisim.engine.frame import Floats

Rule = Literal["bayes", "bh", "by"]

RULES: tuple[Rule, ...] = ("bayes", "bh", "by")


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Where the line is drawn among the errors of claims.

    Attributes
    ----------
    made
        How many claims are made.
    largest
        The largest error of a claim that is made, -1 if none is.
    following
        The error below which a claim that is not made would be.
    """

    made: int
    largest: float
    following: float


def discoveries(errors: Floats, family: int, q: float, rule: Rule) -> Discoveries:
    """Return how many of the claims can be made at the rate q.

    Parameters
    ----------
    errors
        Shape (n,), in order of size: the probability that each claim is wrong, or its p-value.
        Claims with the same error are made together or not at all.
    family
        m >= n: how many claims could have been made.
    q
        The error rate.
    rule
        ``bayes``, ``bh`` or ``by``.

    Examples
    --------
    >>> discoveries(np.array([0.001, 0.01, 0.03, 0.2]), 4, 0.05, "bh")
    Discoveries(made=3, largest=0.03, following=0.05)
    """
    order = np.arange(1, len(errors) + 1)
    if rule == "bayes":
        allowed = np.cumsum(errors) <= q * order
    else:
        allowed = errors <= q * order / divisor(family, rule)
    last_of_equals = np.append(errors[1:] > errors[:-1], True)[: len(errors)]
    made = int(order[allowed & last_of_equals].max(initial=0))
    if rule == "bayes":
        following = q * (made + 1) - float(errors[:made].sum())
    else:
        following = q * (made + 1) / divisor(family, rule)
    # Equal errors that were too many to be called together are in the way of larger ones.
    following = min([following, *errors[made : made + 1].tolist()])
    return Discoveries(made, float(errors[made - 1]) if made else -1.0, following)


def divisor(family: int, rule: Rule) -> float:
    """Return what q is divided by for the smallest p-value: m, or m times its harmonic number.

    >>> divisor(4, "bh"), round(divisor(4, "by"), 4)
    (4.0, 8.3333)
    """
    return float(family * (1 / np.arange(1, family + 1)).sum() if rule == "by" else family)
