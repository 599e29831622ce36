"""What each unit's weight is multiplied by in each replicate.

A stratum h holds n_h units, a fraction f_h of its population (0 with replacement). Jackknives carry
1 - f_h in their scales; half-samples and the bootstrap shrink their factors towards 1 by its root.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.inference.hadamard import hadamard
from kelisim.engine.inference.stages import Stage


@dataclass(frozen=True, slots=True)
class Resampled:
    """R replicates of P units.

    Attributes
    ----------
    factors
        Shape (P, R), >= 0.
    scale, rscales
        One number, and shape (R,).
    """

    factors: Floats
    scale: float
    rscales: Floats


def unsampled(stage: Stage) -> Floats:
    """Return 1 - f_h of each stratum; 0 where its units add no variance: shape (H,)."""
    size = stage.units.size
    return np.asarray(stage.coefficient * (size - 1) / size)


def leave_one_out(stage: Stage) -> Resampled:
    """Leave every unit out once, without strata (JK1): the others weigh P / (P - 1)."""
    units = stage.units.group.size
    factors = np.full((units, units), units / max(units - 1, 1))
    np.fill_diagonal(factors, 0.0)
    return Resampled(factors, (units - 1) / units * float(unsampled(stage)[0]), np.ones(units))


def leave_one_out_by_stratum(stage: Stage) -> Resampled:
    """Leave every unit out once (JKn): the others of its stratum weigh n_h / (n_h - 1).

    A stratum of one unit, which adds no variance, has no replicate.
    """
    group, size = stage.units.group, stage.units.size
    left_out = np.flatnonzero(size[group] > 1)
    own = group[left_out]
    together = group[:, None] == own
    factors = np.where(together, (size / np.maximum(size - 1, 1))[own], 1.0)
    factors[left_out, np.arange(left_out.size)] = 0.0
    return Resampled(factors, 1.0, ((size - 1) / size * unsampled(stage))[own])


def half_samples(stage: Stage, rho: float, least: int) -> Resampled:
    """Take one of the two units of every stratum, balanced over replicates (BRR, Fay).

    The unit taken weighs 1 + (1 - rho) sqrt(1 - f_h) and the other 1 - (1 - rho) sqrt(1 - f_h).

    Parameters
    ----------
    rho
        0 for balanced repeated replication.
    least
        How many replicates at the least; never fewer than strata plus one.

    References
    ----------
    McCarthy (1969), Pseudo-replication: half samples. Review of the International Statistical
    Institute 37. Judkins (1990), Fay's method for variance estimation. Journal of Official
    Statistics 6.
    """
    group, strata = stage.units.group, stage.units.size.size
    signs = hadamard(max(least, strata + 1))[:, 1 : strata + 1]
    first = np.zeros(group.size, dtype=np.bool_)
    first[np.unique(group, return_index=True)[1]] = True
    side = np.where(first, 1.0, -1.0) * (1 - rho) * np.sqrt(unsampled(stage))[group]
    factors = 1 + side[:, None] * signs.T[group]
    replicates = signs.shape[0]
    return Resampled(factors, 1 / (replicates * (1 - rho) ** 2), np.ones(replicates))


def bootstrap(stage: Stage, count: int, rng: np.random.Generator) -> Resampled:
    """Draw n_h - 1 units of every stratum with replacement (Rao and Wu).

    A unit drawn m times weighs 1 - l + l m n_h / (n_h - 1), l = sqrt(1 - f_h).
    """
    group, size = stage.units.group, stage.units.size
    factors = np.ones((group.size, count))
    shrink = np.sqrt(unsampled(stage))
    order = np.argsort(group, kind="stable")
    for h, members in enumerate(np.split(order, np.cumsum(size)[:-1])):
        n = int(size[h])
        if n > 1:
            times = rng.multinomial(n - 1, np.full(n, 1 / n), size=count).T
            factors[members] += shrink[h] * (times * (n / (n - 1)) - 1)
    return Resampled(factors, 1 / count, np.ones(count))
