"""What the checks stand on: the server, the form they fill in, and how a check is written."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from xml.sax.saxutils import escape

from kelisim.fieldwork.conformance.client import Answer, Client

LISTED = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
XFORMS = "{http://www.w3.org/2002/xforms}"

Level = Literal["must", "should", "safe"]


class Broken(Exception):
    """The server does not do what a check asks for; the message says what it did."""


def need(holds: object, otherwise: str) -> None:
    """Raise Broken unless something holds."""
    if not holds:
        raise Broken(otherwise)


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes
    ----------
    level
        ``must`` and ``should`` are of the OpenRosa documents; ``safe`` is what no document asks for
        and a server that loses no interview and falls to no stranger does all the same.
    """

    sentence: str
    level: Level
    run: Callable[[Server], None]


CHECKS: list[Check] = []


def check(sentence: str, level: Level = "must") -> Callable[[Callable[[Server], None]], None]:
    """Add a function to the checks, in the order of the files."""

    def added(run: Callable[[Server], None]) -> None:
        CHECKS.append(Check(sentence, level, run))

    return added


class Server(Client):
    """A server under check, and the first form it lists."""

    @cached_property
    def listed(self) -> list[dict[str, str]]:
        """The list of forms: of each its fields by name."""
        answer = self.get("/formList")
        need(answer.status == 200, f"formList answered {answer.status}")
        rows = ET.fromstring(answer.body).findall(f"{LISTED}xform")  # noqa: S314  (of the server one asks to check)
        return [{c.tag.removeprefix(LISTED): (c.text or "").strip() for c in row} for row in rows]

    @property
    def first(self) -> dict[str, str]:
        """The first form of the list."""
        need(self.listed, "the list holds no form, and every other check needs one")
        return self.listed[0]

    @cached_property
    def root(self) -> ET.Element:
        """The first element of the form's primary instance."""
        form = ET.fromstring(self.get(self.first["downloadUrl"]).body)  # noqa: S314  (as above)
        instance = form.find(f".//{XFORMS}model/{XFORMS}instance")
        need(instance is not None and len(instance), "the form has no primary instance")
        return next(iter(instance if instance is not None else []))

    def instance(
        self,
        number: str | None = None,
        text: str = "",
        *,
        form: str = "",
        version: str | None = None,
    ) -> bytes:
        """Return a small submission of the form, with a new number unless one is given."""
        space, _, name = self.root.tag.rpartition("}")
        said = self.root.get("version") if version is None else version
        attributes = f' id="{escape(form or self.root.get("id") or "")}"'
        if said is not None:
            attributes += f' version="{escape(said)}"'
        if space:
            attributes += f' xmlns="{space[1:]}"'
        return (
            f"<?xml version='1.0' ?><{name}{attributes}>"
            f"<note_of_check>{escape(text)}</note_of_check>"
            '<orx:meta xmlns:orx="http://openrosa.org/xforms">'
            f"<orx:instanceID>{escape(number or fresh())}</orx:instanceID></orx:meta></{name}>"
        ).encode()


def fresh() -> str:
    """Return a number that no interview has yet."""
    return f"uuid:{uuid.uuid4()}"


def accepted(answer: Answer) -> None:
    """Need an answer that lets a client delete its copy."""
    need(answer.status in (201, 202), f"answered {answer.status}: {answer.text[:200]}")


def refused(answer: Answer, *statuses: int) -> None:
    """Need a refusal, and not a fault of the server."""
    wanted = answer.status in statuses if statuses else 400 <= answer.status < 500
    need(wanted, f"answered {answer.status}: {answer.text[:200]}")


def message(answer: Answer) -> str:
    """Return the sentence of an envelope."""
    try:
        root = ET.fromstring(answer.body)  # noqa: S314  (as above)
    except ET.ParseError as error:
        raise Broken(f"the answer is no XML ({error}): {answer.text[:200]}") from None
    need(root.tag == f"{RESPONSE}OpenRosaResponse", f"the answer is a {root.tag}")
    return (root.findtext(f"{RESPONSE}message") or "").strip()
