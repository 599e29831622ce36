"""A case is read exactly, or refused with a sentence that says what to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.reading import read_case


def divorce(**more: Any) -> dict[str, Any]:
    return {
        "parties": ["A", "B"],
        "issues": [
            {"name": "house", "options": ["A", "B", "sell"]},
            {"name": "savings", "divisible": True},
        ],
        "points": {
            "A": {"house": {"A": 60, "B": 0, "sell": 35}, "savings": 40},
            "B": {"house": {"A": 0, "B": 50, "sell": 45}, "savings": 50},
        },
        **more,
    }


def test_points_of_any_scale_become_the_same_whole_units() -> None:
    plain = read_case(divorce())
    scaled = divorce()
    scaled["points"]["A"] = {"house": {"A": 0.6, "B": 0.0, "sell": 0.35}, "savings": 0.4}
    scaled["points"]["B"] = {"house": {"A": 0, "B": 5e6, "sell": 4.5e6}, "savings": 5e6}
    case = read_case(scaled)
    assert all((a == b).all() for a, b in zip(plain.points, case.points, strict=True))
    assert case.unit == (Fraction(5, 100), Fraction(500_000))
    assert plain.totals == case.totals == (20, 20)


def test_numbers_of_numpy_and_fractions_are_numbers() -> None:
    given = divorce()
    given["points"]["A"]["savings"] = np.int64(40)
    given["points"]["B"]["savings"] = np.float64(50.0)
    given["points"]["A"]["house"]["sell"] = Fraction(35)
    assert read_case(given).points[1].tolist() == read_case(divorce()).points[1].tolist()


def test_a_double_stands_for_the_simplest_fraction_that_is_stored_as_it() -> None:
    given = divorce()
    given["points"]["A"] = {"house": {"A": 100 / 3, "B": 0, "sell": 0.1}, "savings": 0.123456789}
    case = read_case(given)
    written = [int(u) * case.unit[0] for u in (case.points[0][0, 0], case.points[1][0, 0])]
    assert written == [Fraction(100, 3), Fraction(123456789, 10**9)]


def test_entitlements_may_be_rounded_thirds() -> None:
    given = {
        "parties": ["A", "B", "C"],
        "issues": [{"name": "land", "divisible": True}],
        "points": {p: {"land": 1} for p in "ABC"},
        "entitlement": {"A": 0.333333, "B": 0.333333, "C": 0.3333333},
    }
    assert read_case(given).entitlement == (Fraction(1, 3),) * 3


def test_the_disagreement_is_in_the_partys_own_points() -> None:
    case = read_case(divorce(disagreement={"A": 10, "B": 2.5}))
    assert [d * u for d, u in zip(case.disagreement, case.unit, strict=True)] == [10, 2.5]


def test_what_a_mediator_should_know_is_remarked_and_accepted() -> None:
    given = divorce()
    given["points"]["A"] = {"house": {"A": 0, "B": 0, "sell": 0}, "savings": 100}
    given["points"]["B"] = {"house": {"A": 7, "B": 7, "sell": 7}, "savings": 50}
    remarks = [(r.key, dict(r.about)) for r in read_case(given).remarks]
    assert remarks == [
        ("all_on_one_issue", {"party": "A", "issue": "savings"}),
        ("indifferent", {"party": "B", "issue": "house"}),
    ]
    given["points"]["A"] = copy.deepcopy(given["points"]["B"])
    keys = [r.key for r in read_case(given).remarks]
    assert keys == ["indifferent", "indifferent", "same_points"]


def test_keys_of_other_commands_are_let_through() -> None:
    assert read_case(divorce(title="House", events={})).parties == ("A", "B")


Spoil = Callable[[dict[str, Any]], Any]

REFUSED: dict[str, tuple[Spoil, str]] = {
    "negative points": (lambda c: c["points"]["A"].update(savings=-1), "-1 is negative"),
    "not a number": (lambda c: c["points"]["A"].update(savings=float("nan")), "not a finite"),
    "infinite": (lambda c: c["points"]["A"].update(savings=float("inf")), "not a finite"),
    "text": (lambda c: c["points"]["A"].update(savings="40"), "'40' is not a finite number"),
    "true": (lambda c: c["points"]["A"].update(savings=True), "True is not a finite number"),
    "unknown party": (lambda c: c["points"].update(C={}), "There is no party 'C'"),
    "missing party": (lambda c: c["points"].pop("B"), "The party 'B' has no points"),
    "points not by party": (lambda c: c.update(points=[1]), "not given by party"),
    "unknown issue": (lambda c: c["points"]["A"].update(savingz=1), "Did you mean 'savings'?"),
    "missing issue": (lambda c: c["points"]["B"].pop("savings"), "'savings' has no points"),
    "option without points": (
        lambda c: c["points"]["A"]["house"].pop("sell"),
        "The option 'sell' has no points",
    ),
    "unknown option": (lambda c: c["points"]["A"]["house"].update(rent=3), "no option 'rent'"),
    "points of options missing": (
        lambda c: c["points"]["A"].update(house=3),
        "not given by option",
    ),
    "shares by option": (lambda c: c["points"]["A"].update(savings={"A": 1}), "not a finite"),
    "one party": (lambda c: c.update(parties=["A"]), "There is 1 party"),
    "no parties": (lambda c: c.update(parties=[]), "There is no party"),
    "parties not a list": (lambda c: c.update(parties="AB"), "not a list of names"),
    "nameless party": (lambda c: c.update(parties=["A", ""]), "not a list of names"),
    "party twice": (lambda c: c.update(parties=["A", "A"]), "The party 'A' is named twice"),
    "no issues": (lambda c: c.update(issues=[]), "The case has no issues"),
    "issues missing": (lambda c: c.pop("issues"), "The case has no issues"),
    "issue not an object": (lambda c: c["issues"].append("car"), "The issue has no name"),
    "issue without a name": (lambda c: c["issues"].append({}), "issue 3: The issue has no name"),
    "issue twice": (
        lambda c: c["issues"].append({"name": "house", "divisible": True}),
        "The issue 'house' is named twice",
    ),
    "no options": (lambda c: c["issues"][1].update(divisible=False), "either options or"),
    "options and shares": (lambda c: c["issues"][0].update(divisible=True), "either options or"),
    "divisible is text": (lambda c: c["issues"][1].update(divisible="yes"), "neither true nor"),
    "one option": (lambda c: c["issues"][0].update(options=["A"]), "There is 1 option"),
    "option twice": (lambda c: c["issues"][0].update(options=["A", "A"]), "named twice"),
    "unknown key": (lambda c: c.update(entitlements={}), "Did you mean 'entitlement'?"),
    "unknown key of an issue": (lambda c: c["issues"][0].update(kind=1), "no key 'kind'"),
    "every point is 0": (
        lambda c: c["points"].update(A={"house": {"A": 0, "B": 0, "sell": 0}, "savings": 0}),
        "Every point is 0",
    ),
    "huge scale": (lambda c: c["points"]["A"].update(savings=1e300), "span too many digits"),
    "tiny scale": (lambda c: c["points"]["A"].update(savings=1e-300), "span too many digits"),
    "entitlements above 1": (
        lambda c: c.update(entitlement={"A": 0.6, "B": 0.6}),
        "they sum to 1.2",
    ),
    "an entitlement of nothing": (
        lambda c: c.update(entitlement={"A": 1, "B": 0}),
        "not positive shares",
    ),
    "too fine entitlements": (
        lambda c: c.update(entitlement={"A": 0.50005, "B": 0.49995}),
        "no finer than 1/1000",
    ),
    "entitlement of a stranger": (
        lambda c: c.update(entitlement={"A": 0.5, "C": 0.5}),
        "There is no party 'C'",
    ),
    "negative disagreement": (lambda c: c.update(disagreement={"A": -1, "B": 0}), "-1 is negative"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_case_is_refused(name: str) -> None:
    spoil, words = REFUSED[name]
    case = divorce()
    spoil(case)
    with pytest.raises(CaseRefused) as refused:
        read_case(case)
    assert words in str(refused.value)
    assert refused.value.do
