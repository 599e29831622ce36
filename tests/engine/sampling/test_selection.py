"""Units are drawn as often as they should be, together as often as they should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.stats import chisquare

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import (
    brewer,
    poisson,
    pps_inclusion,
    pps_wr,
    randomised_systematic,
    srs,
    systematic,
    systematic_pps,
)
from kelisim.engine.sampling.joint import brewer_samples

RUNS = 6000
SIZE = np.array([9.0, 2.0, 1.0, 4.0, 3.0, 5.0, 2.0, 4.0])
FIXED = {
    "systematic_pps": systematic_pps,
    "randomised_systematic": randomised_systematic,
    "brewer": brewer,
}
Draw = Callable[[NDArray[np.float64], Generator], NDArray[np.intp]]


def counts(draw: Callable[[Generator], NDArray[np.intp]], N: int) -> NDArray[np.float64]:
    """Return how often each of N units is drawn in `RUNS` runs."""
    rng = default_rng(20260301)
    times = np.zeros(N)
    for _ in range(RUNS):
        np.add.at(times, draw(rng), 1)
    return times


def agrees(times: NDArray[np.float64], pi: NDArray[np.float64]) -> bool:
    """Compare every unit's count with its binomial law, by the largest of their deviations."""
    deviation = (times - RUNS * pi) / np.sqrt(np.maximum(RUNS * pi * (1 - pi), 1e-9))
    return bool(np.abs(deviation).max() < 4)


def test_every_set_of_a_simple_random_sample_is_as_likely_as_any_other() -> None:
    rng = default_rng(1)
    drawn = Counter(tuple(srs(5, 2, rng).tolist()) for _ in range(RUNS))
    assert set(drawn) == set(combinations(range(5), 2))
    assert chisquare(list(drawn.values())).pvalue > 0.001


@settings(deadline=None, max_examples=100)
@given(N=st.integers(1, 60), data=st.data(), seed=st.integers(0, 2**32))
def test_systematic_units_stand_at_equal_steps(N: int, data: st.DataObject, seed: int) -> None:
    n = data.draw(st.integers(1, N))
    drawn = systematic(N, n, default_rng(seed))
    assert len(set(drawn.tolist())) == n
    steps = np.diff(drawn)
    if N % n == 0:
        assert set(steps.tolist()) <= {N // n}
    assert set(steps.tolist()) <= {N // n, N // n + 1}


def test_a_fractional_step_gives_every_unit_the_same_chance() -> None:
    assert agrees(counts(lambda rng: systematic(10, 4, rng), 10), np.full(10, 0.4))


@pytest.mark.parametrize("name", FIXED)
def test_units_are_drawn_with_their_probabilities(name: str) -> None:
    pi = pps_inclusion(SIZE, 4)
    assert (pi == 1).any()
    assert agrees(counts(lambda rng: FIXED[name](pi, rng), len(pi)), pi)


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(sorted(FIXED)),
    sizes=st.lists(st.floats(0.1, 100), min_size=2, max_size=20),
    data=st.data(),
    seed=st.integers(0, 2**32),
)
def test_a_sample_of_fixed_size_has_that_size_and_no_unit_twice(
    name: str, sizes: list[float], data: st.DataObject, seed: int
) -> None:
    n = data.draw(st.integers(1, len(sizes)))
    pi = pps_inclusion(np.array(sizes), n)
    drawn = FIXED[name](pi, default_rng(seed)).tolist()
    assert len(set(drawn)) == n
    assert drawn == sorted(drawn)
    assert set(np.flatnonzero(pi == 1).tolist()) <= set(drawn)


def test_brewers_samples_occur_as_often_as_their_exact_probabilities() -> None:
    pi = pps_inclusion(np.array([1.0, 2.0, 3.0, 3.0, 3.0]), 3)
    exact = brewer_samples(pi)
    rng = default_rng(2)
    drawn = Counter(tuple(brewer(pi, rng).tolist()) for _ in range(RUNS))
    expected = [RUNS * probability for probability in exact.values()]
    assert chisquare([drawn[sample] for sample in exact], expected).pvalue > 0.001


def test_random_order_brings_together_what_a_list_keeps_apart() -> None:
    pi = np.full(4, 0.5)
    rng = default_rng(3)
    listed = {tuple(systematic_pps(pi, rng).tolist()) for _ in range(200)}
    mixed = {tuple(randomised_systematic(pi, rng).tolist()) for _ in range(200)}
    assert listed == {(0, 2), (1, 3)}
    assert mixed == set(combinations(range(4), 2))


def test_poisson_units_are_drawn_on_their_own() -> None:
    pi = np.array([0.1, 0.5, 1.0, 0.7])
    assert agrees(counts(lambda rng: poisson(pi, rng), 4), pi)
    rng = default_rng(4)
    lengths = np.array([len(poisson(pi, rng)) for _ in range(RUNS)])
    assert lengths.var() == pytest.approx(float((pi * (1 - pi)).sum()), rel=0.1)


def test_draws_with_replacement_follow_size_and_repeat() -> None:
    times = counts(lambda rng: pps_wr(SIZE, 5, rng), len(SIZE))
    assert chisquare(times, RUNS * 5 * SIZE / SIZE.sum()).pvalue > 0.001
    assert len(set(pps_wr(SIZE, 20, default_rng(5)).tolist())) < 20


def test_equal_seeds_draw_equal_samples() -> None:
    pi = pps_inclusion(SIZE, 4)
    for draw in FIXED.values():
        assert draw(pi, default_rng(6)).tolist() == draw(pi, default_rng(6)).tolist()


def test_where_all_are_certain_nothing_is_left_to_chance() -> None:
    for draw in FIXED.values():
        assert draw(np.ones(3), default_rng(0)).tolist() == [0, 1, 2]
    assert systematic(3, 3, default_rng(0)).tolist() == [0, 1, 2]


def test_what_cannot_be_drawn_is_refused() -> None:
    rng = default_rng(0)
    for equal in (srs, systematic):
        with pytest.raises(DesignRefused, match="4 units are asked for, and there are 3"):
            equal(3, 4, rng)
        with pytest.raises(DesignRefused, match="not a whole number"):
            equal(3, 1.5, rng)  # type: ignore[arg-type]  # what an untyped caller may do
    with pytest.raises(ValueRefused, match="The measure of size is 0"):
        pps_wr(np.array([1.0, 0.0]), 1, rng)
    with pytest.raises(DesignRefused, match="no whole number"):
        brewer(np.array([0.5, 0.2]), rng)
