"""The small areas of a study: every area estimated by a model, ranked, decided and checked."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import polars as pl

from kelisim.core.errors import IndicatorRefused, Refusal
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Floats, categories
from kelisim.engine.ranking import rank_sets, threshold_decisions
from kelisim.engine.smallarea import AreaLevel, fay_herriot, mrp
from kelisim.study.area_files import AreaFiles
from kelisim.study.indicators import gives_several
from kelisim.study.model import (
    AreaModel,
    IndicatorSettings,
    Interviews,
    SmallAreaSettings,
    Study,
)
from kelisim.study.ranks import ERROR_RATE, LEVEL, Places, places, together
from kelisim.study.smallarea_settings import MRP

NO_ERROR = "the direct estimate has no standard error: the estimate is the predictors' alone"
"""Note of an area whose answers are all equal, under a model of direct estimates."""

CHECKS = ("domain", "category", "direct", "direct_se", "estimate", "pooling")
"""Columns that the checks of every model have."""


def domains_with_areas(study: Study) -> tuple[tuple[str, ...], ...]:
    """Return the sets of domains that are estimated directly: those of the study, and the areas.

    What a model says of an area stands beside what its respondents say alone.
    """
    areas = () if study.smallarea is None else ((study.smallarea.area,),)
    return (*study.domains, *(one for one in areas if one not in study.domains))


def areas_of(
    study: Study, interviews: Interviews, files: AreaFiles, direct: pl.DataFrame, seed: int = 0
) -> tuple[AreaModel, ...]:
    """Model every indicator that ``[smallarea]`` names, in the order of the study.

    Parameters
    ----------
    direct
        The columns of estimates.csv, with the areas among the domains.
    seed
        Of the draws.

    Raises
    ------
    Refusal
        The model does not fit what it was given.
    """
    settings = study.smallarea
    if settings is None:
        return ()
    chosen = [one for one in study.indicators if one.name in settings.indicators]
    with _named_files(study):
        if settings.method == MRP:
            return tuple(_of_cells(one, settings, interviews, files, seed) for one in chosen)
        return tuple(_of_estimates(one, settings, files, direct, seed) for one in chosen)


@contextmanager
def _named_files(study: Study) -> Iterator[None]:
    """Let refusals of the engine, which knows tables, name the files they were read from."""
    try:
        yield
    except Refusal as refusal:
        settings = study.smallarea
        tables = {
            "the population table": study.population and study.population.file,
            "area_predictors": settings and settings.predictors and settings.predictors.file,
            "neighbours": settings and settings.neighbours and settings.neighbours.file,
        }
        moved = copy.copy(refusal)
        for table, file in tables.items():
            if file and refusal.where.startswith(table):
                moved.where = file.name + refusal.where.removeprefix(table)
        if refusal.where.startswith("column "):
            moved.where = f"{study.interviews.file.name}, {refusal.where}"
        elif refusal.where in ("draws", "interactions"):
            moved.where = f"study.toml, [smallarea], {refusal.where}"
        raise moved from refusal


def _of_cells(
    indicator: IndicatorSettings,
    settings: SmallAreaSettings,
    interviews: Interviews,
    files: AreaFiles,
    seed: int,
) -> AreaModel:
    """Return an indicator by multilevel regression and poststratification."""
    column = indicator.column or indicator.name
    _refuse_numbers(indicator, interviews, column)
    names = interviews.names.get(column, {})
    found = mrp(
        interviews.frame,
        files.cells,
        column,
        settings.area,
        settings.cells,
        interactions=settings.interactions,
        area_predictors=files.predictors,
        neighbours=files.neighbours,
        count=files.count,
        yes=[names.get(one, one) for one in indicator.yes],
        every=gives_several(indicator),
        indicator=indicator.name,
        draws=settings.draws,
        level=LEVEL,
        seed=stream_seed(seed, "smallarea", indicator.name),
    )
    several = gives_several(indicator)
    placed = together(
        [
            _placed(
                indicator,
                settings,
                found.areas,
                found.draws[:, :, at] if several else found.draws,
                category,
                seed,
            )
            for at, category in enumerate(found.categories)
        ]
    )
    return AreaModel(
        indicator.name,
        "mrp",
        found.estimates,
        placed.ranks,
        placed.decisions,
        found.checks(seed=stream_seed(seed, "smallarea", indicator.name, "checks")),
        found.spreads,
    )


def _refuse_numbers(indicator: IndicatorSettings, interviews: Interviews, column: str) -> None:
    """Refuse the mean of numbers other than 0 and 1: it is not a share of people."""
    if indicator.kind != "mean" or indicator.yes:
        return
    strange = [one for one in categories(interviews.frame, column).labels if one not in ("0", "1")]
    if strange:
        raise IndicatorRefused(
            f"The indicator '{indicator.name}' is a mean of numbers such as {strange[-1]}.",
            where="study.toml, [smallarea], indicators",
            why="The model of population cells is one of shares: answers of 0 and 1, or of words.",
            do='Leave it out, or model its direct estimates with method = "fay_herriot".',
        )


def _placed(
    indicator: IndicatorSettings,
    settings: SmallAreaSettings,
    areas: Sequence[str],
    draws: Floats,
    category: str,
    seed: int,
) -> Places:
    """Return rank sets and decisions of one answer from the joint draws of all areas."""
    estimate = draws.mean(axis=0)
    covariance = np.atleast_2d(np.cov(draws, rowvar=False))
    sets = rank_sets(estimate, covariance, LEVEL, scale="logit", seed=seed)
    decided = None
    if indicator.threshold is not None:
        decided = threshold_decisions(estimate, draws, indicator.threshold, ERROR_RATE)
    domains = [f"{settings.area}={name}" for name in areas]
    return places(indicator.name, "mrp", domains, estimate, sets, decided, settings.area, category)


def _of_estimates(
    indicator: IndicatorSettings,
    settings: SmallAreaSettings,
    files: AreaFiles,
    direct: pl.DataFrame,
    seed: int,
) -> AreaModel:
    """Return an indicator by the Fay-Herriot model of its direct estimates."""
    table = _direct(indicator, settings, files, direct)
    predictors = () if settings.predictors is None else settings.predictors.columns
    try:
        found = fay_herriot(
            table, "direct", "direct_se", settings.area, predictors, indicator=indicator.name
        )
    except Refusal as refusal:
        if refusal.where == "column 'direct'":
            refusal.where = f"indicator '{indicator.name}', by {settings.area}"
        elif refusal.where.startswith("column "):
            refusal.where = f"area_predictors, {refusal.where}"
        raise
    known = table.select(
        domain=pl.format("{}={}", pl.lit(settings.area), pl.col(settings.area)),
        n="n", direct="direct", direct_se="direct_se", unanimous="unanimous",
    )  # fmt: skip
    estimates = found.estimates.drop("n").join(known, on="domain", maintain_order="left")
    checks = estimates.with_columns(pooling=pl.Series(1 - found.gamma)).select(CHECKS)
    estimates = estimates.with_columns(
        note=pl.when("unanimous").then(pl.lit(NO_ERROR)).otherwise("note")
    ).select(direct.columns)
    placed = _placed_by_errors(indicator, settings, found, seed)
    spread = pl.DataFrame(
        {"split": [1], "term": [settings.area], "mean": [found.variance**0.5], "se": [None]},
        schema={"split": pl.Int64, "term": pl.String, "mean": pl.Float64, "se": pl.Float64},
    )
    return AreaModel(
        indicator.name, "fay-herriot", estimates, placed.ranks, placed.decisions, checks, spread
    )


def _direct(
    indicator: IndicatorSettings,
    settings: SmallAreaSettings,
    files: AreaFiles,
    direct: pl.DataFrame,
) -> pl.DataFrame:
    """Return the direct estimates beside the predictors, with a row for every area of either."""
    area = f"{settings.area}="
    own = direct.filter(
        (pl.col("indicator") == indicator.name)
        & pl.col("domain").str.starts_with(area)
        & ~pl.col("domain").str.contains(";", literal=True)
    )
    usable = pl.col("estimate").is_not_null() & (pl.col("se") > 0).fill_null(value=False)
    table = own.select(
        pl.col("domain").str.strip_prefix(area).alias(settings.area),
        n="n",
        direct=pl.when(usable).then("estimate"),
        direct_se=pl.when(usable).then("se"),
        unanimous=pl.col("estimate").is_not_null() & ~usable,
    )
    if files.predictors is None:
        return table
    labels = categories(files.predictors, settings.area)
    predictors = files.predictors.with_columns(
        pl.Series(
            settings.area, [labels.labels[code] if code >= 0 else None for code in labels.codes]
        )
    ).drop_nulls(settings.area)
    return table.join(predictors, on=settings.area, how="full", coalesce=True).with_columns(
        pl.col("n").fill_null(0), pl.col("unanimous").fill_null(value=False)
    )


def _placed_by_errors(
    indicator: IndicatorSettings, settings: SmallAreaSettings, found: AreaLevel, seed: int
) -> Places:
    estimate = found.estimates["estimate"].to_numpy()
    sets = rank_sets(estimate, found.covariance, LEVEL, seed=seed)
    decided = None
    if indicator.threshold is not None:
        errors = found.estimates["se"].to_numpy()
        decided = threshold_decisions(estimate, errors, indicator.threshold, ERROR_RATE)
    domains = found.estimates["domain"].to_list()
    return places(indicator.name, "fay-herriot", domains, estimate, sets, decided, settings.area)
