"""The size of a sample in each stratum of its frame, as its design divides it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.sampling.allocation import (
    Counts,
    allocate,
    by_label,
    cost_optimal,
    neyman,
    power,
)
from kelisim.engine.sampling.asked import refuse_too_many, whole
from kelisim.engine.sampling.frame import Frame
from kelisim.engine.sampling.plan import Allocation, Plan


def divide(frame: Frame, plan: Plan) -> Counts:
    """Return how many units, or PSUs where the design has them, are drawn first in each stratum.

    A stratum counts by the total size of its units, which is their number where no size is given.

    Returns
    -------
    Counts
        Shape (H,), int64; they sum to n.

    Raises
    ------
    DesignRefused
        A stratum has fewer units than are asked for, or is not named where every one must be.
    ValueRefused
        A deviation or a cost is not positive.
    """
    there_are = _first_units(frame)
    replaced = plan.method == "pps-wr"
    if plan.allocation.method == "fixed":
        return _fixed(plan.allocation.counts, frame.strata, None if replaced else there_are)
    n = whole(plan.n, "The sample size n")
    units = "units" if plan.psu is None else "PSUs"
    if not replaced:
        refuse_too_many(n, int(there_are.sum()), units)
    low = np.full(len(there_are), plan.allocation.minimum, dtype=np.int64)
    high = np.full_like(low, max(n, plan.allocation.minimum)) if replaced else there_are
    measure = np.bincount(frame.stratum, weights=frame.size).astype(np.float64)
    shares = _shares(plan.allocation, measure, frame.strata)
    return allocate(n, shares, low, high, frame.strata)


def _first_units(frame: Frame) -> Counts:
    pairs = np.unique(np.stack([frame.stratum, frame.psu]), axis=1)
    return np.bincount(pairs[0], minlength=len(frame.strata)).astype(np.int64)


def _shares(how: Allocation, measure: Floats, strata: tuple[str, ...]) -> Floats:
    if how.method == "proportional":
        return measure
    if how.method == "equal":
        return np.ones_like(measure)
    if how.method == "power":
        known = by_label(how.deviation, strata, "deviation") if how.deviation else 1.0
        return power(measure, known * np.ones_like(measure), how.power)
    deviation = by_label(how.deviation, strata, "deviation")
    if how.method == "neyman":
        return neyman(measure, deviation)
    return cost_optimal(measure, deviation, by_label(how.cost, strata, "cost"))


def _fixed(counts: Mapping[str, int], strata: tuple[str, ...], there_are: Counts | None) -> Counts:
    by_label(counts, strata, "number of units")
    for code, label in enumerate(strata):
        where = f"stratum '{label}'"
        n = whole(counts[label], "The number of units", where=where)
        if there_are is not None:
            refuse_too_many(n, int(there_are[code]), "units", where=where)
    return np.array([counts[label] for label in strata], dtype=np.int64)
