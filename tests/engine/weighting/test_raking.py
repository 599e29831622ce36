"""What raking promises: every margin exact, and no weights where that cannot be."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import polars as pl
import pytest

import kelisim
from kelisim.core.errors import MarginRefused, NotConverged, SettingRefused, WeightRefused
from kelisim.engine.weighting import Raking, fitting, rake

pd: Any = import_module("pandas")  # imported so because it has no type stubs

PEOPLE: dict[str, Any] = {
    "sex": ["f", "f", "f", "m", "m", "m", "m", "f"],
    "educ": ["low", "high", "low", "low", "high", "high", "low", "high"],
    "w": [1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 1.0],
}
MARGINS = {"sex": {"f": 520, "m": 480}, "educ": {"low": 700, "high": 300}}


def total(r: Raking, data: dict[str, Any], **category: str) -> float:
    """Add up the weights of the rows with all of these categories, one row at a time."""
    return sum(
        float(weight)
        for row, weight in enumerate(r.weights)
        if all(data[column][row] == value for column, value in category.items())
    )


def test_the_package_offers_raking_at_its_door() -> None:
    assert kelisim.rake is rake


def test_every_margin_is_met() -> None:
    r = rake(PEOPLE, MARGINS, weight="w")
    assert r.weights.dtype == np.float64
    assert r.max_error < 1e-12
    for column, counts in MARGINS.items():
        for category, count in counts.items():
            assert total(r, PEOPLE, **{column: category}) == pytest.approx(count, rel=1e-9)


def test_without_bounds_a_weight_is_its_base_weight_times_its_factors() -> None:
    r = rake(PEOPLE, MARGINS, weight="w")
    for row, weight in enumerate(r.weights):
        factors = [r.factors[column][PEOPLE[column][row]] for column in MARGINS]
        assert weight == pytest.approx(PEOPLE["w"][row] * np.prod(factors), rel=1e-12)


def test_a_crossed_margin_is_met_cell_by_cell() -> None:
    cells = {("f", "low"): 400.0, ("f", "high"): 120.0, ("m", "low"): 300.0, ("m", "high"): 180.0}
    r = rake(PEOPLE, {("sex", "educ"): cells}, weight="w")
    for (sex, educ), count in cells.items():
        assert total(r, PEOPLE, sex=sex, educ=educ) == pytest.approx(count, rel=1e-12)


def test_a_crossed_margin_beside_a_plain_one() -> None:
    data = {**PEOPLE, "area": ["a", "b", "b", "a", "b", "a", "b", "a"]}
    cells = {("f", "low"): 400.0, ("f", "high"): 120.0, ("m", "low"): 300.0, ("m", "high"): 180.0}
    r = rake(data, {("sex", "educ"): cells, "area": {"a": 450.0, "b": 550.0}}, weight="w")
    assert total(r, data, area="a") == pytest.approx(450, rel=1e-9)
    assert total(r, data, sex="m", educ="high") == pytest.approx(180, rel=1e-9)


@pytest.mark.parametrize(
    "make", [dict, pl.DataFrame, pd.DataFrame, lambda d: pl.DataFrame(d).lazy()]
)
def test_every_kind_of_table_gives_the_same_weights(make: Any) -> None:
    expected = rake(PEOPLE, MARGINS, weight="w").weights
    np.testing.assert_array_equal(rake(make(PEOPLE), MARGINS, weight="w").weights, expected)


def test_the_base_weight_may_be_an_array_or_absent() -> None:
    by_name = rake(PEOPLE, MARGINS, weight="w")
    np.testing.assert_array_equal(by_name.base_weights, PEOPLE["w"])
    np.testing.assert_array_equal(
        rake(PEOPLE, MARGINS, weight=PEOPLE["w"]).weights, by_name.weights
    )
    equal = rake(PEOPLE, MARGINS)
    assert equal.base_weights.tolist() == [125.0] * 8
    np.testing.assert_allclose(equal.weights, rake(PEOPLE, MARGINS, weight=[1] * 8).weights)


def test_the_variance_gets_the_margins_and_both_weights() -> None:
    r = rake(PEOPLE, MARGINS, weight="w")
    assert r.calibration.levels == (2, 2)
    assert [codes.tolist() for codes in r.calibration.margins] == [
        [0, 0, 0, 1, 1, 1, 1, 0],
        [1, 0, 1, 1, 0, 0, 1, 0],
    ]
    assert r.calibration.weights is r.weights
    assert r.calibration.base_weights is r.base_weights


def test_bounds_hold_and_the_margins_too() -> None:
    free = rake(PEOPLE, MARGINS)
    assert (free.weights / free.base_weights).max() > 1.45
    r = rake(PEOPLE, MARGINS, bounds=(0.5, 1.45))
    ratio = r.weights / r.base_weights
    assert ratio.max() == pytest.approx(1.45, rel=1e-12)
    assert ratio.min() >= 0.5
    assert r.max_error < 1e-9
    assert r.method.endswith("+bounds")


def test_the_method_says_what_was_iterated_on() -> None:
    rng = np.random.default_rng(0)
    many = {"a": rng.integers(0, 2, 200), "b": rng.integers(0, 3, 200)}
    margins = {"a": {0: 40, 1: 60}, "b": {0: 20, 1: 30, 2: 50}}
    assert rake(many, margins).method == "cells+newton"
    few = {"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]}
    assert rake(few, {"a": {0: 40, 1: 60}, "b": {0: 20, 1: 80}}).method == "rows"


def test_a_warm_start_gives_the_same_weights_sooner() -> None:
    rng = np.random.default_rng(1)
    data = {"a": rng.integers(0, 4, 300), "b": rng.integers(0, 3, 300)}
    data["b"] = np.where(rng.random(300) < 0.5, data["a"] % 3, data["b"])
    margins = {
        "a": {0: 100, 1: 150, 2: 350, 3: 400},
        "b": {0: 500, 1: 200, 2: 300},
    }
    cold = rake(data, margins)
    warm = rake(data, margins, start=cold)
    assert (warm.sweeps, warm.steps) == (1, 0)
    np.testing.assert_allclose(warm.weights, cold.weights, rtol=1e-9)
    other = rake(data, {"a": margins["a"]}, start=rake(data, {"b": margins["b"]}))
    np.testing.assert_allclose(other.weights, rake(data, {"a": margins["a"]}).weights, rtol=1e-9)


@pytest.mark.parametrize("tolerance", [0.0, 1.0, -1e-8, float("nan")])
def test_a_tolerance_beyond_arithmetic_is_refused(tolerance: float) -> None:
    with pytest.raises(SettingRefused, match="The tolerance is"):
        rake(PEOPLE, MARGINS, tolerance=tolerance)


def test_no_sweeps_are_refused() -> None:
    with pytest.raises(SettingRefused, match="max_sweeps is 0"):
        rake(PEOPLE, MARGINS, max_sweeps=0)


def test_a_rough_tolerance_is_kept_and_said() -> None:
    r = rake(PEOPLE, MARGINS, weight="w", tolerance=0.05)
    assert 1e-9 < r.max_error <= 0.05


def test_margins_are_checked_before_weights() -> None:
    with pytest.raises(MarginRefused):
        rake(PEOPLE, {"sex": {"f": 1}}, weight=[0.0] * 8)
    with pytest.raises(WeightRefused, match="row 2"):
        rake(PEOPLE, MARGINS, weight=[1.0, 0.0] * 4)


def refused(*args: Any, **settings: Any) -> NotConverged:
    with pytest.raises(NotConverged) as caught:
        rake(*args, **settings)
    return caught.value


YOUNG_IN_TOWN = {
    "age": ["young", "young", "old", "old", "old", "mid", "mid"],
    "place": ["town", "town", "town", "village", "village", "village", "village"],
}


def test_contradictory_margins_name_the_categories_in_conflict() -> None:
    margins = {
        "age": {"young": 400, "mid": 300, "old": 300},
        "place": {"town": 350, "village": 650},
    }
    found = refused(YOUNG_IN_TOWN, margins)
    assert "every row with age 'young' also has place 'town'" in found.what
    assert "400 of the former and only 350 of the latter" in found.what
    assert found.where == "margins 'age' and 'place'"
    assert "Merge" in found.do


def test_margins_that_would_throw_rows_away_are_refused() -> None:
    margins = {
        "age": {"young": 350, "mid": 300, "old": 350},
        "place": {"town": 350, "village": 650},
    }
    found = refused(YOUNG_IN_TOWN, margins)
    assert "350 of both" in found.what
    assert "any other row with place 'town' could only get weight zero" in found.what


def test_a_long_conflict_is_cut_short() -> None:
    side = [0] * 7 + [1] * 7
    data = {"area": [*range(7), *range(7, 14)], "side": side}
    margins = {"area": dict.fromkeys(range(14), 10), "side": {0: 50, 1: 90}}
    assert "or one of 3 more" in refused(data, margins).what


def test_a_small_weight_that_is_wanted_is_not_refused() -> None:
    data = {"a": [0, 0, 1, 1, 1], "b": [0, 1, 0, 1, 1]}
    margins = {"a": {0: 1e-7, 1: 1.0 - 1e-7}, "b": {0: 0.5, 1: 0.5}}
    assert rake(data, margins).weights.min() < 1e-6


def test_too_few_sweeps_name_the_margin_that_is_furthest_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    a = rng.integers(0, 3, 200)
    data = {"a": a, "b": np.where(rng.random(200) < 0.9, a, (a + 1) % 3)}
    margins = {"a": {0: 20, 1: 30, 2: 50}, "b": {0: 40, 1: 35, 2: 25}}
    monkeypatch.setattr(fitting, "NEWTON_LEVELS", 0)
    found = refused(data, margins, max_sweeps=45)
    assert "did not converge in 45 sweeps" in found.what
    assert found.where == "margin 'a'"
    assert refused(data, margins, max_sweeps=2).what.startswith("Raking did not converge in 2 ")
    slow = rake(data, margins, max_sweeps=10_000)
    assert slow.sweeps > 45
    assert slow.max_error < 1e-8


def test_impossible_bounds_name_the_tightest_category_and_bounds_that_can_be_kept() -> None:
    found = refused(PEOPLE, MARGINS, bounds=(0.5, 1.3))
    assert "between 0.5 and 1.3 times" in found.what
    assert "educ 'low', whose rows need 1.4 times their base weight" in found.what
    low, high = (float(end) for end in found.do.split("[")[1].split("]")[0].split(","))
    assert rake(PEOPLE, MARGINS, bounds=(low, high)).max_error < 1e-9


def test_bounds_too_tight_only_together_still_name_a_category() -> None:
    data = {"a": [0] * 10 + [1] * 10 + [0, 1], "b": [0] * 10 + [1] * 10 + [1, 0]}
    margins = {"a": {0: 15.4, 1: 6.6}, "b": {0: 6.6, 1: 15.4}}
    assert rake(data, margins).max_error < 1e-9
    found = refused(data, margins, bounds=(0.5, 1.5))
    assert "The tightest is" in found.what
    assert "scale the base weights" not in found.what


def test_base_weights_on_another_scale_than_the_bounds_are_pointed_out() -> None:
    found = refused(PEOPLE, MARGINS, weight="w", bounds=(0.2, 5))
    assert "The base weights add up to 12 and the population to 1,000" in found.what
    assert "scale the base weights first" in found.what
