"""From a workbook to an XForm: guarded against bombs, converted by pyxform, read by us."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook

from kelisim.core.errors import QuestionnaireRefused, listed
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.reading import read_form

KINDS = (".xlsx", ".xlsm", ".xls", ".csv", ".md", ".xml")
LARGEST = 10_000_000
MOST_ENTRIES = 500
MOST_UNPACKED = 100_000_000
HIGHEST_RATIO = 200
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True, slots=True)
class Converted:
    """A questionnaire ready to be asked: its XForm, the form read from it, pyxform's remarks."""

    xform: str
    form: Form
    remarks: tuple[str, ...]


def convert_workbook(name: str, raw: bytes) -> Converted:
    """Return the questionnaire of an XLSForm (or of an XForm, which is only read).

    Raises
    ------
    QuestionnaireRefused
        The file is of another kind, too large, packed suspiciously, or wrong as a questionnaire.
    MarkupRefused
        An XForm is not XML that is let in.
    """
    # Old workbooks are often saved under the new ending: their first bytes tell them apart.
    kind = ".xls" if raw.startswith(_OLD_WORKBOOK) else PurePath(name).suffix.lower()
    if kind not in KINDS:
        raise QuestionnaireRefused(
            f"'{kind or name}' is not a kind of questionnaire that can be read.",
            do=f"Save the XLSForm as one of {listed(KINDS, 9)}.",
        )
    if len(raw) > LARGEST:
        raise QuestionnaireRefused(
            f"The file is {len(raw):,} bytes long; at most {LARGEST:,} are read.",
            do="Take pictures out of the workbook and upload them beside it.",
        )
    if kind == ".xml":
        return Converted(raw.decode("utf-8", "replace"), read_form(raw), ())
    if kind in (".xlsx", ".xlsm"):
        _refuse_bomb(raw)
    if kind in (".xlsx", ".xlsm", ".xls"):
        _refuse_without_survey(raw)
    xform, remarks = _pyxform(name, kind, raw)
    return Converted(xform, read_form(xform), remarks)


def _refuse_bomb(raw: bytes) -> None:
    """Look at what a workbook says it holds before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as cause:
        raise QuestionnaireRefused(
            "The file is not a workbook, or it is damaged.", do="Save it again as .xlsx."
        ) from cause
    unpacked = sum(one.file_size for one in entries)
    packed = sum(one.compress_size for one in entries) or 1
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or (unpacked > 1_000_000 and unpacked / packed > HIGHEST_RATIO)
    ):
        raise QuestionnaireRefused(
            f"The workbook would unpack to {unpacked:,} bytes in {len(entries)} parts.",
            why="That is more than a questionnaire needs.",
            do="Remove empty rows and pictures, and save it again.",
        )
    _refuse_entities(raw)


def _refuse_entities(raw: bytes) -> None:
    """Refuse a workbook whose parts declare a document type, in whatever encoding."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for one in archive.infolist():
                if one.filename.lower().endswith((".xml", ".rels")):
                    _refuse_declared(archive.read(one), one.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as cause:
        raise QuestionnaireRefused(
            "The file is not a workbook, or it is damaged.", do="Save it again as .xlsx."
        ) from cause


def _refuse_declared(part: bytes, name: str) -> None:
    plain = part.replace(b"\0", b"").lower()  # UTF-16 and UTF-32 hide nothing then
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise QuestionnaireRefused(
            "The workbook declares a DOCTYPE or an entity.",
            where=name,
            why="No spreadsheet program writes that, and it can be made to grow without end.",
            do="Save it again as .xlsx.",
        )


def _refuse_without_survey(raw: bytes) -> None:
    """Refuse a workbook without a sheet of questions; pyxform would take a lone sheet for it."""
    try:
        names = CalamineWorkbook.from_filelike(io.BytesIO(raw)).sheet_names
    except CalamineError as cause:
        raise QuestionnaireRefused(
            "The file is not a workbook, or it is damaged.", do="Save it again as .xlsx."
        ) from cause
    if "survey" not in {one.strip().lower() for one in names}:
        raise QuestionnaireRefused(
            "The workbook has no sheet 'survey'.",
            where=f"its sheets are {listed(names)}",
            do="Call the sheet of the questions 'survey'.",
        )


def _pyxform(name: str, kind: str, raw: bytes) -> tuple[str, tuple[str, ...]]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    remarks: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done = convert(io.BytesIO(raw), warnings=remarks, file_type=kind, form_name="data")
    except PyXFormError as cause:
        raise QuestionnaireRefused(
            _sentence(str(cause)), where=name, do="Correct the workbook and import it again."
        ) from cause
    except Exception as cause:
        # pyxform meets some wrong workbooks with errors of Python instead of its own.
        raise QuestionnaireRefused(
            f"The workbook cannot be converted: {_sentence(str(cause) or type(cause).__name__)}",
            where=name,
            do="Compare it with the example questionnaire.",
        ) from cause
    return done.xform, tuple(_sentence(one) for one in remarks)


def _sentence(text: str) -> str:
    return " ".join(text.split())[:600]
