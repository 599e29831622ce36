from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kelisim.engine.opinion.model import Gaussian, ideal_point
from kelisim.engine.opinion.positions import positions
from tests.engine.opinion.conversations import camps, matrix_votes

VOTES = matrix_votes(camps(40, 16))
MODEL = ideal_point(VOTES, 2)


def test_distances_are_root_mean_square_differences_of_log_odds() -> None:
    placed = positions(MODEL, VOTES.weights)
    u, w = MODEL.people.mean[:, 2:], MODEL.agreeing.mean[:, 1:]
    difference = (u[0] - u[33]) @ w.T
    distance = np.linalg.norm(placed.people.mean[0] - placed.people.mean[33])
    assert distance == pytest.approx(np.sqrt(np.mean(difference**2)))
    np.testing.assert_allclose(placed.people.mean @ placed.loadings.T, u @ w.T, atol=1e-9)


def test_a_turn_of_the_latent_axes_changes_nothing_that_is_shown() -> None:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    both = np.eye(4)
    both[2:, 2:] = turn
    loads = np.eye(3)
    loads[1:, 1:] = turn
    turned = replace(
        MODEL,
        people=Gaussian(
            MODEL.people.mean @ both,
            np.einsum("da,nde,eb->nab", both, MODEL.people.covariance, both),
        ),
        agreeing=Gaussian(
            MODEL.agreeing.mean @ loads,
            np.einsum("da,nde,eb->nab", loads, MODEL.agreeing.covariance, loads),
        ),
    )
    one, other = positions(MODEL, VOTES.weights), positions(turned, VOTES.weights)
    np.testing.assert_allclose(one.people.mean, other.people.mean, atol=1e-9)
    np.testing.assert_allclose(one.people.covariance, other.people.covariance, atol=1e-9)


def test_the_first_axis_parts_people_most_and_shares_sum_to_one() -> None:
    placed = positions(MODEL, VOTES.weights)
    assert placed.shares[0] > placed.shares[1] >= 0
    assert placed.shares.sum() == pytest.approx(1)
    cross = np.cov(placed.people.mean.T)
    assert cross[0, 1] == pytest.approx(0, abs=1e-9)


def test_votes_without_difference_have_positions_of_no_spread() -> None:
    votes = matrix_votes(np.ones((3, 2)))
    placed = positions(ideal_point(votes, 2), votes.weights)
    np.testing.assert_allclose(placed.people.mean, 0.0, atol=1e-6)
    assert np.isfinite(placed.shares).all()
