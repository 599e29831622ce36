"""What a joint covariance is, and what its draws are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kelisim.core.errors import CovarianceRefused
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.covariance import (
    BLOCK,
    PANEL,
    difference_errors,
    factor,
    joint_covariance,
    known_areas,
    normal_draws,
)


def drawn(covariance: Floats, draws: int) -> Floats:
    return normal_draws(covariance, draws, np.random.default_rng(1))


def test_variances_alone_mean_independent_areas() -> None:
    assert joint_covariance(np.array([1.0, 2.0]), 2).tolist() == [[1.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize("shape", [(3,), (2, 3), (4, 4), ()])
def test_a_covariance_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(CovarianceRefused, match="there are 2 estimates"):
        joint_covariance(np.ones(shape), 2)


def test_an_infinite_entry_is_refused_with_its_place() -> None:
    with pytest.raises(CovarianceRefused, match="infinite") as refusal:
        joint_covariance(np.array([[1.0, 0.0], [np.inf, 1.0]]), 2)
    assert refusal.value.where == "row 2, column 1"


def test_an_asymmetric_covariance_is_refused_with_its_place() -> None:
    with pytest.raises(CovarianceRefused, match="not symmetric") as refusal:
        joint_covariance(np.array([[1.0, 0.3], [0.2, 1.0]]), 2)
    assert refusal.value.where == "row 1, column 2"


def test_an_asymmetry_of_rounding_is_evened_out() -> None:
    covariance = joint_covariance(np.array([[1.0, 0.3], [0.3 + 1e-15, 1.0]]), 2)
    assert covariance[0, 1] == covariance[1, 0]


def test_a_negative_variance_is_refused_with_its_area() -> None:
    with pytest.raises(CovarianceRefused, match="negative") as refusal:
        known_areas(np.zeros(3), np.diag([1.0, -1.0, 1.0]))
    assert refusal.value.where == "area 2"


def test_an_area_without_estimate_or_variance_is_not_known() -> None:
    covariance = np.diag([1.0, 1.0, np.nan, 0.0])
    known = known_areas(np.array([0.5, np.nan, 0.5, 0.5]), covariance)
    assert known.tolist() == [True, False, False, True]


def test_a_covariance_missing_between_two_known_areas_is_refused() -> None:
    covariance = np.array([[1.0, np.nan], [np.nan, 1.0]])
    with pytest.raises(CovarianceRefused, match="both have an estimate"):
        known_areas(np.zeros(2), covariance)


def test_a_covariance_missing_beside_an_unknown_area_is_no_matter() -> None:
    covariance = np.array([[1.0, np.nan], [np.nan, np.nan]])
    assert known_areas(np.zeros(2), covariance).tolist() == [True, False]


def test_correlations_that_no_three_areas_can_have_are_refused() -> None:
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(CovarianceRefused, match="not positive semidefinite"):
        factor(impossible)


def test_an_exact_area_that_covaries_is_refused() -> None:
    with pytest.raises(CovarianceRefused, match="not positive semidefinite"):
        factor(np.array([[0.0, 0.5], [0.5, 1.0]]))


def test_independent_areas_need_no_factor() -> None:
    assert factor(np.diag([1.0, 0.0, 2.0])) is None


parts = arrays(
    np.float64, st.tuples(st.integers(2, 6), st.integers(1, 6)), elements=st.integers(-9, 9)
)


@given(parts)
@settings(deadline=None, max_examples=60)
def test_a_factor_multiplies_back_to_the_covariance_singular_or_not(part: Floats) -> None:
    covariance = part @ part.T
    root = factor(covariance)
    rebuilt = np.diag(covariance.diagonal()) if root is None else root @ root.T
    assert root is None or not np.triu(root, 1).any()
    deviations = np.sqrt(covariance.diagonal())
    assert np.all(np.abs(rebuilt - covariance) <= 1e-7 * np.outer(deviations, deviations))


def test_draws_have_the_covariance() -> None:
    covariance = np.array([[4.0, 1.0, 0.0], [1.0, 1.0, -0.5], [0.0, -0.5, 9.0]])
    sample = np.cov(drawn(covariance, 40_000).T)
    assert np.allclose(sample, covariance, atol=0.15)


def test_more_areas_than_a_panel_are_drawn_with_their_covariance_too() -> None:
    areas = 2 * PANEL + 10
    part = np.random.default_rng(4).standard_normal((areas, 3))
    covariance = part @ part.T + np.eye(areas)
    root = np.linalg.cholesky(covariance)
    standard = np.random.default_rng(1).standard_normal((20, areas))
    assert np.allclose(drawn(covariance, 20), standard @ root.T, rtol=1e-10, atol=1e-10)


def test_shares_that_sum_to_one_are_drawn_so_that_they_still_do() -> None:
    shares = np.array([0.2, 0.3, 0.5])
    covariance = (np.diag(shares) - np.outer(shares, shares)) / 100
    assert np.abs(drawn(covariance, 300).sum(axis=1)).max() < 1e-8


def test_areas_that_move_as_one_are_drawn_equal_to_the_last_digit() -> None:
    part = np.array([[1.0, 0.3], [0.1, 0.7], [1.0, 0.3], [1.0, 0.3]])
    draws = drawn(part @ part.T, 200)
    assert np.array_equal(draws[:, 0], draws[:, 2])
    assert np.array_equal(draws[:, 0], draws[:, 3])
    assert not np.any(draws[:, 0] == draws[:, 1])


def test_areas_that_move_as_one_differ_without_error() -> None:
    part = np.array([[0.1, 0.7, 0.3], [0.1, 0.7, 0.3]])
    assert difference_errors(part @ part.T).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_more_draws_leave_the_first_ones_as_they_were() -> None:
    covariance = np.array([[1.0, 0.5], [0.5, 2.0]])
    few, many = drawn(covariance, 100), drawn(covariance, BLOCK + 100)
    assert np.array_equal(few, many[:100])
