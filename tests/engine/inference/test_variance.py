"""The variance as arrays: sums within groups, cells, blocks of units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kelisim.engine.inference import variance as module
from kelisim.engine.inference.deff import without_replacement
from kelisim.engine.inference.groups import compact, grouping, summation
from kelisim.engine.inference.stages import Stage, Units
from kelisim.engine.inference.variance import covariance


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.sampled_from([51, 1 << 40]))
def test_keys_are_numbered_in_their_order_however_far_apart(keys: list[int], size: int) -> None:
    occurring, number = compact(np.array(keys), size)
    assert occurring.tolist() == sorted(set(keys))
    assert occurring[number].tolist() == keys


def test_sums_within_groups_leave_out_rows_of_no_group() -> None:
    codes = np.array([1, -1, 0, 1], dtype=np.int32)
    weights = np.array([1.0, 10.0, 100.0, 1000.0])
    y = np.array([[1.0, 2.0]] * 4)
    assert (summation(codes, 3, weights) @ y).tolist() == [[100, 200], [1001, 2002], [0, 0]]
    assert grouping(codes, 3, weights).everyone.tolist() == [[100], [1001], [0]]
    assert (summation(codes, 3) @ y).tolist() == [[1, 2], [2, 4], [0, 0]]


def stage(groups: int, each: int) -> Stage:
    group = np.repeat(np.arange(groups, dtype=np.int32), each)
    size = np.full(groups, each, dtype=np.int32)
    units = Units(np.arange(group.size, dtype=np.int32), group, size)
    return Stage(units, np.full(groups, each / (each - 1)), np.ones(groups))


def test_the_covariance_of_sums_is_numpys_stratum_by_stratum() -> None:
    z = np.random.default_rng(5).normal(3, 1, (3, 40, 4))
    expected = sum(40 * np.cov(part.T) for part in z)
    np.testing.assert_allclose(covariance(stage(3, 40), csr_array(z.reshape(120, 4))), expected)


def test_blocks_of_units_do_not_change_a_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    totals = csr_array(np.random.default_rng(6).normal(size=(120, 4)))
    whole = covariance(stage(3, 40), totals)
    monkeypatch.setattr(module, "_ENTRIES", 28)
    np.testing.assert_allclose(covariance(stage(3, 40), totals), whole)


def test_a_large_mean_does_not_cost_digits() -> None:
    """One-pass formulas lose every digit here: the mean is 1e9 times the deviation."""
    z = np.tile([[0.0], [1.0]], (20, 1))
    near, far = (covariance(stage(1, 40), csr_array(z + shift)) for shift in (0.0, 1e9))
    np.testing.assert_allclose(near, far, rtol=1e-12)


def test_without_replacement_a_census_has_no_simple_variance_to_compare_with() -> None:
    with np.errstate(divide="ignore"):
        assert np.isinf(without_replacement(np.array(2.0), np.array(10.0), np.array(10.0)))
