"""Bargaining over convex sets keeps the axioms it is derived from."""

from __future__ import annotations

from math import log1p, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.convex import bargain_in_polygon, bargain_on_curve

Vertices = list[tuple[int, int]]
VERTICES = st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=6)


@given(VERTICES)
@settings(max_examples=80, deadline=None)
def test_swapping_the_parties_swaps_the_solutions(vertices: Vertices) -> None:
    one = bargain_in_polygon(vertices)
    other = bargain_in_polygon([(y, x) for x, y in vertices])
    assert one.nash == other.nash[::-1]
    assert one.kalai_smorodinsky == other.kalai_smorodinsky[::-1]


@given(VERTICES, st.integers(1, 9), st.integers(0, 9))
@settings(max_examples=80, deadline=None)
def test_units_and_origin_do_not_matter(vertices: Vertices, factor: int, shift: int) -> None:
    plain = bargain_in_polygon(vertices)
    moved = bargain_in_polygon([(factor * x + shift, y) for x, y in vertices], (shift, 0))
    assert moved.nash == (factor * plain.nash[0] + shift, plain.nash[1])
    x, y = plain.kalai_smorodinsky
    assert moved.kalai_smorodinsky == (factor * x + shift, y)


@given(VERTICES)
@settings(max_examples=80, deadline=None)
def test_no_mixture_of_two_vertices_has_a_larger_product(vertices: Vertices) -> None:
    x, y = bargain_in_polygon(vertices).nash
    for a, b in vertices:
        for c, d in vertices:
            for k in range(11):
                mixed = ((k * a + (10 - k) * c), (k * b + (10 - k) * d))
                assert mixed[0] * mixed[1] <= 100 * x * y


def test_without_a_point_better_for_both_there_is_nothing_to_bargain_over() -> None:
    with pytest.raises(CaseRefused, match="No point of the set is better for both"):
        bargain_in_polygon([(0, 1), (1, 0)], (2, 2))
    with pytest.raises(CaseRefused, match="No point of the set is better for both"):
        bargain_in_polygon([(0, 1)], (0, 0))


def test_equal_parties_share_a_dollar_equally() -> None:
    found = bargain_on_curve(log1p, lambda x: log1p(1 - x))
    assert found.nash == pytest.approx(0.5, abs=1e-9)
    assert found.kalai_smorodinsky == pytest.approx(0.5, abs=1e-9)
    assert found.egalitarian == pytest.approx(0.5, abs=1e-9)


def test_who_can_walk_away_with_more_gets_more() -> None:
    found = bargain_on_curve(lambda x: x, lambda x: 1 - x, (0.2, 0.4))
    assert found.nash == pytest.approx(0.4, abs=1e-9)
    assert found.egalitarian == pytest.approx(0.4, abs=1e-9)
    risky = bargain_on_curve(lambda x: x, lambda x: sqrt(1 - x), (0.0, 0.5))
    assert risky.nash < 2 / 3
