"""The prior against its definition as a covariance, and its gradient against differences."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.smallarea.prior import Prior
from kelisim.engine.smallarea.spatial import scaled

LINE = np.eye(4, k=1) + np.eye(4, k=-1)
PLAIN = Prior((2, 6, 9))
SPATIAL = Prior((2, 6, 9), spatial=scaled(LINE))


def test_a_spatial_prior_is_the_inverse_of_the_bym2_covariance() -> None:
    theta = np.array([-0.7, 0.2, 0.8])
    rho = 1 / (1 + np.exp(-0.8))
    K = np.linalg.pinv(np.diag(LINE.sum(1)) - LINE)
    K /= np.exp(np.log(K.diagonal()).mean())
    area = np.exp(-1.4) * ((1 - rho) * np.eye(4) + rho * K)
    whole = np.diag([6.25, 6.25, 0, 0, 0, 0, *[np.exp(0.4)] * 3])
    whole[2:6, 2:6] = area
    found = SPATIAL.matrix(SPATIAL.precision(theta))
    np.testing.assert_allclose(found @ whole, np.eye(9), atol=1e-10)


def test_without_neighbours_effects_are_independent() -> None:
    found = PLAIN.matrix(PLAIN.precision(np.array([0.0, np.log(0.5)])))
    np.testing.assert_allclose(found, np.diag([0.16] * 2 + [1.0] * 4 + [4.0] * 3))


@pytest.mark.parametrize("prior", [PLAIN, SPATIAL], ids=["independent", "spatial"])
def test_slopes_are_derivatives(prior: Prior) -> None:
    theta = np.linspace(-0.9, 0.4, prior.size)
    for place, step in enumerate(1e-5 * np.eye(prior.size)):
        up, down = prior.precision(theta + step), prior.precision(theta - step)
        slope = (np.log(up.values) - np.log(down.values)) / 2e-5
        np.testing.assert_allclose(prior.precision(theta).slopes[:, place], slope, atol=1e-8)
        density = (prior.log_density(theta + step)[0] - prior.log_density(theta - step)[0]) / 2e-5
        assert prior.log_density(theta)[1][place] == pytest.approx(density, abs=1e-8)


def test_a_standard_deviation_is_half_normal_and_the_spatial_share_uniform() -> None:
    grid = np.linspace(-9, 2.5, 4001)
    density = np.exp([PLAIN.log_density(np.array([t, 0.0]))[0] for t in grid])
    below = density[grid < np.log(0.5)].sum() / density.sum()
    assert below == pytest.approx(0.382925, abs=1e-3)  # P(|Z| < 1/2)
    wide = np.linspace(-12, 12, 4001)
    share = np.exp([SPATIAL.log_density(np.array([0, 0, t]))[0] for t in wide])
    assert share[wide < np.log(0.2 / 0.8)].sum() / share.sum() == pytest.approx(0.2, abs=2e-3)


def test_the_eigenvectors_of_the_prior_make_it_diagonal() -> None:
    theta = np.array([-0.7, 0.2, 0.8])
    precision = SPATIAL.precision(theta)
    whole = SPATIAL.matrix(precision)
    np.testing.assert_allclose(SPATIAL.rotated_variances(whole), precision.values)
    vector = np.arange(9.0)
    turned = SPATIAL.rotate(vector)
    assert turned @ (precision.values * turned) == pytest.approx(vector @ whole @ vector)
    np.testing.assert_array_equal(PLAIN.rotate(vector), vector)
