"""Points over the hyperparameters: uniform one by one, and even in every pair."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.smallarea.lattice import shifted_lattice

SIZE = 67


@pytest.mark.parametrize("dimension", [1, 7, 33])
def test_every_coordinate_fills_its_line(dimension: int) -> None:
    points = shifted_lattice(SIZE, dimension, np.random.default_rng(1))
    assert points.shape == (SIZE, dimension)
    ends = np.sort(points, axis=0)
    assert np.all(np.diff(np.vstack([np.zeros(dimension), ends, np.ones(dimension)]), axis=0) < 0.1)


def test_no_two_coordinates_move_together() -> None:
    points = shifted_lattice(SIZE, 20, np.random.default_rng(2))
    related = np.corrcoef(points.T) - np.eye(20)
    assert np.abs(related).max() < 0.25  # 20 free draws of 67: about 0.4


def test_a_smooth_sum_of_pairs_is_integrated_far_better_than_by_chance() -> None:
    """exp(x_i x_j) over 21 pairs: the error of free points would be 0.04 times the root of 21."""
    truth = 1.3179021514544038  # sum over k of 1 / (k! (k + 1)^2)

    def error(seed: int) -> float:
        x = shifted_lattice(SIZE, 7, np.random.default_rng(seed))
        pairs = np.triu_indices(7, 1)
        return float(np.mean(np.exp(x[:, pairs[0]] * x[:, pairs[1]])) - truth)

    assert np.sqrt(np.mean([error(seed) ** 2 for seed in range(20)])) < 0.003


def test_more_coordinates_than_generating_numbers_repeat_them_with_another_shift() -> None:
    points = shifted_lattice(SIZE, 40, np.random.default_rng(3))
    assert len(np.unique(points[0])) == 40


def test_equal_seeds_give_equal_points() -> None:
    first, second = (shifted_lattice(SIZE, 5, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(first, second)
