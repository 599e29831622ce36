"""The report as one PDF for print and archive: three editions, bookmarks, tags, its own fonts.

Typst sets it with the fonts of its wheel only, and words come in as data, never as markup, so the
same result gives the same bytes on every machine and a title full of signs is just a title.
"""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import typst

from kelisim.charts.markup import readable
from kelisim.study.model import PollResult
from kelisim.study.report.blocks import Edition
from kelisim.study.report.desk import MANY
from kelisim.study.report.edition import editions
from kelisim.study.report.legible import MISSING, fonts, without_glyph
from kelisim.study.report.printed import LONGEST_TITLE, Data, printed
from kelisim.study.report.prose import plain, shortened


def write_pdf(result: PollResult, path: Path, *, day: date | None = None) -> None:
    """Write the report of a poll as PDF/A-2b and PDF/UA-1.

    Parameters
    ----------
    day
        The date of the document; by default the last day of fieldwork. Without either it has none,
        and is PDF/UA-1 only, because an archival PDF must be dated.
    """
    path.write_bytes(pdf_of(result, day=day))


def pdf_of(result: PollResult, *, day: date | None = None) -> bytes:
    """Return the report as PDF; the same result gives the same bytes."""
    fieldwork = result.study.fieldwork
    day = day or (fieldwork[1] if fieldwork else None)
    return _set(document(result, day), day)


def pdf_of_editions(whole: tuple[Edition, ...], *, author: str, day: date) -> bytes:
    """Return a report of another kind as PDF, set as that of a poll is."""
    return _set(_document(whole, author, day, brief=False), day)


def _set(data: str, day: date | None) -> bytes:
    source = files("kelisim.study.report") / "templates" / "report.typ"
    return typst.compile(
        source.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["a-2b", "ua-1"] if day else "ua-1",
    )


def document(result: PollResult, day: date | None) -> str:
    """Return the JSON that the page is set from."""
    study = result.study
    brief = result.estimates.height > MANY
    return _document(editions(result), study.conductor or study.sponsor, day, brief=brief)


def _document(whole: tuple[Edition, ...], author: str, day: date | None, *, brief: bool) -> str:
    document: Data = {
        "title": shortened(readable(plain(whole[0].title)), LONGEST_TITLE),
        "author": shortened(readable(author), LONGEST_TITLE),
        "date": {"year": day.year, "month": day.month, "day": day.day} if day else None,
        "brief": brief,
        "incomplete": False,
        "editions": [printed(edition, brief=brief) for edition in whole],
    }
    text = json.dumps(document, ensure_ascii=False)
    missing = without_glyph(text)
    if not missing:
        return text
    document["incomplete"] = True
    shown = json.dumps(document, ensure_ascii=False)
    return shown.translate(dict.fromkeys(map(ord, missing), MISSING))
