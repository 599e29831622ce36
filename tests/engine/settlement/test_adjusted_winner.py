"""Adjusted winner is equitable, envy-free and efficient, and splits at most one issue."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.settlement.adjusted_winner import AdjustedWinner, adjusted_winner

ROWS = (
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8)
    .map(lambda pairs: [list(row) for row in zip(*pairs, strict=True)])
    .filter(lambda rows: all(map(any, rows)))
)
ENTITLEMENTS = st.integers(1, 9).map(lambda k: (Fraction(k, 10), Fraction(10 - k, 10)))


def value(points: list[int], result: AdjustedWinner, party: int, of: int) -> Fraction:
    """Return what a party's own points say about what another holds."""
    held = zip(points, result.shares, strict=True)
    return Fraction(100, sum(points)) * sum(p * share[of] for p, share in held)


@given(ROWS, ENTITLEMENTS)
@settings(max_examples=150, deadline=None)
def test_its_three_properties_hold(
    rows: list[list[int]], entitlement: tuple[Fraction, Fraction]
) -> None:
    result = adjusted_winner(rows, entitlement)
    own = [value(rows[i], result, i, i) for i in (0, 1)]
    assert result.points == tuple(own)
    assert own[0] / entitlement[0] == own[1] / entitlement[1]
    for i in (0, 1):
        other = value(rows[i], result, i, 1 - i)
        assert own[i] / entitlement[i] >= other / entitlement[1 - i]
    assert sum(share not in (0, 1) for share, _ in result.shares) <= 1
    for a, b, (x, _) in zip(*rows, result.shares, strict=True):
        for c, d, (_, y) in zip(*rows, result.shares, strict=True):
            assert not (x > 0 and y > 0 and a * d < c * b)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_each_party_has_at_least_half_of_its_own_points(rows: list[list[int]]) -> None:
    assert min(adjusted_winner(rows).points) >= 50


@given(ROWS, st.integers(1, 99))
@settings(max_examples=50, deadline=None)
def test_the_scale_of_points_does_not_matter(rows: list[list[int]], factor: int) -> None:
    scaled = [[factor * p for p in rows[0]], rows[1]]
    assert adjusted_winner(scaled) == adjusted_winner(rows)


def test_the_steps_lead_from_the_first_division_to_the_last() -> None:
    result = adjusted_winner([[6, 67, 27], [5, 34, 61]])
    steps = [(t.issue, t.giver, t.share) for t in result.transfers]
    assert steps == [(0, 0, 1), (1, 0, Fraction(1, 101))]


def test_equal_wishes_need_no_transfer_or_one_half() -> None:
    assert adjusted_winner([[1, 1], [1, 1]]).transfers == ()
    assert adjusted_winner([[1], [1]]).shares == ((Fraction(1, 2), Fraction(1, 2)),)
