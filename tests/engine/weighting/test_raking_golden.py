"""Raking beside R `survey`: its own examples, and 59,756 real interviews (golden/README.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.weighting import Raking, diagnostics, rake
from tests.conftest import Golden

MARGINS = ("state", "eth", "male", "age", "educ")


def counts(table: list[dict[str, Any]], column: str) -> dict[str, float]:
    return {row[column]: row["Freq"] for row in table}


@pytest.fixture(scope="module")
def api(golden: Golden) -> Any:
    return golden("survey/calibration_api.json")


def schools(shared: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(shared / "golden" / "survey" / f"{name}.csv", null_values="NA")


def test_two_margins_of_clustered_schools(api: Any, shared: Path) -> None:
    targets = api["targets"]
    margins = {column: counts(targets[column], column) for column in ("stype", "sch.wide")}
    r = rake(schools(shared, "apiclus1"), margins, weight="pw")
    np.testing.assert_allclose(r.weights, api["results"]["rake"]["weights"], rtol=1e-8)
    assert r.max_error <= 1e-9


@pytest.mark.parametrize(
    ("result", "sample", "column"),
    [("poststrat", "apiclus1", "stype"), ("poststrat_strat", "apistrat", "sch.wide")],
)
def test_one_margin_is_r_s_poststratification(
    api: Any, shared: Path, result: str, sample: str, column: str
) -> None:
    margin = {column: counts(api["targets"][column], column)}
    r = rake(schools(shared, sample), margin, weight="pw")
    np.testing.assert_allclose(r.weights, api["results"][result]["weights"], rtol=1e-8)
    assert r.max_error <= 1e-9


R_BOUNDED = {
    ("H", "Yes"): 1.55056935989683,
    ("E", "Yes"): 0.87912347303528,
    ("M", "Yes"): 1.07220529946773,
    ("M", "No"): 1.48112925057226,
    ("E", "No"): 1.21440874375795,
    ("H", "No"): 1.75,
}
"""Weight over base weight from R survey 4.1-1: calibrate(design, ~stype + sch.wide, population,
calfun = "raking", bounds = c(.7, 1.75), epsilon = 1e-12, maxit = 500), design clus1."""


def test_bounded_raking_is_r_s_bounded_exponential_calibration(api: Any, shared: Path) -> None:
    targets = api["targets"]
    margins = {column: counts(targets[column], column) for column in ("stype", "sch.wide")}
    sample = schools(shared, "apiclus1")
    free = rake(sample, margins, weight="pw")
    assert (free.weights / free.base_weights).max() > 1.98
    r = rake(sample, margins, weight="pw", bounds=(0.7, 1.75))
    expected = [R_BOUNDED[pair] for pair in sample.select("stype", "sch.wide").iter_rows()]
    np.testing.assert_allclose(r.weights / r.base_weights, expected, rtol=1e-12)
    assert r.max_error <= 1e-9


@pytest.fixture(scope="module")
def ces(shared: Path) -> tuple[pl.DataFrame, dict[str, dict[Any, float]]]:
    folder = shared / "data" / "polls" / "ces2018"
    population = pl.read_csv(folder / "population.csv")
    margins = {
        name: dict(population.group_by(name).agg(pl.col("n").sum()).iter_rows()) for name in MARGINS
    }
    return pl.read_csv(folder / "interviews.csv"), margins


@pytest.fixture(scope="module")
def raked(ces: tuple[pl.DataFrame, dict[str, dict[Any, float]]]) -> Raking:
    return rake(*ces)


def test_ces2018_weights_are_those_of_r_up_to_where_r_stopped(
    raked: Raking, golden: Golden
) -> None:
    expected = golden("survey/ces2018_rake.json")
    found = diagnostics(raked.weights)
    assert found.n == expected["n"]
    assert found.sum == pytest.approx(expected["sum_w"], rel=1e-8)
    assert found.kish_deff == pytest.approx(expected["kish_deff"], rel=1e-7)
    assert raked.weights.min() == pytest.approx(expected["min_w"], rel=1e-6)
    assert raked.weights.max() == pytest.approx(expected["max_w"], rel=1e-6)
    np.testing.assert_allclose(raked.weights[:20], expected["first_20_weights"], rtol=1e-6)


def test_ces2018_margins_are_exact(
    raked: Raking, ces: tuple[pl.DataFrame, dict[str, dict[Any, float]]]
) -> None:
    interviews, margins = ces
    population = sum(margins["state"].values())
    weighted = interviews.with_columns(w=pl.Series(raked.weights))
    for name, targets in margins.items():
        sums = dict(weighted.group_by(name).agg(pl.col("w").sum()).iter_rows())
        assert max(abs(sums[key] - targets[key]) for key in targets) <= 1e-9 * population
    assert raked.max_error <= 1e-9


def test_ces2018_survives_crossing_two_of_its_margins(shared: Path) -> None:
    folder = shared / "data" / "polls" / "ces2018"
    population = pl.read_csv(folder / "population.csv")
    interviews = pl.read_csv(folder / "interviews.csv")
    crossed = population.group_by("male", "age").agg(pl.col("n").sum())
    margins: dict[Any, dict[Any, float]] = {
        ("male", "age"): {(male, age): n for male, age, n in crossed.iter_rows()},
        "educ": dict(population.group_by("educ").agg(pl.col("n").sum()).iter_rows()),
    }
    weighted = interviews.with_columns(w=pl.Series(rake(interviews, margins).weights))
    sums = weighted.group_by("male", "age").agg(pl.col("w").sum())
    for male, age, total in sums.iter_rows():
        assert total == pytest.approx(margins["male", "age"][male, age], rel=1e-9)
