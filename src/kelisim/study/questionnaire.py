"""An XLSForm: the wording of items and the labels of answers, in every language it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kelisim.core.errors import FileRefused, QuestionnaireRefused, listed, nearest
from kelisim.engine.frame import label
from kelisim.study.model import Labels, Text
from kelisim.study.xlsform import is_known_type, language_of, list_of

FORMATS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_MAY_BE_NAMELESS = re.compile(r"(begin|end)[_ ]|(note|include|set|get)\b")

Row = tuple[int, dict[str, str]]
"""The number of a row in its sheet, and its cells by column."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The part of an XLSForm that a reader of results needs.

    Attributes
    ----------
    items
        Name of an item to its wording.
    answers
        Name of a select item to (code of an answer to its label).
    """

    items: Mapping[str, Text]
    answers: Mapping[str, Mapping[str, Text]]


def read_questionnaire(file: Path) -> Questionnaire:
    """Read an XLSForm workbook.

    Raises
    ------
    FileRefused
        The file is missing or not a workbook.
    QuestionnaireRefused
        A sheet or a column is missing, or an item has no name, an unknown type, or a list of
        answers that is not in the sheet ``choices``.
    """
    sheets = _sheets(file)
    survey = _rows(file, sheets, "survey", ("type", "name"))
    lists = _choices(file, sheets)
    items: dict[str, Text] = {}
    answers: dict[str, Mapping[str, Text]] = {}
    for number, row in survey:
        kind, name = row.get("type", ""), row.get("name", "")
        if not kind or row.get("disabled", "").lower() in ("yes", "true"):
            continue
        where = f"{file.name}, sheet 'survey', row {number}"
        _refuse_bad_item(where, kind, name)
        if not name:
            continue
        if text := _text(row):
            items.setdefault(name, text)
        if choice_list := list_of(kind):
            answers[name] = _list(where, choice_list, lists)
    return Questionnaire(items, answers)


def _refuse_bad_item(where: str, kind: str, name: str) -> None:
    if not is_known_type(kind):
        raise QuestionnaireRefused(
            f"'{kind}' is not a type of question in XLSForm.",
            where=where,
            do="Correct the type, or mark the row as disabled.",
        )
    if not name and not _MAY_BE_NAMELESS.match(kind.lower()):
        raise QuestionnaireRefused(
            f"A question of the type '{kind}' has no name.",
            where=where,
            do="Give it the name that its column has among the interviews.",
        )


def _list(where: str, name: str, lists: Mapping[str, Mapping[str, Text]]) -> Mapping[str, Text]:
    if name not in lists and not name.startswith("${"):
        raise QuestionnaireRefused(
            f"There is no list of answers '{name}' in the sheet 'choices'.",
            where=where,
            do=nearest(name, lists) or "Add the list.",
        )
    return lists.get(name, {})


def _sheets(file: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if not file.is_file():
        raise FileRefused(
            "There is no such file.",
            where=str(file),
            do="Correct the path in study.toml; it is relative to the study folder.",
        )
    if file.suffix.lower() not in FORMATS:
        raise FileRefused(
            f"'{file.suffix or file.name}' is not a kind of questionnaire that can be read.",
            where=file.name,
            do=f"Save the XLSForm as one of {listed(FORMATS)}.",
        )
    try:
        workbook = CalamineWorkbook.from_path(str(file))
        return {
            name.lower().strip(): workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except CalamineError as cause:
        raise FileRefused(
            "The file cannot be read as a workbook.",
            where=file.name,
            do="Open it in Excel or LibreOffice and save it again as .xlsx.",
        ) from cause


def _rows(
    file: Path, sheets: Mapping[str, list[list[Any]]], sheet: str, needed: tuple[str, ...]
) -> list[Row]:
    if sheet not in sheets:
        raise QuestionnaireRefused(
            f"The workbook has no sheet '{sheet}'.",
            where=file.name,
            why="An XLSForm keeps its questions in 'survey' and its answers in 'choices'.",
            do=f"Its sheets are {listed(sheets)}; name the right one '{sheet}'.",
        )
    cells = sheets[sheet]
    start = next((number for number, row in enumerate(cells) if any(row)), 0)
    header = [_column(str(cell)) for cell in cells[start]] if cells else []
    for name in needed:
        if name not in header:
            raise QuestionnaireRefused(
                f"The sheet '{sheet}' has no column '{name}'.",
                where=f"{file.name}, sheet '{sheet}', row {start + 1}",
                do=f"Its columns are {listed([name for name in header if name], 12)}.",
            )
    return [
        (number, dict(_cells(header, row)))
        for number, row in enumerate(cells[start + 1 :], start=start + 2)
    ]


def _column(name: str) -> str:
    """Return the name of a column in one spelling: ``List Name`` is ``list_name``."""
    before, colons, language = name.strip().partition(":")
    return before.strip().lower().replace(" ", "_") + colons + language


def _cells(header: list[str], row: list[Any]) -> Iterator[tuple[str, str]]:
    for name, cell in zip(header, row, strict=False):
        text = label(cell).strip()
        if name and text:
            yield name, text


def _choices(file: Path, sheets: Mapping[str, list[list[Any]]]) -> dict[str, dict[str, Text]]:
    lists: dict[str, dict[str, Text]] = {}
    if any(sheets.get("choices", [])):
        for number, row in _rows(file, sheets, "choices", ("list_name",)):
            if "list_name" not in row:
                continue
            code = row.get("name") or row.get("value")
            if not code:
                raise QuestionnaireRefused(
                    f"An answer of the list '{row['list_name']}' has no name.",
                    where=f"{file.name}, sheet 'choices', row {number}",
                    do="Give it the code that the interviews hold.",
                )
            lists.setdefault(row["list_name"], {}).setdefault(code, _text(row))
    return lists


def _text(row: Mapping[str, str]) -> Text:
    return {
        language: cell for name, cell in row.items() if (language := language_of(name)) is not None
    }


def labels_of(questionnaire: Questionnaire, names: Mapping[str, Mapping[str, str]]) -> Labels:
    """Return the labels a reader sees.

    Parameters
    ----------
    names
        Column to (code to the category's text), where the interviews hold names and not codes.
    """
    values = {}
    for column, answers in questionnaire.answers.items():
        called = names.get(column, {})
        values[column] = {called.get(code, code): text for code, text in answers.items() if text}
    return Labels(items=questionnaire.items, values=values)
