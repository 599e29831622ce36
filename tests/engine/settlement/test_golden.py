"""The published cases of fair division and bargaining."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from kelisim.engine.settlement.adjusted_winner import adjusted_winner
from kelisim.engine.settlement.convex import bargain_in_polygon, bargain_on_curve
from kelisim.engine.settlement.estates import knaster, talmud
from kelisim.engine.settlement.solve import solve
from tests.conftest import Golden
from tests.engine.settlement.cases import document

ADJUSTED_WINNER = (
    "panama_canal_1977",
    "camp_david_1978",
    "trump_divorce_1991",
    "calvin_hobbes_pirate_ship",
    "brams_three_goods",
)
KNASTER = (
    "knaster_house_four_heirs",
    "knaster_estate_four_heirs",
    "knaster_painting_sculpture",
    "knaster_luce_raiffa",
)
NOT_OBTAINED = ("TODO_massoud_2000", "TODO_spliddit_rent")


@pytest.mark.parametrize("name", ADJUSTED_WINNER)
def test_adjusted_winner_gives_the_published_points_and_splits_the_published_issue(
    golden: Golden, name: str
) -> None:
    case, expected = read(golden, name)
    rows = [[case["points"][party][issue] for issue in case["issues"]] for party in case["parties"]]
    result = adjusted_winner(rows)
    each = Fraction(expected["points_each_exact"])
    assert result.points == (each, each)
    shares = dict(zip(case["issues"], (first for first, _ in result.shares), strict=True))
    assert shares == {k: Fraction(v) for k, v in expected["share_of_first_party"].items()}
    split = [issue for issue, share in shares.items() if share not in (0, 1)]
    assert split == expected["split_issue"]


@pytest.mark.parametrize("name", ADJUSTED_WINNER)
def test_the_solver_offers_the_published_division_with_its_properties(
    golden: Golden, name: str
) -> None:
    case, expected = read(golden, name)
    issues = [{"name": issue, "divisible": True} for issue in case["issues"]]
    found = solve({"parties": case["parties"], "issues": issues, "points": case["points"]})
    winner = found["adjusted_winner"]
    assert winner.status == "proved"
    assert winner.points == (Fraction(expected["points_each_exact"]),) * 2
    held = winner.properties
    assert [k for k in expected["properties"] if getattr(held, k) is True] == expected["properties"]
    assert found["leximin"].points == winner.points


def test_nash_1950_bill_and_jack_barter(golden: Golden) -> None:
    case, expected = read(golden, "nash_1950_bill_jack")
    owned = dict(zip("BJ", case["objects"].values(), strict=True))
    issues, bill, jack = [], {}, {}
    for owner, things in owned.items():
        for thing, (to_bill, to_jack) in things.items():
            issues.append({"name": thing, "options": ["kept", "moved"]})
            bill[thing] = {
                "kept" if owner == "B" else "moved": to_bill,
                "moved" if owner == "B" else "kept": 0,
            }
            jack[thing] = {
                "kept" if owner == "J" else "moved": to_jack,
                "moved" if owner == "J" else "kept": 0,
            }
    start = [sum(things[t][i] for t in things) for i, things in enumerate(owned.values())]
    found = solve(
        {
            "parties": ["Bill", "Jack"],
            "issues": issues,
            "points": {"Bill": bill, "Jack": jack},
            "disagreement": {"Bill": start[0], "Jack": start[1]},
        }
    )
    nash = found["nash"]
    gains = [int(u - d) for u, d in zip(nash.points, start, strict=True)]
    assert gains == [expected["gain"]["Bill"], expected["gain"]["Jack"]]
    assert gains[0] * gains[1] == expected["nash_product"]
    moved = [
        issue.name for issue, o in zip(found.case.issues, nash.choice.package, strict=True) if o
    ]
    assert sorted(moved) == expected["moved"]
    assert nash.choice.ties == ()
    frontier = [[int(a) - start[0], int(b) - start[1]] for ((a, b),) in found.frontier]
    acceptable = [gain for gain in frontier if min(gain) >= 0]
    assert acceptable == expected["pareto_points_rational"]


def test_leximin_and_nash_differ_where_three_exact_solvers_say_so(
    golden: Golden, shared: Path
) -> None:
    _, expected = read(golden, "issues_options_leximin_vs_nash")
    found = solve(synthetic(shared))
    for method, key in (
        ("nash", "nash"),
        ("leximin", "leximin"),
        ("kalai_smorodinsky", "ks"),
        ("utilitarian", "utilitarian"),
    ):
        settlement = found[method]  # type: ignore[index]  # the names of the rules
        assert [int(p) for p in settlement.points] == expected[key]
        assert settlement.status == "proved"


@pytest.mark.parametrize("name", KNASTER)
def test_knaster_gives_the_published_owners_and_cash_to_the_cent(golden: Golden, name: str) -> None:
    case, expected = read(golden, name)
    result = knaster(case["bids"])
    assert result.owner == expected["owner"]
    assert {heir: round(float(c), 2) for heir, c in result.cash.items()} == expected["cash"]
    assert sum(result.cash.values()) == 0
    for heir, exact in expected.get("cash_exact", {}).items():
        assert result.cash[heir] == Fraction(exact)
    for heir, whole in expected.get("published_rounded", {}).items():
        assert round(float(result.cash[heir])) == whole


def test_knaster_of_the_painting_alone_is_the_published_first_step(golden: Golden) -> None:
    case, expected = read(golden, "knaster_painting_sculpture")
    first = knaster({"Painting": case["bids"]["Painting"]})
    cash = {heir: round(float(c), 2) for heir, c in first.cash.items()}
    assert cash == expected["painting_only"]


def test_the_talmud_divides_three_estates_among_three_wives(golden: Golden) -> None:
    case, expected = read(golden, "talmud_bankruptcy")
    for estate, awards in expected.items():
        assert talmud(int(estate), case["claims"]) == tuple(map(Fraction, awards))


def test_the_talmud_divides_the_contested_garment(golden: Golden) -> None:
    case, expected = read(golden, "contested_garment")
    assert talmud(case["estate"], case["claims"]) == tuple(map(Fraction, expected))


@pytest.mark.parametrize("name", NOT_OBTAINED)
def test_cases_whose_tables_were_not_obtained_stay_empty(golden: Golden, name: str) -> None:
    _, expected = read(golden, name)
    assert expected is None


def test_no_published_case_is_left_out(golden: Golden) -> None:
    named = {
        *ADJUSTED_WINNER,
        *KNASTER,
        *NOT_OBTAINED,
        "nash_1950_bill_jack",
        "kalai_smorodinsky_1975",
        "split_dollar_risk_averse",
        "issues_options_leximin_vs_nash",
        "talmud_bankruptcy",
        "contested_garment",
    }
    assert {entry["id"] for entry in golden("mediation/INDEX.json")} == named


def test_kalai_and_smorodinsky_show_that_nash_is_not_monotonic(golden: Golden) -> None:
    case, expected = read(golden, "kalai_smorodinsky_1975")
    for name in ("S1", "S2"):
        found = bargain_in_polygon(case["sets"][f"{name}_vertices"], case["disagreement"])
        assert [float(u) for u in found.nash] == pytest.approx(expected[name]["nash"], abs=1e-9)
        aspired = [float(u) for u in found.kalai_smorodinsky]
        assert aspired == pytest.approx(expected[name]["ks"], abs=1e-9)


def test_a_risk_averse_party_gets_less_than_half_of_a_dollar(golden: Golden) -> None:
    _, expected = read(golden, "split_dollar_risk_averse")
    found = bargain_on_curve(lambda x: x, lambda x: sqrt(1 - x))
    assert found.nash == pytest.approx(expected["nash_x"], abs=1e-9)
    assert found.kalai_smorodinsky == pytest.approx(expected["ks_x"], abs=1e-9)
    assert found.egalitarian == pytest.approx(expected["egalitarian_x"], abs=1e-9)


def synthetic(shared: Path) -> dict[str, Any]:
    """Return the instance whose two tables of points are printed in the golden README."""
    text = (shared / "golden" / "README.md").read_text(encoding="utf-8")
    printed = [
        re.sub(r"\s", "", text.partition(f"    party {i}\n")[2].partition("]]")[0]) + "]]"
        for i in (1, 2)
    ]
    first, second = map(json.loads, printed)
    return document(list(zip(first, second, strict=True)))


def read(golden: Golden, name: str) -> tuple[Any, Any]:
    case = golden(f"mediation/{name}.json")
    return case, case["expected"]
