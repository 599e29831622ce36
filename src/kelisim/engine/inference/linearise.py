"""Taylor linearisation: estimates of a block in every domain, and what each unit adds to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Block
from kelisim.engine.inference.groups import Grouping, summation
from kelisim.engine.inference.partition import Partition, counted, degrees_of_freedom


@dataclass(frozen=True, slots=True)
class Estimated:
    """Estimates of V quantities in D domains, and how each depends on a row.

    The linearised value of a row of domain d is u = (y - slope x) / scale, with y and x the
    numerator and denominator of the block.

    Attributes
    ----------
    estimate
        Shape (D, V); NaN where nobody answered or the denominator is 0.
    ratio
        Shape (D, V): numerator over denominator in the units of the block (its shift taken off).
    slope, scale
        Shape (D, V).
    n, df
        Shape (D, V) or (D, 1): rows that answered, and the PSUs less strata that hold them.
    """

    estimate: Floats
    ratio: Floats
    slope: Floats
    scale: Floats
    n: Floats
    df: Floats


Totals = tuple[Floats, ...]
"""Of each stage, weighted linearised values summed over its cells: shapes (C, V)."""


def linearise(block: Block, partition: Partition) -> tuple[Estimated, Totals]:
    """Estimate a block in every domain, and sum its linearised values over cells.

    For a ratio R = Y/X, u = (y - R x) / X; a mean is the ratio whose x is 1 for those who answered;
    for a total u = y. The shift of the block is undone here.

    Parameters
    ----------
    block
        V quantities of n rows.
    partition
        D domains of the same rows.

    References
    ----------
    Deville (1999), Variance estimation for complex statistics and estimators: linearization and
    residual techniques. Survey Methodology 25.
    """
    sums = [group_sums(block, cells.rows) for cells in partition.cells]
    by_domain = summation(partition.cells[0].domain, partition.size)
    estimated = _estimate(block, partition, *(np.asarray(by_domain @ part) for part in sums[0]))
    return estimated, tuple(
        linear_sums(estimated, *parts, cells.domain)
        for parts, cells in zip(sums, partition.cells, strict=True)
    )


def group_sums(block: Block, rows: Grouping) -> tuple[Floats, Floats]:
    """Return weighted sums of numerator and denominator: (G, V), and (G, V) or (G, 1)."""
    below = rows.everyone if block.plain else np.asarray(rows.matrix @ block.denominator)
    return np.asarray(rows.matrix @ block.numerator), below


def linear_sums(
    estimated: Estimated, above: Floats, below: Floats, domain: NDArray[np.integer]
) -> Floats:
    """Return sums of u from sums of y and of x over parts of domains.

    Parameters
    ----------
    above, below
        Shapes (C, V), and (C, V) or (C, 1).
    domain
        Shape (C,): the domain each part lies in.
    """
    return np.asarray((above - estimated.slope[domain] * below) / estimated.scale[domain])


def _estimate(block: Block, partition: Partition, above: Floats, below: Floats) -> Estimated:
    n, df = _base(block, partition)
    known = (below != 0) & (n > 0)
    safe = np.where(known, below, 1.0)
    ratio = np.where(known, above / safe, 0.0)
    estimate = np.where(block.total, above + block.shift * below, ratio + block.shift)
    return Estimated(
        estimate=np.where(known | (block.total & (n > 0)), estimate, np.nan),
        ratio=ratio,
        slope=np.where(block.total, -block.shift, ratio),
        scale=np.where(block.total, 1.0, safe),
        n=n,
        df=df,
    )


def _base(block: Block, partition: Partition) -> tuple[Floats, Floats]:
    if block.complete:
        return partition.n, partition.df
    domains, cells = partition.domains, partition.cells[0]
    return counted(domains, block.answered), degrees_of_freedom(cells, domains, block.answered)
