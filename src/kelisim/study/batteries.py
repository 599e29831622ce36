"""Batteries of a study: scores over waves and cohorts, reliability, bias between languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.inference import Design, Indicator, Replicates, estimate
from kelisim.engine.inference.survey import prepare
from kelisim.engine.scales import (
    HIGHER,
    PVQ21,
    item_bias,
    mean_score,
    reliability,
    turned,
    value_scores,
)
from kelisim.study.model import Battery, Interviews, Scales, Study
from kelisim.study.weights import BASE, Weights

PERIOD, COHORT = "battery wave", "battery cohort"

SCORES = {
    "battery": pl.String,
    "score": pl.String,
    "wave": pl.String,
    "cohort": pl.String,
    "n": pl.Int64,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "note": pl.String,
}
RELIABILITY = {
    "battery": pl.String,
    "score": pl.String,
    "wave": pl.String,
    "items": pl.Int64,
    "n": pl.Int64,
    **{
        f"{name}{end}": pl.Float64
        for name in ("alpha", "omega")
        for end in ("", "_se", "_low", "_high")
    },
    "note": pl.String,
}
BIAS = {
    "battery": pl.String,
    "item": pl.String,
    "first": pl.String,
    "second": pl.String,
    "odds_ratio": pl.Float64,
    "delta": pl.Float64,
    "p_mantel_haenszel": pl.Float64,
    "p_uniform": pl.Float64,
    "p_growing": pl.Float64,
    "p_adjusted": pl.Float64,
    "grade": pl.String,
    "note": pl.String,
}


def scales_of(
    study: Study,
    interviews: Interviews,
    weights: Weights,
    design: Design,
    replicates: Replicates | None,
) -> Scales:
    """Score and examine every battery of a study.

    Raises
    ------
    Refusal
        An answer is beyond the ends of its scale, or a battery cannot be examined.
    """
    scores, coefficients, biased = [], [], []
    frame = interviews.frame.with_columns(pl.Series(BASE, weights.base))
    known = (
        {"calibration": weights.calibration} if replicates is None else {"replicates": replicates}
    )
    for battery in study.batteries:
        reverse = battery.items if battery.reverse == ("all",) else battery.reverse
        answers = turned(frame, battery.items, reverse, battery.ends)
        times = _times(frame, battery)
        scores += list(_scores(battery, _scored(battery, answers), times, frame, design, known))
        coefficients += list(_reliabilities(battery, answers, times, frame, design, known))
        biased += list(_bias(battery, answers, frame, design))
    return Scales(
        pl.DataFrame(scores, SCORES, orient="row"),
        pl.DataFrame(coefficients, RELIABILITY, orient="row"),
        pl.DataFrame(biased, BIAS, orient="row"),
    )


def _times(frame: pl.DataFrame, battery: Battery) -> dict[str, pl.Series]:
    """Return wave and cohort of each interview, as text, where the battery names them."""
    found = {}
    if battery.wave:
        found[PERIOD] = frame[battery.wave].cast(pl.String)
    if battery.cohort:
        first = (frame[battery.cohort] // battery.width * battery.width).cast(pl.Int64)
        last = first + battery.width - 1
        found[COHORT] = first.cast(pl.String) + "\u2013" + last.cast(pl.String)
    return found


def _scored(battery: Battery, answers: Floats) -> dict[str, Floats]:
    if battery.kind == "pvq21":
        return value_scores(answers)
    return {battery.name: mean_score(answers)}


def _scores(
    battery: Battery,
    scored: dict[str, Floats],
    times: dict[str, pl.Series],
    frame: pl.DataFrame,
    design: Design,
    known: dict[str, Any],
) -> Iterator[tuple[Any, ...]]:
    data = frame.with_columns(
        *(pl.Series(name, score).fill_nan(None) for name, score in scored.items()),
        *(values.alias(name) for name, values in times.items()),
    )
    sets = [[name] for name in times] + ([list(times)] if len(times) == 2 else [])
    found = estimate(
        data, design, [Indicator(name, "mean", name) for name in scored], sets, **known
    )
    for row in found.to_polars().iter_rows(named=True):
        parts = dict(part.split("=", 1) for part in (row["domain"] or "").split(";") if part)
        numbers = (row[key] for key in ("n", "estimate", "se", "ci_low", "ci_high", "note"))
        yield (
            battery.name,
            row["indicator"],
            parts.get(PERIOD, ""),
            parts.get(COHORT, ""),
            *numbers,
        )


def _subscales(battery: Battery) -> dict[str, list[int]]:
    """Return the items of each score whose reliability is wanted."""
    if battery.kind == "scale":
        return {battery.name: list(range(len(battery.items)))}
    values = {name: [number - 1 for number in key] for name, key in PVQ21.items()}
    higher = {
        name: [at for value in parts for at in values[value]] for name, parts in HIGHER.items()
    }
    return values | higher


def _reliabilities(
    battery: Battery,
    answers: Floats,
    times: dict[str, pl.Series],
    frame: pl.DataFrame,
    design: Design,
    known: dict[str, Any],
) -> Iterator[tuple[Any, ...]]:
    survey = prepare(frame, design, (), known.get("calibration"), known.get("replicates"))
    waves = times[PERIOD].drop_nulls().unique().sort().to_list() if PERIOD in times else []
    for wave in ("", *waves):
        inside = np.ones(frame.height, dtype=bool)
        if wave:
            inside = (times[PERIOD] == wave).fill_null(value=False).to_numpy()
        for name, at in _subscales(battery).items():
            part = np.where(inside[:, None], answers[:, at], np.nan)
            found = reliability(part, survey)
            yield (
                battery.name,
                name,
                wave,
                len(at),
                found.n,
                found.alpha,
                found.alpha_se,
                *found.alpha_interval,
                found.omega,
                found.omega_se,
                *found.omega_interval,
                "",
            )


def _bias(
    battery: Battery, answers: Floats, frame: pl.DataFrame, design: Design
) -> Iterator[tuple[Any, ...]]:
    """Yield a row an item, for the two largest groups of the language column."""
    if battery.language is None:
        return
    spoken = frame[battery.language].cast(pl.String)
    counts = spoken.drop_nulls().value_counts(sort=True)
    first, second = sorted(counts[battery.language][:2].to_list())
    # Everybody stays in the design; those of a third language have no answers here.
    others = (~spoken.is_in([first, second])).fill_null(value=True).to_numpy()
    compared = np.where(others[:, None], np.nan, answers)
    groups = (spoken == second).fill_null(value=False).to_numpy()
    subscales = _subscales(battery) if battery.kind == "scale" else _higher(battery)
    for at in subscales.values():
        items = [battery.items[k] for k in at]
        for one in item_bias(compared[:, at], items, groups, battery.ends, frame, design):
            yield (
                battery.name,
                one.item,
                first,
                second,
                one.mantel_haenszel.odds_ratio,
                one.mantel_haenszel.delta,
                one.mantel_haenszel.p,
                one.uniform_p,
                one.growing_p,
                one.adjusted_p,
                one.grade,
                "",
            )


def _higher(battery: Battery) -> dict[str, list[int]]:
    """Portraits are compared within their value of higher order, which they measure in common."""
    return {name: at for name, at in _subscales(battery).items() if name in HIGHER}
