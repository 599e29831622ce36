"""The variables a calibration used, as sparse rows: one entry a margin, one a numeric variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Codes, Floats
from kelisim.engine.inference.groups import summation
from kelisim.engine.inference.sample import Sample
from kelisim.engine.inference.stages import Stage
from kelisim.engine.inference.variance import Rows

_RANK = 1e-10
"""Directions of the auxiliaries weaker than this, relative to the strongest, are dependent."""


@dataclass(frozen=True, slots=True)
class Term:
    """One margin, or one numeric variable, of a calibration.

    Attributes
    ----------
    codes
        Shape (n,): the category of each row, 0..size-1.
    size
        How many columns of x it makes.
    values
        Shape (n,): what stands in the row's column; None for a margin, where it is 1.
    """

    codes: Codes
    size: int
    values: Floats | None = None


@dataclass(frozen=True, slots=True)
class StageSums:
    """The auxiliaries summed over the units of a stage.

    Attributes
    ----------
    units
        Shape (P, q): b, sums of w x.
    means
        Shape (G, q): k times the mean of b over the units of a group.
    product
        Shape (q, q): sum over groups of c (sum b b' - k m mean mean'), m units in the group.
    """

    units: Rows
    means: Floats
    product: Floats


@dataclass(frozen=True, slots=True)
class Auxiliaries:
    """What a sample was calibrated to, prepared once for every regression on it.

    Attributes
    ----------
    terms
        The margins and variables; together q columns x.
    base
        Shape (n,): the weights d of the regression; times trimmed over calibrated weight where
        weights were trimmed.
    inverse
        Shape (q, q): generalised inverse of sum d x x'; margins overlap, so it has not full rank.
    stages
        Of each stage of the sample.
    """

    terms: tuple[Term, ...]
    base: Floats
    inverse: Floats
    stages: tuple[StageSums, ...]

    @property
    def columns(self) -> int:
        """The number of columns, q."""
        return len(self.inverse)


def auxiliaries(calibration: Calibration, sample: Sample) -> Auxiliaries:
    """Prepare the variables of a calibration of a sample."""
    terms = tuple(_terms(calibration))
    rows = _rows(terms)
    base, met = calibration.base_weights, calibration.untrimmed
    inverse = np.linalg.pinv(gram(rows, base), rcond=_RANK, hermitian=True)
    if met is None:
        met = sample.weights
    else:  # residuals are w (u t / w - x'B), with t the trimmed weight of w
        base = base * calibration.weights / met
    return Auxiliaries(
        terms=terms,
        base=base,
        inverse=np.asarray(inverse),
        stages=tuple(_stage_sums(rows, met, stage) for stage in sample.stages),
    )


def _terms(calibration: Calibration) -> Iterator[Term]:
    n = calibration.base_weights.size
    for codes, size in zip(calibration.margins, calibration.levels, strict=True):
        yield Term(codes, size)
    if calibration.covariates is not None:
        for values in calibration.covariates.T:
            yield Term(np.zeros(n, dtype=np.int32), 1, _scaled(values, calibration))


def _scaled(values: Floats, calibration: Calibration) -> Floats:
    """Return the variable in units of its own size; centred if a margin holds the constant."""
    if calibration.margins:
        values = values - values.mean()
    size = np.abs(values).max()
    return values / size if size > 0 else values


def _rows(terms: tuple[Term, ...]) -> Rows:
    """Return x: shape (n, q), an entry a term in every row."""
    offset = np.cumsum([0, *(term.size for term in terms)])
    column = np.stack([term.codes + first for term, first in zip(terms, offset, strict=False)], 1)
    n, entries = column.shape
    values = np.ones((n, entries))
    for place, term in enumerate(terms):
        if term.values is not None:
            values[:, place] = term.values
    pointer = np.arange(0, n * entries + 1, entries, dtype=np.int32)
    parts = (values.ravel(), column.ravel().astype(np.int32), pointer)
    return Rows(parts, shape=(n, int(offset[-1])))


def gram(rows: Rows, weights: Floats) -> Floats:
    """Return sum w x x' over rows: shape (q, q)."""
    return np.asarray((rows.T.tocsr() @ scaled(rows, weights)).toarray())


def scaled(rows: Rows, factor: Floats) -> Rows:
    """Return every row times a factor."""
    values = rows.data * np.repeat(factor, np.diff(rows.indptr))
    return Rows((values, rows.indices, rows.indptr), shape=rows.shape)


def _stage_sums(rows: Rows, weights: Floats, stage: Stage) -> StageSums:
    group, size = stage.units.group, stage.units.size
    units = summation(stage.units.of_row, group.size, weights).tocsr() @ rows
    sums = (summation(group, size.size) @ units).toarray()
    means = sums * (stage.centred / size)[:, None]
    product = gram(units, stage.coefficient[group])
    product -= sums.T @ (means * stage.coefficient[:, None])
    return StageSums(units, means, product)
