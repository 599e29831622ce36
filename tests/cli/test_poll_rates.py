"""AAPOR's outcome rates from a file of dispositions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import invoke

COUNTS = "disposition,count\nI,60\nP,10\nR,20\nNC,5\nO,5\nUH,50\nUO,0\nNE,20\n"


def written(folder: Path, text: str) -> str:
    file = folder / "cases.csv"
    file.write_text(text, "utf-8")
    return str(file)


def test_rates_are_those_of_the_definitions(tmp_path: Path) -> None:
    """By hand: 60 of 150 cases, 60 of 100 + 5/6 of 50, 60 of 100; 60 of 95 reached."""
    found = json.loads(invoke("poll", "rates", written(tmp_path, COUNTS), "--json").stdout)
    rates = found["rates"]
    assert rates["RR1"] == pytest.approx(60 / 150)
    assert rates["RR3"] == pytest.approx(60 / (100 + 50 * 100 / 120))
    assert rates["RR6"] == pytest.approx(0.7)
    assert rates["COOP1"] == pytest.approx(60 / 95)
    assert found["counts"]["NC"] == 5


def test_a_row_a_case_gives_the_same(tmp_path: Path) -> None:
    counts = {"I": 6, "R": 2, "NE": 2}
    cases = "\n".join(code for code, n in counts.items() for _ in range(n))
    one = invoke("poll", "rates", written(tmp_path, f"disposition\n{cases}\n"), "--json")
    text = "disposition,count\n" + "".join(f"{code},{n}\n" for code, n in counts.items())
    assert json.loads(one.stdout) == json.loads(
        invoke("poll", "rates", written(tmp_path, text), "--json").stdout
    )


def test_e_may_be_given_with_its_basis(tmp_path: Path) -> None:
    file = written(tmp_path, COUNTS)
    told = invoke("poll", "rates", file, "--e", "0.5", "--e-basis", "the census of 2021")
    assert "RR3    0.480" in told.stdout
    assert "e is the census of 2021." in told.stdout
    refused = invoke("poll", "rates", file, "--e", "0.5")
    assert refused.exit_code == 1
    assert "not said how e was come by" in refused.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("disposition\nI\nXX\n", "line 3: There is no disposition 'XX'"),
        ("disposition,count\nI,3\n,4\n", "The disposition is missing"),
        ("outcome\nI\n", "There is no column 'disposition'"),
    ],
)
def test_refusals(tmp_path: Path, text: str, words: str) -> None:
    result = invoke("poll", "rates", written(tmp_path, text))
    assert result.exit_code == 1
    assert words in result.stderr
