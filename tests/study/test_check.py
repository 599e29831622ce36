"""A check finds everything in one look, and says each thing once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelisim.study.check import check_study
from kelisim.study.scaffold import write_example


@pytest.fixture
def study(tmp_path: Path) -> Path:
    write_example(tmp_path / "study")
    return tmp_path / "study"


def change(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def test_everything_wrong_is_found_in_one_look_and_said_once(study: Path) -> None:
    change(study / "study.toml", ("nest = true", "nets = true"), ('"rather_not", ', '"rather_nt",'))
    change(study / "interviews.csv", ("S0003,", "S0001,"), ("income", "incme"))
    change(study / "population.csv", ("KZ-79,male", "KZ-99,male"), ("female,50+", "female,60+"))
    (study / "questionnaire.xlsx").unlink()
    checked = check_study(study)
    found = [str(one) for one in checked.refusals]
    wanted = [
        "There is no setting 'nets'",
        "no such file",
        "There is no column 'income'",
        "'case_id' occurs more than once",
        "Nobody in the sample is 'KZ-99'",
        "The sample has 'female*50+'",
        "is in 3 strata",
        "No row of column 'satisfied' says 'rather_nt'",
    ]
    assert len(found) == len(wanted), found
    for words in wanted:
        assert sum(words in one for one in found) == 1, words
    assert checked.summary is not None
    assert checked.summary.interviews == 720
    assert checked.summary.margins == ()
    assert checked.summary.psus is None
    text = str(checked)
    assert text.startswith("8 to correct:\n1. study.toml, line 30")
    assert "interviews  720 with 10 columns" in text


def test_a_wrong_design_does_not_hide_wrong_indicators(study: Path) -> None:
    change(study / "study.toml", ('weight = "weight"', 'weight = "wait"'), ('"rather_not"', '"x"'))
    found = [one.what for one in check_study(study).refusals]
    assert len(found) == 2
    assert "There is no column 'wait'" in found[0]
    assert "says 'x'" in found[1]


def test_interviews_that_cannot_be_read_do_not_hide_the_population(study: Path) -> None:
    (study / "interviews.csv").unlink()
    change(study / "population.csv", ("people", "person"))
    checked = check_study(study)
    assert [one.what for one in checked.refusals] == [
        "There is no such file.",
        "There is no column 'people' (the count of people).",
    ]
    assert checked.summary is None
    assert checked.as_dict()["summary"] is None


def test_a_study_without_design_or_population_is_a_simple_random_sample(study: Path) -> None:
    text = (study / "study.toml").read_text("utf-8")
    head, _, rest = text.partition("[design]")
    (study / "study.toml").write_text(head + rest[rest.index("# What to estimate") :], "utf-8")
    checked = check_study(study)
    assert checked.refusals == ()
    assert checked.summary is not None
    assert (checked.summary.strata, checked.summary.psus) == (1, 720)
    assert "margins     none" in str(checked)


def test_a_folder_without_a_study_is_one_finding(tmp_path: Path) -> None:
    checked = check_study(tmp_path / "nowhere")
    assert [one.code for one in checked.refusals] == ["file"]
    assert str(checked).startswith("1 to correct:")
