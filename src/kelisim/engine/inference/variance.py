"""The variance of a sum over a stratified multistage sample, by ultimate clusters and stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from kelisim.engine.frame import Floats
from kelisim.engine.inference.groups import summation
from kelisim.engine.inference.partition import Cells
from kelisim.engine.inference.stages import Stage

Rows = csr_array[np.float64]

_ENTRIES = 1 << 22
"""Numbers a dense block of units may hold."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The part of K sums that auxiliary variables of a calibration explain.

    Attributes
    ----------
    auxiliaries
        Shape (P, q): weighted sums of the auxiliaries over units.
    slopes
        Shape (q, K).
    """

    auxiliaries: Rows
    slopes: Floats


def variance(cells: Cells, totals: Floats) -> Floats:
    r"""Return what one stage adds to the variance of every domain.

    For a domain, with z the sum over the unit of weighted linearised values (0 for a unit that has
    no row there, so that the design stays whole),

    .. math:: V = \sum_h c_h \sum_{p \in h} (z_p - k_h \bar z_h)^2 .

    The mean of the group is taken off before squaring. Units without rows are not visited: each
    adds :math:`(k_h \bar z_h)^2`, and how many there are is known.

    Parameters
    ----------
    cells
        Where units meet domains.
    totals
        Shape (C, V): z of the cells.

    Returns
    -------
    Floats
        Shape (D, V).

    References
    ----------
    Särndal, Swensson and Wretman (1992), sections 4.3 and 5.5; Binder (1983).
    """
    group = cells.pair_group
    units = cells.stage.units.size[group]
    share = cells.stage.centred[group] / units
    mean = np.asarray(cells.within @ totals) * share[:, None]
    spread = np.asarray(cells.within @ (totals - mean[cells.pair]) ** 2)
    spread += (units - cells.pair_cells)[:, None] * mean**2
    return np.asarray(cells.across @ spread)


def covariance(stage: Stage, totals: Rows, explained: Explained | None = None) -> Floats:
    """Return what one stage adds to the joint covariance of K sums.

    Units pass in dense blocks, so that memory does not grow with their number times K.

    Parameters
    ----------
    totals
        Shape (P, K): weighted linearised values summed over units, 0 where a unit has no row.
    explained
        What a calibration explains of them, to be taken off.

    Returns
    -------
    Floats
        Shape (K, K).
    """
    units = stage.units
    of_group = summation(units.group, units.size.size)
    mean = (of_group @ totals).toarray()
    if explained is not None:
        mean -= np.asarray((of_group @ explained.auxiliaries) @ explained.slopes)
    mean *= (stage.centred / units.size)[:, None]
    root = np.sqrt(stage.coefficient)
    result = np.zeros((totals.shape[1], totals.shape[1]))
    step = max(1, _ENTRIES // totals.shape[1])
    for start in range(0, units.group.size, step):
        some = slice(start, start + step)
        group = units.group[some]
        deviation = totals[some].toarray() - mean[group]
        if explained is not None:
            deviation -= np.asarray(explained.auxiliaries[some] @ explained.slopes)
        deviation *= root[group, None]
        result += deviation.T @ deviation
    return result
