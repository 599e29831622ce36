"""The largest difference of a draw is the largest over the pairs."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.ranking import maxima
from kelisim.engine.ranking.maxima import (
    TILE,
    Pairs,
    all_pairs,
    by_pairs,
    largest_differences,
    pairs_with,
)


def example(areas: int, draws: int = 150) -> tuple[Floats, Floats]:
    """Return draws, and a weight for every ordered pair, a third of them left out."""
    rng = np.random.default_rng(areas)
    weights = rng.uniform(0.5, 2, (areas, areas)) * (rng.uniform(size=(areas, areas)) > 1 / 3)
    return rng.standard_normal((draws, areas)), weights


def one_by_one(z: Floats, weights: Floats, only: int | None = None) -> list[float]:
    """Return each draw's maximum over ordered pairs (of one area, if given), by definition."""
    pairs = [p for p in permutations(range(len(weights)), 2) if only is None or only in p]
    return [max(0.0, *((row[j] - row[k]) * weights[j, k] for j, k in pairs)) for row in z]


def test_all_pairs_are_compared_in_both_directions() -> None:
    z, weights = example(5)
    found = largest_differences(z, weights, weights.T, all_pairs(5))
    assert np.allclose(found, one_by_one(z, weights), rtol=1e-14)


@pytest.mark.parametrize("area", [0, 2, 4])
def test_one_area_is_compared_with_every_other_in_both_directions(area: int) -> None:
    z, weights = example(5)
    found = largest_differences(z, weights[[area]], weights.T[[area]], pairs_with(area))
    assert np.allclose(found, one_by_one(z, weights, area), rtol=1e-14)


def test_a_draw_without_any_pair_has_the_maximum_zero() -> None:
    z, weights = example(4)
    assert not largest_differences(z, 0 * weights, 0 * weights, all_pairs(4)).any()


@pytest.mark.parametrize("pairs", [all_pairs(6), pairs_with(3)], ids=["all", "one area"])
def test_pair_by_pair_and_row_by_row_are_the_same(pairs: Pairs) -> None:
    z, weights = example(6, TILE)
    above, below = weights[pairs.rows], weights.T[pairs.rows]
    top = np.zeros((1, TILE))
    by_pairs(z.T[None], above, below, pairs.rows, pairs.starts, top)
    assert np.array_equal(top[0], largest_differences(z, above, below, pairs))


@pytest.mark.parametrize("draws", [1, TILE, 3 * TILE + 5])
def test_compiled_and_shared_over_threads_the_maxima_are_the_same(
    draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    z, weights = example(7, draws)
    expected = largest_differences(z, weights, weights.T, all_pairs(7))
    monkeypatch.setattr(maxima, "FEW", 1)
    monkeypatch.setattr(maxima, "FEW_DRAWS", 0)
    assert np.array_equal(largest_differences(z, weights, weights.T, all_pairs(7)), expected)
