from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.prediction import (
    Calibration,
    Counts,
    LogOdds,
    agreement_log_odds,
    calibrated,
    chance,
    covered,
    expected_counts,
    log_loss,
    passing_log_odds,
)
from tests.engine.opinion.conversations import camps, matrix_votes


def test_log_odds_have_the_moments_of_draws_from_the_posterior() -> None:
    model = ideal_point(matrix_votes(camps(12, 8, passing=0.3)), 2)
    rng = np.random.default_rng(1)
    for question, found in enumerate(
        (
            agreement_log_odds(model, np.array([3]), np.array([5])),
            passing_log_odds(model, np.array([3]), np.array([5])),
        )
    ):
        statement = (model.agreeing, model.passing)[question]
        z = rng.multivariate_normal(model.people.mean[3], model.people.covariance[3], 200_000)
        t = rng.multivariate_normal(statement.mean[5], statement.covariance[5], 200_000)
        draws = z[:, question] + t[:, 0] + (z[:, 2:] * t[:, 1:]).sum(axis=1)
        assert found.mean[0] == pytest.approx(draws.mean(), abs=0.02)
        assert found.variance[0] == pytest.approx(draws.var(), rel=0.02)


def test_doubt_draws_a_chance_to_one_half() -> None:
    sure, unsure = (
        LogOdds(np.array([2.0]), np.array([0.0])),
        LogOdds(np.array([2.0]), np.array([9.0])),
    )
    assert 0.5 < chance(unsure)[0] < chance(sure)[0] == pytest.approx(1 / (1 + np.exp(-2)))


def test_calibration_moves_and_stretches_log_odds() -> None:
    odds = LogOdds(np.array([0.0, 1.0]), np.zeros(2))
    found = chance(odds, Calibration(shift=0.5, slope=2.0))
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-np.array([0.5, 2.5]))))


def test_timid_chances_are_stretched_and_right_ones_left_alone() -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(0, 2, 20_000)
    yes = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float)
    shift, slope = calibrated(1 / (1 + np.exp(-odds)), yes)
    assert shift == pytest.approx(0, abs=0.05)
    assert slope == pytest.approx(1, abs=0.05)
    timid = 1 / (1 + np.exp(-odds / 2))
    shift, slope = calibrated(timid, yes)
    assert slope == pytest.approx(2, abs=0.1)


def test_a_few_votes_hardly_calibrate_even_when_all_agree() -> None:
    shift, slope = calibrated(np.full(3, 0.6), np.ones(3))
    assert 0 < shift < 0.5
    assert slope == pytest.approx(1, abs=0.2)


def test_log_loss_of_certainty_that_is_right_is_none() -> None:
    assert log_loss(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0.0


def test_counts_of_new_votes_fall_into_their_intervals_as_often_as_they_say() -> None:
    """Simulated votes: a fifth held out, 90 % intervals of the count of agreement by statement."""
    inside = []
    for seed in range(4):
        matrix = camps(120, 40, apart=1.2, seed=seed)
        held = np.random.default_rng(100 + seed).random(matrix.shape) < 0.2
        model = ideal_point(matrix_votes(np.where(held, np.nan, matrix)), 1)
        rows, columns = np.nonzero(held & ~np.isnan(matrix) & (matrix != 0))
        counts = expected_counts(model, rows, columns)
        agreed = np.bincount(columns, matrix[rows, columns] == 1, 40).astype(np.float64)
        inside.append(covered(counts, agreed))
    assert 0.87 < np.mean(inside) < 0.93


def test_a_whole_number_stands_for_the_stretch_around_it() -> None:
    counts = Counts(np.array([10.0]), np.array([5.0]), np.array([1.0]))
    assert covered(counts, np.array([5.0])).tolist() == [1.0]
    assert covered(counts, np.array([9.0])).tolist() == [0.0]
    half_in = covered(counts, np.array([5.0 + 1.6448536]))
    assert half_in[0] == pytest.approx(0.5, abs=1e-6)
