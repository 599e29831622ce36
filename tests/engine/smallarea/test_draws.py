"""Draws: their moments are those of the posterior, and one seed gives one result."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.smallarea.draws import matched_normal, spread


@given(st.integers(1, 20), st.integers(0, 100), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_normal_vectors_have_exact_moments(dimension: int, more: int, seed: int) -> None:
    size = 2 * dimension + 2 + more
    normal = matched_normal(dimension, size, np.random.default_rng(seed))
    np.testing.assert_allclose(normal.mean(axis=1), 0, atol=1e-12)
    covariance = np.atleast_2d(np.cov(normal))
    np.testing.assert_allclose(covariance, np.eye(dimension), atol=1e-9)


def test_too_few_vectors_to_turn_have_only_an_exact_mean() -> None:
    normal = matched_normal(300, 400, np.random.default_rng(1))
    np.testing.assert_allclose(normal.mean(axis=1), 0, atol=1e-12)
    assert abs(normal.std() - 1) < 0.01


def test_turned_vectors_are_still_normal() -> None:
    normal = matched_normal(50, 1000, np.random.default_rng(2))
    assert abs((np.abs(normal) < 1.0).mean() - 0.6827) < 0.01
    assert abs((np.abs(normal) < 1.96).mean() - 0.95) < 0.005


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 500), st.integers(0, 99))
@settings(deadline=None, max_examples=50)
def test_every_point_is_drawn_as_often_as_its_weight(
    parts: list[float], size: int, seed: int
) -> None:
    weights = np.array(parts) + 1e-9
    weights /= weights.sum()
    chosen = spread(weights, size, np.random.default_rng(seed))
    times = np.bincount(chosen, minlength=len(weights))
    assert len(chosen) == size
    assert np.all(np.abs(times - size * weights) < 1 + 1e-6)
