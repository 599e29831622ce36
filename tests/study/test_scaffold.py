"""A new study is a working example: readable, simulated, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kelisim.core.errors import OutputRefused
from kelisim.study.questionnaire import read_questionnaire
from kelisim.study.scaffold import write_example
from kelisim.study.settings import read_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "study"
    write_example(folder, seed=5)
    return folder


def test_every_section_of_a_study_is_shown_and_what_is_simulated_is_said(study: Path) -> None:
    text = (study / "study.toml").read_text("utf-8")
    assert "SIMULATED" in text
    read = read_study(study)
    assert set(read.title) == {"kk", "ru", "en"}
    assert {one.kind for one in read.indicators} == {"categorical", "mean", "quantile"}
    assert read.population is not None
    assert ("sex", "age") in read.population.rake


def test_every_item_and_answer_has_its_words_in_three_languages(study: Path) -> None:
    form = read_questionnaire(study / "questionnaire.xlsx")
    interviews = pl.read_csv(study / "interviews.csv", infer_schema=False)
    for indicator in read_study(study).indicators:
        assert indicator.column is not None
        assert set(form.items[indicator.column]) == {"kk", "ru", "en"}
        for code in (
            interviews[indicator.column].unique() if indicator.kind == "categorical" else ()
        ):
            assert set(form.answers[indicator.column][code]) == {"kk", "ru", "en"}


def test_ages_fit_their_groups_and_some_incomes_are_missing(study: Path) -> None:
    interviews = pl.read_csv(study / "interviews.csv", null_values=["NA"])
    ages = interviews.group_by("age").agg(
        low=pl.col("age_years").min(), high=pl.col("age_years").max()
    )
    for group, low, high in ages.iter_rows():
        first, _, last = group.rstrip("+").partition("-")
        assert int(first) <= low <= high <= int(last or 200)
    assert 0 < interviews["income"].null_count() < interviews.height / 4


def test_a_taken_folder_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputRefused):
        write_example(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
