"""The weights of a study: what was drawn, who answered, and the population they stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from kelisim.core.errors import IdRefused, listed
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Floats, label
from kelisim.engine.inference import Design
from kelisim.engine.inference.sample import read_sample
from kelisim.engine.weighting import (
    Calibrated,
    Raking,
    adjust_by_classes,
    adjust_by_propensity,
    calibrate,
    diagnostics,
    rake,
    trim_and_rake,
)
from kelisim.study.cells import category, number
from kelisim.study.interviews import lines_of
from kelisim.study.model import (
    GrossSample,
    Interviews,
    PopulationFile,
    Study,
    WeightDiagnostics,
)
from kelisim.study.population import Margins
from kelisim.study.sources import absent, open_source
from kelisim.study.volunteers import pseudo_weights

BASE = "base weight"
"""The column that estimation finds the base weights in."""

RESPONDED = "responded"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of n interviews before and after calibration.

    Attributes
    ----------
    base, final
        Shape (n,).
    calibration
        What the weights were calibrated to; None where nothing was.
    sweeps, max_error
        Of the calibration; 0 where there was none.
    fitted
        To calibrate replicates by.
    notes
        What a reader must be told, as sentences.
    """

    base: Floats
    final: Floats
    calibration: Calibration | None = None
    sweeps: int = 0
    max_error: float = 0.0
    fitted: Raking | Calibrated | None = None
    notes: tuple[str, ...] = ()


def design_of(study: Study) -> Design:
    """Return the design in the engine's words."""
    settings = study.design
    return Design(
        weight=settings.weight,
        strata=settings.strata,
        psu=settings.psu or None,
        nest=settings.nest,
        fpc=settings.fpc or None,
        lonely_psu=settings.lonely_psu,
    )


def with_base(
    study: Study, interviews: Interviews, weights: Weights
) -> tuple[pl.DataFrame, Design]:
    """Return the interviews with a column of base weights, and the design that weighs by it."""
    frame = interviews.frame.with_columns(pl.Series(BASE, weights.base))
    return frame, replace(design_of(study), weight=BASE)


def weigh(study: Study, interviews: Interviews, margins: Margins) -> Weights:
    """Return the weights of the interviews, calibrated where there are margins.

    Raises
    ------
    Refusal
        A weight, the design or a margin is refused, or the calibration does not converge.
    """
    base, notes = _base(study, interviews)
    with lines_of(interviews):
        drawn = _drawn(study, interviews) if base is None else base
        if not margins or study.population is None:
            return Weights(drawn, drawn, notes=notes)
        # Without weights of its own a sample counts each row the same, and raking finds the size.
        given = study.design.weight or study.design.fpc or base is not None
        weight = drawn if given else None
        if study.population.method == "raking":
            return replace(_raked(study.population, interviews, margins, weight), notes=notes)
        found = _calibrated(study.population, interviews, margins, weight)
        return replace(found, notes=(*notes, *found.notes))


def _base(study: Study, interviews: Interviews) -> tuple[Floats | None, tuple[str, ...]]:
    """Return base weights that do not come from the design, and notes about them."""
    if study.nonresponse is not None:
        return _after_nonresponse(study.nonresponse, interviews)
    if study.nonprobability is not None:
        return pseudo_weights(study.nonprobability, interviews)
    return None, ()


def _drawn(study: Study, interviews: Interviews) -> Floats:
    """Return the weights of the design; a lonely PSU is the business of the variance."""
    design = replace(design_of(study), lonely_psu="certainty")
    return read_sample(interviews.frame, design, None).weights


def _raked(
    population: PopulationFile, interviews: Interviews, margins: Margins, weight: Floats | None
) -> Weights:
    found = rake(interviews.frame, margins, weight=weight, bounds=population.bounds)
    if population.trim is not None:
        mean = float(found.weights.mean())
        limits = [mean * multiple for multiple in population.trim]
        found = trim_and_rake(interviews.frame, margins, found, limits)
    return Weights(
        found.base_weights,
        found.weights,
        found.calibration,
        found.sweeps,
        found.max_error,
        found,
    )


def _calibrated(
    population: PopulationFile, interviews: Interviews, margins: Margins, weight: Floats | None
) -> Weights:
    found = calibrate(
        interviews.frame,
        margins,
        population.totals,
        weight,
        population.method,
        population.bounds,
    )
    notes: tuple[str, ...] = ()
    if found.negative:
        notes = (
            f"{found.negative} of {found.weights.size} weights are negative, the least "
            f"{found.min_ratio:.3g} times its base weight. Totals are right with them; shares of "
            "small groups may leave 0 to 100 %. Give bounds to avoid it.",
        )
    return Weights(
        found.base_weights,
        found.weights,
        found.calibration,
        found.steps,
        found.max_error,
        found,
        notes,
    )


def _after_nonresponse(
    gross: GrossSample, interviews: Interviews
) -> tuple[Floats, tuple[str, ...]]:
    """Give the weight of those who did not answer to those like them who did."""
    cases = _cases(gross)
    known = {label(value): row for row, value in enumerate(cases[gross.id].to_list())}
    ids = [label(value) for value in interviews.ids.to_list()]
    strange = [one for one in ids if one not in known]
    if strange:
        raise IdRefused(
            f"{len(strange)} interviews are of nobody who was drawn: {listed(strange)}.",
            where=f"{gross.file.name}, column '{gross.id}'",
            why="Their chance of being drawn is not known.",
            do="Add them to the file of those drawn, or correct the identifiers.",
        )
    rows = np.array([known[one] for one in ids])
    answered = np.zeros(cases.height)
    answered[rows] = 1.0
    people = cases.with_columns(pl.Series(RESPONDED, answered))
    if gross.classes:
        found = adjust_by_classes(people, RESPONDED, gross.classes, gross.weight)
    else:
        found = adjust_by_propensity(
            people,
            RESPONDED,
            gross.predictors,
            gross.weight,
            numeric=gross.numeric,
            classes=gross.groups,
        )
    least = float(found.rates.min())
    note = (
        f"{rows.size} of {cases.height} who were drawn answered; their weights were raised in "
        f"{len(found.labels)} classes, at most {1 / least:.3g} times."
    )
    return found.weights[rows], (note,)


def _cases(gross: GrossSample) -> pl.DataFrame:
    """Read the file of those drawn: identifiers once each, categories, numbers."""
    source = open_source(gross.file)
    numeric = [*gross.numeric, *([gross.weight] if gross.weight else [])]
    categories = [gross.id, *gross.classes, *gross.predictors]
    roles = dict.fromkeys(categories, "those who were drawn") | dict.fromkeys(numeric, "a number")
    for refusal in absent(source, roles):
        raise refusal
    table = source.read(list(roles))
    columns = {name: category(table.frame[name]) for name in categories}
    for name in numeric:
        columns[name] = number(
            table.frame[name],
            role=roles[name],
            place=source.place,
            decimal_comma=table.decimal_comma,
        )
    ids = columns[gross.id]
    twice = ids.filter(ids.is_duplicated())
    if ids.null_count() or twice.len():
        raise IdRefused(
            f"The identifier '{gross.id}' is missing or occurs more than once"
            f"{': ' + listed(twice.unique(maintain_order=True)) if twice.len() else ''}.",
            where=gross.file.name,
            do="Give everybody who was drawn an identifier of their own.",
        )
    return pl.DataFrame(columns)


def diagnose(weights: Weights) -> WeightDiagnostics:
    """Say how unequal the weights are, and how far calibration moved them."""
    found = diagnostics(weights.final, weights.base)
    return WeightDiagnostics(
        n=found.n,
        sum=found.sum,
        kish_deff=found.kish_deff,
        min_ratio=found.min_ratio,
        max_ratio=found.max_ratio,
        sweeps=weights.sweeps,
        max_error=weights.max_error,
    )
