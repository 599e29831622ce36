from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.charts.scale import Scale, round_steps, scale

VALUES = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(VALUES, VALUES, st.integers(1, 30))
@settings(deadline=None, max_examples=300)
def test_round_steps_enclose_both_values_and_are_even(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    steps = round_steps(low, high, most)
    size = steps[1] - steps[0]
    assert 2 <= len(steps) <= max(most, 2) + 1
    assert steps[0] <= low + size * 1e-6
    assert steps[-1] >= high - size * 1e-6
    gaps = [second - first for first, second in pairwise(steps)]
    assert gaps == pytest.approx([size] * len(gaps), rel=1e-6, abs=1e-15 * max(-low, high))


def test_steps_print_as_they_are_meant() -> None:
    assert round_steps(0.0, 0.6, 6) == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert round_steps(0.2, 5000, 5) == (0.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0)


def test_one_value_alone_gets_room_on_both_sides() -> None:
    low, *_, high = round_steps(0.0, 0.0, 4)
    assert low < 0 < high
    low, *_, high = round_steps(-40.0, -40.0, 4)
    assert low < -40 < high


def test_an_axis_of_shares_does_not_leave_the_shares() -> None:
    axis = scale([0.001, 0.999], 0, 100, bounds=(0.0, 1.0))
    assert axis.ticks[0] == 0
    assert axis.ticks[-1] == 1


def test_an_axis_without_values_is_still_an_axis() -> None:
    assert scale([], 0, 100).ticks == (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    assert scale([float("nan")], 0, 100, bounds=(0.0, 1.0)).ticks[-1] == 1.0


def test_an_axis_of_one_step_has_two_ends() -> None:
    assert scale([0.0], 0, 100, most=1, bounds=(0.0, 1.0)).ticks == (0.0, 1.0)


def test_a_share_below_zero_is_shown_where_it_is() -> None:
    assert scale([-0.02, 0.4], 0, 100, bounds=(0.0, 1.0)).ticks[0] < 0


def test_places_are_in_proportion() -> None:
    axis = Scale((10.0, 20.0), 100.0, 300.0)
    assert [axis.at(value) for value in (10, 15, 20)] == [100, 200, 300]
