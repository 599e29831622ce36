"""Bounds, and the nearest ones that can be kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kelisim.core.errors import SettingRefused
from kelisim.engine.weighting.bounding import nearest_bounds, read_bounds
from kelisim.engine.weighting.cells import collapse
from kelisim.engine.weighting.fitting import Problem, fit, fit_within


def test_bounds_are_two_numbers_or_none() -> None:
    assert read_bounds(None) is None
    assert read_bounds((0, float("inf"))) == (0.0, float("inf"))
    assert read_bounds(np.array([0.5, 2.0])) == (0.5, 2.0)


@pytest.mark.parametrize(
    "bounds",
    [(2, 1), (1, 1), (-1, 2), (0.5,), (0.5, 1, 2), "ab", 5, (None, 2), (float("nan"), 2)],
)
def test_bounds_that_leave_no_room_are_refused(bounds: Any) -> None:
    with pytest.raises(SettingRefused, match="The bounds are"):
        read_bounds(bounds)


@pytest.mark.parametrize("bounds", [(0.9, 1.1), (0.0, 1.1), (0.9, 1.0001)])
def test_the_nearest_bounds_can_be_kept_and_hardly_narrower_ones_cannot(
    bounds: tuple[float, float],
) -> None:
    rng = np.random.default_rng(0)
    codes = [rng.integers(0, 3, 80).astype(np.int32), rng.integers(0, 4, 80).astype(np.int32)]
    cells = collapse(codes, (3, 4), worth=1)
    mass = cells.total(np.ones(80))
    table = mass * np.exp(rng.normal(0, 0.8, len(mass)))
    problem = Problem(cells, mass, tuple(cells.margin_totals(80 * table / table.sum())))
    free = fit(problem)
    assert not fit_within(bounds, free, problem).converged
    low, high = nearest_bounds(bounds, free, problem, 1e-9)
    assert low <= bounds[0]
    assert high > bounds[1]
    assert fit_within((low, high), free, problem).converged
    assert not fit_within((low * 1.03, high / 1.03), free, problem).converged


def test_bounds_open_above_stay_open() -> None:
    cells = collapse([np.array([0, 1])], (2,), worth=1)
    problem = Problem(cells, np.ones(2), (np.array([0.1, 1.9]),))
    low, high = nearest_bounds((0.5, float("inf")), fit(problem), problem, 1e-9)
    assert low == pytest.approx(0.1, rel=0.02)
    assert low <= 0.1
    assert high == float("inf")


def test_far_away_bounds_are_found_too() -> None:
    cells = collapse([np.array([0, 1])], (2,), worth=1)
    problem = Problem(cells, np.ones(2), (np.array([100.0, 1000.0]),))
    low, high = nearest_bounds((0.5, 2.0), fit(problem), problem, 1e-9)
    assert 1000 <= high < 1030
    assert low < 0.5 / 500
