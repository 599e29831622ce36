"""Shares are compared by their logits, and only shares are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kelisim.core.errors import ValueRefused
from kelisim.engine.ranking import rank_sets, threshold_decisions
from kelisim.engine.ranking.shares import logits


def test_the_error_of_a_logit_is_that_of_simulated_shares() -> None:
    shares = np.array([0.2, 0.6])
    covariance = np.array([[4e-6, 1e-6], [1e-6, 9e-6]])
    draws = np.random.default_rng(1).multivariate_normal(shares, covariance, 40_000)
    _, found = logits(shares, covariance)
    assert found == pytest.approx(np.cov(np.log(draws / (1 - draws)).T), rel=0.08)


def test_a_difference_of_small_shares_that_is_clear_as_it_stands_is_less_so_in_logits() -> None:
    # Two errors apart as they stand. In logits 0.52 and 0.48 are 2.00 apart, 0.06 and 0.02 1.49.
    errors = np.full(2, 0.0002)
    near_half = rank_sets([0.52, 0.48], errors, scale="logit")
    assert near_half.high.tolist() == rank_sets([0.52, 0.48], errors).high.tolist() == [1, 2]
    small = rank_sets([0.06, 0.02], errors, scale="logit")
    assert small.high.tolist() == [2, 2]
    assert rank_sets([0.06, 0.02], errors).high.tolist() == [1, 2]


def test_the_rank_of_a_share_is_that_of_its_logit() -> None:
    sets = rank_sets([0.1, 0.9, 0.5], [1e-5] * 3, scale="logit")
    assert sets.rank.tolist() == [3, 1, 2]


def test_a_share_of_nobody_or_everybody_has_no_measured_doubt_and_is_not_ranked() -> None:
    sets = rank_sets([0.0, 0.5, 1.0], [0.0, 0.01, 0.0], scale="logit")
    assert sets.ranked.tolist() == [False, True, False]
    assert "2 of 3 areas" in sets.note


@pytest.mark.parametrize("shares", [[0.5, 50.0], [-0.1, 0.5]])
def test_numbers_that_are_no_shares_are_refused_on_the_logit_scale(shares: list[float]) -> None:
    with pytest.raises(ValueRefused, match="shares of 1, not per cent"):
        rank_sets(shares, [0.1, 0.1], scale="logit")
    with pytest.raises(ValueRefused, match="shares of 1, not per cent"):
        threshold_decisions(shares, [0.1, 0.1], 0.3, scale="logit")


def test_a_threshold_in_per_cent_is_refused_on_the_logit_scale() -> None:
    with pytest.raises(ValueRefused, match="shares of 1, not per cent"):
        threshold_decisions([0.3], [0.1], 30.0, scale="logit")


def test_a_scale_that_does_not_exist_is_refused_with_those_that_do() -> None:
    unknown: Any = "probit"
    with pytest.raises(ValueRefused, match="'identity', 'logit'"):
        rank_sets([0.5, 0.4], [0.1, 0.1], scale=unknown)
