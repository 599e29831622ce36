"""Calibration meets its totals, keeps its bounds, and says when it cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import MarginRefused, NotConverged, Refusal, SettingRefused
from kelisim.engine.weighting.calibrate import calibrate

PEOPLE = pl.DataFrame(
    {
        "sex": ["f", "f", "f", "m", "m", "m"],
        "age": [20.0, 40, 60, 25, 45, 65],
        "home": ["a", "b", "b", "a", "c", "c"],
        "w": [10.0, 12, 8, 10, 10, 10],
    }
)
KINDS = [("linear", None), ("raking", None), ("linear", 1), ("raking", 1), ("logit", 1)]
"""Distances, and whether they are bounded."""

SEX = {"sex": {"f": 33, "m": 27}}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(KINDS),
)
def test_totals_are_met_within_the_bounds(seed: int, kind: tuple[str, Any]) -> None:
    """Targets are totals of the sample under other weights, so that they can be met."""
    rng = np.random.default_rng(seed)
    n = 80
    frame = pl.DataFrame({"g": rng.choice(list("abc"), n), "x": rng.gamma(2, 3, n)})
    base, ratio = rng.gamma(4, 5, n), rng.uniform(0.7, 1.5, n)
    counts = {g: float((base * ratio)[(frame["g"] == g).to_numpy()].sum()) for g in "abc"}
    total = float((base * ratio) @ frame["x"].to_numpy())
    name, bounded = kind
    bounds = (0.7, 1.5) if bounded else None
    found = calibrate(frame, {"g": counts}, {"x": total}, base, name, bounds)
    for g, count in counts.items():
        reached = found.weights[(frame["g"] == g).to_numpy()].sum()
        assert reached == pytest.approx(count, rel=1e-8)
    assert found.weights @ frame["x"].to_numpy() == pytest.approx(total, rel=1e-8)
    if bounds:
        assert bounds[0] - 1e-12 <= found.min_ratio <= found.max_ratio <= bounds[1] + 1e-12
    if name == "raking":
        assert (found.weights > 0).all()


def test_linear_calibration_is_least_squares() -> None:
    """Of all weights that meet the totals, none are nearer: the residual is orthogonal."""
    found = calibrate(PEOPLE, SEX, {"age": 2600}, "w")
    base = PEOPLE["w"].to_numpy()
    x = np.stack([PEOPLE["sex"] == "f", PEOPLE["sex"] == "m", PEOPLE["age"]], axis=1) * 1.0
    shift = np.linalg.solve(x.T @ (x * base[:, None]), np.array([33, 27, 2600]) - base @ x)
    np.testing.assert_allclose(found.weights, base * (1 + x @ shift), rtol=1e-10)
    assert found.steps <= 2


def test_a_cluster_shares_one_ratio() -> None:
    found = calibrate(PEOPLE, SEX, {"age": 2600}, "w", cluster="home")
    ratio = found.weights / found.base_weights
    for home in "abc":
        assert np.ptp(ratio[(PEOPLE["home"] == home).to_numpy()]) < 1e-12
    assert found.weights @ PEOPLE["age"].to_numpy() == pytest.approx(2600)


def test_columns_that_repeat_each_other_do_no_harm() -> None:
    frame = PEOPLE.with_columns(twice=2 * pl.col("age"), kind=pl.col("sex"))
    margins = {**SEX, "kind": SEX["sex"]}
    once = calibrate(PEOPLE, SEX, {"age": 2600}, "w", "raking")
    twice = calibrate(frame, margins, {"age": 2600, "twice": 5200}, "w", "raking")
    np.testing.assert_allclose(once.weights, twice.weights, rtol=1e-9)


def test_base_weights_of_any_scale_lead_to_the_totals() -> None:
    """From weights a thousand times too small Newton's first step overshoots, and is halved."""
    found = calibrate(PEOPLE, SEX, {"age": 2600}, PEOPLE["w"].to_numpy() / 1000, "raking")
    again = calibrate(PEOPLE, SEX, {"age": 2600}, "w", "raking")
    np.testing.assert_allclose(found.weights, again.weights, rtol=1e-8)


def test_equal_weights_are_the_start_where_none_are_given() -> None:
    found = calibrate(PEOPLE, {"sex": {"f": 30, "m": 30}})
    np.testing.assert_allclose(found.weights, 10)
    assert found.calibration.covariates is None


def test_bounds_that_cannot_be_met_are_said_with_the_nearest_that_can() -> None:
    with pytest.raises(NotConverged) as refused:
        calibrate(PEOPLE, SEX, {"age": 3000}, "w", bounds=(0.9, 1.2))
    words = str(refused.value)
    assert "No weights between 0.9 and 1.2 times the base weight" in words
    nearest = words.split("can be met are ")[1].split(". ")[0]
    low, high = (float(part) for part in nearest.split(" and "))
    assert low < 0.9
    assert high > 1.2
    found = calibrate(
        PEOPLE, SEX, {"age": 3000}, "w", bounds=(low * 0.98, high * 1.02), tolerance=1e-6
    )
    assert found.max_error < 1e-6


def test_totals_that_no_positive_weights_meet_are_refused() -> None:
    with pytest.raises(NotConverged, match="No positive weights meet these totals") as refused:
        calibrate(PEOPLE, SEX, {"age": 60 * 70}, "w", "raking")
    assert refused.value.where in ("age", "sex 'f'", "sex 'm'")
    with pytest.raises(NotConverged, match="No positive weights"):
        calibrate(PEOPLE, SEX, {"age": 60 * 70}, "w", bounds=(0.5, 2.0))


def test_linear_calibration_meets_them_with_negative_weights_and_says_so() -> None:
    found = calibrate(PEOPLE, SEX, {"age": 60 * 70}, "w")
    assert found.negative > 0
    assert found.negative == (found.weights < 0).sum()


def test_totals_on_the_edge_of_what_can_be_met_do_not_converge() -> None:
    with pytest.raises(NotConverged, match="Calibration did not converge"):
        calibrate(PEOPLE, SEX, {"age": 33 * 60 + 27 * 65}, "w", "raking", tolerance=1e-15)


WRONG: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"totals": {"income": 1.0}}, Refusal, "There is no column 'income'"),
    ({"totals": {"gap": 1.0}}, MarginRefused, "1 of 6 rows have no number"),
    ({"cluster": "gap"}, MarginRefused, "1 rows are in no cluster"),
    ({"bounds": (2, 1)}, SettingRefused, "The bounds are"),
    ({"distance": "log"}, SettingRefused, "is not a distance"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), WRONG)
def test_what_cannot_be_calibrated_to_is_refused(
    wrong: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    frame = PEOPLE.with_columns(gap=pl.Series([1.0, None, 2, 3, 4, 5]))
    with pytest.raises(kind, match=words):
        calibrate(frame, SEX, weight="w", **wrong)
