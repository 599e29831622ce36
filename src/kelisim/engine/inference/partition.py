"""A sample cut into domains: which units of which stage meet which domain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Codes, Floats
from kelisim.engine.inference.domains import DomainSet
from kelisim.engine.inference.groups import Grouping, Matrix, compact, grouping, summation
from kelisim.engine.inference.sample import Sample
from kelisim.engine.inference.stages import Stage


@dataclass(frozen=True, slots=True)
class Cells:
    """The pairs (unit, domain) of one stage that hold rows; all other pairs sum to zero.

    With D domains and P units there are at most n such cells, however large P times D is; that is
    what lets a design without PSUs, where every row is a unit, be estimated by domain.

    Attributes
    ----------
    stage
        Where the units come from.
    unit, domain
        Shape (C,): the pair of each cell.
    rows
        Weighted sums of rows within the C cells.
    pair
        Shape (C,): the number of the cell's pair (group, domain), of Q.
    within
        Shape (Q, C): sums of cells within such pairs.
    pair_group, pair_domain, pair_cells
        Shape (Q,): of each pair the group, the domain and how many cells it has.
    across
        Shape (D, Q): sums of pairs within domains, each times the coefficient of its group.
    """

    stage: Stage
    unit: Codes
    domain: Codes
    rows: Grouping
    pair: Codes
    within: Matrix
    pair_group: Codes
    pair_domain: Codes
    pair_cells: Codes
    across: Matrix


@dataclass(frozen=True, slots=True)
class Partition:
    """A sample and a set of D domains.

    Attributes
    ----------
    domains
        The set.
    cells
        Of each stage.
    rows
        Weighted sums of rows within the domains.
    n
        Shape (D, 1): rows of each domain.
    df
        Shape (D, 1): PSUs less strata that hold rows of the domain.
    """

    domains: DomainSet
    cells: tuple[Cells, ...]
    rows: Grouping
    n: Floats
    df: Floats

    @property
    def size(self) -> int:
        """The number of domains."""
        return self.domains.size


def partition(sample: Sample, domains: DomainSet) -> Partition:
    """Cut a sample into domains."""
    cells = tuple(_cells(sample, stage, domains) for stage in sample.stages)
    everyone = np.ones((sample.rows, 1))
    return Partition(
        domains=domains,
        cells=cells,
        rows=grouping(domains.codes, domains.size, sample.weights),
        n=counted(domains, everyone),
        df=degrees_of_freedom(cells[0], domains, everyone),
    )


def _cells(sample: Sample, stage: Stage, domains: DomainSet) -> Cells:
    units, size = stage.units, domains.size
    inside = domains.codes >= 0
    keys = units.of_row[inside].astype(np.int64) * size + domains.codes[inside]
    if units.group.size == sample.rows:
        occupied, number = keys, np.arange(keys.size, dtype=np.int32)
    else:
        occupied, number = compact(keys, units.group.size * size)
    cell_of_row = np.full(sample.rows, -1, dtype=np.int32)
    cell_of_row[inside] = number
    unit = (occupied // size).astype(np.int32)
    domain = (occupied % size).astype(np.int32)
    groups = units.size.size
    pairs, pair = compact(units.group[unit].astype(np.int64) * size + domain, groups * size)
    pair_group = (pairs // size).astype(np.int32)
    pair_domain = (pairs % size).astype(np.int32)
    return Cells(
        stage=stage,
        unit=unit,
        domain=domain,
        rows=grouping(cell_of_row, unit.size, sample.weights),
        pair=pair,
        within=summation(pair, pairs.size),
        pair_group=pair_group,
        pair_domain=pair_domain,
        pair_cells=np.bincount(pair, minlength=pairs.size).astype(np.int32),
        across=summation(pair_domain, size, stage.coefficient[pair_group]),
    )


def counted(domains: DomainSet, answered: Floats) -> Floats:
    """Return how many rows of each domain answered: (D, V) from (n, V) of 0 and 1."""
    return np.asarray(summation(domains.codes, domains.size) @ answered)


def degrees_of_freedom(cells: Cells, domains: DomainSet, answered: Floats) -> Floats:
    """Return PSUs less strata that hold rows which answered: (D, V) from (n, V) of 0 and 1."""
    rows = cells.rows.matrix
    count = Matrix((np.ones(rows.data.size), rows.indices, rows.indptr), shape=rows.shape)
    units = (count @ answered > 0).astype(np.float64)
    strata = (cells.within @ units > 0).astype(np.float64)
    per_unit, per_pair = (summation(d, domains.size) for d in (cells.domain, cells.pair_domain))
    return np.asarray(per_unit @ units - per_pair @ strata)
