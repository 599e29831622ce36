"""A roster is read whole, or refused with the row and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from kelisim.core.errors import ColumnRefused, RosterRefused, ValueRefused
from kelisim.engine.settlement.roster import read_roster


def cases(**more: Any) -> dict[str, Any]:
    return {
        "case": ["a", "b"],
        "region": ["KZ-10", "KZ-75"],
        "language": ["kk", "kk;ru"],
        "specialisation": ["family", ""],
        **more,
    }


def mediators(**more: Any) -> dict[str, Any]:
    return {
        "mediator": ["m", "n"],
        "region": ["KZ-75", "KZ-75"],
        "language": ["kk; ru", "ru"],
        "specialisation": ["family", "land"],
        "capacity": [5, 5],
        **more,
    }


def test_words_become_bits_that_cases_and_mediators_share() -> None:
    roster = read_roster(cases(), mediators(load=[1, 9]))
    assert roster.cases.language.tolist() == [1, 3]
    assert roster.mediators.language.tolist() == [3, 2]
    assert roster.cases.specialisation.tolist() == [1, 0]
    assert roster.cases.region[1] == roster.mediators.region[0] != roster.cases.region[0]
    assert roster.mediators.free.tolist() == [4, 0]
    assert roster.mediators.recent.tolist() == [1, 9]
    assert roster.conflicts.shape == (0, 2)


def test_conflicts_are_declared_by_mediator_by_case_and_by_party() -> None:
    roster = read_roster(
        cases(parties=["X; Y", "Y"], conflicts=["n", ""]),
        mediators(conflicts=["Y", "b; somebody else"]),
    )
    assert roster.conflicts.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ({"case": ["a", "a"]}, {}, "The case 'a' occurs twice"),
        ({"case": ["a", ""]}, {}, "column 'case', row 2: The case has no name"),
        ({}, {"mediator": ["m", "m"]}, "The mediator 'm' occurs twice"),
        ({}, {"capacity": [5, -1]}, "column 'capacity', row 2: -1 is not a number of cases"),
        ({}, {"capacity": [5.0, 1.5]}, "1.5 is not a number of cases"),
        ({}, {"capacity": [5, None]}, "The number of cases is missing"),
        ({}, {"load": [0.5, 0.0]}, "column 'load', row 1"),
        ({"conflicts": ["", "o"]}, {}, "names the mediator 'o', who is not in the table"),
        (
            {"language": [";".join(f"l{k}" for k in range(65)), "kk"]},
            {},
            "There are 67 different words for a language",
        ),
    ],
)
def test_a_roster_that_contradicts_itself_is_refused(
    left: dict[str, Any], right: dict[str, Any], words: str
) -> None:
    with pytest.raises(RosterRefused) as refused:
        read_roster(cases(**left), mediators(**right))
    assert words in str(refused.value)
    assert refused.value.do


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(RosterRefused, match="There is no case"):
        read_roster({name: [] for name in cases()}, mediators())


def test_a_missing_column_and_a_word_for_a_number_are_refused() -> None:
    without = {name: values for name, values in mediators().items() if name != "capacity"}
    with pytest.raises(ColumnRefused, match="There is no column 'capacity'"):
        read_roster(cases(), without)
    with pytest.raises(ValueRefused, match="'many' is not a number"):
        read_roster(cases(), mediators(capacity=["5", "many"]))
