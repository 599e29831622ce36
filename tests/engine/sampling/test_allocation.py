"""Allocations keep to their sum and bounds, and are the best they claim to be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import allocate, cost_optimal, neyman, power
from kelisim.engine.sampling.allocation import by_label


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, list[float], list[int], list[int]]:
    bounds = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), min_size=1))
    low = [one for one, _ in bounds]
    high = [one + more for one, more in bounds]
    shares = draw(
        st.lists(st.floats(1e-3, 1e3), min_size=len(low), max_size=len(low)),
    )
    n = draw(st.integers(max(1, sum(low)), max(1, sum(high))))
    return n, shares, low, [max(one, 1) for one in high]


@settings(deadline=None, max_examples=200)
@given(problems())
def test_numbers_are_whole_within_bounds_and_sum_to_n(
    problem: tuple[int, list[float], list[int], list[int]],
) -> None:
    n, shares, low, high = problem
    counts = allocate(n, np.array(shares), np.array(low), np.array(high))
    assert counts.sum() == n
    assert (counts >= low).all()
    assert (counts <= high).all()


@settings(deadline=None, max_examples=100)
@given(
    n=st.integers(1, 500),
    shares=st.lists(st.floats(0.01, 100), min_size=1, max_size=12),
)
def test_without_bounds_every_number_is_its_quota_rounded_up_or_down(
    n: int, shares: list[float]
) -> None:
    measure = np.array(shares)
    free = np.zeros(len(shares), dtype=np.int64)
    quota = n * measure / measure.sum()
    counts = allocate(n, measure, free, free + n)
    assert (np.abs(counts - quota) < 1 + 1e-6).all()


def test_a_full_stratum_leaves_the_rest_to_the_others_in_proportion() -> None:
    counts = allocate(100, np.array([80.0, 15.0, 5.0]), np.ones(3, int), np.array([40, 90, 90]))
    assert counts.tolist() == [40, 45, 15]


def test_equal_remainders_go_to_the_first_strata() -> None:
    assert allocate(5, np.ones(3), np.ones(3, int), np.full(3, 9)).tolist() == [2, 2, 1]


def variance(N: np.ndarray, S: np.ndarray, n: np.ndarray) -> float:
    """Return the variance of the stratified total without finite population correction."""
    return float((N**2 * S**2 / n).sum())


POSITIVE = st.lists(st.tuples(*[st.floats(0.5, 50)] * 4), min_size=2, max_size=6)


@settings(deadline=None, max_examples=100)
@given(POSITIVE)
def test_no_other_division_has_less_variance_than_neymans(
    strata: list[tuple[float, float, float, float]],
) -> None:
    N, S, other, _ = np.array(strata).T
    best = variance(N, S, 100 * neyman(N, S))
    assert best <= variance(N, S, 100 * other / other.sum()) * (1 + 1e-9)


@settings(deadline=None, max_examples=100)
@given(POSITIVE)
def test_no_other_division_of_the_money_has_less_variance_than_the_cost_optimum(
    strata: list[tuple[float, float, float, float]],
) -> None:
    N, S, cost, other = np.array(strata).T
    shares = cost_optimal(N, S, cost)
    best = variance(N, S, shares * 1000 / (shares @ cost))
    assert best <= variance(N, S, other * 1000 / (other @ cost)) * (1 + 1e-9)


def test_neyman_in_whole_numbers_is_next_to_the_best_of_all_whole_numbers() -> None:
    N, S = np.array([400.0, 300.0, 200.0]), np.array([4.0, 9.0, 20.0])
    every = [np.array(n) for n in product(range(1, 29), repeat=3) if sum(n) == 30]
    best = min(variance(N, S, n) for n in every)
    ours = allocate(30, neyman(N, S), np.ones(3, int), np.full(3, 30))
    assert variance(N, S, ours) <= best * 1.005


def test_equal_costs_make_the_cost_optimum_neymans() -> None:
    N, S = np.array([10.0, 20.0]), np.array([1.0, 3.0])
    assert cost_optimal(N, S, np.full(2, 7.0)) == pytest.approx(neyman(N, S))


def test_the_power_goes_from_equal_precision_to_neyman() -> None:
    N, cv = np.array([100.0, 900.0]), np.array([0.5, 1.5])
    assert power(N, cv, 0.0) == pytest.approx([0.25, 0.75])
    assert power(N, cv, 1.0) == pytest.approx(neyman(N, cv))
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueRefused, match="power of the allocation"):
            power(N, cv, wrong)


def test_what_cannot_be_divided_is_refused_with_the_stratum() -> None:
    low, high = np.array([5, 5]), np.array([9, 3])
    with pytest.raises(DesignRefused) as unnamed:
        allocate(10, np.ones(2), low, high)
    assert "At least 5 units are asked for, and there are 3" in unnamed.value.what
    assert unnamed.value.where == "stratum 2"
    with pytest.raises(DesignRefused) as named:
        allocate(10, np.ones(2), low, high, ["KZ-10", "KZ-71"])
    assert named.value.where == "stratum 'KZ-71'"
    for n in (9, 19):
        with pytest.raises(DesignRefused, match=f"{n} units cannot be divided: .* from 10 to 18"):
            allocate(n, np.ones(2), low, np.array([9, 9]))


def test_a_measure_or_cost_that_is_not_positive_is_refused() -> None:
    two = np.ones(2)
    with pytest.raises(ValueRefused, match="The cost of a unit is 0 in stratum 2"):
        cost_optimal(two, two, np.array([1.0, 0.0]))
    with pytest.raises(ValueRefused, match="The measure to allocate by is nan in stratum 1"):
        neyman(np.array([np.nan, 1.0]), two)


def test_every_stratum_must_be_named_and_no_other() -> None:
    with pytest.raises(DesignRefused, match="No cost is given for the strata 'b'"):
        by_label({"a": 1}, ["a", "b"], "cost")
    with pytest.raises(DesignRefused) as far:
        by_label({"a": 1, "zzz": 2}, ["a"], "cost")
    assert far.value.do == "The strata are 'a'."
    with pytest.raises(DesignRefused) as near:
        by_label({"KZ-10": 1, "KZ10": 2}, ["KZ-10"], "cost")
    assert near.value.do == "Did you mean 'KZ-10'?"
