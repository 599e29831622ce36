"""Checks: a model that fits is not accused, and one that does not is."""

from __future__ import annotations

import numpy as np
import polars as pl

from kelisim.engine.smallarea import mrp
from tests.engine.smallarea.cases import country, people

CELLS = ["sex", "age"]


def test_direct_shares_are_those_of_the_respondents() -> None:
    sample = people().filter(pl.col("region") != "C")
    checks = mrp(sample, country(), "yes", "region", CELLS).checks()
    direct = sample.group_by("region").agg(p=pl.col("yes").mean(), n=pl.len()).sort("region")
    seen = checks.filter(pl.col("n") > 0)
    np.testing.assert_allclose(seen["direct"], direct["p"])
    np.testing.assert_allclose(
        seen["direct_se"], np.sqrt(direct["p"] * (1 - direct["p"]) / direct["n"])
    )
    unseen = checks.filter(pl.col("n") == 0)
    assert unseen["domain"].to_list() == ["region=C"]
    for name in ("direct", "direct_se", "predicted", "predicted_low", "p_value"):
        assert unseen[name].null_count() == 1


def test_a_model_that_generated_the_answers_is_not_accused() -> None:
    checks = mrp(people(3000), country(), "yes", "region", CELLS).checks()
    assert checks["p_value"].to_numpy().min() > 0.05
    assert checks.select(
        pl.col("direct").is_between("predicted_low", "predicted_high").all()
    ).item()


def test_the_areas_that_a_rigid_model_misses_are_found() -> None:
    """Without an effect of the region, its differences can only show in the check."""
    sample = people(3000).with_columns(place=pl.lit("all"))
    nation = country().with_columns(place=pl.lit("all"))
    fitted = mrp(sample, nation, "yes", "place", CELLS)
    assert fitted.checks()["p_value"][0] > 0.05
    spread = mrp(people(3000), country(), "yes", "region", CELLS).checks()["predicted"]
    assert np.ptp(spread.to_numpy()) > 0.25


def test_pooling_falls_as_respondents_speak_for_their_area() -> None:
    few = mrp(people(100), country(), "yes", "region", CELLS).checks()["pooling"]
    many = mrp(people(6000), country(), "yes", "region", CELLS).checks()["pooling"]
    assert few.is_between(0, 1).all()
    assert many.to_numpy().mean() < few.to_numpy().mean()


def test_several_answers_have_a_check_each() -> None:
    checks = mrp(people(), country(), "party", "region", CELLS).checks()
    assert checks["category"].to_list()[:3] == ["blue", "grey", "red"]
    np.testing.assert_allclose(
        checks.group_by("domain").agg(pl.col("direct", "predicted").sum())["direct"], 1
    )
    share = people().filter(region="A").select((pl.col("party") == "grey").mean()).item()
    assert checks.filter(domain="region=A", category="grey")["direct"].item() == share
