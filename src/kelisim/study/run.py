"""A study becomes a result: read, rake, estimate, model small areas, rank."""

from __future__ import annotations

import polars as pl

from kelisim.engine.inference import Design, Estimates, Indicator, Replicates, estimate
from kelisim.study.area_files import read_area_files
from kelisim.study.areas import areas_of, domains_with_areas
from kelisim.study.batteries import scales_of
from kelisim.study.interviews import lines_of, read_interviews
from kelisim.study.model import (
    IndicatorSettings,
    Interviews,
    Labels,
    PollResult,
    Scales,
    Study,
)
from kelisim.study.population import read_margins
from kelisim.study.progress import Progress, silent
from kelisim.study.questionnaire import labels_of, read_questionnaire
from kelisim.study.ranks import ranks_of
from kelisim.study.replicated import replicates_of
from kelisim.study.selection_model import selection_model_of
from kelisim.study.volunteers import marked, selection_of
from kelisim.study.weights import Weights, diagnose, weigh, with_base

STEPS = ("Reading interviews", "Weighting", "Estimating", "Modelling areas", "Ranking")


def run_study(study: Study, progress: Progress = silent, *, seed: int = 0) -> PollResult:
    """Weight, estimate and rank a study.

    Parameters
    ----------
    seed
        Of the draws behind the rank sets and the small areas, and of bootstrap replicates.

    Raises
    ------
    Refusal
        The first thing that is wrong with the study or its files.
    """
    progress(STEPS[0], 0, len(STEPS))
    interviews = read_interviews(study)
    labels = labels_for(study, interviews)
    margins = read_margins(study.population, interviews.names)
    files = read_area_files(study, interviews)
    progress(STEPS[1], 1, len(STEPS))
    weights = weigh(study, interviews, margins)
    progress(STEPS[2], 2, len(STEPS))
    estimates = estimates_of(study, interviews, weights, seed)
    table = estimates.to_polars()
    progress(STEPS[3], 3, len(STEPS))
    areas = areas_of(study, interviews, files, table, seed)
    progress(STEPS[4], 4, len(STEPS))
    places = ranks_of(study, estimates, seed)
    return PollResult(
        study=study,
        labels=labels,
        estimates=marked(study, pl.concat([table, *(one.estimates for one in areas)])),
        ranks=marked(study, pl.concat([places.ranks, *(one.ranks for one in areas)])),
        ids=interviews.ids,
        base_weight=pl.Series("base_weight", weights.base),
        weight=pl.Series("weight", weights.final),
        diagnostics=diagnose(weights),
        design_df=float(estimates.df),
        strata=estimates.strata,
        psus=estimates.psus,
        calibration=weights.calibration,
        notes=(*interviews.notes, *weights.notes, *places.notes),
        selection=selection_of(study, table),
        selection_model=selection_model_of(
            study, interviews, [indicator_of(one, interviews) for one in study.indicators], table
        ),
        scales=examined(study, interviews, weights, seed),
        areas=areas,
        decisions=marked(study, pl.concat([places.decisions, *(one.decisions for one in areas)])),
    )


def labels_for(study: Study, interviews: Interviews) -> Labels:
    """Return the labels of the questionnaire over those that came with the interviews."""
    if study.questionnaire is None:
        return interviews.labels
    found = labels_of(read_questionnaire(study.questionnaire), interviews.names)
    return Labels({**interviews.labels.items, **found.items}, found.values)


def estimates_of(
    study: Study, interviews: Interviews, weights: Weights, seed: int = 0
) -> Estimates:
    """Return the estimates of every indicator in the nation and in every domain.

    Their variances are those of replicates where the study asks for them, else of Taylor's method.

    Raises
    ------
    Refusal
        An indicator or the design is refused.
    """
    indicators = [indicator_of(one, interviews) for one in study.indicators]
    frame, design, replicates = _prepared(study, interviews, weights, seed)
    with lines_of(interviews):
        return estimate(
            frame,
            design,
            indicators,
            domains_with_areas(study),
            calibration=weights.calibration if replicates is None else None,
            replicates=replicates,
        )


def _prepared(
    study: Study, interviews: Interviews, weights: Weights, seed: int
) -> tuple[pl.DataFrame, Design, Replicates | None]:
    """Return the interviews with their base weights, the design, and replicates if wanted."""
    frame, design = with_base(study, interviews, weights)
    with lines_of(interviews):
        return (
            frame,
            design,
            replicates_of(study, frame, design, weights.final, weights.fitted, seed),
        )


def examined(study: Study, interviews: Interviews, weights: Weights, seed: int) -> Scales | None:
    """Return what the batteries of a study give; None where it has none.

    Raises
    ------
    Refusal
        A battery cannot be scored or examined.
    """
    if not study.batteries:
        return None
    _, design, replicates = _prepared(study, interviews, weights, seed)
    with lines_of(interviews):
        found = scales_of(study, interviews, weights, design, replicates)
    parts = (found.scores, found.reliability, found.bias)
    return Scales(*(marked(study, part) for part in parts))


def indicator_of(settings: IndicatorSettings, interviews: Interviews) -> Indicator:
    """Return an indicator in the engine's words; codes in ``yes`` become the names they have."""
    names = interviews.names.get(settings.column or "", {})
    return Indicator(
        name=settings.name,
        kind=settings.kind,
        column=settings.column,
        numerator=settings.numerator,
        denominator=settings.denominator,
        yes=tuple(names.get(one, one) for one in settings.yes),
        at=settings.at,
        threshold=settings.threshold,
    )
