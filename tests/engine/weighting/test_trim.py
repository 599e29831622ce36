"""Trimming keeps the sum, and with raking also the margins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kelisim.core.errors import NotConverged, SettingRefused
from kelisim.engine.weighting.raking import rake
from kelisim.engine.weighting.trim import trim, trim_and_rake, trim_weights


@settings(max_examples=60, deadline=None)
@example(22190, 0.875, 1.25)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9), st.floats(1.2, 4))
def test_strict_trimming_leaves_nobody_outside(seed: int, low: float, high: float) -> None:
    weights = np.random.default_rng(seed).lognormal(0, 1, 50)
    weights /= weights.mean()
    found = trim_weights(weights, low, high, strict=True)
    assert found.sum() == pytest.approx(weights.sum())
    assert low * (1 - 1e-9) <= found.min()
    assert found.max() <= high * (1 + 1e-9)


@pytest.mark.parametrize("strict", [False, True])
def test_where_every_weight_is_outside_none_is_lost(strict: bool) -> None:
    weights = np.array([0.1, 0.1, 3.8])
    found = trim_weights(weights, 0.5, 2.0, strict=strict)
    np.testing.assert_allclose(found, [1.0, 1.0, 2.0])
    mirrored = trim_weights(np.array([0.0, 3.0, 3.0]), 1.0, 2.9, strict=strict)
    np.testing.assert_allclose(mirrored, [1.0, 2.5, 2.5])


def test_weights_inside_the_limits_stay_as_they_are() -> None:
    weights = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(trim_weights(weights, 1, 3), weights)


def test_weights_trimmed_and_raked_meet_margins_and_limits() -> None:
    rng = np.random.default_rng(3)
    people = {"g": rng.choice(list("abc"), 90), "s": rng.choice(["f", "m"], 90)}
    margins = {"g": {"a": 30, "b": 40, "c": 20}, "s": {"f": 50, "m": 40}}
    raked = rake(people, margins, rng.lognormal(0, 1, 90))
    assert raked.weights.max() > 2.5
    found = trim_and_rake(people, margins, raked, (0.3, 2.5))
    assert found.weights.max() <= 2.5 * (1 + 1e-6)
    assert found.weights.min() >= 0.3 * (1 - 1e-6)
    for name, counts in margins.items():
        for label, count in counts.items():
            assert found.weights[people[name] == label].sum() == pytest.approx(count, rel=1e-8)
    np.testing.assert_array_equal(found.calibration.base_weights, raked.base_weights)
    np.testing.assert_array_equal(found.calibration.weights, found.weights)


def test_limits_that_a_category_cannot_keep_are_refused() -> None:
    people = {"g": ["a", "a", "a", "b"]}
    raked = rake(people, {"g": {"a": 3, "b": 5}})
    with pytest.raises(NotConverged, match=r"Weights between 0.1 and 4 .* were not found"):
        trim_and_rake(people, {"g": {"a": 3, "b": 5}}, raked, (0.1, 4))


@pytest.mark.parametrize(
    ("limits", "words"), [((3, 2), "The limits are 3 and 2"), ((4, 9), "2 on average")]
)
def test_limits_that_are_none_are_refused(limits: tuple[float, float], words: str) -> None:
    known = rake({"g": ["a", "a"]}, {"g": {"a": 4}}).calibration
    with pytest.raises(SettingRefused, match=words):
        trim(known, *limits)
