"""Multipart bodies, read strictly: what is not exactly a form with files is refused.

The reader is written for what ODK Collect and browsers send (RFC 7578). It copies each part once
and builds nothing else, so that a small submission costs microseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_PARTS = 200
MOST_HEADER = 4096
LONGEST_NAME = 200
_BOUNDARY = re.compile(r"[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]", re.ASCII)
_PARAMETER = re.compile(r';\s*([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class NotMultipart(Exception):
    """The body is not a multipart form; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form; ``file`` is None where the part is a field and not a file."""

    name: str
    file: str | None
    content: bytes


def boundary_of(content_type: str) -> bytes:
    """Return the boundary that a Content-Type names.

    Raises
    ------
    NotMultipart
        It is not multipart/form-data with a lawful boundary.
    """
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() != "multipart/form-data":
        raise NotMultipart("The body must be multipart/form-data.")
    found = parameters(f";{rest}").get("boundary", "")
    if not _BOUNDARY.fullmatch(found):
        raise NotMultipart("The Content-Type names no lawful boundary.")
    return found.encode()


def parameters(text: str) -> dict[str, str]:
    """Return the parameters of a header, such as the name and the file name of a part."""
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for name, quoted, plain in _PARAMETER.findall(text)
    }


def parts(body: bytes, boundary: bytes) -> list[Part]:
    """Return the parts of a whole body, in order.

    Raises
    ------
    NotMultipart
        The body is cut short, has too many parts, or a part cannot be read.
    """
    line = b"--" + boundary
    if not body.startswith(line):
        raise NotMultipart("The body does not begin with its boundary.")
    found: list[Part] = []
    at = len(line)
    while not body.startswith(b"--", at):
        if len(found) == MOST_PARTS:
            raise NotMultipart(f"The body has more than {MOST_PARTS} parts.")
        end = body.find(b"\r\n" + line, at)
        if not body.startswith(b"\r\n", at) or end < 0:
            raise NotMultipart("The body is cut short.")
        found.append(_part(body, at + 2, end))
        at = end + 2 + len(line)
    return found


def _part(body: bytes, start: int, end: int) -> Part:
    head = body.find(b"\r\n\r\n", start, min(end, start + MOST_HEADER))
    if head < 0:
        raise NotMultipart("A part has no headers, or too many.")
    told = {}
    try:
        for line in body[start:head].decode().split("\r\n"):
            name, colon, value = line.partition(":")
            if not colon or name.strip().lower() in told:
                raise NotMultipart("A header of a part cannot be read.")
            told[name.strip().lower()] = value.strip()
    except UnicodeDecodeError:
        raise NotMultipart("A header of a part is not UTF-8.") from None
    disposition, _, rest = told.get("content-disposition", "").partition(";")
    names = parameters(f";{rest}")
    if disposition.strip().lower() != "form-data" or not names.get("name"):
        raise NotMultipart("A part does not say its name.")
    if told.get("content-transfer-encoding", "binary").lower() not in ("binary", "8bit", "7bit"):
        raise NotMultipart("A part is encoded for transfer; send it as it is.")
    file = names.get("filename")
    if file is not None and (len(file) > LONGEST_NAME or _CONTROL.search(file)):
        raise NotMultipart(
            f"A file's name is longer than {LONGEST_NAME} characters, or has a control character."
        )
    return Part(names["name"], file, body[head + 4 : end])
