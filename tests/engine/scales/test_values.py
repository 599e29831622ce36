"""Schwartz's values: the key of the instrument, and what centring promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.scales import HIGHER, PVQ21, value_scores


def people(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 7, (30, 21)).astype(np.float64)


def test_the_key_uses_each_portrait_once() -> None:
    """The key of the European Social Survey: two portraits a value, three of universalism."""
    assert sorted(number for key in PVQ21.values() for number in key) == list(range(1, 22))
    assert {name: len(key) for name, key in PVQ21.items() if len(key) != 2} == {"universalism": 3}
    assert sorted(name for names in HIGHER.values() for name in names) == sorted(PVQ21)


@given(st.integers(0, 10_000))
def test_how_high_somebody_rates_everything_does_not_matter(seed: int) -> None:
    answers = people(seed)
    for name, score in value_scores(answers + 1.0).items():
        np.testing.assert_allclose(score, value_scores(answers)[name], atol=1e-12)


@given(st.integers(0, 10_000))
def test_scores_weighted_by_their_portraits_cancel(seed: int) -> None:
    found = value_scores(people(seed))
    total = sum(len(key) * found[name] for name, key in PVQ21.items())
    np.testing.assert_allclose(total, 0.0, atol=1e-10)


def test_people_who_left_too_many_unanswered_have_no_scores() -> None:
    answers = people(1)
    answers[0, :6] = np.nan
    answers[1, :5] = np.nan
    answers[2, [1, 16]] = np.nan
    found = value_scores(answers)
    assert np.isnan(found["security"][0])
    assert not np.isnan(found["security"][1])
    assert np.isnan(found["power"][2])
    assert not np.isnan(found["self_enhancement"][2])


def test_another_battery_is_refused() -> None:
    with pytest.raises(IndicatorRefused, match="PVQ-21 has 21"):
        value_scores(np.ones((4, 20)))
