"""Poststratification against cell-by-cell arithmetic."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from kelisim.engine.smallarea.poststratify import Cells, poststratify
from tests.engine.smallarea.cases import dense_matrix, terms, variables

RNG = np.random.default_rng(8)


def test_two_splits_give_three_shares_of_every_area() -> None:
    shuffled = RNG.permutation(variables())
    cells = Cells(shuffled, RNG.uniform(0, 100, 24))
    first, second = RNG.standard_normal((2, terms().columns, 7))
    shares = poststratify(terms(), cells, [first, second])
    X = dense_matrix(terms(), shuffled)
    p, q = expit(X @ first), expit(X @ second)
    expected = np.zeros((3, 4, 7))
    for place, area in enumerate(shuffled[:, 0]):
        split = [p[place], (1 - p[place]) * q[place], (1 - p[place]) * (1 - q[place])]
        expected[:, area] += cells.counts[place] * np.array(split)
    expected /= np.bincount(shuffled[:, 0], cells.counts)[:, None]
    np.testing.assert_allclose(shares, expected, rtol=1e-12)
    np.testing.assert_allclose(shares.sum(axis=0), 1, rtol=1e-12)


def test_an_area_with_more_cells_than_a_block_is_summed_whole() -> None:
    many = np.tile(variables(), (60, 1))
    draws = RNG.standard_normal((terms().columns, 3))
    whole = poststratify(terms(), Cells(many, np.ones(len(many))), [draws])
    once = poststratify(terms(), Cells(variables(), np.ones(24)), [draws])
    np.testing.assert_allclose(whole, once, rtol=1e-12)


def test_an_area_without_people_has_no_share() -> None:
    cells = Cells(variables()[:18], np.ones(18))
    shares = poststratify(terms(), cells, [np.zeros((terms().columns, 2))])
    np.testing.assert_array_equal(shares[0, :3], 0.5)
    assert np.isnan(shares[:, 3]).all()


def test_certain_answers_do_not_overflow() -> None:
    cells = Cells(variables(), np.ones(24))
    draws = np.zeros((terms().columns, 2))
    draws[0] = [5000, -5000]
    np.testing.assert_allclose(poststratify(terms(), cells, [draws])[0], [[1, 0]] * 4, atol=1e-300)
