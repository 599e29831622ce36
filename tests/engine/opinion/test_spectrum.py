from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.spectrum import (
    _gram_product,
    gram_product,
    mean_votes,
    principal_axes,
)
from tests.engine.opinion.conversations import camps, matrix_votes


def filled(matrix: Floats) -> Floats:
    """Return the matrix as Polis fills it: a missing vote is the mean of its statement, centred."""
    seen = ~np.isnan(matrix)
    means = np.where(seen, matrix, 0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    return np.where(seen, matrix - means, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_axes_are_those_of_the_dense_matrix_filled_with_means(seed: int) -> None:
    matrix = camps(40, 30, seed=seed)
    axes = principal_axes(matrix_votes(matrix), 3)
    _, values, dense = np.linalg.svd(filled(matrix), full_matrices=False)
    np.testing.assert_allclose(axes.variances, values[:3] ** 2, rtol=1e-8)
    for k in range(2):
        assert abs(axes.loadings[:, k] @ dense[k]) == pytest.approx(1, abs=1e-9)


def test_weights_count_a_participant_as_many() -> None:
    matrix = camps(12, 8, unseen=0.0)
    weights = np.array([3.0, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1])
    repeated = np.repeat(matrix, weights.astype(int), axis=0)
    weighted, plain = (
        principal_axes(matrix_votes(matrix, weights)),
        principal_axes(matrix_votes(repeated)),
    )
    np.testing.assert_allclose(weighted.variances, plain.variances, rtol=1e-8)
    np.testing.assert_allclose(weighted.loadings, plain.loadings, atol=1e-6)


def test_loadings_are_orthonormal_and_their_largest_entry_is_positive() -> None:
    loadings = principal_axes(matrix_votes(camps()), 4).loadings
    np.testing.assert_allclose(loadings.T @ loadings, np.eye(4), atol=1e-9)
    assert (loadings[np.abs(loadings).argmax(axis=0), range(4)] > 0).all()


def test_from_the_axes_of_yesterday_one_pass_is_enough() -> None:
    votes = matrix_votes(camps())
    cold = principal_axes(votes)
    warm = principal_axes(votes, start=cold, tolerance=1e-6)
    assert warm.passes == 1 < cold.passes
    np.testing.assert_allclose(warm.loadings, cold.loadings, atol=1e-5)


@pytest.mark.parametrize(
    "matrix", [np.full((3, 2), 1.0), np.full((2, 3), np.nan), np.zeros((4, 4))]
)
def test_votes_without_any_difference_have_axes_of_no_length(matrix: Floats) -> None:
    axes = principal_axes(matrix_votes(matrix))
    assert axes.variances.tolist() == [0.0, 0.0]
    assert np.isfinite(axes.loadings).all()


def test_one_statement_has_one_axis() -> None:
    axes = principal_axes(matrix_votes(np.array([[1.0], [-1.0], [1.0]])))
    assert axes.loadings.tolist() == [[1.0, 0.0]]
    assert axes.variances[1] == 0.0


def test_nothing_at_all_has_no_axes() -> None:
    axes = principal_axes(matrix_votes(np.empty((0, 0))))
    assert axes.loadings.shape == (0, 2)


def test_a_mean_is_that_of_the_votes_seen() -> None:
    means = mean_votes(matrix_votes(np.array([[1.0, np.nan, 0.0], [0.0, np.nan, 0.0]])))
    assert means.tolist() == [0.5, 0.0, 0.0]


def test_compiled_and_plain_python_agree() -> None:
    votes = matrix_votes(camps(10, 6))
    means, block = mean_votes(votes), np.arange(24.0).reshape(6, 4)
    plain = _gram_product.py_func(
        votes.indptr, votes.indices, votes.signs, votes.weights, means, block
    )
    for one, other in zip(gram_product(votes, means, block), plain, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
