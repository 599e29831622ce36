"""Answers as documents have the names of the contract and survive JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kelisim.engine.settlement.deadlines import deadlines, read_events
from kelisim.engine.settlement.document import (
    deadline_document,
    matching_document,
    reveals_document,
    solution_document,
)
from kelisim.engine.settlement.matching import match
from kelisim.engine.settlement.roster import read_roster
from kelisim.engine.settlement.solve import solve
from tests.engine.settlement.cases import document, goods


def house_and_savings() -> dict[str, Any]:
    return {
        "parties": ["A", "B"],
        "issues": [
            {"name": "house", "options": ["A", "B", "sell"]},
            {"name": "savings", "divisible": True},
        ],
        "points": {
            "A": {"house": {"A": 120, "B": 0, "sell": 70}, "savings": 80},
            "B": {"house": {"A": 0, "B": 50, "sell": 45}, "savings": 50},
        },
    }


def test_a_solution_is_printed_as_the_contract_says() -> None:
    printed = solution_document(solve(house_and_savings()))
    assert json.loads(json.dumps(printed, allow_nan=False)) == printed
    winner = printed["solutions"][0]
    assert winner["method"] == "adjusted_winner"
    assert winner["choice"] == {"house": "sell", "savings": {"A": 2 / 3, "B": 1 / 3}}
    assert winner["points"] == {"A": 370 / 3, "B": 185 / 3}
    assert winner["points_of_100"] == {"A": 185 / 3, "B": 185 / 3}
    assert (winner["status"], winner["gap"]) == ("proved", 0.0)
    assert winner["properties"] == {"efficient": True, "envy_free": True, "equitable": True}


def test_the_frontier_lists_no_point_that_another_is_as_good_as() -> None:
    printed = solution_document(solve(house_and_savings()))
    frontier = printed["frontier"]
    assert [70, 95] in frontier
    assert [8, 95] not in frontier
    assert [8, 95] in printed["frontier_lines"][0]
    xs, ys = zip(*frontier, strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys, reverse=True)
    plain = solution_document(solve(document([[[2, 1], [1, 2]]])))
    assert plain["frontier"] == [[1, 2], [2, 1]]
    assert "frontier_lines" not in plain
    assert plain["solutions"][0]["ties"] == [{"P1": 1, "P2": 2}]


def test_many_parties_have_no_frontier_and_remarks_are_said() -> None:
    printed = solution_document(
        solve(document([[[2, 1], [1, 2], [1, 1]], [[0, 0]] * 2 + [[0, 1]]]))
    )
    assert "frontier" not in printed
    assert printed["not_offered"] == [{"method": "adjusted_winner", "reason": "needs_two_parties"}]
    assert {"key": "all_on_one_issue", "party": "P1", "issue": "issue 1"} in printed["remarks"]


def test_what_is_revealed_is_told_for_every_suggestion_and_party() -> None:
    case = solve(document([[[3, 0], [0, 1]], [[1, 0], [0, 2]]])).case
    rows = reveals_document(case, ("nash", "leximin"), seed=1)
    assert [(row["method"], row["about"]) for row in rows] == [
        ("nash", "P1"),
        ("nash", "P2"),
        ("leximin", "P1"),
        ("leximin", "P2"),
    ]
    assert all(row["simulated"] and 0 <= row["bits"] <= row["most_bits"] for row in rows)
    assert rows == reveals_document(case, ("nash", "leximin"), seed=1)
    assert reveals_document(solve(goods([[1], [1]])).case, ("nash",), seed=1) == []


def test_a_matching_is_told_case_by_case() -> None:
    alike = {"region": ["KZ-75"] * 2, "language": ["kk"] * 2, "specialisation": ["family"] * 2}
    roster = read_roster(
        {"case": ["a", "b"], **alike}, {"mediator": ["m", "n"], **alike, "capacity": [1, 0]}
    )
    printed = matching_document(roster, match(roster, 5), 5)
    assert (printed["assigned"], printed["same_region"], printed["seed"]) == (1, 1, 5)
    by_mediator = {row["mediator"]: row for row in printed["assignments"]}
    assert by_mediator["m"]["same_region"] is True
    assert by_mediator[None]["reason"] == "no_capacity"
    assert by_mediator[None]["possible"] == 2


def test_dates_come_with_their_rule() -> None:
    events = read_events({"agreement_concluded": "2024-01-31"})
    (printed,) = deadline_document(deadlines(events, date(2024, 2, 1)))
    assert printed["last_day"] == "2024-03-01"
    assert printed["confirmed"] is False
    assert (printed["days"], printed["unit"], printed["basis"]) == (30, "calendar", "memory")
