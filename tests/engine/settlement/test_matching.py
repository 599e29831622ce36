"""Matching is the cheapest there is, never against a conflict, and a draw anyone can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from kelisim.core.errors import RosterRefused
from kelisim.engine.settlement import flow, matching
from kelisim.engine.settlement.flow import Flow, Network, cheapest_flow
from kelisim.engine.settlement.matching import UNASSIGNED, gini, match, possible_pairs
from kelisim.engine.settlement.roster import read_roster

Arcs = list[list[int]]
"""The cost of each mediator for each case; 99 where it is not possible."""

NOT_POSSIBLE = 99
NOBODY = 1000


def network(arcs: Arcs, places: Sequence[Sequence[int]]) -> Network:
    """Return the network; a last mediator takes whoever is left."""
    cases = len(arcs)
    lists = [
        sorted([(c, m) for m, c in enumerate(row) if c < NOT_POSSIBLE] + [(NOBODY, len(places))])
        for row in arcs
    ]
    every = [*map(sorted, places), [0] * cases]
    return Network(
        case_starts=np.cumsum([0, *map(len, lists)]),
        takers=np.array([m for row in lists for _, m in row]),
        costs=np.array([c for row in lists for c, _ in row]),
        place_starts=np.cumsum([0, *map(len, every)]),
        places=np.array([cost for row in every for cost in row]),
    )


def cost_of(found: Flow, arcs: Arcs, places: Sequence[Sequence[int]]) -> int:
    total = 0
    for case, m in enumerate(found.taker.tolist()):
        total += NOBODY if m == len(places) else arcs[case][m]
    for m, row in enumerate(places):
        total += sum(sorted(row)[: int((found.taker == m).sum())])
    return total


def least_cost(arcs: Arcs, places: Sequence[Sequence[int]]) -> int:
    """Assign cases to single places, by another algorithm."""
    columns = [(m, cost) for m, row in enumerate(places) for cost in row]
    table = np.full((len(arcs), len(columns) + len(arcs)), 10**6)
    for case, row in enumerate(arcs):
        for k, (m, cost) in enumerate(columns):
            if row[m] < NOT_POSSIBLE:
                table[case, k] = row[m] + cost
        table[case, len(columns) + case] = NOBODY
    return int(table[linear_sum_assignment(table)].sum())


ROWS = st.lists(
    st.lists(st.sampled_from([0, 1, 2, 5, 9, NOT_POSSIBLE]), min_size=3, max_size=3),
    min_size=1,
    max_size=7,
)
PLACES = st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=3, max_size=3)


@given(ROWS, PLACES)
@settings(max_examples=100, deadline=None)
def test_no_assignment_is_cheaper(arcs: Arcs, places: list[list[int]]) -> None:
    found = cheapest_flow(network(arcs, places))
    assert cost_of(found, arcs, places) == least_cost(arcs, places)


@given(ROWS, PLACES)
@settings(max_examples=100, deadline=None)
def test_its_prices_prove_it(arcs: Arcs, places: list[list[int]]) -> None:
    net = network(arcs, places)
    found = cheapest_flow(net)
    reduced = [[c - found.price[m] for m, c in enumerate([*row, NOBODY])] for row in arcs]
    for case, m in enumerate(found.taker.tolist()):
        possible = [r for r, c in zip(reduced[case], [*arcs[case], 0], strict=True) if c < 99]
        assert reduced[case][m] == min(possible)
    taken, free = [], []
    for m, row in enumerate([*places, [0] * len(arcs)]):
        load = int((found.taker == m).sum())
        taken += [cost + found.price[m] for cost in sorted(row)[:load]]
        free += [cost + found.price[m] for cost in sorted(row)[load:]]
    assert max(taken) <= min([*free, max(taken)])
    assert found.price.max() <= 0


def test_the_compiled_code_does_what_it_says_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    arcs = [[0, 99, 99], [0, 5, 99], [0, 99, 99], [99, 99, 99], [1, 2, 3]]
    places = [[0, 0], [0], [7]]
    compiled = cheapest_flow(network(arcs, places))
    monkeypatch.setattr(flow, "_pass_on", flow._pass_on.py_func)
    monkeypatch.setattr(flow, "_reach", flow._reach.py_func)
    monkeypatch.setattr(flow, "_augment", flow._augment.py_func)
    plain = cheapest_flow(network(arcs, places))
    assert plain.taker.tolist() == compiled.taker.tolist()
    assert plain.price.tolist() == compiled.price.tolist()


def tables(
    cases: int = 60, mediators: int = 15, seed: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a simulated register and its cases."""
    rng = np.random.default_rng(seed)
    subjects, languages = ["family", "labour", "land"], ["kk", "ru", "en"]
    return (
        {
            "case": [f"case {k}" for k in range(cases)],
            "region": rng.choice(["KZ-10", "KZ-75", "KZ-79"], cases).tolist(),
            "language": rng.choice(["kk", "ru", "kk;ru"], cases).tolist(),
            "specialisation": rng.choice(subjects, cases).tolist(),
            "parties": [f"party {k % 40}" for k in range(cases)],
            "conflicts": [f"m{k % mediators}" if k % 3 == 0 else "" for k in range(cases)],
        },
        {
            "mediator": [f"m{k}" for k in range(mediators)],
            "region": rng.choice(["KZ-10", "KZ-75", "KZ-79"], mediators).tolist(),
            "language": [";".join(languages[: 1 + k % 3]) for k in range(mediators)],
            "specialisation": [";".join(subjects[k % 3 :]) for k in range(mediators)],
            "capacity": rng.integers(3, 9, mediators).tolist(),
            "load": [k % 3 for k in range(mediators)],
            "conflicts": ["party 7; case 3" if k == 1 else "" for k in range(mediators)],
        },
    )


def test_every_assignment_is_possible_and_no_conflict_is_overlooked() -> None:
    cases, mediators = tables()
    roster = read_roster(cases, mediators)
    result = match(roster, seed=3)
    possible = possible_pairs(roster)
    assert not possible[7, 1]
    assert not possible[47, 1]
    assert not possible[3, 1]
    for case, mediator in enumerate(result.mediator.tolist()):
        if mediator == UNASSIGNED:
            assert case in result.reason
            continue
        assert possible[case, mediator]
        needed = set(cases["language"][case].split(";"))
        assert needed <= set(mediators["language"][mediator].split(";"))
        same = cases["region"][case] == mediators["region"][mediator]
        assert bool(result.same_region[case]) == same
    free = np.array(mediators["capacity"]) - np.array(mediators["load"])
    assert (result.load <= free).all()
    assert result.possible.tolist() == possible.sum(axis=1).tolist()


def test_the_order_of_the_rows_does_not_matter_and_the_seed_does() -> None:
    cases, mediators = (pl.DataFrame(table) for table in tables())
    plain = match(read_roster(cases, mediators), seed=3)
    turned = match(read_roster(cases.reverse(), mediators.reverse()), seed=3)
    last = mediators.height - 1
    again = [last - m if m != UNASSIGNED else m for m in turned.mediator[::-1].tolist()]
    assert plain.mediator.tolist() == again
    other = match(read_roster(cases, mediators), seed=4)
    assert plain.mediator.tolist() != other.mediator.tolist()
    assert (plain.mediator == UNASSIGNED).sum() == (other.mediator == UNASSIGNED).sum()


def test_turns_are_kept_and_who_had_fewer_cases_goes_first() -> None:
    alike = {"region": "KZ-75", "language": "kk", "specialisation": "family"}
    cases = {"case": ["a", "b"], **{k: [v] * 2 for k, v in alike.items()}}
    mediators = {
        "mediator": ["busy", "idle", "idle too"],
        **{k: [v] * 3 for k, v in alike.items()},
        "capacity": [10, 10, 10],
        "recent": [4000, 3, 3],
    }
    result = match(read_roster(cases, mediators), seed=1)
    assert result.load.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"language": ["en"]}, "no_language"),
        ({"specialisation": ["land"]}, "no_specialisation"),
        ({"conflicts": ["m"]}, "conflict"),
        ({}, "no_capacity"),
    ],
)
def test_a_case_without_a_mediator_is_told_why(change: dict[str, list[str]], reason: str) -> None:
    alike = {"region": ["KZ-75"], "language": ["kk"], "specialisation": ["family"]}
    mediators = {"mediator": ["m"], **alike, "capacity": [0]}
    result = match(read_roster({"case": ["c"], **alike, **change}, mediators), seed=0)
    assert result.reason == {0: reason}
    assert result.mediator.tolist() == [UNASSIGNED]


def test_sums_that_would_not_be_exact_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "LARGEST_COST", 2**30)
    with pytest.raises(RosterRefused, match="no longer be exact"):
        match(read_roster(*tables()), seed=0)


def test_without_any_load_turns_are_equal() -> None:
    assert gini(np.zeros(3)) == 0
