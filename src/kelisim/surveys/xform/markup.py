"""XML from strangers: refused before a tree is built when it is large, deep, or has a DOCTYPE."""

from __future__ import annotations

import hashlib
import re

from lxml import etree

from kelisim.core.errors import Refusal
from kelisim.surveys.xform.node import Node

LONGEST_SUBMISSION = 1_000_000
LONGEST_FORM = 12_000_000
MOST_ELEMENTS = 50_000
DEEPEST = 200

_DOCTYPE = re.compile(r"<!\s*(?:doctype|entity)", re.IGNORECASE)
_ENCODING = re.compile(r"""^\ufeff?<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""", re.IGNORECASE)


class MarkupRefused(Refusal):
    """XML that is cut short, too large, too deep, or declares a DOCTYPE."""

    code = "markup"


def read_markup(raw: bytes, *, longest: int = LONGEST_SUBMISSION) -> etree._Element:
    """Return the root of a document.

    The text is decoded before it is looked through: a search of bytes for a DOCTYPE would be
    passed by UTF-16. Elements are counted before any is built.

    Raises
    ------
    MarkupRefused
        The document is not UTF-8, not well-formed, has a DOCTYPE, or is too long, wide or deep.
    """
    if len(raw) > longest:
        raise MarkupRefused(
            f"The XML is {len(raw):,} bytes long; at most {longest:,} are read.",
            do="Send pictures and recordings as files beside the XML.",
        )
    text = _decoded(raw)
    if _DOCTYPE.search(text):
        raise MarkupRefused(
            "The XML declares a DOCTYPE or an entity.",
            why="They can make a reader open files and grow without end.",
            do="Send the XML without them.",
        )
    most = MOST_ELEMENTS * max(1, longest // LONGEST_SUBMISSION)
    if text.count("<") > most * 2:
        raise MarkupRefused("The XML has more elements than a form can have.")
    return _parsed(text)


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise MarkupRefused(
            "The XML is not UTF-8.", where=f"byte {cause.start + 1}", do="Write it in UTF-8."
        ) from cause
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        raise MarkupRefused(f"The XML says it is {declared[1]}.", do="Write it in UTF-8.")
    if "\0" in text:
        raise MarkupRefused(
            "The XML holds a zero byte.", where=f"character {text.index(chr(0)) + 1}"
        )
    return text


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as cause:
        line, column = cause.position
        raise MarkupRefused(
            f"The XML is not well-formed: {cause.msg}.",
            where=f"line {line}, character {column}",
            do="Send the whole document as it was made.",
        ) from cause
    return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    """Return the address of an element's namespace; empty when it has none."""
    return etree.QName(element).namespace or ""


def to_node(element: etree._Element, parent: Node | None = None, depth: int = 0) -> Node:
    """Return an element and everything below it as nodes.

    Raises
    ------
    MarkupRefused
        Elements stand more than `DEEPEST` levels inside one another.
    """
    if depth > DEEPEST:
        raise MarkupRefused(f"Elements stand more than {DEEPEST} levels inside one another.")
    own = [element.text or "", *(child.tail or "" for child in element)]
    node = Node(local(element), parent=parent, namespace=namespace(element))
    for name, text in element.attrib.items():
        tag = etree.QName(str(name))
        node.set_attribute(tag.localname, str(text), tag.namespace or "")
    node.children = [to_node(child, node, depth + 1) for child in element]
    text = "".join(own)
    # Blank text around elements is layout; text of an element that holds none is an answer.
    node.text = text if not node.children else text.strip()
    return node


def digest(raw: bytes) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()
