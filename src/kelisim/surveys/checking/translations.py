"""What is not translated yet: sheet, row, column and language of every gap."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineWorkbook

from kelisim.study.xlsform import language_of
from kelisim.surveys.checking.finding import Finding
from kelisim.surveys.xform.model import Form

LANGUAGES = ("kk", "ru", "en")
_COLUMN = re.compile(
    r"(label|hint|guidance_hint|constraint_message|required_message)(?:::?\s*(.*))?$", re.IGNORECASE
)
_SHEETS = ("survey", "choices")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls")


def check_translations(name: str, raw: bytes, form: Form) -> Iterator[Finding]:
    """Yield the gaps of a questionnaire in Kazakh, Russian and English.

    Of a workbook every gap has its row; of other files only its text is known.
    """
    if PurePath(name).suffix.lower() not in _WORKBOOKS:
        yield from _of_form(form)
        return
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    for sheet in workbook.sheet_names:
        if sheet.strip().lower() in _SHEETS:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield from _of_sheet(sheet, rows)


def _of_sheet(sheet: str, rows: list[list[Any]]) -> Iterator[Finding]:
    if not rows:
        return
    columns: dict[str, dict[str, int]] = {}
    for place, cell in enumerate(rows[0]):
        match = _COLUMN.match(str(cell).strip())
        if match:
            language = language_of(f"label::{match[2]}" if match[2] else "label") or "und"
            columns.setdefault(match[1].lower(), {})[language] = place
    for number, row in enumerate(rows[1:], 2):
        for column, places in columns.items():
            yield from _of_row(f"{sheet}, {number}", column, places, row)


def _of_row(
    place: str, column: str, places: Mapping[str, int], row: list[Any]
) -> Iterator[Finding]:
    said = {language for language, at in places.items() if str(row[at]).strip()}
    if not said:
        return
    for language in LANGUAGES:
        if language not in said:
            yield _gap(place, column, language)


def _gap(place: str, column: str, language: str) -> Finding:
    return Finding("not-translated", place, facts={"column": column, "language": language})


def _of_form(form: Form) -> Iterator[Finding]:
    spoken = {language_of(f"label::{one}") or "": form.texts[one] for one in form.languages}
    names = {name: None for texts in spoken.values() for name in texts}
    for name in names:
        for language in LANGUAGES:
            text = spoken.get(language, {}).get(name, {}).get("long", ())
            if text in ((), (("-", False),)):
                yield _gap(name, "label", language)
    if not names:
        for question in form.questions().values():
            for language in LANGUAGES:
                yield _gap(question.path, "label", language)
