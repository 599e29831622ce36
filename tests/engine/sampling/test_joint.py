"""Joint probabilities are those of published formulas; estimators built on them are unbiased."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused
from kelisim.engine.sampling import (
    joint_brewer,
    joint_of_strata,
    joint_poisson,
    joint_srs,
    joint_systematic,
    pps_inclusion,
    systematic_pps,
)
from kelisim.engine.sampling.joint import brewer_samples, joint_of_drawn
from kelisim.engine.sampling.plan import WITH_JOINT

SIZES = st.lists(st.floats(0.5, 10), min_size=2, max_size=7)


def assert_fixed_size(joint: NDArray[np.float64], n: int) -> None:
    """Assert what holds of every design of fixed size: off the diagonal rows sum to (n-1) pi."""
    pi = np.diag(joint)
    assert pi.sum() == pytest.approx(n)
    assert joint.sum(axis=1) - pi == pytest.approx((n - 1) * pi, abs=1e-9)
    assert joint == pytest.approx(joint.T, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(SIZES, st.data())
def test_rows_of_brewers_and_systematic_designs_sum_to_n_minus_one_times_pi(
    sizes: list[float], data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, len(sizes)))
    pi = pps_inclusion(np.array(sizes), n)
    for joint in (joint_brewer(pi), joint_systematic(pi)):
        assert np.diag(joint) == pytest.approx(pi, abs=1e-10)
        assert_fixed_size(joint, n)


def test_rows_of_simple_random_samples_sum_too() -> None:
    assert_fixed_size(joint_srs(7, 3), 3)
    assert joint_srs(1, 1).tolist() == [[1.0]]


def test_two_units_go_together_as_brewer_published() -> None:
    # Brewer (1963): pi_kl = p_k p_l (1/(1-2p_k) + 1/(1-2p_l)) * 2 / (1 + sum p/(1-2p)), p = pi/2.
    pi = np.array([0.3, 0.4, 0.6, 0.7])
    p = pi / 2
    inverse = 1 / (1 - 2 * p)
    published = np.outer(p, p) * np.add.outer(inverse, inverse) * 2 / (1 + (p * inverse).sum())
    np.fill_diagonal(published, pi)
    assert joint_brewer(pi) == pytest.approx(published, abs=1e-14)


def test_brewers_design_with_equal_probabilities_is_simple_random_sampling() -> None:
    assert joint_brewer(np.full(6, 0.5)) == pytest.approx(joint_srs(6, 3), abs=1e-12)


def test_systematic_pairs_are_as_often_together_as_counted() -> None:
    pi = pps_inclusion(np.array([5.0, 1.0, 2.0, 4.0, 3.0]), 2)
    together = np.zeros((5, 5))
    rng = default_rng(8)
    for _ in range(4000):
        drawn = systematic_pps(pi, rng)
        together[np.ix_(drawn, drawn)] += 1 / 4000
    joint = joint_systematic(pi)
    assert together == pytest.approx(joint, abs=4 * 0.5 / np.sqrt(4000))
    assert (together[joint == 0] == 0).all()


Y = np.array([3.0, -1.0, 7.0, 2.0, 11.0])


def horvitz_thompson(sample: tuple[int, ...], pi: NDArray[np.float64]) -> float:
    return sum(float(Y[unit] / pi[unit]) for unit in sample)


def sen_yates_grundy(sample: tuple[int, ...], joint: NDArray[np.float64]) -> float:
    pi, total = np.diag(joint), 0.0
    for k, m in combinations(sample, 2):
        gap = Y[k] / pi[k] - Y[m] / pi[m]
        total += float((pi[k] * pi[m] - joint[k, m]) / joint[k, m] * gap**2)
    return total


@pytest.mark.parametrize("n", [2, 3, 4])
def test_over_all_brewer_samples_the_total_and_its_variance_are_unbiased(n: int) -> None:
    pi = pps_inclusion(np.array([2.0, 2.5, 2.0, 3.0, 2.2]), n)
    joint, samples = joint_brewer(pi), brewer_samples(pi)
    totals = {sample: horvitz_thompson(sample, pi) for sample in samples}
    mean = sum(samples[s] * totals[s] for s in samples)
    variance = sum(samples[s] * (totals[s] - Y.sum()) ** 2 for s in samples)
    estimated = sum(samples[s] * sen_yates_grundy(s, joint) for s in samples)
    assert sum(samples.values()) == pytest.approx(1)
    assert mean == pytest.approx(Y.sum())
    assert estimated == pytest.approx(variance)


def test_over_all_simple_random_samples_the_total_and_its_variance_are_unbiased() -> None:
    joint = joint_srs(5, 3)
    samples = list(combinations(range(5), 3))
    totals = np.array([horvitz_thompson(sample, np.diag(joint)) for sample in samples])
    estimated = np.mean([sen_yates_grundy(sample, joint) for sample in samples])
    assert totals.mean() == pytest.approx(Y.sum())
    assert estimated == pytest.approx(((totals - Y.sum()) ** 2).mean())


def test_brewers_probabilities_are_those_of_going_through_every_order() -> None:
    pi = np.array([0.2, 0.5, 0.6, 0.7])
    found = dict.fromkeys(combinations(range(4), 2), 0.0)
    for first, second in permutations(range(4), 2):
        step = pi * (2 - pi) / (2 - 2 * pi)  # Brewer's first draw of two
        rest = pi.sum() - pi[first]
        chance = step[first] / step.sum() * pi[second] / rest
        found[min(first, second), max(first, second)] += float(chance)
    assert brewer_samples(pi) == pytest.approx(found)


def test_poisson_units_and_strata_are_independent() -> None:
    assert joint_poisson(np.array([0.5, 0.2])).tolist() == [[0.5, 0.1], [0.1, 0.2]]
    joint = joint_of_strata([joint_srs(3, 2), joint_brewer(np.array([0.4, 0.6]))])
    assert joint[0, 3] == pytest.approx(2 / 3 * 0.4)
    assert joint[3, 4] == 0.0


def together_from_start_to_start(pi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return joint probabilities from the list of all samples, constant between the edges."""
    reach = np.cumsum(pi)[:-1]
    starts = np.unique(np.concatenate([[0.0], reach % 1.0]))
    joint = np.zeros((len(pi), len(pi)))
    for start, end in pairwise([*starts, 1.0]):
        steps = (start + end) / 2 + np.arange(round(pi.sum()))
        drawn = np.searchsorted(reach, steps, side="right")
        joint[np.ix_(drawn, drawn)] += end - start
    return joint


@settings(deadline=None, max_examples=60)
@given(SIZES, st.data())
def test_arcs_overlap_as_often_as_units_stand_in_one_sample(
    sizes: list[float], data: st.DataObject
) -> None:
    pi = pps_inclusion(np.array(sizes), data.draw(st.integers(1, len(sizes))))
    assert joint_systematic(pi) == pytest.approx(together_from_start_to_start(pi), abs=1e-11)


@settings(deadline=None, max_examples=60)
@given(SIZES, st.data())
def test_what_is_said_of_the_drawn_is_what_the_whole_list_says(
    sizes: list[float], data: st.DataObject
) -> None:
    size, N = np.array(sizes), len(sizes)
    n = data.draw(st.integers(1, N))
    pi = pps_inclusion(size, n)
    drawn = np.array(sorted(data.draw(st.sets(st.integers(0, N - 1)))), dtype=np.intp)
    whole = {
        "srs": joint_srs(N, n),
        "systematic": joint_systematic(np.full(N, n / N)),
        "pps-systematic": joint_systematic(pi),
        "pps-brewer": joint_brewer(pi),
        "poisson": joint_poisson(pi),
    }
    for method, joint in whole.items():
        expected = joint[np.ix_(drawn, drawn)]
        assert joint_of_drawn(method, size, n, drawn) == pytest.approx(expected, abs=1e-11)


def test_a_long_list_costs_no_more_than_what_is_drawn_of_it() -> None:
    size = np.arange(1.0, 200_001.0)
    drawn = np.array([5, 199_999])
    for method in sorted({*WITH_JOINT} - {"pps-brewer"}):
        assert joint_of_drawn(method, size, 2, drawn).shape == (2, 2)
    # One unit has no pair, and Brewer's method goes through no sets for it.
    assert joint_of_drawn("pps-brewer", size, 1, drawn[:1]).shape == (1, 1)


def test_a_certain_unit_is_with_every_other() -> None:
    pi = np.array([0.5, 1.0, 0.5])
    for joint in (joint_brewer(pi), joint_systematic(pi)):
        assert joint == pytest.approx(np.array([[0.5, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 0.5]]))
    assert joint_brewer(np.ones(2)).tolist() == [[1, 1], [1, 1]]


def test_too_many_sets_are_refused_before_the_work_begins() -> None:
    with pytest.raises(DesignRefused, match="10 of 60 units make"):
        joint_brewer(np.full(60, 1 / 6))
