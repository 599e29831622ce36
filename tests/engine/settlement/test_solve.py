"""The named settlements of two and three parties are what enumeration says they are."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.choice import METHODS
from kelisim.engine.settlement.model import in_words
from kelisim.engine.settlement.solve import Solution, solve, suggestion
from tests.engine.settlement.cases import (
    document,
    every_package,
    goods,
    product_of,
    satisfied,
    tables_of,
)

Tables = list[list[list[int]]]


def whole(solution: Solution, method: Any) -> tuple[int, ...]:
    return tuple(int(p) for p in solution[method].points)


def check_against_enumeration(tables: Tables) -> None:
    solution = solve(document(tables))
    every = sorted(set(every_package(tables)))
    totals = solution.case.totals
    units = [tuple(u / unit for u, unit in zip(p, solution.case.unit, strict=True)) for p in every]
    least = max(satisfied(u, totals) for u in units)
    for method in ("leximin", "kalai_smorodinsky"):
        point = solution[method].worth
        assert satisfied(point, totals) == least
    mean = max(sum(satisfied(u, totals)) for u in units)
    assert sum(satisfied(solution["utilitarian"].worth, totals)) == mean
    largest = max(map(product_of, units))
    if largest == 0:
        assert [n.reason for n in solution.not_offered if n.method == "nash"] == ["no_joint_gain"]
    else:
        assert product_of(solution["nash"].worth) == largest
        tied = {u for u in units if product_of(u) == largest}
        assert {*solution["nash"].choice.ties, solution["nash"].worth} == tied
    assert all(s.status == "proved" and s.gap == 0 for s in solution.settlements)
    assert all(s.properties.efficient for s in solution.settlements)


@given(tables_of(2))
@settings(max_examples=40, deadline=None)
def test_for_two_parties(tables: Tables) -> None:
    check_against_enumeration(tables)


@given(tables_of(3, issues=3, most=8))
@settings(max_examples=20, deadline=None)
def test_for_three_parties(tables: Tables) -> None:
    check_against_enumeration(tables)


@given(tables_of(2), st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=40, deadline=None)
def test_the_disagreement_is_respected_and_gains_count_from_it(
    tables: Tables, first: int, second: int
) -> None:
    given_case = document(tables, disagreement={"P1": first, "P2": second})
    acceptable = [p for p in every_package(tables) if p[0] >= first and p[1] >= second]
    if not acceptable:
        with pytest.raises(CaseRefused, match="No package gives every party at least"):
            solve(given_case)
        return
    solution = solve(given_case)
    gains = [(a - first, b - second) for a, b in acceptable]
    best = max(map(product_of, gains))
    offered = {s.method for s in solution.settlements}
    assert ("nash" in offered) == (best > 0)
    if best > 0:
        a, b = solution["nash"].points
        assert (a - first) * (b - second) == best
    tops = [max(1, max(g[i] for g in gains)) for i in (0, 1)]
    aspired = max(sorted(Fraction(g, t) for g, t in zip(pair, tops, strict=True)) for pair in gains)
    a, b = solution["kalai_smorodinsky"].points
    assert sorted([Fraction(a - first) / tops[0], Fraction(b - second) / tops[1]]) == aspired
    assert all(s.points[0] >= first and s.points[1] >= second for s in solution.settlements)


@given(tables_of(2), st.permutations([0, 1]), st.integers(1, 1000), st.integers(1, 1000))
@settings(max_examples=40, deadline=None)
def test_names_and_scales_do_not_matter(
    tables: Tables, order: list[int], first: int, second: int
) -> None:
    plain = solve(document(tables))
    scale = (first, second)
    scaled = [[[u * scale[i] for u in table[i]] for i in (0, 1)] for table in tables]
    swapped = solve(document([[table[i] for i in order] for table in scaled]))
    for one, other in zip(plain.settlements, swapped.settlements, strict=True):
        assert one.method == other.method
        picked = {one.of_hundred, *(plain.case.of_hundred(t) for t in one.choice.ties)}
        again = {other.of_hundred, *(swapped.case.of_hundred(t) for t in other.choice.ties)}
        assert picked == {tuple(row[order.index(i)] for i in (0, 1)) for row in again}


@given(
    tables_of(2, issues=2, most=8),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3),
)
@settings(max_examples=30, deadline=None)
def test_with_divided_issues_no_fine_division_does_better(
    tables: Tables, worths: list[tuple[int, int]]
) -> None:
    case = document(tables)
    for k, (a, b) in enumerate(worths):
        case["issues"].append({"name": f"good {k}", "divisible": True})
        case["points"]["P1"][f"good {k}"], case["points"]["P2"][f"good {k}"] = a, b
    solution = solve(case)
    shares = [Fraction(s, 4) for s in range(5)]
    grid = [
        (
            p[0] + sum(a * s for (a, _), s in zip(worths, split, strict=True)),
            p[1] + sum(b * (1 - s) for (_, b), s in zip(worths, split, strict=True)),
        )
        for p in every_package(tables)
        for split in product(shares, repeat=len(worths))
    ]
    totals = [t * u for t, u in zip(solution.case.totals, solution.case.unit, strict=True)]
    least = max(sorted(Fraction(u) / t for u, t in zip(p, totals, strict=True)) for p in grid)
    found = sorted(u / t for u, t in zip(solution["leximin"].points, totals, strict=True))
    assert found >= least
    if any(a * b for a, b in grid):
        assert product_of(solution["nash"].points) >= max(map(product_of, grid))
    assert all(s.properties.efficient for s in solution.settlements)
    on_frontier = [point for line in solution.frontier for point in line]
    for x, y in grid:
        covered = any(a >= x and b >= y for a, b in on_frontier) or any(
            _above(line, x, y) for line in solution.frontier
        )
        assert covered


def _above(line: tuple[tuple[Any, ...], ...], x: Fraction | int, y: Fraction | int) -> bool:
    """Whether a point lies on or below a line of the frontier."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x0 <= x <= x1 and (y - y0) * (x1 - x0) <= (y1 - y0) * (x - x0):
            return True
    return False


def test_entitlements_move_the_settlement_towards_the_entitled() -> None:
    rows = [[60, 40], [60, 40]]
    even = solve(goods(rows))
    uneven = solve(goods(rows, entitlement={"P1": 0.75, "P2": 0.25}))
    assert whole(even, "nash") == whole(even, "leximin") == (50, 50)
    assert [s.method for s in uneven.settlements[:4]] == list(METHODS[:4])
    for settlement in uneven.settlements[:4]:
        assert whole(uneven, settlement.method) == (75, 25)
        assert settlement.properties.envy_free
        assert settlement.properties.equitable


def test_what_each_could_walk_away_with_counts_when_a_good_is_divided() -> None:
    solution = solve(goods([[100], [100]], disagreement={"P1": 20, "P2": 40}))
    assert whole(solution, "nash") == whole(solution, "kalai_smorodinsky") == (40, 60)
    assert whole(solution, "leximin") == (50, 50)
    assert all(s.points[0] >= 20 and s.points[1] >= 40 for s in solution.settlements)
    with pytest.raises(CaseRefused, match="No package gives every party at least"):
        solve(goods([[100], [100]], disagreement={"P1": 70, "P2": 40}))


def test_adjusted_winner_is_offered_only_where_it_means_something() -> None:
    def reason(case: dict[str, Any]) -> str:
        found = solve(case).not_offered
        return next((n.reason for n in found if n.method == "adjusted_winner"), "offered")

    assert reason(document([[[1, 0], [0, 1]]])) == "needs_a_divisible_issue"
    assert reason(goods([[1, 2], [2, 1], [1, 1]])) == "needs_two_parties"
    assert (
        reason(goods([[1, 2], [2, 1]], disagreement={"P1": 2.5, "P2": 0})) == "below_disagreement"
    )
    mixed = document([[[9, 0], [0, 9]]])
    mixed["issues"].append({"name": "good", "divisible": True})
    mixed["points"]["P1"]["good"] = mixed["points"]["P2"]["good"] = 1
    assert reason(mixed) == "no_equitable_division"
    mixed["points"]["P1"]["good"] = mixed["points"]["P2"]["good"] = 10
    assert reason(mixed) == "offered"


def test_an_issue_that_only_one_party_wants_is_not_divided() -> None:
    solution = solve(goods([[10, 5, 0], [0, 5, 10]]))
    for settlement in solution.settlements[:4]:
        choice = in_words(solution.case, settlement.choice.package)
        assert choice["good 1"] == {"P1": 1, "P2": 0}
        assert choice["good 3"] == {"P1": 0, "P2": 1}
        assert settlement.properties.efficient
    assert [len(line) for line in solution.frontier] == [2]


def test_goods_that_nobody_shares_leave_a_single_point() -> None:
    solution = solve(goods([[10, 0], [0, 10]]))
    assert solution.frontier == (((10, 10),),)
    assert all(whole(solution, s.method) == (10, 10) for s in solution.settlements)


def test_a_rule_can_be_asked_alone_without_its_properties() -> None:
    case = solve(document([[[3, 0, 2], [0, 3, 2]]])).case
    assert suggestion(case, "nash") == (2,)
    assert suggestion(case, "adjusted_winner") is None
    with pytest.raises(KeyError):
        solve(case, methods=("nash",))["leximin"]


def test_a_tie_is_named_so_that_nobody_is_favoured_in_silence() -> None:
    solution = solve(document([[[2, 1], [1, 2]]]))
    nash = solution["nash"]
    assert {nash.worth, *nash.choice.ties} == {(2, 1), (1, 2)}
