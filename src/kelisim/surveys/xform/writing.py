"""From an interview to the XML that is sent, and back."""

from __future__ import annotations

import re

from lxml import etree

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.markup import read_markup, to_node
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.node import Node, document

XFORMS = "http://www.w3.org/2002/xforms"
OPENROSA = "http://openrosa.org/xforms"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PREFIXES = {
    "orx": OPENROSA,
    "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
}


def write_instance(interview: Interview, *, everything: bool = False) -> bytes:
    """Return the answers as XML; what is not asked is left out unless everything is wanted."""
    root = _element(interview.root, everything)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _element(node: Node, everything: bool, above: etree._Element | None = None) -> etree._Element:
    address = "" if node.namespace == XFORMS else node.namespace
    tag = f"{{{address}}}{node.name}" if address else node.name
    element = etree.Element(tag, nsmap=_PREFIXES) if above is None else etree.SubElement(above, tag)
    for name, attribute in node.attributes.items():
        prefix = f"{{{attribute.namespace}}}" if attribute.namespace else ""
        element.set(f"{prefix}{name}", clean(attribute.text))
    if not node.children:
        element.text = clean(node.text) or None
    for child in node.children:
        if everything or child.relevant:
            _element(child, everything, element)
    return element


def clean(text: str) -> str:
    r"""Return a text without the characters that XML cannot hold.

    >>> clean("a\x00b\ud800c")
    'abc'
    """
    return _FORBIDDEN.sub("", text)


def read_instance(form: Form, raw: bytes) -> Node:
    """Return the document of answers that were written for a form.

    What the form has a place for and the XML leaves out is empty; what the form has no place for
    is left out.

    Raises
    ------
    MarkupRefused
        It is not XML that is let in.
    QuestionnaireRefused
        It belongs to another form.
    """
    given = to_node(read_markup(raw))
    if given.name != form.root.name:
        raise QuestionnaireRefused(
            f"The answers are to a form <{given.name}>, this form is <{form.root.name}>.",
            do="Send them to the form they were given to.",
        )
    root = form.root.copy()
    for name, attribute in given.attributes.items():
        if name in root.attributes:
            root.attributes[name].text = attribute.text
    _fill(form, root, given, root.path())
    return document(root)


def _fill(form: Form, own: Node, given: Node, path: str) -> None:
    if not own.children:
        own.text = given.text
        return
    filled: list[Node] = []
    seen: dict[str, int] = {}
    for child in own.children:
        below = f"{path}/{child.name}"
        present = list(given.named(child.name))
        number = seen[child.name] = seen.get(child.name, -1) + 1
        if below not in form.repeats:
            _fill(form, child, present[number] if number < len(present) else _nothing(child), below)
            filled.append(child)
        elif number == 0:
            for one in present:
                new = form.repeats[below].copy(own)
                _fill(form, new, one, below)
                filled.append(new)
    own.children = filled


def _nothing(child: Node) -> Node:
    return Node(child.name)
