"""The bad inputs that a collector must survive: those that a questionnaire or answers can be."""

from __future__ import annotations

import io
import zipfile

import pytest

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.paradata import audit_csv
from kelisim.surveys.xform.markup import MarkupRefused, read_markup
from kelisim.surveys.xlsform import convert_workbook

LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<a><b></a>", "not well-formed.*"),
        (b"<a>\x00</a>", "zero byte"),
        (b"", "not well-formed"),
        (LAUGHS.encode(), "DOCTYPE"),
        (b'<!doctype a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        (LAUGHS.encode("utf-16"), "not UTF-8"),
        (b'<?xml version="1.0" encoding="koi8-r"?><a/>', "says it is koi8-r"),
        (b"<a>" * 100_000, "not well-formed"),
        (b"<r>" + b"<a/>" * 240_000 + b"</r>", "more elements|bytes long"),
        (b"<a>" + b"x" * 1_000_001 + b"</a>", "bytes long"),
        ("<a>Ә</a>".encode("cp1251", "replace").replace(b"?", b"\xc7"), "not UTF-8"),
    ],
)
def test_markup_is_refused_before_it_does_harm(raw: bytes, said: str) -> None:
    with pytest.raises(MarkupRefused, match=said):
        read_markup(raw)


def test_a_refusal_says_on_which_line() -> None:
    with pytest.raises(MarkupRefused) as refused:
        read_markup(b"<a>\n<b>\n</a>")
    assert refused.value.where.startswith("line 3")


def test_kazakh_letters_pass_unchanged() -> None:
    text = "ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І & <b>"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert read_markup(f"<a>{escaped}</a>".encode()).text == text


def _archive(parts: int, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"{number}.xml", b"\0" * size)
    return file.getvalue()


@pytest.mark.parametrize("raw", [_archive(1, 50_000_000), _archive(600, 1)])
def test_a_workbook_that_is_a_bomb_is_not_unpacked(raw: bytes) -> None:
    with pytest.raises(QuestionnaireRefused, match="would unpack to"):
        convert_workbook("bomb.xlsx", raw)


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(QuestionnaireRefused, match=r"'\.exe' is not a kind"):
        convert_workbook("form.exe", b"MZ")


def test_paradata_run_no_formula() -> None:
    told = audit_csv(
        [["question", "/data/a", 5, 3, "=1+1", "-5"], ["question", "/d", 1, 2, "", "@x"]]
    )
    assert told.decode().split("\n")[2] == "question,/data/a,5,3,'=1+1,-5"
    assert told.decode().split("\n")[3].endswith(",'@x")
