"""Fay-Herriot mathematics against the full normal likelihood and against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from kelisim.engine.smallarea.area_level import shrink, variance_between

AREAS = 15
RNG = np.random.default_rng(12)
X = np.column_stack([np.ones(AREAS), RNG.standard_normal(AREAS)])
D = RNG.uniform(0.2, 1.5, AREAS)
Y = X @ [1.0, 0.5] + RNG.normal(0, 1, AREAS) + RNG.normal(0, np.sqrt(D))


def log_likelihood(A: float, *, restricted: bool) -> float:
    """The density of the answers, or of contrasts that the predictors cannot touch."""
    V = np.diag(A + D)
    if restricted:
        contrasts = np.linalg.svd(X.T)[2][2:]  # rows orthogonal to the predictors
        return float(multivariate_normal(cov=contrasts @ V @ contrasts.T).logpdf(contrasts @ Y))
    inverse = np.linalg.inv(V)
    b = np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ Y)
    return float(multivariate_normal(X @ b, V).logpdf(Y))


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_the_variance_between_areas_has_the_highest_likelihood(restricted: bool) -> None:
    found = minimize_scalar(
        lambda A: -log_likelihood(A, restricted=restricted), bounds=(0, 20), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    assert variance_between(Y, X, D, restricted=restricted) == pytest.approx(found.x, rel=1e-6)


def test_predictions_are_the_conditional_means_of_the_joint_normal() -> None:
    """A flat prior on b, and Bayes' rule on the whole vector (b, u) at the estimated variance."""
    shrunk = shrink(Y, X, D)
    design = np.column_stack([X, np.eye(AREAS)])
    prior = np.diag([0.0, 0.0, *[1 / shrunk.variance] * AREAS])
    covariance = np.linalg.inv(design.T @ (design / D[:, None]) + prior)
    both = covariance @ design.T @ (Y / D)
    np.testing.assert_allclose(shrunk.coefficients, both[:2], atol=1e-10)
    np.testing.assert_allclose(shrunk.estimate, design @ both, atol=1e-10)
    posterior = np.einsum("ij,jk,ik->i", design, covariance, design)
    assert np.all(shrunk.mse > posterior)  # the variance is estimated too, and that costs


def test_areas_that_differ_only_by_error_have_no_variance_and_follow_the_regression() -> None:
    exact = X @ [2.0, -1.0]
    shrunk = shrink(exact, X, D)
    assert shrunk.variance == 0
    np.testing.assert_allclose(shrunk.estimate, exact)
    np.testing.assert_array_equal(shrunk.gamma, 0)


def test_a_start_below_the_estimate_is_widened() -> None:
    """Exact estimates at a large scale of differences: the bracket of the root has to grow."""
    y = np.array([0.0, 0.0, 0.0, 100.0])
    one = np.ones((4, 1))
    D = np.array([1e-3, 1e-3, 1e-3, 1e-3])
    found = variance_between(y, one, D, restricted=True)
    assert found == pytest.approx(2500 - 1e-3)


def test_an_area_without_a_direct_estimate_takes_the_regression() -> None:
    gap = np.where(np.arange(AREAS) == 4, np.nan, Y)
    shrunk = shrink(gap, X, D)
    without = shrink(np.delete(Y, 4), np.delete(X, 4, axis=0), np.delete(D, 4))
    assert shrunk.estimate[4] == pytest.approx(X[4] @ without.coefficients)
    assert shrunk.gamma[4] == 0
    np.testing.assert_allclose(np.delete(shrunk.estimate, 4), without.estimate)
    assert shrunk.mse[4] > shrunk.variance > 0


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_the_estimated_error_is_the_simulated_one(restricted: bool) -> None:
    """1,500 worlds of 30 areas, A = 1: the mean of the estimated MSE against the true one."""
    rng = np.random.default_rng(9)
    areas = 30
    Z = np.column_stack([np.ones(areas), rng.standard_normal(areas)])
    own = np.repeat([0.7, 1.0, 1.5], 10)
    missed, claimed = np.zeros(areas), np.zeros(areas)
    for _ in range(1500):
        truth = Z @ [0.0, 1.0] + rng.standard_normal(areas)
        shrunk = shrink(truth + rng.normal(0, np.sqrt(own)), Z, own, restricted=restricted)
        missed += (shrunk.estimate - truth) ** 2
        claimed += shrunk.mse
    assert float(np.sum(claimed) / np.sum(missed)) == pytest.approx(1, abs=0.03)


def test_areas_known_by_their_predictors_alone_share_the_error_of_the_regression() -> None:
    """Of two with equal predictors only what is special to each differs: variance 2 A."""
    rng = np.random.default_rng(3)
    X = np.column_stack([np.ones(14), rng.normal(size=14)])
    X[12] = X[13]
    y = X @ [1.0, 0.5] + rng.normal(0, 1.0, 14)
    y[12:] = np.nan
    found = shrink(y, X, np.full(14, 0.3))
    V = found.covariance
    assert V[12, 12] + V[13, 13] - 2 * V[12, 13] == pytest.approx(2 * found.variance)
    assert V.diagonal() == pytest.approx(found.mse)
    assert np.linalg.eigvalsh(V).min() > 0


def test_errors_of_two_areas_go_together_as_far_as_the_covariance_says() -> None:
    """Simulated: 3,000 countries of 12 areas, two of them without a direct estimate."""
    rng = np.random.default_rng(4)
    X = np.column_stack([np.ones(12), np.linspace(-1, 1, 12)])
    D = np.full(12, 0.2)
    products, said = [], []
    for _ in range(3000):
        truth = X @ [0.0, 1.0] + rng.normal(0, 0.7, 12)
        y = truth + rng.normal(0, D**0.5)
        y[[0, 1]] = np.nan
        found = shrink(y, X, D)
        off = found.estimate - truth
        products.append(off[0] * off[1])
        said.append(found.covariance[0, 1])
    spread = np.std(products) / 3000**0.5
    assert np.mean(products) == pytest.approx(np.mean(said), abs=3 * spread)
    assert np.mean(said) > 10 * spread
