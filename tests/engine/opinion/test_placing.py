from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.placing import place_people, prior_of_people
from tests.engine.opinion.conversations import camps, matrix_votes

MATRIX = camps(60, 20)
MODEL = ideal_point(matrix_votes(MATRIX), 2, tolerance=1e-6)


def test_people_who_were_there_stand_where_the_model_has_them() -> None:
    found = place_people(matrix_votes(MATRIX), MODEL)
    np.testing.assert_allclose(found.mean, MODEL.people.mean, atol=5e-3)
    np.testing.assert_allclose(found.covariance, MODEL.people.covariance, atol=5e-3)


def test_somebody_new_is_placed_with_their_camp_after_a_few_votes() -> None:
    side = np.sign(MODEL.people.mean[:30, 2].mean())
    alike = np.full((1, 20), np.nan)
    alike[0, :6] = np.where(np.arange(6) % 2, 1.0, -1.0)
    found = place_people(matrix_votes(alike), MODEL)
    assert np.sign(found.mean[0, 2]) == side
    opposed = place_people(matrix_votes(-alike), MODEL)
    assert np.sign(opposed.mean[0, 2]) == -side


def test_one_vote_gives_a_place_and_each_further_one_a_smaller_halo() -> None:
    votes, sizes = np.full((1, 20), np.nan), []
    for j in range(8):
        votes[0, j] = MATRIX[0, j] if not np.isnan(MATRIX[0, j]) else 1.0
        found = place_people(matrix_votes(votes), MODEL)
        sizes.append(np.linalg.det(found.covariance[0]))
    assert np.isfinite(found.mean).all()
    assert (np.diff(sizes) < 0).all()


def test_who_has_not_voted_is_where_the_prior_says() -> None:
    found = place_people(matrix_votes(np.full((2, 20), np.nan)), MODEL)
    expected = prior_of_people(MODEL, 2)
    np.testing.assert_allclose(found.mean, 0.0)
    np.testing.assert_allclose(found.covariance, expected.covariance)


def test_nobody_is_placed_too() -> None:
    assert place_people(matrix_votes(np.empty((0, 20))), MODEL).mean.shape == (0, 4)


@pytest.mark.parametrize("others", [1, 5])
def test_others_do_not_move_anybody(others: int) -> None:
    alone = place_people(matrix_votes(MATRIX[:1]), MODEL)
    together = place_people(matrix_votes(MATRIX[: others + 1]), MODEL)
    np.testing.assert_allclose(alone.mean[0], together.mean[0], atol=2e-3)


def test_statements_nobody_voted_on_change_nothing() -> None:
    few = np.full((1, 20), np.nan)
    few[0, :12:2] = 1.0
    alone = place_people(matrix_votes(few), MODEL, most_rounds=2)
    # Another person votes on all of them, so that none is left out.
    together = place_people(matrix_votes(np.vstack([few, MATRIX[:1]])), MODEL, most_rounds=2)
    np.testing.assert_allclose(alone.mean[0], together.mean[0], rtol=1e-12)
    np.testing.assert_allclose(alone.covariance[0], together.covariance[0], rtol=1e-12)
