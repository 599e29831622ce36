"""Laws that rank sets obey whatever the estimates and their covariance are."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from kelisim.engine.frame import Floats
from kelisim.engine.ranking import RankSets, rank_sets

Case = tuple[Floats, Floats]


@composite
def areas(draw: DrawFn, *, distinct: bool = False) -> Case:
    """Estimates on a grid, so that ties occur, with a covariance that may be singular."""
    grid = st.integers(-40, 40)
    estimates = draw(st.lists(grid, min_size=2, max_size=7, unique=distinct))
    rows = st.lists(st.integers(-4, 4), min_size=2, max_size=2)
    part = np.array(draw(st.lists(rows, min_size=len(estimates), max_size=len(estimates))), float)
    own = draw(st.sampled_from([0.0, 0.25, 4.0]))
    return np.array(estimates) / 4, part @ part.T + own * np.eye(len(estimates))


def few(case: Case, level: float = 0.9, **choices: Any) -> RankSets:
    return rank_sets(*case, level, draws=300, **choices)


def within(inner: RankSets, outer: RankSets) -> bool:
    return bool(np.all(inner.low >= outer.low) and np.all(inner.high <= outer.high))


law = settings(deadline=None, max_examples=50)


@given(areas(), st.booleans())
@law
def test_a_set_holds_the_rank_of_the_estimate(case: Case, simultaneous: bool) -> None:
    sets = few(case, simultaneous=simultaneous)
    assert np.all((sets.low <= sets.rank) & (sets.rank <= sets.high))
    assert np.all((sets.low >= 1) & (sets.high <= len(case[0])))


@given(areas(), st.booleans())
@law
def test_a_higher_level_never_narrows_a_set(case: Case, simultaneous: bool) -> None:
    assert within(few(case, 0.5), few(case, 0.9))
    assert within(few(case, 0.9, simultaneous=simultaneous), few(case, 0.99))


@given(areas(), st.booleans())
@law
def test_stepping_down_never_widens_a_set(case: Case, simultaneous: bool) -> None:
    choices = {"simultaneous": simultaneous}
    assert within(few(case, **choices), few(case, step_down=False, **choices))


@given(areas(), st.booleans())
@law
def test_a_set_of_one_area_is_within_that_of_all_at_once(case: Case, step_down: bool) -> None:
    alone = few(case, simultaneous=False, step_down=step_down)
    assert within(alone, few(case, step_down=step_down))


@given(areas(distinct=True))
@law
def test_without_error_the_sets_are_the_ranks(case: Case) -> None:
    estimates, covariance = case
    sets = few((estimates, 1e-12 * covariance))
    assert np.array_equal(sets.low, sets.rank)
    assert np.array_equal(sets.high, sets.rank)
    assert np.array_equal(sets.rank[np.argsort(-estimates)], np.arange(1, len(estimates) + 1))


@given(areas())
@law
def test_equal_estimates_have_sets_that_overlap(case: Case) -> None:
    sets = few(case)
    for j, k in np.argwhere(np.equal.outer(case[0], case[0])):
        assert sets.low[j] <= sets.high[k]
        assert sets.rank[j] == sets.rank[k]


@given(areas(), st.integers(-9, 9), st.sampled_from([0.25, 2.0, 64.0]))
@law
def test_shift_and_scale_leave_the_sets(case: Case, shift: int, scale: float) -> None:
    estimates, covariance = case
    moved = few((scale * estimates + shift, scale**2 * covariance))
    sets = few(case)
    assert np.array_equal(moved.low, sets.low)
    assert np.array_equal(moved.high, sets.high)


@given(areas(distinct=True), st.randoms(use_true_random=False), st.booleans())
@law
def test_the_order_of_the_areas_does_not_matter(
    case: Case, random: Random, simultaneous: bool
) -> None:
    estimates, covariance = case
    order = random.sample(range(len(estimates)), len(estimates))
    shuffled = estimates[order], covariance[np.ix_(order, order)]
    found = few(shuffled, simultaneous=simultaneous)
    sets = few(case, simultaneous=simultaneous)
    assert np.array_equal(found.low, sets.low[order])
    assert np.array_equal(found.high, sets.high[order])
    assert np.array_equal(found.probability, sets.probability[order])


@given(areas())
@law
def test_probabilities_of_the_ranks_of_an_area_sum_to_one(case: Case) -> None:
    sets = few(case)
    assert np.allclose(sets.probability.sum(axis=1), 1)
    assert np.all(
        np.diff([sets.probability_best(k) for k in range(1, len(case[0]) + 1)], axis=0) >= 0
    )
