"""Rank sets in the cases a person meets, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import CovarianceRefused, ValueRefused
from kelisim.engine.ranking import rank_sets


def test_areas_far_apart_have_one_rank_each() -> None:
    sets = rank_sets([0.1, 0.9, 0.5], [1e-4] * 3)
    assert sets.rank.tolist() == sets.low.tolist() == sets.high.tolist() == [3, 1, 2]


def test_equal_areas_may_have_any_rank_and_share_the_best() -> None:
    sets = rank_sets([0.5] * 4, [1e-4] * 4)
    assert sets.rank.tolist() == sets.low.tolist() == [1, 1, 1, 1]
    assert sets.high.tolist() == [4, 4, 4, 4]


def test_a_difference_is_judged_by_its_own_error_not_by_two_error_bars() -> None:
    together = [[1.0, 0.99], [0.99, 1.0]]
    assert rank_sets([1.0, 0.0], together).high.tolist() == [1, 2]
    assert rank_sets([1.0, 0.0], [1.0, 1.0]).high.tolist() == [2, 2]


def test_areas_that_move_as_one_are_tied_if_equal_and_else_surely_apart() -> None:
    as_one = np.ones((3, 3))
    sets = rank_sets([0.4, 0.4, 0.4 + 1e-9], as_one)
    assert sets.low.tolist() == [2, 2, 1]
    assert sets.high.tolist() == [3, 3, 1]
    assert sets.probability.tolist() == [[0, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_a_difference_of_rounding_between_areas_that_move_as_one_is_a_tie() -> None:
    sets = rank_sets([0.1 + 0.2, 0.3], np.ones((2, 2)))
    assert sets.low.tolist() == [1, 1]
    assert sets.high.tolist() == [2, 2]


def test_exact_areas_are_ranked_surely_and_said_to_be_taken_as_known() -> None:
    sets = rank_sets([0.1, 0.7, 0.4], [0.0, 0.0, 0.0])
    assert sets.low.tolist() == sets.high.tolist() == [3, 1, 2]
    assert sets.exact.all()
    assert sets.critical_value.tolist() == [0.0, 0.0, 0.0]
    assert "standard error is zero: 3 of 3 areas" in sets.note


def test_an_exact_area_is_still_within_the_doubt_of_the_others() -> None:
    sets = rank_sets([0.50, 0.51], [0.0, 0.01])
    assert sets.exact.tolist() == [True, False]
    assert sets.high.tolist() == [2, 2]


def test_areas_without_estimate_or_variance_have_no_rank_and_are_mentioned() -> None:
    sets = rank_sets([0.9, np.nan, 0.1, 0.5], np.diag([1e-4, 1e-4, 1e-4, np.nan]))
    assert sets.rank.tolist() == [1, 0, 2, 0]
    assert sets.low.tolist() == [1, 0, 2, 0]
    assert sets.high.tolist() == [1, 0, 2, 0]
    assert sets.ranked.tolist() == [True, False, True, False]
    assert np.isnan(sets.critical_value).tolist() == [False, True, False, True]
    assert np.isnan(sets.probability[[1, 3]]).all()
    assert sets.probability[[0, 2]].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert sets.best_k(4).tolist() == [True, False, True, False]
    assert "2 of 4 areas. Ranks are among the other 2" in sets.note


def test_the_others_are_ranked_as_if_an_unknown_area_were_not_asked_about() -> None:
    with_unknown = rank_sets([0.3, np.nan, 0.2, 0.1], [0.01, np.nan, 0.02, 0.01])
    without = rank_sets([0.3, 0.2, 0.1], [0.01, 0.02, 0.01])
    assert with_unknown.high[[0, 2, 3]].tolist() == without.high.tolist()
    assert with_unknown.critical_value[[0, 2, 3]].tolist() == without.critical_value.tolist()


def test_nothing_is_noted_where_every_area_has_an_estimate_and_an_error() -> None:
    assert rank_sets([1.0, 2.0], [1.0, 1.0]).note == ""


@pytest.mark.parametrize("simultaneous", [True, False])
def test_one_area_alone_is_first(simultaneous: bool) -> None:
    sets = rank_sets([0.3], [0.1], simultaneous=simultaneous)
    assert (sets.rank.tolist(), sets.low.tolist(), sets.high.tolist()) == ([1], [1], [1])


@pytest.mark.parametrize("simultaneous", [True, False])
def test_where_no_area_has_an_estimate_none_is_ranked(simultaneous: bool) -> None:
    sets = rank_sets([np.nan, np.nan], [0.1, 0.1], simultaneous=simultaneous)
    assert not sets.ranked.any()
    assert sets.high.tolist() == [0, 0]


def test_the_best_k_are_the_areas_whose_set_reaches_k() -> None:
    sets = rank_sets([0.9, 0.52, 0.5, 0.1], [1e-4] * 4)
    assert sets.best_k(1).tolist() == [True, False, False, False]
    assert sets.best_k(2).tolist() == [True, True, True, False]
    assert sets.best_k(4).all()


def test_the_probability_of_being_best_is_that_of_a_positive_difference() -> None:
    # P(N(1, 2) > 0) = Phi(1 / sqrt 2) = 0.7602
    sets = rank_sets([1.0, 0.0], [1.0, 1.0])
    assert sets.probability_best(1)[0] == pytest.approx(0.7602, abs=0.015)
    assert sets.probability_best(2).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("k", [0, 4])
def test_a_rank_that_does_not_exist_is_refused(k: int) -> None:
    sets = rank_sets([1.0, 2.0, 3.0], [1.0] * 3)
    with pytest.raises(ValueRefused, match="Ask for a rank from 1 to 3"):
        sets.best_k(k)
    with pytest.raises(ValueRefused, match=f"no rank {k}"):
        sets.probability_best(k)


def test_the_same_seed_gives_the_same_sets_and_another_seed_nearly_so() -> None:
    estimates, variances = np.linspace(0, 1, 8), [0.01] * 8
    first, again = (rank_sets(estimates, variances, seed=3) for _ in range(2))
    other = rank_sets(estimates, variances, seed=4)
    assert np.array_equal(first.probability, again.probability)
    assert np.array_equal(first.critical_value, again.critical_value)
    assert not np.array_equal(first.critical_value, other.critical_value)
    assert first.critical_value == pytest.approx(other.critical_value, abs=0.1)


def test_groups_far_apart_are_told_apart_among_hundreds_of_areas() -> None:
    estimates = np.repeat(np.arange(3.0), 70)
    sets = rank_sets(estimates, np.full(210, 0.01), draws=200)
    assert sets.rank[[0, 70, 140]].tolist() == [141, 71, 1]
    assert sets.low[[0, 70, 140]].tolist() == [141, 71, 1]
    assert sets.high[[0, 70, 140]].tolist() == [210, 140, 70]


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
def test_what_is_spared_for_many_areas_leaves_their_sets(
    shared: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(6)
    blocks = np.kron(np.eye(4), np.full((6, 6), shared)) + (1 - shared) * np.eye(24)
    estimates = rng.normal(0, 2, 24)
    plain = rank_sets(estimates, blocks, draws=1500)
    for module in ("bounds", "maxima"):
        monkeypatch.setattr(f"kelisim.engine.ranking.{module}.FEW", 1)
    spared = rank_sets(estimates, blocks, draws=1500)
    assert spared.critical_value == pytest.approx(plain.critical_value, rel=1e-14)
    assert np.array_equal(spared.high, plain.high)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, np.nan])
def test_a_level_that_is_no_probability_is_refused(level: float) -> None:
    with pytest.raises(ValueRefused, match=r"Pass 0\.95"):
        rank_sets([1.0, 2.0], [1.0, 1.0], level)


@pytest.mark.parametrize("estimates", [[[1.0, 2.0]], [1.0, np.inf]])
def test_estimates_that_are_no_row_of_numbers_are_refused(estimates: list[float]) -> None:
    with pytest.raises(ValueRefused, match="one finite number an area"):
        rank_sets(estimates, [1.0, 1.0])


def test_a_covariance_that_no_estimates_can_have_is_refused() -> None:
    with pytest.raises(CovarianceRefused, match="not positive semidefinite"):
        rank_sets([1.0, 2.0], [[1.0, 2.0], [2.0, 1.0]])
