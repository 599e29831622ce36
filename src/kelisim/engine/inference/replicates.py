"""Replicate weights: the sample drawn again from itself, many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kelisim.core.errors import DesignRefused, SettingRefused, nearest
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Floats, as_frame
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.resampling import (
    Resampled,
    bootstrap,
    half_samples,
    leave_one_out,
    leave_one_out_by_stratum,
)
from kelisim.engine.inference.sample import Sample, read_sample

METHODS = ("bootstrap", "jk1", "jkn", "brr", "fay")

MOST = 1 << 28
"""More replicate weights than this do not fit into the memory of a small machine (2 GB)."""


@dataclass(frozen=True, slots=True)
class Replicates:
    """R sets of weights, and the variance V = scale sum_r rscale_r (theta_r - c)^2 they give.

    Attributes
    ----------
    method
        How they were made.
    full
        Shape (n,): the weights of the full sample.
    weights
        Shape (n, R): replicate weights; the sampling weight is inside.
    scale, rscales
        One number, and shape (R,).
    mse
        Whether c is the estimate of the full sample; else it is the mean of the theta_r.
    """

    method: str
    full: Floats
    weights: Floats
    scale: float
    rscales: Floats
    mse: bool = False

    @property
    def factors(self) -> Floats:
        """Shape (n, R): replicate weight over weight."""
        return self.weights / self.full[:, None]

    def reweighted(self, full: Floats, weights: Floats) -> Replicates:
        """Return the same replicates with other weights, such as raked ones."""
        return replace(self, full=full, weights=weights)


def replicate_weights(
    data: Any,
    design: Design,
    method: str = "bootstrap",
    *,
    count: int | None = None,
    rho: float = 0.3,
    seed: int = 0,
    mse: bool = False,
) -> Replicates:
    """Make replicate weights of a sample; its primary sampling units are what is drawn again.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays.
    design
        How the sample was drawn. The finite population correction of the first stage enters.
    method
        ``bootstrap`` (Rao and Wu, n_h - 1 units a stratum with replacement), ``jk1`` (a unit is
        left out, without strata), ``jkn`` (within strata), ``brr`` (balanced half-samples, two
        units a stratum), ``fay`` (the same with the other half kept in part).
    count
        How many replicates: 500 of the bootstrap where not given. Half-samples take the next order
        of a Hadamard matrix; a jackknife has one a unit.
    rho
        Of ``fay``: what is left of the weight of the other half, 0 <= rho < 1.
    seed
        Of the bootstrap.
    mse
        Whether deviations are from the full sample.

    Raises
    ------
    Refusal
        What `read_sample` refuses; a method, count or rho that does not exist or does not fit.

    References
    ----------
    Rao, Wu and Yue (1992), Some recent work on resampling methods for complex surveys, Survey
    Methodology 18; Wolter (2007), Introduction to variance estimation; Fay (1989).

    Examples
    --------
    >>> data = {"h": [1, 1, 2, 2], "w": [1.0, 1.0, 3.0, 3.0]}
    >>> replicate_weights(data, Design("w", strata="h"), "jkn").weights.tolist()
    [[0.0, 2.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0], [3.0, 3.0, 0.0, 6.0], [3.0, 3.0, 6.0, 0.0]]
    """
    if method not in METHODS:
        raise SettingRefused(
            f"'{method}' is not a way to make replicates.",
            where="method",
            do=nearest(method, METHODS) or f"Choose one of {', '.join(METHODS)}.",
        )
    if count is not None and count < 2:
        raise SettingRefused(
            f"{count} replicates show no variation.", where="count", do="Ask for 200 or more."
        )
    sample = read_sample(as_frame(data), design, None)
    _refuse_unfit(sample)
    drawn = _MAKERS[method](sample, count, rho, seed)
    _refuse_too_many(sample.rows, drawn.factors.shape[1])
    weights = np.take(drawn.factors, sample.stages[0].units.of_row, axis=0)
    weights *= sample.weights[:, None]
    return Replicates(method, sample.weights, weights, drawn.scale, drawn.rscales, mse)


def _refuse_unfit(sample: Sample) -> None:
    stage = sample.stages[0]
    if len(sample.stages) > 1:
        raise DesignRefused(
            "Replicates cannot show what later stages with a finite population correction add.",
            where="fpc",
            why="They draw whole units of the first stage.",
            do="Leave fpc out of the design, which errs on the safe side, or use Taylor variances.",
        )
    alone = (stage.units.size == 1) & (stage.coefficient > 0)
    if alone.any():
        raise DesignRefused(
            f"{int(alone.sum())} strata hold one unit, which replicates can neither leave out nor "
            "compare.",
            where="design",
            do="Merge these strata with similar ones, or set lonely_psu to certainty.",
        )


def _refuse_too_many(rows: int, count: int) -> None:
    if rows * count > MOST:
        raise SettingRefused(
            f"{count} replicates of {rows} rows do not fit into memory.",
            where="method",
            do="Use the bootstrap with a few hundred replicates.",
        )


Maker = Callable[[Sample, int | None, float, int], Resampled]


def _jackknife(sample: Sample, count: int | None, *_: float) -> Resampled:
    if sample.strata > 1:
        raise DesignRefused(
            f"The jackknife jk1 knows no strata, and the design has {sample.strata}.",
            where="method",
            do="Use jkn, which leaves units out within strata.",
        )
    return _stratified_or_not(sample, count, leave_one_out)


def _stratified(sample: Sample, count: int | None, *_: float) -> Resampled:
    return _stratified_or_not(sample, count, leave_one_out_by_stratum)


def _stratified_or_not(
    sample: Sample, count: int | None, make: Callable[..., Resampled]
) -> Resampled:
    _refuse_too_many(sample.rows, sample.psus)
    drawn = make(sample.stages[0])
    if count is not None and count != drawn.rscales.size:
        raise SettingRefused(
            f"A jackknife of this design has {drawn.rscales.size} replicates, not {count}.",
            where="count",
            why="It leaves every unit out once.",
            do="Leave count out, or use the bootstrap.",
        )
    return drawn


def _half(sample: Sample, count: int | None, rho: float) -> Resampled:
    size = sample.stages[0].units.size
    other = np.flatnonzero((size != 2) & (sample.stages[0].coefficient > 0))
    if other.size:
        raise DesignRefused(
            f"Half-samples need two units in every stratum; {other.size} of {size.size} strata "
            f"have other numbers, such as {size[other[0]]}.",
            where="method",
            do="Use jkn or the bootstrap.",
        )
    drawn = half_samples(sample.stages[0], rho, count or 0)
    if count is not None and drawn.rscales.size != count:
        raise SettingRefused(
            f"There are no {count} balanced half-samples of {size.size} strata; the next number at "
            f"hand is {drawn.rscales.size}.",
            where="count",
            do="Take that number, or leave count out.",
        )
    return drawn


def _brr(sample: Sample, count: int | None, *_: float) -> Resampled:
    return _half(sample, count, 0.0)


def _fay(sample: Sample, count: int | None, rho: float, _: int) -> Resampled:
    if not 0 <= rho < 1:
        raise SettingRefused(
            f"Fay's rho is {rho:g}.",
            where="rho",
            why="It is the part of a weight that the half left out keeps.",
            do="Give a number from 0 to below 1, such as 0.3.",
        )
    return _half(sample, count, rho)


def _bootstrap(sample: Sample, count: int | None, _: float, seed: int) -> Resampled:
    count = 500 if count is None else count
    _refuse_too_many(sample.rows, count)
    rng = np.random.default_rng(stream_seed(seed, "replicates", "bootstrap"))
    return bootstrap(sample.stages[0], count, rng)


_MAKERS: dict[str, Maker] = {
    "bootstrap": _bootstrap,
    "jk1": _jackknife,
    "jkn": _stratified,
    "brr": _brr,
    "fay": _fay,
}
