"""A paper as DOCX, for lawyers who work on with it; each clause keeps its number."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx import Document

from kelisim.mediation.documents.edition import editions


def paper_docx(document: Mapping[str, Any], digest: str) -> bytes:
    """Return a paper in three languages, one after another."""
    made = Document()
    made.core_properties.author = ""
    made.core_properties.comments = digest
    for number, edition in enumerate(editions(document, digest)):
        if number:
            made.add_page_break()  # type: ignore[no-untyped-call]  # of the library
        made.add_heading(edition["title"], level=1)
        for name, value in edition["facts"]:
            paragraph = made.add_paragraph()
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(value)
        for section in edition["sections"]:
            made.add_heading(section["heading"], level=2)
            for text in section["paragraphs"]:
                made.add_paragraph(text)
        made.add_paragraph(edition["note"])
    written = BytesIO()
    made.save(written)
    return written.getvalue()
