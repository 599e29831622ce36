"""Nonresponse: who answered carries who did not, and bias that classes explain is removed."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import NotConverged, Refusal, SettingRefused, ValueRefused, WeightRefused
from kelisim.engine.weighting.nonresponse import (
    adjust_by_classes,
    adjust_by_propensity,
    logistic,
)


def gross_sample(n: int = 20_000) -> pl.DataFrame:
    """Simulate people of whom the old and the rural answer more often; y depends on both."""
    rng = np.random.default_rng(11)
    rural, age = rng.random(n) < 0.4, rng.uniform(18, 80, n)
    p = 1 / (1 + np.exp(-(-1.2 + 1.1 * rural + 0.02 * (age - 18))))
    y = 1.0 * rural + age / 40 + rng.normal(0, 1, n)
    return pl.DataFrame(
        {
            "area": np.where(rural, "rural", "urban"),
            "age": age,
            "in": rng.random(n) < p,
            "w": rng.gamma(4, 1, n),
            "y": y,
        }
    )


def test_the_weight_of_each_class_is_kept() -> None:
    people = gross_sample(500)
    found = adjust_by_classes(people, "in", ["area"], "w")
    for area in ("rural", "urban"):
        inside = (people["area"] == area).to_numpy()
        assert found.weights[inside].sum() == pytest.approx(found.base_weights[inside].sum())
    assert not found.weights[~people["in"].to_numpy()].any()
    assert found.labels == ("rural", "urban")
    assert found.propensity is None


def test_crossed_classes_are_the_crossings_that_occur() -> None:
    people = {"a": ["x", "x", "y", "y"], "b": ["1", "2", "2", "2"], "in": [1, 1, 1, 0]}
    found = adjust_by_classes(people, "in", ["a", "b"])
    assert found.labels == ("x*1", "x*2", "y*2")
    assert found.weights.tolist() == [1, 1, 2, 0]
    assert found.rates.tolist() == [1, 1, 0.5]


def test_adjustment_by_propensity_removes_nearly_all_of_a_bias_it_can_see() -> None:
    people = gross_sample()
    y, w, answered = (people[name].to_numpy() for name in ("y", "w", "in"))
    truth = np.average(y, weights=w)
    naive = np.average(y[answered], weights=w[answered])
    found = adjust_by_propensity(people, "in", ["area"], "w", numeric=["age"], classes=10)
    adjusted = np.average(y, weights=found.weights)
    assert abs(naive - truth) > 0.1
    assert abs(adjusted - truth) < 0.1 * abs(naive - truth)
    assert found.weights.sum() == pytest.approx(w.sum())
    assert len(found.labels) == 10


def test_the_propensity_of_categories_is_their_weighted_rate_of_response() -> None:
    people = gross_sample(800)
    found = adjust_by_propensity(people, "in", ["area"], "w")
    assert found.propensity is not None
    for area in ("rural", "urban"):
        inside = (people["area"] == area).to_numpy()
        rate = np.average(people["in"].to_numpy()[inside], weights=people["w"].to_numpy()[inside])
        np.testing.assert_allclose(found.propensity[inside], rate, rtol=1e-8)


def test_the_regression_solves_the_weighted_score_equations() -> None:
    people = gross_sample(600)
    x = np.stack([np.ones(600), people["age"].to_numpy() / 50], axis=1)
    answered, w = people["in"].to_numpy(), people["w"].to_numpy()
    p = logistic(x, answered, w)
    np.testing.assert_allclose(x.T @ (w * (answered - p)), 0, atol=1e-6)


def test_a_predictor_without_variation_does_no_harm() -> None:
    people = gross_sample(300).with_columns(same=pl.lit(3.0))
    found = adjust_by_propensity(people, "in", [], numeric=["same", "age"])
    again = adjust_by_propensity(people, "in", [], numeric=["age"])
    np.testing.assert_allclose(found.weights, again.weights)


WRONG: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"predictors": []}, SettingRefused, "at least one predictor"),
    ({"predictors": ["area"], "classes": 1}, SettingRefused, "two classes"),
    ({"predictors": ["sure"]}, NotConverged, "some people were sure to respond"),
    ({"predictors": ["gap"]}, ValueRefused, "column 'gap', row 2: 1 of 4 rows have no value"),
    ({"predictors": ["area"], "numeric": ["hole"]}, ValueRefused, "column 'hole', row 3"),
    ({"predictors": ["area"], "responded": "age"}, ValueRefused, "neither 1 nor 0 in 4 rows"),
    ({"predictors": ["area"], "responded": "no"}, Refusal, "There is no column 'no'"),
]


@pytest.mark.parametrize(("settings", "kind", "words"), WRONG)
def test_what_has_no_propensity_is_refused(
    settings: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    people = {
        "area": ["a", "b", "a", "b"],
        "in": [True, True, False, False],
        "sure": ["y", "y", "n", "n"],
        "gap": ["y", None, "n", "n"],
        "hole": [1.0, 2.0, None, 3.0],
        "age": [20, 30, 40, 50],
    }
    with pytest.raises(kind, match=words):
        adjust_by_propensity(people, **{"responded": "in", **settings})


def test_a_class_without_respondents_is_named() -> None:
    people = {"area": ["north", "south"], "in": [1, 0]}
    with pytest.raises(WeightRefused, match="Nobody responded in 'south'"):
        adjust_by_classes(people, "in", "area")
    with pytest.raises(SettingRefused, match="No class is named"):
        adjust_by_classes(people, "in", [])
