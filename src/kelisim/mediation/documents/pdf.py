"""Papers as PDF/A-2b, and invitation letters, set by Typst with the fonts of its wheel only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import segno
import typst

from kelisim.mediation.documents.edition import Signed, editions
from kelisim.study.report.legible import fonts


def paper_pdf(document: Mapping[str, Any], digest: str, signatures: Sequence[Signed] = ()) -> bytes:
    """Return a paper as PDF/A-2b; the same paper gives the same bytes."""
    year, month, day = (int(part) for part in document["date"].split("-"))
    data = {
        "date": {"year": year, "month": month, "day": day},
        "editions": editions(document, digest, signatures),
        "code": qr(digest),
    }
    return _set("paper.typ", data)


def letter_pdf(lines: Sequence[str], link: str, day: Mapping[str, int]) -> bytes:
    """Return an invitation to print: a few sentences, the link, and the link as a QR code."""
    data = {"lines": list(lines), "link": link, "code": qr(link), "date": dict(day)}
    return _set("letter.typ", data)


def qr(text: str) -> str:
    """Return a QR code as SVG."""
    told: str = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2)
    return told.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _set(template: str, data: Mapping[str, Any]) -> bytes:
    source = files("kelisim.mediation.documents") / "templates" / template
    return typst.compile(
        source.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="a-2b",
    )
