"""Add a document to a room: its kind is read from its bytes, its name is only a name."""

from __future__ import annotations

import base64
import re
import uuid
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Compartment, Seat, Writing
from kelisim.mediation.words import Kind

LARGEST = 10 * 2**20
LONGEST_NAME = 120
SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain; charset=utf-8"
SHOWN = ("image/png", "image/jpeg")
"""Kinds that a page may show as a picture; everything else is only handed out."""

ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    WORD: ".docx",
    TEXT: ".txt",
}
NO_TEXT = re.compile(r"[<\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Signs that plain text has no use for: markup, and what commands a machine."""

SYSTEM = SystemClock()


def attach(
    compartment: Compartment,
    name: str,
    content: bytes,
    *,
    seat: Seat,
    client: uuid.UUID | None = None,
    clock: Clock = SYSTEM,
) -> Writing:
    """Return the writing that holds the document, encrypted like every other.

    Raises
    ------
    StepRefused
        It is too large, empty, or of a kind that could do something by itself.
    """
    if len(content) > LARGEST:
        raise too_large()
    kind = kind_of(content)
    told = {
        "name": name[:LONGEST_NAME] or gettext("document"),
        "type": kind,
        "data": base64.b64encode(content).decode(),
    }
    return write(compartment, Kind.FILE, told, seat=seat, client=client, clock=clock)


def too_large() -> StepRefused:
    """Return the refusal of a file that is too large."""
    return StepRefused(
        gettext("The file is larger than %(n)d MB.") % {"n": LARGEST // 2**20},
        do=gettext("Send a smaller one, or bring it to a meeting."),
    )


def kind_of(content: bytes) -> str:
    """Return what a document is by its bytes.

    Raises
    ------
    StepRefused
        It is none of the kinds that are taken.
    """
    for sign, kind in SIGNS:
        if content.startswith(sign):
            return kind
    if content.startswith(b"PK") and _is_word(content):
        return WORD
    if content and b"\0" not in content:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "<"
        if not NO_TEXT.search(text):
            return TEXT
    raise StepRefused(
        gettext("This kind of file is not taken."),
        why=gettext("A file could do something by itself on the other’s device."),
        do=gettext("Send a PDF, a PNG or JPEG picture, a DOCX without macros, or plain text."),
    )


def _is_word(content: bytes) -> bool:
    try:
        names = ZipFile(BytesIO(content)).namelist()
    except BadZipFile:
        return False
    return "word/document.xml" in names and not any("vbaProject" in name for name in names)
