"""The hyperparameters: their mode and their integral, against a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from kelisim.engine.smallarea.hyperparameters import find_best, integrate
from kelisim.engine.smallarea.laplace import Counts, expand, find_mode
from kelisim.engine.smallarea.prior import Prior
from kelisim.engine.smallarea.quadratic import quadratic
from kelisim.engine.smallarea.spatial import scaled
from kelisim.engine.smallarea.terms import Term, Terms, model_rows

AREAS = 12
RNG = np.random.default_rng(4)
CELLS = np.arange(AREAS, dtype=np.int32)[:, None]
MODEL = Terms(np.ones((AREAS, 1)), (), (Term("area", (0,), (AREAS,)),))


def counts(spread: float, size: int = 60) -> Counts:
    """Answers of areas whose logits differ by ``spread``."""
    p = 1 / (1 + np.exp(-RNG.normal(-0.3, spread, AREAS)))
    yes = RNG.binomial(size, p).astype(float)
    return Counts(np.full(AREAS, float(size)), yes, quadratic(model_rows(MODEL, CELLS)))


@pytest.mark.parametrize("spread", [0.0, 0.5], ids=["equal areas", "unequal areas"])
def test_mean_and_spread_of_the_deviation_equal_those_of_a_fine_grid(spread: float) -> None:
    data, prior = counts(spread), Prior(MODEL.starts)
    points, _modes = integrate(data, prior, find_best(data, prior), 64, np.random.default_rng(1))
    sds = np.exp(points.theta[:, 0])
    mean = points.weights @ sds
    grid = np.linspace(-9, 1.5, 400)
    start = expand(data, np.zeros(13))
    values = np.array([find_mode(data, prior, np.array([t]), start).value for t in grid])
    mass = np.exp(values.min() - values)
    mass /= mass.sum()
    exact = mass @ np.exp(grid)
    sd = np.sqrt(mass @ (np.exp(grid) - exact) ** 2)
    assert mean == pytest.approx(exact, abs=0.03 * sd)
    assert np.sqrt(points.weights @ (sds - mean) ** 2) == pytest.approx(sd, rel=0.05)
    assert points.effective > 50


def test_the_mode_is_where_a_method_without_gradients_finds_it() -> None:
    data = counts(0.5)
    ring = np.roll(np.eye(AREAS), 1, axis=0) + np.roll(np.eye(AREAS), -1, axis=0)
    prior = Prior(MODEL.starts, spatial=scaled(ring))

    start = expand(data, np.zeros(13))

    def value(theta: np.ndarray) -> float:
        return find_mode(data, prior, theta, start).value

    found = minimize(value, [-1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-5})
    best = find_best(data, prior)
    np.testing.assert_allclose(best.theta, found.x, atol=5e-3)
    assert integrate(data, prior, best, 64, np.random.default_rng(1))[0].effective > 32


def test_a_model_without_groups_has_one_point() -> None:
    bare = Terms(np.ones((AREAS, 1)), (), ())
    data = Counts(np.full(AREAS, 5.0), np.full(AREAS, 2.0), quadratic(model_rows(bare, CELLS)))
    prior = Prior(bare.starts)
    points, modes = integrate(data, prior, find_best(data, prior), 64, np.random.default_rng(1))
    assert points.weights.tolist() == [1.0]
    assert points.theta.shape == (1, 0)
    assert modes[0].coefficients[0] == pytest.approx(np.log(2 / 3), abs=0.01)
