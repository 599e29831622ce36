"""From linearised totals to what a reader needs: standard error, interval, effective size, note."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Block
from kelisim.engine.inference.deff import simple_variance
from kelisim.engine.inference.groups import Bools
from kelisim.engine.inference.intervals import Interval, clopper_pearson, wald, wald_logit
from kelisim.engine.inference.linearise import Estimated, Totals, linearise
from kelisim.engine.inference.partition import Partition
from kelisim.engine.inference.replicate_variance import replicate_variance
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.residuals import Residuals, explained_variance, slopes
from kelisim.engine.inference.variance import variance

_KNOWN = 1e-9
"""A design effect below this is rounding: calibration or enumeration left nothing to vary."""


class Note(StrEnum):
    """What a reader must know about a row of the estimates."""

    NONE = ""
    EMPTY = "no row of the domain answered"
    UNDIVIDED = "the denominator is zero in the domain"
    ONE_PSU = "no stratum has two PSUs in the domain: the variance cannot be estimated"
    OUTSIDE = "negative weights took the share below 0 or above 1: it has no interval"
    UNANIMOUS = "all answers are equal: exact interval (Clopper-Pearson) as of a simple sample"
    LEFT_OUT = "a replicate holds no row of the domain: the variance cannot be estimated"


NOTES = tuple(Note)


@dataclass(frozen=True, slots=True)
class Measured:
    """V estimates in D domains; every array has shape (D, V), NaN where there is no number.

    Attributes
    ----------
    n, n_eff
        Rows that answered, and n over the design effect.
    estimate, se, low, high
        The estimate, its standard error and interval.
    df, deff
        Design degrees of freedom, and the design effect of the kind "replace".
    note
        Place in `NOTES`.
    """

    n: Floats
    n_eff: Floats
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats
    deff: Floats
    note: NDArray[np.int8]


def measure(
    block: Block, partition: Partition, residuals: Residuals | Replicates | None, level: float
) -> Measured:
    """Estimate one block in one set of domains; for the parameters see `block_variance`."""
    estimated, totals = linearise(block, partition)
    V = block_variance(block, partition, residuals, estimated, totals)
    simple = simple_variance(block, partition, estimated)
    return conclude(estimated, V, simple, block.share, level)


def block_variance(
    block: Block,
    partition: Partition,
    residuals: Residuals | Replicates | None,
    estimated: Estimated,
    totals: Totals,
) -> Floats:
    """Return the variance of every estimate of a block: shape (D, V).

    Parameters
    ----------
    residuals
        Of a calibration, whose variance is taken over all stages; a residual variance that
        rounding made negative is zero. Replicates give their own variance instead.
    """
    if isinstance(residuals, Replicates):
        return replicate_variance(block, partition, residuals, estimated.estimate)
    V = np.zeros(estimated.estimate.shape)
    for cells, z in zip(partition.cells, totals, strict=True):
        V += variance(cells, z)
    if residuals is not None:
        V -= explained_variance(residuals, partition, totals, slopes(residuals, block, estimated))
    return np.maximum(V, 0.0)


def conclude(
    estimated: Estimated, V: Floats, simple: Floats, share: Bools, level: float
) -> Measured:
    """Turn estimates, their variances and simple random variances into rows."""
    estimate, shape = estimated.estimate, estimated.estimate.shape
    n, df = np.broadcast_to(estimated.n, shape), np.broadcast_to(estimated.df, shape)
    estimable = ~np.isnan(estimate) & (df >= 1)
    unanimous = share & estimable & ((estimate == 0) | (estimate == 1))
    se = np.where(estimable, np.sqrt(V), np.nan)
    deff = np.where(estimable, V / simple, np.nan)
    low, high = interval(estimate, se, df, share, level)
    low[unanimous], high[unanimous] = clopper_pearson(estimate[unanimous], n[unanimous], level)
    return Measured(
        n=n,
        n_eff=np.where(unanimous, n, effective(n, deff)),
        estimate=estimate,
        se=se,
        low=low,
        high=high,
        df=np.where(np.isnan(estimate), np.nan, df),
        deff=deff,
        note=_notes(n, estimate, se, estimable, share, unanimous),
    )


def interval(estimate: Floats, se: Floats, df: Floats, share: Bools, level: float) -> Interval:
    """Return Wald limits, those of shares (columns) on the logit scale."""
    low, high = wald(estimate, se, df, level)
    if share.any():
        of = (estimate[:, share], se[:, share], df[:, share])
        low[:, share], high[:, share] = wald_logit(*of, level)
    return low, high


def effective(n: Floats, deff: Floats) -> Floats:
    """Return n / deff; NaN where nothing is left to vary."""
    unknown = np.full(deff.shape, np.nan)
    return np.asarray(np.divide(n, deff, out=unknown, where=deff > _KNOWN))


def _notes(
    n: Floats, estimate: Floats, se: Floats, estimable: Bools, share: Bools, unanimous: Bools
) -> NDArray[np.int8]:
    cases = {
        Note.EMPTY: n == 0,
        Note.UNDIVIDED: np.isnan(estimate),
        Note.ONE_PSU: ~estimable,
        Note.LEFT_OUT: np.isnan(se),
        Note.OUTSIDE: share & ((estimate < 0) | (estimate > 1)),
        Note.UNANIMOUS: unanimous,
    }
    places = [NOTES.index(note) for note in cases]
    return np.select(list(cases.values()), places, 0).astype(np.int8)
