"""Sealed bids give all a fair share in their own eyes; the Talmud treats any two claims alike."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.estates import knaster, talmud

HEIRS = ("A", "B", "C")
BIDS = st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=1, max_size=5).map(
    lambda rows: {f"thing {k}": dict(zip(HEIRS, row, strict=True)) for k, row in enumerate(rows)}
)
CLAIMS = st.lists(st.integers(0, 500), min_size=1, max_size=6)


@given(BIDS)
def test_everyone_ends_with_at_least_its_fair_share_and_the_same_surplus(
    bids: dict[str, dict[str, int]],
) -> None:
    result = knaster(bids)
    assert sum(result.cash.values()) == 0
    surplus = {result.value[h] - result.fair_share[h] for h in HEIRS}
    assert len(surplus) == 1
    assert surplus.pop() >= 0
    for thing, owner in result.owner.items():
        assert bids[thing][owner] == max(bids[thing].values())
    for heir in HEIRS:
        things = sum(bids[t][heir] for t, owner in result.owner.items() if owner == heir)
        assert result.value[heir] == things + result.cash[heir]


def test_equal_bids_go_to_who_has_less_and_then_to_who_is_named_first() -> None:
    result = knaster({"car": {"A": 5, "B": 5}, "boat": {"A": 5, "B": 5}})
    assert result.owner == {"car": "A", "boat": "B"}


def test_a_widow_entitled_to_half_gets_half() -> None:
    share = {"W": Fraction(1, 2), "S": Fraction(1, 4), "T": Fraction(1, 4)}
    result = knaster({"house": {"W": 80, "S": 80, "T": 80}}, share)
    assert [result.value[h] for h in share] == [40, 20, 20]


@pytest.mark.parametrize(
    ("bids", "words"),
    [
        ({}, "no things with bids"),
        ({"house": {"A": 1}}, "no things with bids"),
        ({"house": {"A": 1, "B": 2}, "car": {"A": 1}}, "The heir 'B' has made no bid"),
        ({"house": {"A": 1, "B": -2}}, "The bid of 'B' is negative"),
    ],
)
def test_bids_that_cannot_be_compared_are_refused(
    bids: dict[str, dict[str, int]], words: str
) -> None:
    with pytest.raises(CaseRefused, match=words):
        knaster(bids)


@pytest.mark.parametrize("share", [{"A": 1}, {"A": 1, "B": 1}, {"A": 1, "B": 0}])
def test_entitlements_that_are_no_shares_are_refused(share: dict[str, int]) -> None:
    given_shares = {heir: Fraction(part) for heir, part in share.items()}
    with pytest.raises(CaseRefused, match="not one positive share an heir"):
        knaster({"house": {"A": 1, "B": 2}}, given_shares)


@given(CLAIMS, st.data())
def test_any_two_claimants_share_theirs_as_the_contested_garment(
    claims: list[int], data: st.DataObject
) -> None:
    estate = data.draw(st.integers(0, sum(claims)))
    awards = talmud(estate, claims)
    assert sum(awards) == estate
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))
    for i in range(len(claims)):
        for j in range(i):
            both = awards[i] + awards[j]
            conceded = [max(both - claims[j], Fraction(0)), max(both - claims[i], Fraction(0))]
            contested = both - sum(conceded)
            assert awards[i] == conceded[0] + contested / 2


@pytest.mark.parametrize(("estate", "claims"), [(10, []), (10, [5]), (-1, [5]), (1, [5, -1])])
def test_an_estate_that_the_rule_is_not_for_is_refused(estate: int, claims: list[int]) -> None:
    with pytest.raises(CaseRefused, match="cannot be divided among claims"):
        talmud(estate, claims)
