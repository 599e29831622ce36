"""A refused questionnaire says what is wrong in the reader's language, with pyxform's words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from kelisim.accounts.roles import Role
from kelisim.core.errors import Refusal
from kelisim.surveys.refusals import Told, told
from kelisim.surveys.xlsform import convert_workbook
from tests.surveys.routes import begun
from tests.surveys.test_forms import WRONG_BOOKS, XLSFORMS
from tests.web import cast, signed_in

HEAD = "| survey |\n| | type | name | label | calculation | relevant |\n"
CHOICES = "| choices |\n| | list_name | name | label |\n"


def refused(rows: str, name: str = "form.md") -> Told:
    with pytest.raises(Refusal) as caught:
        convert_workbook(name, rows.encode())
    return told(caught.value)


@pytest.mark.parametrize(
    ("rows", "code", "fact"),
    [
        (HEAD + "| | integr | a | A | | |\n", "type-unknown", "integr"),
        (HEAD + "| | | a | A | | |\n", "type-missing", "2"),
        (HEAD + "| | text | | A | | |\n", "question-name-missing", "2"),
        (HEAD + "| | text | a | A | | |\n| | text | a | B | | |\n", "name-twice", "a"),
        (HEAD + "| | text | 1a | A | | |\n", "name-wrong", "survey"),
        (HEAD + "| | text | a | A | | ${b} = 1 |\n", "reference-missing", "b"),
        (HEAD + "| | begin group | g | G | | |\n| | text | a | A | | |\n", "group-not-closed", "2"),
        (HEAD + "| | text | a | A | | |\n| | end group | | | | |\n", "group-not-opened", "3"),
        (HEAD + "| | calculate | a | A | | |\n", "calculation-missing", "2"),
        (
            HEAD + "| | select_one x | a | A | | |\n" + CHOICES + "| | y | 1 | One |\n",
            "list-missing",
            "x",
        ),
        (
            HEAD + "| | select_one y | a | A | | |\n" + CHOICES + "| | y | | One |\n",
            "choice-name-missing",
            "2",
        ),
        (
            HEAD + "| | select_one y | a | A | | |\n" + CHOICES + "| | y | 1 | A |\n" * 2,
            "choice-name-twice",
            "3",
        ),
        (HEAD + "| | text | a | A | | sun(1) |\n", "function-unknown", "sun"),
    ],
)
def test_the_kinds_people_meet_have_a_sentence_of_their_own(
    rows: str, code: str, fact: str
) -> None:
    sentences = set()
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            found = refused(rows)
        assert found.code == code, found.details
        assert fact in found.sentence
        assert found.details
        sentences.add(found.sentence)
    assert len(sentences) == 3


def test_every_wrong_form_we_were_given_is_of_a_known_kind() -> None:
    for file in XLSFORMS:
        if file.name in WRONG_BOOKS:
            with pytest.raises(Refusal) as caught:
                convert_workbook(file.name, file.read_bytes())
            found = told(caught.value)
            assert (found.code != "other") or "cannot be converted" in found.details, found


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("a.exe", b"MZ", "file-kind"),
        ("a.xlsx", b"no workbook", "file-damaged"),
        ("a.xml", b"<!DOCTYPE a><a/>", "markup-unsafe"),
        ("a.xml", "<a>\u04d8</a>".encode("utf-16"), "encoding"),
    ],
)
def test_files_that_are_none_are_named(name: str, raw: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        convert_workbook(name, raw)
    assert told(caught.value).code == code


@pytest.mark.django_db
def test_the_page_says_it_in_its_language_and_keeps_the_details() -> None:
    scene = cast()
    survey = begun(scene)
    file = SimpleUploadedFile("form.md", (HEAD + "| | integr | a | A | | |\n").encode())
    client = signed_in(scene.of(Role.RESEARCHER))
    with translation.override("kk"):
        address = reverse("survey-import", args=[scene.house.slug, survey.slug])
    page = client.post(address, {"questionnaire": file})
    assert page.status_code == 422
    text = page.content.decode()
    assert "«integr» деген сұрақ түрі жоқ" in text
    assert "Unknown question type" in text
