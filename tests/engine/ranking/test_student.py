"""Few degrees of freedom make statistics worth less, by Student's own tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ValueRefused
from kelisim.engine.ranking import rank_sets, threshold_decisions
from kelisim.engine.ranking.student import (
    degrees_of_differences,
    degrees_of_freedom,
    normal_scale,
)


@pytest.mark.parametrize(("df", "t"), [(1, 12.706), (4, 2.776), (10, 2.228), (30, 2.042)])
def test_a_two_sided_five_percent_point_of_student_becomes_that_of_the_normal(
    df: int, t: float
) -> None:
    # Two-sided 5 % points of Student's t: printed tables.
    found = normal_scale(np.array([t, -t]), np.full(2, float(df)))
    assert found == pytest.approx([1.96, -1.96], abs=5e-4)


def test_with_known_errors_statistics_stay_as_they_are() -> None:
    statistics = np.array([-3.0, 0.0, np.inf])
    assert np.array_equal(normal_scale(statistics, np.full(3, np.inf)), statistics)


def test_sure_differences_and_ties_stay_so_with_any_degrees() -> None:
    statistics = np.array([-np.inf, 0.0, np.inf])
    assert np.array_equal(normal_scale(statistics, np.full(3, 2.0)), statistics)


@given(
    st.lists(st.floats(0.01, 9), min_size=2, max_size=2),
    st.lists(st.integers(1, 50), min_size=2, max_size=2),
)
@settings(deadline=None, max_examples=60)
def test_a_difference_has_no_fewer_degrees_than_the_worse_area_and_no_more_than_both(
    variances: list[float], df: list[int]
) -> None:
    degrees = degrees_of_differences(np.array(variances), np.array(df, dtype=float))[0, 1]
    assert min(df) * (1 - 1e-9) <= degrees <= sum(df) * (1 + 1e-9)


def test_one_number_is_the_degrees_of_every_area() -> None:
    assert degrees_of_freedom(9, np.array([True, False])).tolist() == [9.0, 9.0]


def test_an_area_that_is_not_known_needs_no_degrees() -> None:
    degrees = degrees_of_freedom([3.0, np.nan, 0.0], np.array([True, False, False]))
    assert degrees[0] == 3.0


@pytest.mark.parametrize("short", [0.0, 0.5, np.nan, -1.0])
def test_an_area_with_an_error_on_no_degrees_is_refused_by_name(short: float) -> None:
    with pytest.raises(ValueRefused, match="two primary sampling units") as refusal:
        rank_sets([0.1, 0.2], [0.1, 0.1], df=[9.0, short])
    assert refusal.value.where == "area 2"


def test_degrees_for_other_areas_are_refused() -> None:
    with pytest.raises(ValueRefused, match="there are 2 areas"):
        rank_sets([0.1, 0.2], [0.1, 0.1], df=[9.0, 9.0, 9.0])


def test_two_areas_are_separated_as_by_the_t_test_of_welch() -> None:
    # 5 PSUs an area and equal variances: 8 degrees of freedom, two-sided 5 % point 2.306.
    variances = [0.5, 0.5]
    assert rank_sets([2.25, 0.0], variances, df=4).high.tolist() == [2, 2]
    assert rank_sets([2.36, 0.0], variances, df=4).high.tolist() == [1, 2]
    assert rank_sets([2.25, 0.0], variances).high.tolist() == [1, 2]


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=6), st.integers(1, 40))
@settings(deadline=None, max_examples=40)
def test_fewer_degrees_never_narrow_a_set(estimates: list[int], df: int) -> None:
    variances = np.arange(1, 1 + len(estimates))
    fewer = rank_sets(estimates, variances, df=df, draws=300, step_down=False)
    more = rank_sets(estimates, variances, df=df + 1, draws=300, step_down=False)
    assert np.all(fewer.low <= more.low)
    assert np.all(fewer.high >= more.high)


def test_degrees_follow_their_areas_in_any_order() -> None:
    estimates, variances = np.array([0.0, 2.4, 5.0]), np.array([0.5, 0.5, 0.5])
    df = np.array([2.0, 4.0, 90.0])
    sets = rank_sets(estimates, variances, df=df)
    turned = rank_sets(estimates[::-1], variances[::-1], df=df[::-1])
    assert np.array_equal(turned.high[::-1], sets.high)
    assert np.array_equal(turned.critical_value[::-1], sets.critical_value)


def test_the_probability_at_a_threshold_is_students() -> None:
    # 2.228 standard errors on 10 degrees of freedom leave 2.5 % in one tail.
    decided = threshold_decisions([0.30 + 0.02228], [0.01], 0.30, df=10)
    assert decided.p_below == pytest.approx([0.025], abs=1e-5)
    assert decided.p_above == pytest.approx([0.975], abs=1e-5)


def test_degrees_beside_draws_are_refused() -> None:
    with pytest.raises(ValueRefused, match="beside draws"):
        threshold_decisions([0.5], np.full((20, 1), 0.5), 0.3, df=10)
