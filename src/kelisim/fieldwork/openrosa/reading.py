"""A request's body taken apart: the interview, its files, or the trouble with reading them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kelisim.fieldwork.openrosa.instance import Instance, NotAnInstance, read_instance
from kelisim.fieldwork.openrosa.multipart import NotMultipart, Part, boundary_of, parts

XML_PART = "xml_submission_file"
CASE_PART = "case_id"
"""Where our own client says which unit an interview is about, if the form has no item for it."""


LONGEST_CASE = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request brought: an instance with files, or the trouble with reading it.

    `case` is the unit of the sample, as the interview says or else the request.
    """

    token: str
    said_at: datetime | None
    body: bytes
    content_type: str
    instance: Instance | None = None
    files: tuple[Part, ...] = ()
    trouble: str = ""
    case: str = ""


def read(token: str, said_at: datetime | None, body: bytes, content_type: str) -> Sent:
    """Return what a body says, or the trouble with it."""
    try:
        form = parts(body, boundary_of(content_type))
        files = _files(form)
        instance = read_instance(_xml(form))
    except (NotMultipart, NotAnInstance) as refused:
        return Sent(token, said_at, body, content_type, trouble=str(refused))
    case = instance.case or _case(form)
    return Sent(token, said_at, body, content_type, instance, files, case=case)


def _case(form: Iterable[Part]) -> str:
    told = (part.content for part in form if part.name == CASE_PART and part.file is None)
    return next(told, b"")[:LONGEST_CASE].decode(errors="replace").strip()


def _xml(form: Iterable[Part]) -> bytes:
    found = [part.content for part in form if part.name == XML_PART]
    if len(found) != 1:
        raise NotMultipart(f"There must be one part '{XML_PART}', and there are {len(found)}.")
    return found[0]


def _files(form: Iterable[Part]) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for part in form:
        if part.file is None or part.name == XML_PART:
            continue
        same = found.setdefault(part.file, part)
        if same.content != part.content:
            raise NotMultipart(f"Two different files are called '{part.file}'.")
    return tuple(found.values())
