"""Efficiency, envy and equity are checked afresh, against enumeration and by hand."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

from kelisim.engine.settlement.model import Shares
from kelisim.engine.settlement.programme import ENDLESS, Patience
from kelisim.engine.settlement.properties import properties_of
from kelisim.engine.settlement.reading import read_case
from tests.engine.settlement.cases import (
    document,
    every_package,
    goods,
    tables_of,
    undominated,
)

NO_TIME = Patience(0.0, lambda: 0.0, 0.0)
HALF = (Fraction(1, 2), Fraction(1, 2))
FIRST: Shares = (Fraction(1), Fraction(0))
SECOND: Shares = (Fraction(0), Fraction(1))


@given(tables_of(2, issues=2))
@settings(max_examples=25, deadline=None)
def test_a_package_is_efficient_if_enumeration_finds_none_better(
    tables: list[list[list[int]]],
) -> None:
    case = read_case(document(tables))
    points = list(every_package(tables))
    frontier = undominated(points)
    first = tuple(0 for _ in tables)
    assert properties_of(case, first, ENDLESS).efficient == (points[0] in frontier)


def test_large_points_of_two_parties_are_compared_exactly() -> None:
    far = 10**9 + 7
    case = read_case(document([[[far, far - 1], [0, 0]], [[1, 0], [0, far]]]))
    assert properties_of(case, (0, 0), ENDLESS).efficient
    assert not properties_of(case, (1, 0), ENDLESS).efficient


def test_an_exchange_that_helps_both_is_found() -> None:
    case = read_case(goods([[60, 40, 0], [40, 60, 0]]))
    assert properties_of(case, (FIRST, SECOND, HALF), ENDLESS).efficient
    assert not properties_of(case, (SECOND, FIRST, HALF), ENDLESS).efficient
    assert not properties_of(case, (HALF, HALF, HALF), ENDLESS).efficient
    wanted = read_case(goods([[60, 40, 0], [40, 0, 60]]))
    assert not properties_of(wanted, (FIRST, HALF, SECOND), ENDLESS).efficient
    assert not properties_of(wanted, (FIRST, FIRST, HALF), ENDLESS).efficient
    assert properties_of(wanted, (HALF, FIRST, SECOND), ENDLESS).efficient


def test_shares_beside_options_are_checked_by_the_solver() -> None:
    given_case = document([[[5, 0], [0, 5]]])
    given_case["issues"].append({"name": "good", "divisible": True})
    given_case["points"]["P1"]["good"], given_case["points"]["P2"]["good"] = 5, 1
    case = read_case(given_case)
    assert properties_of(case, (1, FIRST), ENDLESS).efficient
    assert not properties_of(case, (0, SECOND), ENDLESS).efficient
    assert properties_of(case, (0, SECOND), NO_TIME).efficient is None


def test_two_parties_envy_nobody_with_their_entitlement() -> None:
    case = read_case(goods([[60, 40], [60, 40]], entitlement={"P1": 0.4, "P2": 0.6}))
    fair = properties_of(case, (SECOND, FIRST), ENDLESS)
    assert fair.envy_free
    assert fair.equitable
    assert not properties_of(case, (FIRST, SECOND), ENDLESS).envy_free


def test_among_three_envy_is_wanting_what_another_was_given() -> None:
    case = {
        "parties": ["A", "B", "C"],
        "issues": [
            {"name": "house", "options": ["A", "B", "C"]},
            {"name": "car", "options": ["A", "B"]},
            {"name": "cash", "divisible": True},
        ],
        "points": {
            "A": {"house": {"A": 9, "B": 0, "C": 0}, "car": {"A": 2, "B": 0}, "cash": 6},
            "B": {"house": {"A": 0, "B": 8, "C": 0}, "car": {"A": 0, "B": 7}, "cash": 6},
            "C": {"house": {"A": 0, "B": 0, "C": 1}, "car": {"A": 0, "B": 0}, "cash": 12},
        },
    }
    nothing, all_of_it = Fraction(0), Fraction(1)
    known = read_case(case)
    to_c = (nothing, nothing, all_of_it)
    assert not properties_of(
        known, (0, 1, to_c), ENDLESS
    ).envy_free  # B would rather have the house
    part = (nothing, Fraction(1, 6), Fraction(5, 6))
    assert properties_of(known, (0, 1, part), ENDLESS).envy_free
    assert not properties_of(known, (2, 1, to_c), ENDLESS).envy_free
