"""The factors that make every margin exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize

from kelisim.engine.weighting import fitting
from kelisim.engine.weighting.cells import collapse
from kelisim.engine.weighting.fitting import Problem, fit, fit_within

Codes = list[NDArray[np.int32]]
Floats = NDArray[np.float64]


def sample(n: int, levels: tuple[int, ...], seed: int) -> tuple[Codes, Floats]:
    """Draw codes that depend on one another, and base weights."""
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, top, n).astype(np.int32) for top in levels]
    codes[1] = np.where(rng.random(n) < 0.6, codes[0] % levels[1], codes[1]).astype(np.int32)
    return codes, rng.gamma(4, 0.25, n)


def problem(n: int, levels: tuple[int, ...], seed: int, spread: float = 0.4) -> Problem:
    """Pose a problem with a solution: the margins of weights that are all above zero."""
    codes, base = sample(n, levels, seed)
    cells = collapse(codes, levels, worth=1)
    mass = cells.total(base)
    chance = np.random.default_rng(seed + 1).normal(0, spread, len(mass))
    table = mass * np.exp(chance)
    return Problem(cells, mass, tuple(cells.margin_totals(table * 1000 / table.sum())))


def slow_raking(given: Problem) -> Floats:
    """Rake as Deming and Stephan did: by hand, category by category."""
    weights = given.mass.tolist()
    for _ in range(3000):
        for code, target in zip(given.cells.codes, given.targets, strict=True):
            for category, count in enumerate(target):
                inside = [at for at, c in enumerate(code) if c == category]
                total = sum(weights[at] for at in inside)
                for at in inside:
                    weights[at] *= count / total
    return np.array(weights)


@pytest.mark.parametrize("seed", range(3))
def test_newton_and_sweeps_by_hand_lead_to_the_same_weights(seed: int) -> None:
    given = problem(25, (3, 3, 2), seed)
    found = fit(given, goal=1e-12)
    assert found.converged
    assert found.steps > 0
    np.testing.assert_allclose(given.mass * found.ratio, slow_raking(given), rtol=1e-9)


@pytest.mark.parametrize("spread", [0.5, 3.0, 8.0])
def test_margins_that_can_be_met_are_met_however_extreme_the_weights(spread: float) -> None:
    for seed in range(20):
        found = fit(problem(40, (3, 4, 3, 2), seed, spread))
        assert found.converged
        assert found.error < 1e-9


def test_sweeps_alone_get_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = problem(60, (3, 4, 3), 1)
    polished = fit(given, goal=1e-11)
    monkeypatch.setattr(fitting, "NEWTON_LEVELS", 0)
    swept = fit(given, goal=1e-11)
    assert swept.steps == 0
    assert swept.sweeps > polished.sweeps
    np.testing.assert_allclose(swept.ratio, polished.ratio, rtol=1e-9)


def test_one_margin_is_poststratification() -> None:
    cells = collapse([np.array([0, 0, 1, 2])], (3,), worth=1)
    given = Problem(cells, np.array([2.0, 4.0, 1.0]), (np.array([3.0, 2.0, 5.0]),))
    found = fit(given)
    np.testing.assert_allclose(found.ratio, [1.5, 0.5, 5.0], rtol=1e-14)
    assert (found.steps, found.error) == (0, 0.0)


def test_a_warm_start_ends_at_the_same_weights_in_one_sweep() -> None:
    given = problem(60, (3, 4, 3), 2)
    cold = fit(given)
    warm = fit(given, start=cold.duals)
    assert (warm.sweeps, warm.steps) == (1, 0)
    np.testing.assert_allclose(warm.ratio, cold.ratio, rtol=1e-9)


def test_a_replicate_that_loses_a_cell_is_raked_from_the_full_sample() -> None:
    given = problem(200, (3, 4, 3), 3)
    full = fit(given)
    mass = given.mass.copy()
    mass[0] = 0
    replicate = replace(given, mass=mass)
    found = fit(replicate, start=full.duals)
    assert found.converged
    for total, target in zip(
        given.cells.margin_totals(mass * found.ratio), given.targets, strict=True
    ):
        np.testing.assert_allclose(total, target, rtol=1e-9)


def test_a_category_without_weight_does_not_converge() -> None:
    given = problem(60, (3, 4), 4)
    mass = np.where(given.cells.codes[0] == 1, 0.0, given.mass)
    found = fit(replace(given, mass=mass), max_sweeps=40)
    assert not found.converged
    assert found.error >= 1
    assert np.isfinite(found.ratio).all()


def test_contradictory_margins_do_not_converge() -> None:
    cells = collapse([np.array([0, 1, 1]), np.array([0, 0, 1])], (2, 2), worth=1)
    targets = (np.array([60.0, 40.0]), np.array([50.0, 50.0]))
    found = fit(Problem(cells, np.ones(3), targets), max_sweeps=50)
    assert not found.converged
    assert found.sweeps == 50


def bounded_problem(
    n: int, levels: tuple[int, ...], seed: int
) -> tuple[Problem, tuple[float, float]]:
    """Pose a problem that has a solution within bounds, some of it on them."""
    given = problem(n, levels, seed)
    chance = np.random.default_rng(seed + 2).normal(0, 0.8, len(given.mass))
    low, high = np.exp(np.quantile(chance, [0.4, 0.6]))
    table = given.mass * np.clip(np.exp(chance), low, high)
    return replace(given, targets=tuple(given.cells.margin_totals(table))), (low, high)


def indicators(given: Problem) -> Floats:
    """Return the categories of each cell as a dense 0/1 table, a row a category."""
    levels = zip(given.cells.codes, given.cells.levels, strict=True)
    return np.array([code == category for code, top in levels for category in range(top)]) * 1.0


def feasible(given: Problem, low: float, high: float) -> bool:
    """Ask a general solver whether any weights within the bounds meet the margins."""
    found = linprog(
        np.zeros(len(given.mass)),
        A_eq=indicators(given) * given.mass,
        b_eq=np.concatenate(given.targets),
        bounds=[(low, high)] * len(given.mass),
        method="highs",
    )
    return bool(found.status == 0)


def nearest_within(given: Problem, low: float, high: float) -> Floats:
    """Minimise the Kullback-Leibler distance under margins and bounds, by a general solver."""
    D = given.mass
    X, T = indicators(given), np.concatenate(given.targets)
    independent = np.ones(len(T), dtype=bool)
    independent[np.cumsum(given.cells.levels)[1:] - 1] = False
    X, T = X[independent], T[independent]
    mean = given.targets[0].sum() / D.sum()
    solve: Any = minimize  # its stubs do not know constraints given by functions of arrays
    found = solve(
        lambda g: float(D @ (g * np.log(g) - g)),
        np.full(len(D), mean),
        jac=lambda g: D * np.log(g),
        bounds=[(low, high)] * len(D),
        constraints={"type": "eq", "fun": lambda g: X @ (D * g) - T, "jac": lambda _: X * D},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    assert found.success
    return np.asarray(found.x)


@pytest.mark.parametrize("seed", range(4))
def test_bounded_weights_are_the_closest_within_the_bounds(seed: int) -> None:
    given, (low, high) = bounded_problem(30, (3, 2, 2), seed)
    free = fit(given, goal=1e-11)
    assert free.ratio.min() < low or free.ratio.max() > high
    found = fit_within((low, high), free, given, goal=1e-11)
    assert found.converged
    assert found.ratio.min() >= low
    assert found.ratio.max() <= high
    np.testing.assert_allclose(found.ratio, nearest_within(given, low, high), rtol=1e-5)


@pytest.mark.parametrize("seed", range(40))
def test_bounds_that_can_be_kept_are_kept_and_no_others(seed: int) -> None:
    given, (low, high) = bounded_problem(40, (3, 3, 2), seed)
    for ends in ((low, high), (low * 1.1, high / 1.1), (low * 1.2, high / 1.2)):
        found = fit_within(ends, fit(given), given)
        assert found.converged == feasible(given, *ends)


def test_bounds_that_do_not_bind_change_nothing() -> None:
    given = problem(60, (3, 4), 5)
    free = fit(given)
    assert fit_within((0.0, np.inf), free, given) is free


def test_bounds_may_be_open_at_one_end() -> None:
    given, (low, high) = bounded_problem(30, (3, 2, 2), 6)
    free = fit(given)
    assert fit_within((0.0, high), free, given).ratio.max() == high
    assert fit_within((low, np.inf), free, given).ratio.min() == low


def test_impossible_bounds_do_not_converge() -> None:
    given = problem(60, (3, 4), 7)
    mean = 1000 / given.mass.sum()
    assert not fit_within((mean * 0.99, mean * 1.01), fit(given), given).converged
