"""An XLSForm gives the wording of items and answers in its languages, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelisim.core.errors import FileRefused, QuestionnaireRefused, Refusal
from kelisim.study.questionnaire import labels_of, read_questionnaire
from kelisim.study.workbook import write_workbook
from kelisim.study.xlsform import is_known_type, language_of, list_of

SURVEY = [
    ["type", "name", "label::Қазақша (kk)", "label::Русский (ru)", "label::en"],
    ["begin group", "g", "", "", "Group"],
    ["select_one yn", "trust", "Сенесіз бе?", "Доверяете?", "Do you trust?"],
    ["integer", "age", "Жас", "Возраст", ""],
    ["note", "", "", "", "Thank you"],
    ["end_group", "", "", "", ""],
    ["", "", "", "", "a comment"],
]
CHOICES = [
    ["list name", "name", "label::Kazakh", "label::Russian", "label::English (en)"],
    ["yn", "01", "Иә", "Да", "Yes"],
    ["yn", "2", "Жоқ", "Нет", "No"],
    ["", "", "", "", ""],
]


def form(folder: Path, survey: list[list[str]], choices: list[list[str]] | None = None) -> Path:
    file = folder / "q.xlsx"
    sheets = {"survey": survey} if choices is None else {"survey": survey, "choices": choices}
    write_workbook(file, sheets)
    return file


def test_items_and_answers_are_read_in_every_language(tmp_path: Path) -> None:
    read = read_questionnaire(form(tmp_path, SURVEY, CHOICES))
    assert read.items["trust"] == {"kk": "Сенесіз бе?", "ru": "Доверяете?", "en": "Do you trust?"}
    assert read.items["age"] == {"kk": "Жас", "ru": "Возраст"}
    assert read.answers["trust"] == {
        "01": {"kk": "Иә", "ru": "Да", "en": "Yes"},
        "2": {"kk": "Жоқ", "ru": "Нет", "en": "No"},
    }


def test_labels_follow_the_text_that_the_interviews_hold(tmp_path: Path) -> None:
    read = read_questionnaire(form(tmp_path, SURVEY, CHOICES))
    assert labels_of(read, {}).value("trust", "2", "ru") == "Нет"
    labels = labels_of(read, {"trust": {"2": "No way"}})
    assert labels.value("trust", "No way", "kk") == "Жоқ"
    assert labels.item("trust", "en") == "Do you trust?"
    assert labels.item("unknown", "en") == "unknown"


@pytest.mark.parametrize(
    ("survey", "choices", "words"),
    [
        (SURVEY, None, "There is no list of answers 'yn' in the sheet 'choices'."),
        (
            SURVEY,
            [CHOICES[0], ["ny", "1", "", "", ""]],
            "sheet 'survey', row 3: There is no list of answers 'yn'",
        ),
        ([SURVEY[0], ["integer", "", "", "", ""]], None, "row 2: A question of the type 'integer'"),
        ([SURVEY[0], ["ask", "q", "", "", ""]], None, "'ask' is not a type of question"),
        ([["type", "label"], ["text", "x"]], None, "The sheet 'survey' has no column 'name'."),
        ([], None, "The sheet 'survey' has no column 'type'."),
        (SURVEY, [["name"], ["a"]], "The sheet 'choices' has no column 'list_name'."),
        (
            SURVEY,
            [["list_name", "label"], ["yn", "Yes"]],
            "sheet 'choices', row 2: An answer of the list 'yn' has no name.",
        ),
    ],
)
def test_a_wrong_form_is_refused_with_its_row(
    tmp_path: Path, survey: list[list[str]], choices: list[list[str]] | None, words: str
) -> None:
    with pytest.raises(QuestionnaireRefused) as refused:
        read_questionnaire(form(tmp_path, survey, choices))
    assert words in str(refused.value)


def test_a_disabled_row_and_a_choice_from_an_answer_are_let_through(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "disabled"],
        ["ask", "q", "x", "yes"],
        ["select_one ${other}", "p", "Which?", ""],
    ]
    read = read_questionnaire(form(tmp_path, survey))
    assert read.items == {"p": {"und": "Which?"}}
    assert read.answers == {"p": {}}


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        read_questionnaire(tmp_path / "q.xlsx")
    (tmp_path / "q.csv").touch()
    with pytest.raises(FileRefused, match=r"'.csv' is not a kind of questionnaire"):
        read_questionnaire(tmp_path / "q.csv")
    (tmp_path / "q.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(FileRefused, match="cannot be read as a workbook"):
        read_questionnaire(tmp_path / "q.xlsx")
    write_workbook(tmp_path / "q.xlsx", {"Sheet1": SURVEY})
    with pytest.raises(QuestionnaireRefused, match="no sheet 'survey'"):
        read_questionnaire(tmp_path / "q.xlsx")


REFUSED = {
    "ifrc-distribution-site-assessment-v1.xlsx": "cannot be read as a workbook",
    "survey_no_name.xlsx": "no sheet 'survey'",
    "unknown_question_type.xls": "'unknown' is not a type of question",
}


def test_forms_of_pyxform_and_odk_are_read_or_refused_with_a_sentence(shared: Path) -> None:
    refused = {}
    files = sorted((shared / "data/forms/xlsforms").glob("*.xls*"))
    for file in files:
        try:
            read_questionnaire(file)
        except Refusal as refusal:
            refused[file.name] = str(refusal)
    assert len(files) > 40
    assert refused.keys() == REFUSED.keys()
    for name, words in REFUSED.items():
        assert words in refused[name]


@pytest.mark.parametrize(
    ("column", "language"),
    [
        ("label::Kazakh (kk)", "kk"),
        ("label::Русский (ru)", "ru"),
        ("label::en", "en"),
        ("label:English", "en"),
        ("Label::kk-KZ", "kk"),
        ("label::Қазақша", "kk"),
        ("label::Français (fr)", "fr"),
        ("label::Tagalog", "tagalog"),
        ("label", "und"),
        ("label::", "und"),
        ("hint::en", None),
        ("labels", None),
    ],
)
def test_the_language_of_a_label_column(column: str, language: str | None) -> None:
    assert language_of(column) == language


@pytest.mark.parametrize(
    ("kind", "known", "choices"),
    [
        ("select_one yn", True, "yn"),
        ("select_multiple yn or_other", True, "yn"),
        ("select one from sexes or specify other", True, "sexes"),
        ("select all that apply from animals", True, "animals"),
        ("rank yn", True, "yn"),
        ("select_one_from_file a.csv", True, None),
        ("begin_repeat", True, None),
        ("text", True, None),
        ("DateTime", True, None),
        ("guess", False, None),
        ("select_one", False, None),
    ],
)
def test_types_of_questions_and_their_lists(kind: str, known: bool, choices: str | None) -> None:
    assert is_known_type(kind) == known
    assert list_of(kind) == choices
