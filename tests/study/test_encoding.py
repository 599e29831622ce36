"""A file in another encoding is recognised, so that the refusal can say how to convert it."""

from __future__ import annotations

import pytest

from kelisim.study.encoding import not_utf8, seeming_encoding

RUSSIAN = "возраст,регион\n45,Алматинская область\n31,Караганда\n"
KAZAKH = "жасы,өңір\n45,Ақмола облысы\n31,Қызылорда қаласы, Түркістан\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (KAZAKH, "kz1048"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        ("Stadt\nKöln\nZürich\nDüsseldorf\n", "cp1252"),
    ],
)
def test_an_encoding_is_told_by_the_letters_it_makes(text: str, encoding: str) -> None:
    assert seeming_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_wide_encodings_are_told_by_mark_or_zeros(encoding: str) -> None:
    name = seeming_encoding("a,b\n1,2\n".encode(encoding))
    assert name == ("UTF-32" if "32" in encoding else "UTF-16")


def test_the_refusal_says_how_to_convert() -> None:
    refusal = not_utf8("x.csv", RUSSIAN.encode("cp1251"))
    assert "it seems to be in the encoding Windows-1251 (cp1251)" in str(refusal)
    assert "iconv -f CP1251 -t UTF-8" in refusal.do
    assert "CSV UTF-8" in refusal.do
