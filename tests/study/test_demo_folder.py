"""The demo country is an ordinary study folder: whole, repeatable, in three languages, marked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from kelisim.core.errors import OutputRefused
from kelisim.study.demo import TRUTH, build_demo
from kelisim.study.interviews import read_interviews
from kelisim.study.model import LANGUAGES
from kelisim.study.population import read_margins
from kelisim.study.questionnaire import read_questionnaire
from kelisim.study.settings import read_study

FILES = ("interviews.csv", "population.csv", "questionnaire.xlsx", "study.toml", TRUTH)
MARKED = {"kk": "модельденген", "ru": "смоделирован", "en": "simulated"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "country"
    build_demo(folder, seed=7)
    return folder


def truth_of(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / TRUTH).with_columns(pl.col(pl.String).fill_null(""))


def digests(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
    }


def test_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    build_demo(tmp_path / "again", seed=7)
    assert tuple(digests(demo)) == FILES
    assert digests(tmp_path / "again") == digests(demo)


def test_another_seed_gives_another_country_and_the_same_questions(
    demo: Path, tmp_path: Path
) -> None:
    build_demo(tmp_path / "other", seed=8)
    ours, theirs = digests(demo), digests(tmp_path / "other")
    same = {name for name in FILES if ours[name] == theirs[name]}
    assert same == {"study.toml", "questionnaire.xlsx"}


def test_a_folder_that_is_taken_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputRefused, match="not empty"):
        build_demo(tmp_path, seed=7)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_study_says_that_it_is_simulated_in_every_language(demo: Path) -> None:
    study = read_study(demo)
    notice = read_questionnaire(demo / "questionnaire.xlsx").items["notice"]
    for language in LANGUAGES:
        assert MARKED[language] in study.title[language]
        assert MARKED[language] in notice[language]
    assert "simulated" in study.conductor
    assert (demo / "study.toml").read_text(encoding="utf-8").startswith("# SIMULATED")


def test_the_ordinary_readers_read_every_file(demo: Path) -> None:
    study = read_study(demo)
    interviews = read_interviews(study)
    assert interviews.frame.height > 5500
    assert interviews.ids.n_unique() == interviews.frame.height
    assert study.population is not None
    margins = read_margins(study.population)
    totals = {round(sum(margin.values())) for margin in margins.values()}
    assert len(totals) == 1
    assert {len(margin) for margin in margins.values()} == {37, 8, 3}


def test_every_answer_in_the_data_has_words_in_every_language(demo: Path) -> None:
    questionnaire = read_questionnaire(demo / "questionnaire.xlsx")
    interviews = pl.read_csv(demo / "interviews.csv", infer_schema=False)
    asked = [name for name in interviews.columns if name in questionnaire.answers]
    assert len(asked) == 9
    for name in asked:
        words = questionnaire.answers[name]
        assert set(interviews[name].unique()) <= set(words)
        assert all(set(text) == set(LANGUAGES) for text in words.values())
    assert all(set(text) == set(LANGUAGES) for text in questionnaire.items.values())


def test_no_two_answers_of_a_question_have_the_same_words(demo: Path) -> None:
    for words in read_questionnaire(demo / "questionnaire.xlsx").answers.values():
        for language in LANGUAGES:
            assert len({text[language] for text in words.values()}) == len(words)


def test_a_spreadsheet_program_opens_the_questionnaire(demo: Path) -> None:
    book = openpyxl.load_workbook(demo / "questionnaire.xlsx")
    assert book.sheetnames == ["survey", "choices", "settings"]
    header = [cell.value for cell in book["survey"][1]]
    assert header == [
        "type",
        "name",
        "label::Қазақша (kk)",
        "label::Русский (ru)",
        "label::English (en)",
        "required",
    ]
    settings = dict(zip(*book["settings"].iter_rows(values_only=True), strict=True))
    assert settings["default_language"] == "Қазақша (kk)"
    assert all(word in str(settings["form_title"]) for word in MARKED.values())


def test_the_truth_is_of_the_indicators_and_domains_the_study_asks_for(demo: Path) -> None:
    study = read_study(demo)
    truth = truth_of(demo)
    assert set(truth["indicator"]) == {indicator.name for indicator in study.indicators}
    sets = set(truth["domain"].str.replace_all(r"=[^;]*", ""))
    assert sets == {"", *(";".join(by) for by in study.domains)}


def test_a_share_of_the_truth_is_the_population_weighted_by_its_cells(demo: Path) -> None:
    """Adding up population.csv, women are what the truth of a domain weighs them with."""
    cells = pl.read_csv(demo / "population.csv")
    truth = truth_of(demo).filter(indicator="income")
    known = dict(truth.select("domain", "truth").iter_rows())
    adults = dict(cells.group_by("sex").agg(pl.col("n").sum()).iter_rows())
    mean = sum(known[f"sex={sex}"] * n for sex, n in adults.items()) / sum(adults.values())
    assert known[""] == pytest.approx(mean)
