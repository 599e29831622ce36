"""What calibration explains: the variance of calibrated estimates is that of residuals.

Calibrated weights w reproduce the population totals of auxiliaries x, so only the part of a
linearised variable u that x does not explain varies from sample to sample. As in R ``survey``,
residuals are e = u - x'B with B from least squares with the *base* weights d, and the design
variance is that of w e. (Deville and Särndal 1992, Calibration estimators in survey sampling,
JASA 87; Särndal, Swensson and Wretman 1992, result 6.6.1.)

A domain's u is zero outside the domain but its residuals are not, so they are never written out.
For one stage, with z the sums of w u over units, b those of w x, and <., .> the centred product
sum_h c_h sum_p (. - mean)(. - mean), the variance of the residuals is
<z, z> - 2 B'<b, z> + B'<b, b> B. The first term is `variance`; the products with b need sums only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Codes, Floats
from kelisim.engine.inference.answers import Block
from kelisim.engine.inference.auxiliaries import Auxiliaries, Term, scaled
from kelisim.engine.inference.groups import Grouping, Matrix, grouping
from kelisim.engine.inference.linearise import Estimated, Totals, group_sums, linear_sums
from kelisim.engine.inference.partition import Cells, Partition
from kelisim.engine.inference.variance import Rows


@dataclass(frozen=True, slots=True)
class Residuals:
    """A calibration as seen from D domains: every regression and product is a sum by domain.

    Attributes
    ----------
    auxiliaries
        The q variables.
    moments
        For each term, sums with base weights by domain and category: D times its size.
    products
        For each stage, the matrices (D q, C) and (D q, Q) that take sums of cells and of pairs
        (group, domain) to <b, z>.
    """

    auxiliaries: Auxiliaries
    moments: tuple[Grouping, ...]
    products: tuple[tuple[Matrix, Matrix], ...]


def residuals(auxiliaries: Auxiliaries, partition: Partition) -> Residuals:
    """Prepare the residuals of a calibration by domain."""
    return Residuals(
        auxiliaries=auxiliaries,
        moments=tuple(_moment(term, auxiliaries.base, partition) for term in auxiliaries.terms),
        products=tuple(
            _products(auxiliaries, place, cells, partition.size)
            for place, cells in enumerate(partition.cells)
        ),
    )


def _moment(term: Term, base: Floats, partition: Partition) -> Grouping:
    domain, size = partition.domains.codes, np.int32(term.size)
    codes = np.where(domain < 0, np.int32(-1), domain * size + term.codes)
    weights = base if term.values is None else base * term.values
    return grouping(codes, partition.size * term.size, weights)


def _products(
    auxiliaries: Auxiliaries, place: int, cells: Cells, domains: int
) -> tuple[Matrix, Matrix]:
    stage = auxiliaries.stages[place]
    c = cells.stage.coefficient
    units = scaled(stage.units[cells.unit], c[cells.stage.units.group[cells.unit]])
    means = Rows(stage.means[cells.pair_group] * c[cells.pair_group, None])
    return _by_domain(units, cells.domain, domains), _by_domain(means, cells.pair_domain, domains)


def _by_domain(rows: Rows, domain: Codes, domains: int) -> Matrix:
    """Return the matrix that sums (row of q) x (row of V) within domains: shape (D q, rows)."""
    q = rows.shape[1]
    entry = np.repeat(domain * np.int32(q), np.diff(rows.indptr)) + rows.indices
    return Matrix((rows.data, entry, rows.indptr), shape=(domains * q, rows.shape[0]))


def slopes(residuals: Residuals, block: Block, estimated: Estimated) -> Floats:
    """Regress the linearised variable of every domain on the auxiliaries.

    Returns
    -------
    Floats
        Shape (D, q, V): B.
    """
    domains, quantities = estimated.estimate.shape
    parts = []
    for term, moment in zip(residuals.auxiliaries.terms, residuals.moments, strict=True):
        domain = np.repeat(np.arange(domains), term.size)
        part = linear_sums(estimated, *group_sums(block, moment), domain)
        parts.append(part.reshape(domains, term.size, quantities))
    return np.asarray(residuals.auxiliaries.inverse @ np.concatenate(parts, axis=1))


def explained_variance(
    residuals: Residuals, partition: Partition, totals: Totals, slopes: Floats
) -> Floats:
    """Return what the calibration takes off the variance, 2 B'<b, z> - B'<b, b> B.

    Parameters
    ----------
    totals
        For each stage, z of its cells: shape (C, V).
    slopes
        Shape (D, q, V): B.

    Returns
    -------
    Floats
        Shape (D, V).
    """
    explained = np.zeros((slopes.shape[0], slopes.shape[2]))
    for place, (cells, z) in enumerate(zip(partition.cells, totals, strict=True)):
        of_cells, of_pairs = residuals.products[place]
        product = of_cells @ z - of_pairs @ (cells.within @ z)
        own = residuals.auxiliaries.stages[place].product @ slopes
        explained += (slopes * (2 * product.reshape(slopes.shape) - own)).sum(axis=1)
    return explained
