"""Small areas as their user meets them: agreement with brute force, and the hard cases."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from kelisim.core.errors import ColumnRefused, SettingRefused, ValueRefused
from kelisim.engine.smallarea import SmallAreas, mrp
from tests.engine.smallarea.cases import AREAS, country, people

COLUMNS = [
    "indicator", "category", "domain", "method", "n", "n_eff", "estimate", "se",
    "ci_low", "ci_high", "df", "deff", "note",
]  # fmt: skip


def run(sample: pl.DataFrame | None = None, outcome: str = "yes", **settings: Any) -> SmallAreas:
    sample = people() if sample is None else sample
    given = {"population": country(), "area": "region", "cells": ["sex", "age"], **settings}
    return mrp(sample, outcome=outcome, **given)


def test_estimates_are_those_of_draws_from_the_prior_weighted_by_the_likelihood() -> None:
    """Two million draws from the prior of a model with three regions and nothing else."""
    yes, size, weights = np.array([5, 9, 21]), np.array([20, 15, 30]), np.array([10, 30, 60])
    sample = {
        "region": np.repeat(list("ABC"), size),
        "q": np.concatenate([np.arange(n) < k for n, k in zip(size, yes, strict=True)]),
    }
    found = mrp(sample, {"region": list("ABC"), "n": weights}, "q", "region", [])
    rng = np.random.default_rng(6)
    sigma = np.abs(rng.standard_normal(2_000_000))
    p = expit(2.5 * rng.standard_normal(sigma.size) + sigma * rng.standard_normal((3, sigma.size)))
    log = yes @ np.log(p) + (size - yes) @ np.log1p(-p)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    mean = p @ mass
    sd = np.sqrt((p - mean[:, None]) ** 2 @ mass)
    np.testing.assert_array_less(np.abs(found.draws.mean(axis=0) - mean) / sd, 0.1)
    np.testing.assert_allclose(found.draws.std(axis=0) / sd, 1, atol=0.07)
    national = weights @ p / 100
    assert found.national.mean() == pytest.approx(national @ mass, abs=0.005)
    spread = found.spreads.row(0, named=True)
    assert spread["term"] == "region"
    assert spread["mean"] == pytest.approx(sigma @ mass, rel=0.05)


def test_the_table_has_the_columns_of_estimates_csv_and_the_nation_first() -> None:
    found = run(indicator="agrees", level=0.9)
    table = found.estimates
    assert table.columns == COLUMNS
    assert table["domain"].to_list() == ["", *(f"region={area}" for area in AREAS)]
    assert set(table["indicator"]) == {"agrees"}
    assert set(table["category"]) == {""}
    assert set(table["method"]) == {"mrp"}
    assert table["n"][0] == table["n"][1:].sum() == 600
    assert table["df"].null_count() == table["deff"].null_count() == 7
    np.testing.assert_allclose(table["estimate"][1:], found.draws.mean(axis=0))
    np.testing.assert_allclose(table["se"][0], found.national.std(ddof=1))
    inside = (found.draws > table["ci_low"].to_numpy()[1:]) & (
        found.draws < table["ci_high"].to_numpy()[1:]
    )
    np.testing.assert_allclose(inside.mean(axis=0), 0.9, atol=0.002)


def test_one_seed_gives_one_result_and_another_seed_nearly_the_same() -> None:
    one, same, other = run(seed=7), run(seed=7), run(seed=8)
    np.testing.assert_array_equal(one.draws, same.draws)
    assert one.estimates.equals(same.estimates)
    assert not np.array_equal(one.draws, other.draws)
    np.testing.assert_allclose(
        one.estimates["estimate"],
        other.estimates["estimate"],
        atol=0.1 * one.estimates["se"].to_numpy().min(),
    )


def test_an_area_without_a_respondent_is_estimated_wider_and_flagged() -> None:
    found = run(people().filter(pl.col("region") != "D"))
    row = found.estimates.row(4, named=True)
    assert (row["domain"], row["n"]) == ("region=D", 0)
    assert row["note"] == "no respondent in the area: the estimate is the model's alone"
    assert row["se"] > 1.5 * max(found.estimates["se"][k] for k in (1, 2, 3, 5, 6))
    assert set(found.estimates["note"]) == {"", row["note"]}


def test_a_region_where_all_say_yes_stays_inside_the_unit_interval() -> None:
    found = run(
        people().with_columns(yes=pl.when(pl.col("region") == "F").then(1).otherwise("yes"))
    )
    row = found.estimates.row(6, named=True)
    assert 0.9 < row["estimate"] < 1
    assert row["ci_low"] < row["estimate"] < row["ci_high"] < 1


def test_a_country_where_all_say_yes_still_has_doubt() -> None:
    found = run(people(40).with_columns(yes=1))
    assert found.estimates["ci_low"].to_numpy().min() > 0.8
    assert found.estimates["ci_high"].to_numpy().max() < 1


def test_one_region_alone_is_the_nation() -> None:
    one = country().filter(pl.col("region") == "B")
    found = run(people().filter(pl.col("region") == "B"), population=one)
    assert found.draws.shape == (1000, 1)
    np.testing.assert_allclose(found.draws[:, 0], found.national)
    assert found.checks()["pooling"].to_list() == [None]


def test_a_model_of_one_number_is_a_share() -> None:
    found = mrp({"r": ["a"] * 90, "q": [0, 1, 1] * 30}, {"r": ["a"], "n": [5]}, "q", "r", [])
    assert found.estimates["estimate"][0] == pytest.approx(2 / 3, abs=0.01)
    assert found.estimates["se"][0] == pytest.approx(np.sqrt(2 / 9 / 90), rel=0.05)
    assert found.spreads.is_empty()


def test_a_cell_of_the_population_that_nobody_came_from_is_allowed() -> None:
    found = run(people().filter(pl.col("age") != "young"), interactions=[("sex", "age")])
    assert found.estimates["estimate"].is_between(0, 1).all()


def test_a_respondent_from_outside_the_population_is_refused() -> None:
    with pytest.raises(ValueRefused, match="The population has no 'F'"):
        run(population=country().filter(pl.col("region") != "F"))


def test_a_respondent_without_an_answer_leaves_that_estimate() -> None:
    half = people().with_row_index().with_columns(
        yes=pl.when(pl.col("index") < 300).then(pl.col("yes")),
        sex=pl.when(pl.col("index") < 300).then(pl.col("sex")),
    )  # fmt: skip
    assert run(half).estimates.equals(run(people().head(300)).estimates)


def test_shares_of_several_answers_add_up_to_one() -> None:
    found = run(outcome="party", area_predictors={"region": AREAS, "income": [3, 1, 4, 1, 5, 9]})
    assert found.categories == ("blue", "grey", "red")
    assert found.draws.shape == (1000, 6, 3)
    assert found.national.shape == (1000, 3)
    np.testing.assert_allclose(found.draws.sum(axis=2), 1)
    national = found.estimates.filter(pl.col("domain") == "")
    assert national["category"].to_list() == ["blue", "grey", "red"]
    np.testing.assert_allclose(national["estimate"], [0.5, 0.3, 0.2], atol=0.06)
    assert found.spreads["split"].unique().sort().to_list() == [1, 2]


def test_yes_answers_give_the_share_that_their_categories_add_up_to() -> None:
    whole = run(outcome="party").estimates.filter(pl.col("category") == "blue")
    alone = run(outcome="party", yes=["blue"]).estimates
    np.testing.assert_allclose(whole["estimate"], alone["estimate"], atol=0.005)


def test_neighbours_pull_an_unseen_region_towards_them() -> None:
    rng = np.random.default_rng(2)
    region = rng.integers(0, 6, 3000)
    logits = np.array([-2.5, -2, -1, 0, 1, 2.5])
    sample = pl.DataFrame(
        {
            "region": [AREAS[k] for k in region],
            "yes": rng.uniform(size=3000) < expit(logits[region]),
        }
    ).filter(pl.col("region") != "F")
    line = list(pairwise(AREAS))
    plain = run(sample, cells=[])
    spatial = run(sample, cells=[], neighbours=line)
    assert spatial.draws[:, 5].mean() > plain.draws[:, 5].mean() + 0.05
    np.testing.assert_allclose(spatial.draws[:, :5].mean(0), plain.draws[:, :5].mean(0), atol=0.02)


@pytest.mark.parametrize("settings", [{"draws": 10}, {"level": 95}, {"level": 0.0}])
def test_a_setting_that_gives_no_interval_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingRefused):
        run(**settings)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnRefused, match="no column 'count'"):
        run(count="count")
