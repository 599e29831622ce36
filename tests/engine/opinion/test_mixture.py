from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from kelisim.engine.opinion.mixture import fit_mixture, log_densities
from tests.engine.opinion.test_clusters import clouds


def test_clear_clouds_are_recovered_with_their_shares() -> None:
    points = np.concatenate([clouds((0.0, 0.0), size=120), clouds((5.0, 1.0), size=60, seed=1)])
    found = fit_mixture(points, np.ones(180), 2)
    np.testing.assert_allclose(found.shares, [2 / 3, 1 / 3], atol=0.01)
    np.testing.assert_allclose(found.centres, [[0, 0], [5, 1]], atol=0.15)


def test_the_criterion_prefers_the_true_number_of_clouds() -> None:
    points = clouds((0.0, 0.0), (5.0, 0.0), size=80)
    one, two, three = (fit_mixture(points, np.ones(160), k).bic for k in (1, 2, 3))
    assert two < one
    assert two < three
    single = np.random.default_rng(0).normal(size=(200, 2))
    assert fit_mixture(single, np.ones(200), 1).bic < fit_mixture(single, np.ones(200), 2).bic


def test_weights_count_a_point_as_many() -> None:
    points = clouds((0.0, 0.0), (5.0, 0.0), size=20)
    weights = np.tile([1.0, 2.0], 20)
    weighted = fit_mixture(points, weights, 2)
    repeated = fit_mixture(np.repeat(points, weights.astype(int), axis=0), np.ones(60), 2)
    np.testing.assert_allclose(weighted.centres, repeated.centres, atol=1e-4)
    assert weighted.bic == pytest.approx(repeated.bic, rel=1e-5)


def test_densities_are_normal_with_the_doubt_about_a_point_added() -> None:
    found = fit_mixture(clouds((0.0, 0.0), (4.0, 0.0)), np.ones(60), 2)
    blur = np.array([[[0.5, 0.1], [0.1, 0.3]]])
    point = np.array([[1.0, 0.5]])
    for g in range(2):
        expected = np.log(found.shares[g]) + multivariate_normal.logpdf(
            point[0], found.centres[g], found.shape + blur[0]
        )
        assert log_densities(found, point, blur)[0, g] == pytest.approx(expected)


def test_points_in_one_place_make_a_cloud_with_a_volume() -> None:
    found = fit_mixture(np.ones((4, 2)), np.ones(4), 1)
    assert np.linalg.det(found.shape) > 0
    assert np.isfinite(found.bic)
