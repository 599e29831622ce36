"""What shows how far to trust a model of small areas, as tables of a release, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from kelisim.study.model import AreaModel

CHECKS, SPREADS = "area_checks.csv", "area_spreads.csv"
CHECK_SCHEMA = {
    "indicator": pl.String,
    "method": pl.String,
    "domain": pl.String,
    "category": pl.String,
    "n": pl.Int64,
    "direct": pl.Float64,
    "direct_se": pl.Float64,
    "estimate": pl.Float64,
    "pooling": pl.Float64,
    "predicted": pl.Float64,
    "predicted_low": pl.Float64,
    "predicted_high": pl.Float64,
    "p_value": pl.Float64,
    "note": pl.String,
}
"""Columns of area_checks.csv; those after ``pooling`` are of ``mrp`` alone."""

SPREAD_SCHEMA = {
    "indicator": pl.String,
    "method": pl.String,
    "split": pl.Int64,
    "term": pl.String,
    "mean": pl.Float64,
    "se": pl.Float64,
    "note": pl.String,
}
"""Columns of area_spreads.csv: standard deviations of effects, or that between areas."""

_PREDICTED = ("n", "predicted", "predicted_low", "predicted_high", "p_value")


def model_tables(models: Sequence[AreaModel]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the checks and the spreads of all models under one another."""
    return (
        _under_one_another([(one, one.checks) for one in models], CHECK_SCHEMA),
        _under_one_another([(one, one.spreads) for one in models], SPREAD_SCHEMA),
    )


def _under_one_another(
    tables: Sequence[tuple[AreaModel, pl.DataFrame]], schema: dict[str, type[pl.DataType]]
) -> pl.DataFrame:
    empty = pl.DataFrame(schema=schema)
    named = [
        table.with_columns(
            indicator=pl.lit(model.indicator), method=pl.lit(model.method), note=pl.lit("")
        )
        for model, table in tables
    ]
    found = pl.concat([empty, *named], how="diagonal_relaxed")
    return found.select(pl.col(name).cast(kind) for name, kind in schema.items())


def models_of(
    folder: Path, estimates: pl.DataFrame, ranks: pl.DataFrame, decisions: pl.DataFrame
) -> tuple[AreaModel, ...]:
    """Return the models of a release from its files; none from one of an older Kelisim."""
    if not (folder / CHECKS).exists():
        return ()
    checks, spreads = (
        pl.read_csv(folder / name, schema=schema).with_columns(pl.col(pl.String).fill_null(""))
        for name, schema in ((CHECKS, CHECK_SCHEMA), (SPREADS, SPREAD_SCHEMA))
    )
    pairs = checks.select("indicator", "method").unique(maintain_order=True).iter_rows()
    return tuple(
        AreaModel(
            indicator,
            method,
            estimates.filter(indicator=indicator, method=method),
            ranks.filter(indicator=indicator),
            decisions.filter(indicator=indicator) if decisions.height else decisions,
            _checks_of(checks.filter(indicator=indicator, method=method), method),
            spreads.filter(indicator=indicator, method=method).drop("indicator", "method", "note"),
        )
        for indicator, method in pairs
    )


def _checks_of(checks: pl.DataFrame, method: str) -> pl.DataFrame:
    own = checks.drop("indicator", "method", "note")
    return own if method == "mrp" else own.drop(_PREDICTED)
