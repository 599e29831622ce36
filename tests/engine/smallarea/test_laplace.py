"""The Laplace approximation against general-purpose optimisers, differences and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import expit

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.laplace import Counts, expand, find_mode, gradient, skew
from kelisim.engine.smallarea.prior import Prior
from kelisim.engine.smallarea.quadratic import quadratic
from kelisim.engine.smallarea.spatial import scaled
from kelisim.engine.smallarea.terms import Term, Terms, model_rows
from tests.engine.smallarea.cases import dense_matrix, terms, variables

RNG = np.random.default_rng(11)
TRIALS = RNG.integers(0, 30, 24).astype(float)
YES = RNG.binomial(TRIALS.astype(int), RNG.uniform(0.1, 0.9, 24)).astype(float)
COUNTS = Counts(TRIALS, YES, quadratic(model_rows(terms(), variables())))
RING = scaled(np.roll(np.eye(4), 1, axis=0) + np.roll(np.eye(4), -1, axis=0))
PRIORS = [Prior(terms().starts), Prior(terms().starts, spatial=RING)]
WHOLE = dense_matrix(terms(), variables())
ONE = np.zeros((1, 1), dtype=np.int32)
both = pytest.mark.parametrize("prior", PRIORS, ids=["independent", "spatial"])


def log_posterior(b: Floats, prior: Prior, theta: Floats) -> float:
    """Return the joint log density of answers and coefficients, up to a constant."""
    p = expit(WHOLE @ b)
    likelihood = np.sum(YES * np.log(p) + (TRIALS - YES) * np.log1p(-p))
    return float(likelihood - b @ prior.matrix(prior.precision(theta)) @ b / 2)


@both
def test_the_mode_is_where_a_general_optimiser_finds_it(prior: Prior) -> None:
    theta = np.linspace(-1, 0.2, prior.size)
    start = np.zeros(terms().columns)

    def fall(b: Floats) -> float:
        return -log_posterior(b, prior, theta)

    found = minimize(fall, start, method="BFGS", tol=1e-6)
    mode = find_mode(COUNTS, prior, theta, expand(COUNTS, start))
    np.testing.assert_allclose(mode.coefficients, found.x, atol=1e-4)
    far = find_mode(COUNTS, prior, theta, expand(COUNTS, np.full(terms().columns, 40.0)))
    np.testing.assert_allclose(far.coefficients, mode.coefficients, atol=1e-4)


@both
def test_the_gradient_is_the_derivative_of_the_value(prior: Prior) -> None:
    theta = np.linspace(-1, 0.2, prior.size)
    mode = find_mode(COUNTS, prior, theta, expand(COUNTS, np.zeros(terms().columns)), 1e-16)

    near = expand(COUNTS, mode.coefficients)

    def value(at: Floats) -> float:
        return find_mode(COUNTS, prior, at, near, 1e-16).value

    slopes = [(value(theta + h) - value(theta - h)) / 2e-4 for h in 1e-4 * np.eye(prior.size)]
    np.testing.assert_allclose(gradient(COUNTS, prior, mode), slopes, rtol=1e-6, atol=1e-6)


def test_the_covariance_is_the_inverse_of_the_curvature() -> None:
    mode = find_mode(COUNTS, PRIORS[0], np.zeros(4), expand(COUNTS, np.zeros(terms().columns)))
    X, p = WHOLE, expit(WHOLE @ mode.coefficients)
    penalty = PRIORS[0].matrix(PRIORS[0].precision(np.zeros(4)))
    hessian = X.T @ np.diag(TRIALS * p * (1 - p)) @ X + penalty
    np.testing.assert_allclose(mode.curvature.inverse() @ hessian, np.eye(len(hessian)), atol=1e-7)


def test_the_mean_correction_brings_the_mode_to_the_true_mean() -> None:
    """One coefficient, 3 answers of 40 yes: the mean by quadrature."""
    model = Terms(np.ones((1, 1)), (), ())
    prior = Prior(model.starts)
    counts = Counts(np.array([40.0]), np.array([3.0]), quadratic(model_rows(model, ONE)))
    mode = find_mode(counts, prior, np.zeros(0), expand(counts, np.zeros(1)))
    center = mode.coefficients - skew(counts, mode, mode.curvature.inverse()) / 2

    def density(b: float) -> float:
        return float(expit(b) ** 3 * expit(-b) ** 37 * np.exp(-(b**2) / 12.5)) * 1e5

    mean = quad(lambda b: b * density(b), -12, 4)[0] / quad(density, -12, 4)[0]
    missed, corrected = abs(mode.coefficients[0] - mean), abs(center[0] - mean)
    assert corrected < missed / 3
    assert corrected < 0.02


def test_the_value_is_the_integral_over_the_coefficients() -> None:
    """Two effects and their intercept integrated by brute force, as the spread changes."""
    model = Terms(np.ones((2, 1)), (), (Term("area", (0,), (2,)),))
    prior = Prior(model.starts)
    cells = np.array([[0], [1]], dtype=np.int32)
    counts = Counts(
        np.array([60.0, 50.0]), np.array([20.0, 33.0]), quadratic(model_rows(model, cells))
    )
    a, z = np.meshgrid(np.linspace(-4, 4, 801), np.linspace(-8, 8, 1601), indexing="ij")

    def exact(theta: float) -> float:
        eta = a + np.exp(theta) * z
        first = expit(eta) ** 20 * expit(-eta) ** 40 * np.exp(-(z**2) / 2)
        second = expit(eta) ** 33 * expit(-eta) ** 17 * np.exp(-(z**2) / 2)
        inner = first.sum(axis=1) * second.sum(axis=1) * np.exp(-(a[:, 0] ** 2) / 12.5)
        return float(np.log(inner.sum()))

    def laplace(theta: float) -> float:
        point = np.array([theta])
        mode = find_mode(counts, prior, point, expand(counts, np.zeros(3)))
        return -mode.value - prior.log_density(point)[0]

    for theta in (-2.0, -1.0):
        difference = laplace(theta) - laplace(-0.5)
        assert difference == pytest.approx(exact(theta) - exact(-0.5), abs=0.02)
