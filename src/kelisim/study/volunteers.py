"""A study of volunteers: weights from who took part, a mark on every number, and how far to trust.

A sample that nobody drew has no probabilities. Its estimates rest on the belief that those who took
part think like people of their kind who did not; the mark says so, and selection.csv says how wrong
the estimates would be if they do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.inference.selection import bounds_of_selection, selection_to_reach
from kelisim.engine.weighting.participation import Participation, participation
from kelisim.study.model import IndicatorSettings, Interviews, PopulationFile, Study, Volunteers
from kelisim.study.population import cells_of

MARK = "not a probability sample"
RATIOS = (1.1, 1.25, 1.5, 2.0, 3.0)
"""How many times as often those who say yes are taken to take part, or not to."""

STEP = 0.05
"""The shift of a share whose selection is told where the study names no threshold."""

SCHEMA = {
    "indicator": pl.String,
    "category": pl.String,
    "domain": pl.String,
    "estimate": pl.Float64,
    **{f"low_{ratio:g}": pl.Float64 for ratio in RATIOS},
    **{f"high_{ratio:g}": pl.Float64 for ratio in RATIOS},
    "other": pl.Float64,
    "ratio_to_other": pl.Float64,
    "note": pl.String,
}


def pseudo_weights(
    volunteers: Volunteers, interviews: Interviews
) -> tuple[Floats, tuple[str, ...]]:
    """Return the weights of volunteers, and what a reader must be told of them.

    They add up to the population.

    Raises
    ------
    Refusal
        The reference cannot be read, or volunteers and reference do not fit.
    """
    found = kinds_of_people(volunteers, interviews)
    names = ", ".join("*".join(one) for one in volunteers.predictors)
    note = (
        f"The sample was not drawn: weights come from who took part, by {names}. Intervals hold if "
        "those who took part think like people of their kind who did not; selection.csv says what "
        "happens if they do not."
    )
    # Chances by predictors that are not crossed need not: totals would be off by as much.
    return found.weights * (found.population / found.weights.sum()), (note,)


def kinds_of_people(volunteers: Volunteers, interviews: Interviews) -> Participation:
    """Return who took part and who there is, by the predictors.

    Raises
    ------
    Refusal
        The reference cannot be read, or volunteers and reference do not fit.
    """
    reference = PopulationFile(volunteers.file, volunteers.count, volunteers.predictors)
    columns = [column for margin in volunteers.predictors for column in margin]
    cells, refusals = cells_of(reference, dict.fromkeys(columns, "who took part"), interviews.names)
    if refusals:
        raise refusals[0]
    return participation(interviews.frame, cells, volunteers.predictors, volunteers.count)


def marked(study: Study, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table of numbers with the mark of a sample of volunteers in every note."""
    if study.nonprobability is None or table.is_empty():
        return table
    note = pl.col("note").fill_null("")
    return table.with_columns(
        note=pl.when(note == "").then(pl.lit(MARK)).otherwise(pl.lit(f"{MARK}; ") + note)
    )


def selection_of(study: Study, estimates: pl.DataFrame) -> pl.DataFrame | None:
    """Return what selection would do to every share; None where the sample was drawn.

    ``low_1.5`` and ``high_1.5`` bound the share if, within every kind of people, those who say yes
    take part at most 1.5 times as often as those who do not, or as rarely. ``ratio_to_other`` is
    the least such ratio that turns the estimate into ``other``: the threshold of the study, else
    the share 5 points on, towards one half and perhaps past it.
    """
    if study.nonprobability is None:
        return None
    settings = {one.name: one for one in study.indicators}
    shares = estimates.filter(
        pl.col("indicator").is_in([one.name for one in study.indicators if _is_share(one)])
        & pl.col("estimate").is_between(0, 1)
    )
    rows = list(_rows(shares, settings))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _is_share(indicator: IndicatorSettings) -> bool:
    return indicator.kind == "categorical" or (indicator.kind == "mean" and bool(indicator.yes))


def _rows(
    shares: pl.DataFrame, settings: dict[str, IndicatorSettings]
) -> Iterator[tuple[str | float, ...]]:
    for row in shares.iter_rows(named=True):
        p = row["estimate"]
        bounds = [bounds_of_selection(p, ratio) for ratio in RATIOS]
        threshold = settings[row["indicator"]].threshold
        other = threshold if threshold is not None else p + (STEP if p < 0.5 else -STEP)
        yield (
            row["indicator"],
            row["category"] or "",
            row["domain"] or "",
            p,
            *(float(one.low) for one in bounds),
            *(float(one.high) for one in bounds),
            other,
            float(selection_to_reach(p, other)),
            MARK,
        )
