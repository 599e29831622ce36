"""``kelisim mediate``: fair settlements, mediators for cases, statutory dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kelisim.cli.mediate import command
from kelisim.cli.mediate_words import NOT_OFFERED, REASONS, SENTENCES
from kelisim.engine.settlement.explain import KEYS

CASE: dict[str, Any] = {
    "parties": ["A", "B"],
    "issues": [
        {"name": "house", "options": ["A", "B", "sell"]},
        {"name": "savings", "divisible": True},
    ],
    "points": {
        "A": {"house": {"A": 60, "B": 0, "sell": 35}, "savings": 40},
        "B": {"house": {"A": 0, "B": 50, "sell": 45}, "savings": 50},
    },
    "entitlement": {"A": 0.5, "B": 0.5},
    "disagreement": {"A": 0, "B": 0},
    "events": {"agreement_concluded": "2024-01-31"},
}
CASES = """case,region,language,specialisation,parties,conflicts
c1,KZ-75,kk,family,X;Y,
c2,KZ-75,kk;ru,family,Z,m1
c3,KZ-10,en,family,,
"""
MEDIATORS = """mediator,region,language,specialisation,capacity
m1,KZ-75,kk;ru,family;labour,1
m2,KZ-10,kk;ru,family,1
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case in a file."""
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.fixture
def roster(tmp_path: Path) -> tuple[Path, Path]:
    """Cases and mediators in files."""
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    (tmp_path / "mediators.csv").write_text(MEDIATORS, encoding="utf-8")
    return tmp_path / "cases.csv", tmp_path / "mediators.csv"


def test_a_case_is_solved_as_the_contract_prints_it(case: Path) -> None:
    result = call("solve", case, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert [s["method"] for s in answer["solutions"]] == [
        "adjusted_winner",
        "nash",
        "leximin",
        "kalai_smorodinsky",
        "utilitarian",
    ]
    assert answer["solutions"][0]["choice"]["house"] == "sell"
    assert answer["solutions"][0]["points"]["A"] == answer["solutions"][0]["points"]["B"]
    assert all(s["status"] == "proved" for s in answer["solutions"])
    assert answer["frontier"][0] == [0, 100]
    assert answer["seconds"] >= 0


def test_with_a_seed_the_answer_is_the_same_to_the_byte(case: Path) -> None:
    one = call("solve", case, "--json", "--reveals", "--seed", 7)
    other = call("solve", case, "--json", "--reveals", "--seed", 7)
    assert one.stdout == other.stdout
    assert "seconds" not in json.loads(one.stdout)
    assert "seconds" in one.stderr
    assert len(json.loads(one.stdout)["reveals"]) == 10


def test_a_person_reads_sentences(case: Path) -> None:
    said = call("solve", case).stdout
    assert "house: sell" in said
    assert "savings: 66.6667 % to A" in said
    assert "Proved: no package does better by this rule." in said
    plain = {**CASE, "issues": CASE["issues"][:1], "disagreement": {"A": 35, "B": 45}}
    plain["points"] = {p: {"house": CASE["points"][p]["house"]} for p in "AB"}
    case.write_text(json.dumps(plain), encoding="utf-8")
    said = call("solve", case).stdout
    assert "adjusted_winner is not offered: no issue can be divided." in said
    assert "nash is not offered: no package is better for every party than no agreement." in said


def test_what_the_mediator_should_know_is_said(case: Path) -> None:
    plain = json.loads(case.read_text(encoding="utf-8"))
    plain["points"]["A"] = {"house": {"A": 0, "B": 0, "sell": 0}, "savings": 9}
    case.write_text(json.dumps(plain), encoding="utf-8")
    assert "A has put all points on 'savings'." in call("solve", case).stdout


def test_every_fact_and_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(KEYS)
    for words in (NOT_OFFERED, REASONS):
        assert all(sentence and sentence[0].islower() for sentence in words.values())


def test_without_time_nothing_searched_is_shown_as_proved(tmp_path: Path) -> None:
    parties = [f"P{k}" for k in range(6)]
    issues = [{"name": f"i{j}", "options": ["x", "y", "z"]} for j in range(12)]
    points = {
        p: {
            f"i{j}": {o: (7 * k + 3 * j + 5 * n) % 11 for n, o in enumerate("xyz")}
            for j in range(12)
        }
        for k, p in enumerate(parties)
    }
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"parties": parties, "issues": issues, "points": points}))
    answer = json.loads(call("solve", file, "--json", "--seconds", 0).stdout)
    status = {s["method"]: s["status"] for s in answer["solutions"]}
    assert status == {
        "nash": "bound",
        "leximin": "bound",
        "kalai_smorodinsky": "bound",
        "utilitarian": "proved",
    }
    assert all(s["gap"] > 0 for s in answer["solutions"] if s["status"] == "bound")
    assert "Not proved: a better package" in call("solve", file, "--seconds", 0).stdout


REFUSED = {
    "not json": ('{"parties": [', "case.json, line 1: The file is not JSON"),
    "too deep": ("[" * 200_000, "The file is not JSON"),
    "a list": ("[1]", "does not hold a JSON object"),
    "a party twice": ('{"points": {"A": 1, "A": 2}}', "'A' is written twice"),
    "not a number": (
        json.dumps({**CASE, "disagreement": {"A": float("nan"), "B": 0}}),
        "nan is not a finite number",
    ),
    "nothing acceptable": (
        json.dumps({**CASE, "disagreement": {"A": 90, "B": 90}}),
        "No package gives every party at least",
    ),
    "empty": ("", "The file is not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_case_is_refused_in_a_sentence(case: Path, name: str) -> None:
    text, words = REFUSED[name]
    case.write_text(text, encoding="utf-8")
    result = call("solve", case)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_or_not_utf8_is_refused(case: Path, tmp_path: Path) -> None:
    gone = call("solve", tmp_path / "gone.json")
    assert (gone.exit_code, "There is no such file" in gone.stderr) == (1, True)
    case.write_bytes('{"parties": ["Әлия"]}'.encode("utf-16"))
    assert call("solve", case).exit_code == 1


def test_wrong_usage_has_another_status(case: Path) -> None:
    assert call("solve", case, "--seconds", -1).exit_code == 2
    assert call("match", case).exit_code == 2


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_mediators_are_matched_and_explained(
    roster: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "deep" / f"out.{kind}"
    result = call("match", *roster, "--out", out, "--seed", 3, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["assigned"], answer["cases"]) == (2, 3)
    text = out.read_text(encoding="utf-8")
    if kind == "csv":
        assert text.splitlines() == [
            "case,mediator,same_region,possible,reason",
            "c1,m1,true,2,",
            "c2,m2,false,1,",
            "c3,,,0,no_language",
        ]
    else:
        rows = {row["case"]: row for row in json.loads(text)["assignments"]}
        assert rows["c2"]["mediator"] == "m2"
    assert [p.name for p in out.parent.iterdir()] == [out.name]


def test_a_person_reads_how_many_have_a_mediator(roster: tuple[Path, Path], tmp_path: Path) -> None:
    said = call("match", *roster, "--out", tmp_path / "out.csv").stdout
    assert "2 of 3 cases have a mediator, 1 of them in their own region" in said
    assert "1 have none because no mediator has all its languages." in said


def test_an_assignment_never_overwrites_and_leaves_nothing_half_written(
    roster: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    result = call("match", *roster, "--out", out)
    assert (result.exit_code, "The file exists already" in result.stderr) == (1, True)
    assert out.read_text() == "mine"
    odd = call("match", *roster, "--out", tmp_path / "out.xlsx")
    assert "not a kind of file that can be written" in odd.stderr
    roster[0].write_text(CASES.replace("c2", "c1"), encoding="utf-8")
    twice = call("match", *roster, "--out", tmp_path / "new.csv")
    assert (twice.exit_code, "'c1' occurs twice" in twice.stderr) == (1, True)
    assert not (tmp_path / "new.csv").exists()
    assert "There is no such file" in call("match", "gone.csv", roster[1], "--out", "x.csv").stderr


def test_statutory_dates_are_told_with_their_article(case: Path) -> None:
    result = call("deadlines", case, "--today", "2024-02-01", "--json")
    answer = json.loads(result.stdout)
    assert answer["today"] == "2024-02-01"
    assert answer["deadlines"][0]["last_day"] == "2024-03-01"
    said = call("deadlines", case, "--today", "2024-02-01").stdout
    assert "term: 2024-03-01 (open); 30 calendar days" in said
    assert "rule not confirmed" in said


def test_dates_need_events(case: Path) -> None:
    case.write_text(json.dumps({"events": {"agreement": "2024-01-31"}}), encoding="utf-8")
    result = call("deadlines", case)
    assert (result.exit_code, "There is no event 'agreement'" in result.stderr) == (1, True)
    for nothing in ('{"events": []}', '{"parties": ["A", "B"]}'):
        case.write_text(nothing, encoding="utf-8")
        assert "Nothing has happened" in call("deadlines", case).stderr
    case.write_text(json.dumps({"proposal_sent": "2026-11-01"}), encoding="utf-8")
    assert call("deadlines", case).exit_code == 0
