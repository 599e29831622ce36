"""Design-based estimates of all indicators in all domains, by Taylor linearisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kelisim.core.errors import IndicatorRefused, SettingRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import as_frame
from kelisim.engine.inference.answers import Column, block
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.dispersion import deviations
from kelisim.engine.inference.domains import Domains
from kelisim.engine.inference.indicators import Indicator, read_indicators
from kelisim.engine.inference.intervals import check_level
from kelisim.engine.inference.measure import NOTES, Measured, Note, measure
from kelisim.engine.inference.quantile import measure_quantiles
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.result import Estimates
from kelisim.engine.inference.survey import Survey, prepare, runs
from kelisim.engine.inference.table import tabulate


def estimate(
    data: Any,
    design: Design,
    indicators: Sequence[Indicator | Mapping[str, Any]],
    domains: Domains = (),
    *,
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
    level: float = 0.95,
) -> Estimates:
    """Estimate every indicator for the nation and for every domain.

    A row whose item is missing leaves that item's estimates, not the design; a row whose domain
    variable is missing is in no domain of that set. Variances are those of Taylor linearisation on
    the full design, intervals use t with the degrees of freedom of the domain, and shares have
    theirs on the logit scale.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays, with a row an interview.
    design
        How the sample was drawn.
    indicators
        What to estimate: `Indicator` objects or mappings with the same names.
    domains
        Sets of columns to cross: ``[["sex"], ["region", "sex"]]``.
    calibration
        From `kelisim.rake`: its weights estimate, and variances are those of residuals from what
        the weights were calibrated to.
    replicates
        From `replicate_weights`: their full-sample weights estimate, and variances are those of the
        estimates over the replicates. There is no calibration beside them, as it is in them.
    level
        Of the intervals.

    Raises
    ------
    Refusal
        A column is missing or cannot be read as a number, a weight is not positive, the design
        contradicts itself, a stratum holds one PSU, an indicator or a level makes no sense. Each
        says where, why and what to do.

    References
    ----------
    Särndal, Swensson and Wretman (1992), Model assisted survey sampling. Lumley (2010), Complex
    surveys: a guide to analysis using R.

    Examples
    --------
    >>> data = {"h": [1, 1, 1, 2, 2, 2], "w": [1, 1, 1, 2, 2, 2], "age": [20, 30, 40, 50, 50, 65]}
    >>> found = estimate(data, Design("w", strata="h"), [Indicator("age", "mean", "age")])
    >>> found.to_polars().select("n", "estimate", "se", "df").row(0)
    (6, 46.666..., 3.849..., 4.0)
    """
    check_level(level)
    wanted = read_indicators(indicators)
    _refuse_both(calibration, replicates)
    survey = prepare(as_frame(data), design, domains, calibration, replicates)
    columns: list[Column] = []
    sets: list[list[Measured]] = [[] for _ in survey.partitions]
    for run in runs(survey, wanted):
        columns += run
        for found, measured in zip(sets, _measured(run, survey, level), strict=True):
            found.append(measured)
    labels = [label for part in survey.partitions for label in part.domains.labels]
    method = "taylor" if replicates is None else "replicate"
    return Estimates(wanted, level, tabulate(columns, labels, sets, method=method), survey)


def _refuse_both(calibration: Calibration | None, replicates: Replicates | None) -> None:
    if calibration is not None and replicates is not None:
        raise SettingRefused(
            "Both a calibration and replicates are given.",
            where="calibration",
            why="Replicates that were calibrated hold what calibration does to the variance.",
            do="Pass the replicates alone, with calibrated weights in them.",
        )


def _measured(run: list[Column], survey: Survey, level: float) -> list[Measured]:
    """Estimate columns of one run in each set of domains."""
    answers, weights = run[0][0], survey.sample.weights
    parts = [
        (part, survey.replicates or explained)
        for part, explained in zip(survey.partitions, survey.residuals, strict=True)
    ]
    if answers.indicator.kind == "quantile":
        return [measure_quantiles(run, *part, weights, level) for part in parts]
    if answers.indicator.kind == "variance":
        squares = [block([(deviations(answers, part, weights), 0)], weights) for part, _ in parts]
        return [measure(one, *part, level) for one, part in zip(squares, parts, strict=True)]
    together = block(run, weights)
    measured = [measure(together, *part, level) for part in parts]
    _refuse_undivided(run, measured[0])
    return measured


def _refuse_undivided(run: list[Column], nation: Measured) -> None:
    undivided = np.flatnonzero(nation.note[0] == NOTES.index(Note.UNDIVIDED))
    if undivided.size:
        indicator = run[undivided[0]][0].indicator
        raise IndicatorRefused(
            f"The denominator '{indicator.columns[-1]}' sums to zero.",
            where=f"indicator '{indicator.name}'",
            why="A ratio to zero does not exist.",
            do="Choose another denominator, or check the column.",
        )
