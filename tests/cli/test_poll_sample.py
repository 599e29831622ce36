"""A sample is drawn on the command line, the same every time, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kelisim.cli.main import kelisim

DESIGN = """[sample]
n = 4
method = "pps-brewer"
[frame]
id = "house"
strata = "region"
psu = "town"
[within]
take = 2
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A frame of 60 houses in 12 towns of 2 regions, and a design."""
    rows = [f"h{i:02},r{i % 2},t{i % 12:02}" for i in range(60)]
    (tmp_path / "frame.csv").write_text("\n".join(["house,region,town", *rows]), encoding="utf-8")
    (tmp_path / "sample.toml").write_text(DESIGN, encoding="utf-8")
    return tmp_path


def sample(place: Path, *options: str, out: str = "out") -> Result:
    design = ("--design", str(place / "sample.toml"), "--out", str(place / out))
    return CliRunner().invoke(
        kelisim, ["poll", "sample", str(place / "frame.csv"), *design, *options]
    )


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_sample_is_a_table_with_probabilities_and_weights(place: Path) -> None:
    result = sample(place)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"8 of 60 units are in {place / 'out'}/sample.csv.\n"
    header, *rows = (place / "out" / "sample.csv").read_text("utf-8").splitlines()
    assert header == "unit,stratum,psu,draw,pi,weight,rotation"
    assert len(rows) == 8
    weights = [float(row.split(",")[5]) for row in rows]
    assert weights == pytest.approx([7.5] * 8)
    assert all(row.endswith(",") for row in rows)


def test_a_program_reads_one_document(place: Path) -> None:
    assert json.loads(sample(place, "--json", "--seed", "5").stdout) == {
        "out": str(place / "out"),
        "files": ["manifest.json", "report.json", "sample.csv"],
        "frame_units": 60,
        "rows": 8,
        "strata": 2,
        "seed": "5",
        "public_value": None,
    }


def test_equal_seeds_give_equal_bytes_and_others_another_sample(place: Path) -> None:
    for out, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert sample(place, "--seed", seed, out=out).exit_code == 0
    assert content(place / "a") == content(place / "b")
    assert content(place / "a")["sample.csv"] != content(place / "c")["sample.csv"]


def test_a_public_value_outdoes_the_option_and_that_is_said(place: Path) -> None:
    bound = DESIGN.replace("n = 4", 'n = 4\npublic = "Lottery: 4 8 15"')
    (place / "sample.toml").write_text(bound, encoding="utf-8")
    first, second = sample(place, out="a"), sample(place, "--seed", "9", out="b")
    assert content(place / "a") == content(place / "b")
    assert "The seed is the SHA-256 of 'Lottery: 4 8 15'." in first.stdout
    assert "--seed" not in first.stderr
    assert "bound to a public value; --seed has no effect" in second.stderr


WRONG = {
    "n above N": ("n = 4", "n = 13", "sample.toml: 13 PSUs are asked for, and there are 12."),
    "take above a town": ("take = 2", "take = 6", "6 units are to be taken in each PSU"),
    "unknown method": ("pps-brewer", "pps-brewr", "line 3: There is no method of selection"),
    "no such column": ('"region"', '"regionn"', "Did you mean 'region'?"),
    "town in two regions": ('"region"', '"house"', "The PSU 't00' lies in the strata 'h00', 'h12'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(name: str, place: Path) -> None:
    old, new, words = WRONG[name]
    (place / "sample.toml").write_text(DESIGN.replace(old, new), encoding="utf-8")
    result = sample(place)
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sorted(file.name for file in place.iterdir()) == ["frame.csv", "sample.toml"]


def test_a_place_that_is_taken_is_left_as_it_is(place: Path) -> None:
    (place / "out").mkdir()
    (place / "out" / "mine.txt").touch()
    result = sample(place)
    assert result.exit_code == 1
    assert "The folder exists already and is not empty." in result.stderr
    assert [file.name for file in (place / "out").iterdir()] == ["mine.txt"]
