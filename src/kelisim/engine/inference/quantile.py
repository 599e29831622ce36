"""Weighted quantiles by domain, with the interval of Woodruff.

The interval of a quantile is that of the share at or below it, read back through the distribution.
(Woodruff 1952, Confidence intervals for medians and other position measures, JASA 47.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import WeightRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Block, Column
from kelisim.engine.inference.deff import simple_variance
from kelisim.engine.inference.intervals import critical
from kelisim.engine.inference.linearise import linearise
from kelisim.engine.inference.measure import Measured, block_variance, conclude
from kelisim.engine.inference.partition import Partition
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.residuals import Residuals

_TIE = 1e-12
"""A cumulated share this close to the wanted one is equal to it; the last bit must not decide."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers of D domains, sorted within each.

    Attributes
    ----------
    values
        Shape (m,): by domain, then by size.
    cumulated
        Shape (m,): running sum of weights over all domains, in extended precision, so that a
        domain's own sums keep every digit after what came before is taken off.
    start, stop
        Shape (D,): where the domain's values are.
    """

    values: Floats
    cumulated: NDArray[np.longdouble]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]


def distribution(
    values: Floats, weights: Floats, domain: NDArray[np.int32], size: int
) -> Distribution:
    """Sort values within domains; a negative domain or no weight leaves a value out."""
    inside = np.flatnonzero((domain >= 0) & (weights > 0))
    order = inside[np.lexsort((values[inside], domain[inside]))]
    stop = np.cumsum(np.bincount(domain[inside], minlength=size))
    return Distribution(
        values=values[order],
        cumulated=np.cumsum(weights[order], dtype=np.longdouble),
        start=np.concatenate([[0], stop[:-1]]),
        stop=stop,
    )


def quantile(distribution: Distribution, p: Floats, rule: str) -> Floats:
    """Read a quantile off each domain.

    ``math`` is the least value whose cumulated share reaches p, ``school`` the mean of that value
    and the next where it reaches p exactly, ``hf7`` interpolates between the shares below.

    Parameters
    ----------
    p
        Shape (D,); below 0 the least value, above 1 the largest.

    Returns
    -------
    Floats
        Shape (D,); NaN for a domain without values.
    """
    full = (distribution.stop > distribution.start) & ~np.isnan(p)
    result = np.full(p.shape, np.nan)
    some = Distribution(
        distribution.values,
        distribution.cumulated,
        distribution.start[full],
        distribution.stop[full],
    )
    wanted = np.clip(p[full], 0, 1)
    if rule == "hf7":
        result[full] = _interpolated(some, wanted)
    else:
        result[full] = _stepped(some, wanted, school=rule == "school")
    return result


def _before(distribution: Distribution) -> NDArray[np.longdouble]:
    """Return what was cumulated before each domain."""
    start = distribution.start
    return np.where(start > 0, distribution.cumulated[start - 1], np.longdouble(0))


def _stepped(distribution: Distribution, p: Floats, *, school: bool) -> Floats:
    values, cumulated = distribution.values, distribution.cumulated
    before, last = _before(distribution), distribution.stop - 1
    weight = cumulated[last] - before
    reach, tie = before + p * weight, _TIE * weight
    place = np.clip(np.searchsorted(cumulated, reach - tie), distribution.start, last)
    if not school:
        return values[place]
    exact = np.abs(cumulated[place] - reach) <= tie
    following = np.where(exact, np.minimum(place + 1, last), place)
    return (values[place] + values[following]) / 2


def _interpolated(distribution: Distribution, p: Floats) -> Floats:
    values, cumulated = distribution.values, distribution.cumulated
    before, last = _before(distribution), distribution.stop - 1
    but_last = np.where(last > distribution.start, cumulated[last - 1], before) - before
    reach = before + p * but_last
    place = np.minimum(np.searchsorted(cumulated, reach, side="right"), last)
    below = np.where(place > distribution.start, cumulated[place - 1], before)
    part = (reach - below) / (cumulated[place] - below)
    following = np.minimum(place + 1, last)
    step = (values[following] - values[place]) * part.astype(np.float64)
    return np.asarray(values[place] + step)


def measure_quantiles(
    run: Sequence[Column],
    partition: Partition,
    residuals: Residuals | Replicates | None,
    weights: Floats,
    level: float,
) -> Measured:
    """Estimate quantiles of one item in one set of domains.

    The standard error is the length of the interval over 2 t, as in R ``svyquantile``; the design
    effect is that of the share at or below the quantile.

    Raises
    ------
    WeightRefused
        Calibration made a weight negative, so that the shares do not rise.
    """
    answers = run[0][0]
    if weights.min() < 0:
        raise WeightRefused(
            f"{int((weights < 0).sum())} calibrated weights are negative.",
            where=f"indicator '{answers.indicator.name}'",
            why="A distribution with negative parts has no quantiles.",
            do="Calibrate by raking or within bounds.",
        )
    domain = partition.domains.codes
    if answers.answered is not None:
        domain = np.where(answers.answered, domain, np.int32(-1))
    values = answers.values.astype(np.float64, copy=False)
    answers_by_domain = distribution(values, weights, domain, partition.size)

    def read(p: Floats) -> Floats:
        columns = [quantile(answers_by_domain, column, answers.indicator.rule) for column in p.T]
        return np.stack(columns, axis=1)

    at = np.array([answers.indicator.quantiles[place] for _, place in run])
    q = read(np.broadcast_to(at, (partition.size, at.size)))
    below = _at_or_below(values, q, domain)
    estimated, totals = linearise(below, partition)
    V = block_variance(below, partition, residuals, estimated, totals)
    share = conclude(estimated, V, simple_variance(below, partition, estimated), below.share, level)
    low, high = read(share.low), read(share.high)
    se = (high - low) / (2 * critical(level, share.df))
    return replace(share, estimate=q, low=low, high=high, se=se)


def _at_or_below(values: Floats, q: Floats, domain: NDArray[np.int32]) -> Block:
    """Return the share at or below each quantile of the row's domain, as a block of means."""
    inside = domain >= 0
    answered = np.repeat(inside[:, None] * 1.0, q.shape[1], axis=1)
    none = np.zeros(q.shape[1], dtype=np.bool_)
    return Block(
        numerator=answered * (values[:, None] <= q[domain]),
        denominator=answered,
        answered=answered,
        shift=np.zeros(q.shape[1]),
        total=none,
        share=none,
        complete=False,
    )
