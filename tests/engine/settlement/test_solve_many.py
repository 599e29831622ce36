"""With many parties the solver finds, and proves, what enumeration says; and never says more."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import CaseRefused, NotSolved
from kelisim.engine.settlement import frontier, reach, searched
from kelisim.engine.settlement.choice import Choice
from kelisim.engine.settlement.model import Case, worth
from kelisim.engine.settlement.programme import ENDLESS, Patience
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.searched import choices_by_search
from kelisim.engine.settlement.solve import solve
from tests.engine.settlement.cases import (
    dirichlet,
    document,
    every_package,
    goods,
    product_of,
    satisfied,
    tables_of,
)

Tables = list[list[list[int]]]


def impatient(answers: int) -> Patience:
    """Return patience that is out after so many questions."""
    told: Iterator[int] = count()
    return Patience(float(answers), lambda: float(next(told)), 0.0)


def found_by_search(case: Case, patience: Patience = ENDLESS) -> dict[str, Choice]:
    found = choices_by_search(case, patience)
    return {choice.method: choice for choice in found if isinstance(choice, Choice)}


@given(tables_of(4, issues=4, most=9))
@settings(max_examples=12, deadline=None)
def test_four_parties_get_what_enumeration_finds(tables: Tables) -> None:
    solution = solve(document(tables))
    totals, units = solution.case.totals, solution.case.unit
    every = [
        tuple(u / unit for u, unit in zip(p, units, strict=True))
        for p in set(every_package(tables))
    ]
    least = max(satisfied(p, totals) for p in every)
    assert satisfied(solution["leximin"].worth, totals) == least
    assert satisfied(solution["kalai_smorodinsky"].worth, totals) == least
    mean = max(sum(satisfied(p, totals)) for p in every)
    assert sum(satisfied(solution["utilitarian"].worth, totals)) == mean
    largest = max(map(product_of, every))
    if largest:
        assert product_of(solution["nash"].worth) == largest
    assert ("nash" in {s.method for s in solution.settlements}) == bool(largest)
    assert all(s.status == "proved" and s.properties.efficient for s in solution.settlements)


@given(tables_of(3, issues=3, most=9), st.lists(st.integers(0, 6), min_size=3, max_size=3))
@settings(max_examples=12, deadline=None)
def test_the_solver_agrees_with_the_list_of_everything_in_reach(
    tables: Tables, floors: list[int]
) -> None:
    parties = ("P1", "P2", "P3")
    case = read_case(document(tables, disagreement=dict(zip(parties, floors, strict=True))))
    try:
        listed = solve(case)
    except CaseRefused:
        with pytest.raises(CaseRefused, match="No package gives every party at least"):
            choices_by_search(case, ENDLESS)
        return
    found = found_by_search(case)
    assert set(found) == {s.method for s in listed.settlements}
    for settlement in listed.settlements:
        choice = found[settlement.method]
        assert choice.proved
        assert float(choice.value) == pytest.approx(float(settlement.choice.value), abs=1e-9)


@given(tables_of(3, issues=3, most=9))
@settings(max_examples=8, deadline=None)
def test_entitlements_are_powers_and_weights(tables: Tables) -> None:
    entitlement = {"P1": 0.5, "P2": 0.25, "P3": 0.25}
    case = read_case(document(tables, entitlement=entitlement))
    listed, found = solve(case), found_by_search(case)
    for settlement in listed.settlements:
        value = float(found[settlement.method].value)
        assert value == pytest.approx(float(settlement.choice.value), abs=1e-9)


@pytest.mark.parametrize("questions", [0, 1, 2, 3, 5, 8, 13])
def test_what_is_not_proved_in_time_is_never_called_proved(questions: int) -> None:
    case = read_case(document(dirichlet(5, 12, 4, 1000, np.random.default_rng(7))))
    complete = found_by_search(case)
    for choice in found_by_search(case, impatient(questions)).values():
        best = complete[choice.method]
        if choice.proved:
            assert choice.value == best.value
        else:
            assert choice.bound > choice.value
            if choice.method in ("nash", "utilitarian"):
                assert choice.value <= best.value <= choice.bound
    assert all(choice.proved for choice in complete.values())


def test_with_no_time_at_all_everything_but_the_plain_sum_is_a_bound() -> None:
    case = document(dirichlet(5, 12, 4, 1000, np.random.default_rng(7)))
    solution = solve(case, patience=impatient(0))
    assert [(s.method, s.status) for s in solution.settlements] == [
        ("nash", "bound"),
        ("leximin", "bound"),
        ("kalai_smorodinsky", "bound"),
        ("utilitarian", "proved"),
    ]
    assert all(s.gap > 0 for s in solution.settlements if s.status == "bound")
    assert all(s.properties.efficient is None for s in solution.settlements)


def test_a_joint_gain_that_is_not_found_in_time_is_not_denied() -> None:
    tables = [[[9, 0, 1], [9, 0, 1], [9, 0, 1], [0, 9, 1]]]
    for case in (document(tables), goods([[9], [9], [9], [9]])):
        rule = solve(case, patience=impatient(1)).not_offered[1]
        assert (rule.method, rule.reason) == ("nash", "not_found_in_time")
    assert not solve(goods([[9], [9], [9], [9]]), patience=impatient(9)).not_offered[1:]


def test_a_good_that_one_party_needs_whole_leaves_no_joint_gain() -> None:
    case = goods([[9], [9], [9]], disagreement={"P1": 9, "P2": 0, "P3": 0})
    reasons = {n.method: n.reason for n in solve(case).not_offered}
    assert reasons == {"adjusted_winner": "needs_two_parties", "nash": "no_joint_gain"}


def test_an_acceptable_package_that_is_not_found_in_time_is_not_made_up() -> None:
    tables = dirichlet(4, 6, 3, 100, np.random.default_rng(3))
    case = document(tables, disagreement=dict.fromkeys(("P1", "P2", "P3", "P4"), 60))
    with pytest.raises(NotSolved, match="was found in the time given"):
        solve(case, patience=impatient(0))


def test_points_too_fine_for_the_solver_are_bounded_not_proved() -> None:
    tables = dirichlet(4, 5, 3, 10_000_019, np.random.default_rng(5))
    solution = solve(document(tables))
    status = {s.method: s.status for s in solution.settlements}
    assert status["nash"] == status["leximin"] == "bound"
    best = max(satisfied(p, solution.case.totals) for p in every_package(tables))
    gains = satisfied(solution["leximin"].worth, solution.case.totals)
    assert float(gains[0]) == pytest.approx(float(best[0]), abs=1e-4)
    assert solution["leximin"].properties.efficient is None


def test_three_parties_divide_goods_within_the_tolerance_of_the_solver() -> None:
    solution = solve(goods([[70, 20, 10], [10, 70, 20], [20, 10, 70]]))
    for settlement in solution.settlements:
        assert [float(s) for s in settlement.of_hundred] == pytest.approx([70, 70, 70], abs=1e-3)
        assert settlement.properties.efficient
        assert settlement.properties.envy_free
    assert {s.status for s in solution.settlements} == {"bound", "proved"}
    assert solution["utilitarian"].status == "proved"
    assert max(s.gap for s in solution.settlements) < 1e-3


def test_three_parties_share_one_thing_by_entitlement() -> None:
    case = goods([[1], [1], [1]], entitlement={"P1": 0.5, "P2": 0.3, "P3": 0.2})
    solution = solve(case)
    for method in ("nash", "leximin", "kalai_smorodinsky"):
        shares = solution[method].choice.package[0]
        assert isinstance(shares, tuple)
        assert [float(s) for s in shares] == pytest.approx([0.5, 0.3, 0.2], abs=1e-4)
        assert sum(shares) == 1


def test_shares_and_options_together_keep_everyones_disagreement() -> None:
    case = document([[[9, 0, 0], [0, 9, 0], [0, 0, 9]]])
    case["issues"].append({"name": "good", "divisible": True})
    for party in case["points"].values():
        party["good"] = 12
    case["disagreement"] = {"P1": 4, "P2": 4, "P3": 4}
    solution = solve(case)
    for settlement in solution.settlements:
        assert min(settlement.points) >= 4
        assert settlement.properties.envy_free is None
    assert min(map(float, solution["leximin"].points)) == pytest.approx(6, abs=1e-3)


def test_shares_that_run_out_of_time_are_bounded() -> None:
    case = read_case(goods([[70, 20, 10], [10, 70, 20], [20, 10, 70]]))
    for questions in range(1, 6):
        for choice in found_by_search(case, impatient(questions)).values():
            assert choice.proved == (choice.method == "utilitarian")
            assert sum(worth(case, choice.package)) <= 210


def test_a_bound_is_a_number_even_where_the_solver_has_none() -> None:
    case: Any = document(dirichlet(4, 4, 3, 100, np.random.default_rng(1)))
    case["disagreement"] = dict.fromkeys(("P1", "P2", "P3", "P4"), 20)
    for questions in range(1, 12):
        for choice in found_by_search(read_case(case), impatient(questions)).values():
            assert choice.value <= choice.bound <= searched.CEILING
            assert Fraction(choice.bound) >= 0


def test_two_parties_with_a_vast_frontier_are_solved_by_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = [[[2**k, 0], [0, 2**k]] for k in range(8)]
    listed = solve(document(tables))
    monkeypatch.setattr(frontier, "MOST_ROWS", 100)
    searched_for = solve(document(tables))
    assert searched_for.frontier == ()
    assert sorted(searched_for["leximin"].points) == sorted(listed["leximin"].points) == [127, 128]
    assert searched_for["nash"].status == "proved"
    fine = solve(document([[[u * 10**9 + 1 for u in row] for row in table] for table in tables]))
    assert fine["utilitarian"].properties.efficient is None
    monkeypatch.setattr(reach, "MOST_PIECES", 0)
    mixed = document(tables[:2])
    mixed["issues"].append({"name": "good", "divisible": True})
    mixed["points"]["P1"]["good"] = mixed["points"]["P2"]["good"] = 3
    found = solve(mixed)["leximin"]
    assert found.status == "bound"
    assert [float(p) for p in found.points] == pytest.approx([3, 3], abs=1e-3)


def test_where_four_cannot_agree_nothing_is_said_but_that() -> None:
    tables = [[[1, 0], [0, 1], [1, 0], [0, 1]]]
    case = document(tables, disagreement={"P1": 1, "P2": 1, "P3": 0, "P4": 0})
    with pytest.raises(CaseRefused, match="No package gives every party at least") as refused:
        solve(case)
    assert not any(party in str(refused.value) for party in ("P1", "P2"))
