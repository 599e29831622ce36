"""Inclusion probabilities sum to n, follow size, and are 1 for the largest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import pps_inclusion
from kelisim.engine.sampling.inclusion import checked_probabilities

SIZES = st.lists(st.floats(0.01, 1e4), min_size=1, max_size=30)


@settings(deadline=None, max_examples=200)
@given(SIZES, st.data())
def test_they_sum_to_n_and_follow_size_below_certainty(
    sizes: list[float], data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, len(sizes)))
    size = np.array(sizes)
    pi = pps_inclusion(size, n)
    assert pi.sum() == pytest.approx(n, rel=1e-9)
    assert ((pi > 0) & (pi <= 1)).all()
    chancy = pi < 1
    if chancy.any():
        assert np.ptp(pi[chancy] / size[chancy]) <= 1e-9 * (pi[chancy] / size[chancy]).max()
        if not chancy.all():
            assert size[~chancy].min() >= size[chancy].max()


def test_certainty_is_looked_for_again_after_every_removal() -> None:
    # 100 exceeds 125 / 3; then 12 of the 25 left exceeds 25 / 2 only once 100 is gone.
    pi = pps_inclusion(np.array([100.0, 13.0, 6.0, 6.0]), 3)
    assert pi.tolist() == [1.0, 1.0, 0.5, 0.5]


def test_a_unit_of_exactly_one_nth_is_certain() -> None:
    assert pps_inclusion(np.array([2.0, 1.0, 1.0]), 2).tolist() == [1.0, 0.5, 0.5]


@pytest.mark.parametrize("wrong", [0.0, -3.0, np.nan, np.inf])
def test_a_size_that_is_not_positive_is_refused(wrong: float) -> None:
    with pytest.raises(ValueRefused, match="The measure of size is") as refused:
        pps_inclusion(np.array([1.0, wrong, 2.0]), 1)
    assert refused.value.where == "row 2"


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(DesignRefused, match="4 units are asked for, and there are 3"):
        pps_inclusion(np.ones(3), 4)


def test_units_too_small_for_any_chance_are_refused() -> None:
    with pytest.raises(DesignRefused, match="the others have no chance"):
        pps_inclusion(np.array([1e300, 1.0, 1.0]), 1)


def test_probabilities_from_elsewhere_are_looked_at() -> None:
    for wrong in ([0.0, 1.0], [1.2, 0.8], [], [np.nan, 1.0]):
        with pytest.raises(ValueRefused, match="not above 0 and at most 1"):
            checked_probabilities(np.array(wrong), fixed=True)
    with pytest.raises(DesignRefused, match=r"sum to 1.2, which is no whole number"):
        checked_probabilities(np.array([0.5, 0.7]), fixed=True)
    assert checked_probabilities([0.5, 0.7], fixed=False).tolist() == [0.5, 0.7]
