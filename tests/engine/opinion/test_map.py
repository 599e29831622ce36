from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.opinion.map import _place_all, live_map, own_place
from tests.engine.opinion.conversations import camps, matrix_votes


def test_two_camps_stand_on_two_sides() -> None:
    found = live_map(matrix_votes(camps()))
    sides = np.sign(found.places[:, 0])
    assert (sides[:30] == sides[0]).all()
    assert (sides[30:] == -sides[0]).all()


def test_a_place_is_the_ridge_regression_of_ones_own_votes() -> None:
    matrix = camps(20, 10)
    found = live_map(matrix_votes(matrix))
    x = found.axes.loadings * np.sqrt(10)
    for i in (0, 7):
        seen = ~np.isnan(matrix[i])
        precision = x[seen].T @ x[seen] + np.diag(found.noise / found.spread)
        right = x[seen].T @ (matrix[i] - found.axes.means)[seen]
        # The places are one round older than the spread and the noise that come with them.
        np.testing.assert_allclose(
            found.places[i], np.linalg.solve(precision, right), rtol=0.05, atol=0.02
        )


def test_who_has_voted_once_has_a_place_and_a_wide_halo_and_who_has_not_has_none() -> None:
    matrix = camps(20, 10)
    matrix[0], matrix[1, 1:] = np.nan, np.nan
    matrix[1, 0] = 1
    found = live_map(matrix_votes(matrix))
    assert np.isnan(found.places[0]).all()
    assert np.isfinite(found.places[1]).all()
    assert found.errors[1, 0] > np.median(found.errors[2:, 0])


def test_own_dot_is_where_everyones_map_puts_it() -> None:
    votes = matrix_votes(camps())
    found = live_map(votes)
    again = live_map(votes, before=found, tolerance=1e-3)
    part = slice(votes.indptr[3], votes.indptr[4])
    place, error = own_place(found, votes.indices[part], votes.signs[part])
    np.testing.assert_allclose(place, again.places[3], atol=1e-3)
    np.testing.assert_allclose(error, again.errors[3], atol=1e-3)


def test_a_new_statement_begins_without_a_loading_and_finds_its_own() -> None:
    matrix = camps()
    before = live_map(matrix_votes(matrix[:, :-1]))
    after = live_map(matrix_votes(matrix), before=before)
    cold = live_map(matrix_votes(matrix))
    np.testing.assert_allclose(after.axes.loadings, cold.axes.loadings, atol=1e-5)


@pytest.mark.parametrize("matrix", [np.array([[1.0]]), np.zeros((3, 2)), np.ones((2, 2))])
def test_the_least_of_votes_still_gives_finite_places(matrix: np.ndarray) -> None:
    found = live_map(matrix_votes(matrix))
    assert np.isfinite(found.places).all()
    assert (found.errors > 0).all()


def test_compiled_and_plain_python_agree() -> None:
    votes = matrix_votes(camps(8, 6))
    found = live_map(votes)
    arguments = (
        votes.indptr,
        votes.indices,
        votes.signs,
        votes.weights,
        found.axes.means,
        found.axes.loadings,
        found.spread,
        found.noise,
    )
    plain = _place_all.py_func(*arguments)
    for k, found_by_machine in enumerate(_place_all(*arguments)):
        np.testing.assert_allclose(np.asarray(found_by_machine), plain[k], atol=1e-12)
