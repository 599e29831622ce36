"""A declaration knows the line of every key, and says where TOML goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelisim.core.errors import FileRefused, SettingRefused
from kelisim.study.declaration import key_lines, read_declaration


def declared(folder: Path, text: str) -> Path:
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_key_that_starts_a_line_has_its_line() -> None:
    text = """# a comment
[study]
title = {en = "x"}

[[indicator]]   # the first
"name" = "a"
[[indicator]]
name = "b"
[smallarea.area_predictors]
file = "f"
"""
    assert dict(key_lines(text)) == {
        ("study",): 2,
        ("study", "title"): 3,
        ("indicator", 0): 5,
        ("indicator", 0, "name"): 6,
        ("indicator", 1): 7,
        ("indicator", 1, "name"): 8,
        ("smallarea", "area_predictors"): 9,
        ("smallarea", "area_predictors", "file"): 10,
    }


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_text_over_several_lines_holds_no_keys(quotes: str) -> None:
    text = f"a = {quotes}\nb = 1\n[c]\n{quotes}\nd = 2\n"
    assert dict(key_lines(text)) == {("a",): 1, ("d",): 5}


def test_a_key_inside_a_line_stands_at_the_line_of_its_parent(tmp_path: Path) -> None:
    read = read_declaration(declared(tmp_path, "[study]\ntitle = {en = 1}\n"))
    assert read.where("study", "title", "en") == "study.toml, line 2"
    assert read.where("nowhere") == "study.toml"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read_declaration(declared(tmp_path, "\ufeffa = 1\n")).table == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[study]\ntitle = "a"  country = "KZ"\n', 2),
        ("[study]\n[study]\n", 2),
        ("[study\n", 1),
        ("a = 1\nb = \n", 2),
        ('a = """never closed\n\n', 2),
        ("a = 1\na = 2\n", 2),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SettingRefused, match="not valid TOML") as refused:
        read_declaration(declared(tmp_path, text))
    assert refused.value.where == f"study.toml, line {line}"
    assert "one setting a line" in refused.value.do


def test_a_folder_without_a_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"no study.toml"):
        read_declaration(tmp_path / "study.toml")
    (tmp_path / "file").touch()
    with pytest.raises(FileRefused, match=r"no study.toml"):
        read_declaration(tmp_path / "file" / "study.toml")


def test_a_declaration_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_bytes('title = "Опрос"'.encode("cp1251"))
    with pytest.raises(FileRefused, match="not UTF-8"):
        read_declaration(file)
