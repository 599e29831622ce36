"""A submission's XML, read as something a stranger may have written.

It is decoded before anything is looked for, so that no encoding hides a document type; entities,
networks and document types are off; depth and the number of elements are bounded before a tree is
built.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from lxml import etree

MOST_XML = 2**20
MOST_ELEMENTS = 20_000
LONGEST_ID = 200
_ID, _CASE = "{*}meta/{*}instanceID", "{*}case_id"
_ENCRYPTED = "http://opendatakit.org/submissions"

_DOCTYPE = re.compile(r"<!\s*doctype", re.IGNORECASE)


class NotAnInstance(Exception):
    """The XML is not a submission; the message says why, and where."""


@dataclass(frozen=True, slots=True)
class Instance:
    """What the server needs to know of a submission.

    Attributes
    ----------
    instance_id
        The client's number of the interview; where it gave none, the digest of the XML.
    case
        The text of the item ``case_id``, wherever it stands: the unit of the sample.
    root
        The first element, for what only the questionnaire knows the place of.
    encrypted
        Files that an encrypted submission consists of; the server cannot read them.
    """

    form_id: str
    version: str
    instance_id: str
    digest: str
    xml: bytes
    case: str
    encrypted: tuple[str, ...]
    root: etree._Element

    @property
    def disposition(self) -> str:
        """The text of the item ``disposition``, wherever it stands: how the interview ended."""
        return next((one.text or "" for one in self.root.iter("{*}disposition")), "").strip()

    def texts(self, path: str) -> list[str]:
        """Return what stands in the elements at a path below the first, such as ``group/photo``."""
        return _texts(self.root, "/".join(f"{{*}}{step}" for step in path.split("/")))


def read_instance(xml: bytes) -> Instance:
    """Return a submission from its XML.

    Raises
    ------
    NotAnInstance
        It is too large, not UTF-8, has a document type, is not well-formed, or names no form.
    """
    root = _tree(xml)
    form_id = root.get("id") or ""
    if not form_id:
        raise NotAnInstance("The first element names no form: its attribute 'id' is missing.")
    digest = hashlib.sha256(xml).hexdigest()
    own = _texts(root, _ID) or [root.get("instanceID") or f"sha256:{digest}"]
    if len(own) > 1 or len(own[0]) > LONGEST_ID:
        raise NotAnInstance("The number of the interview (instanceID) repeats or is too long.")
    encrypted: list[str] = []
    if etree.QName(root).namespace == _ENCRYPTED and root.get("encrypted") == "yes":
        encrypted = [*_texts(root, "{*}media/{*}file"), *_texts(root, "{*}encryptedXmlFile")]
    case = next((one.text or "" for one in root.iter(_CASE)), "").strip()
    version = root.get("version") or ""
    return Instance(form_id, version, own[0], digest, xml, case, tuple(encrypted), root)


def _tree(xml: bytes) -> etree._Element:
    if len(xml) > MOST_XML:
        raise NotAnInstance(f"The XML is longer than {MOST_XML:,} bytes.")
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = xml.count(b"\n", 0, error.start) + 1
        raise NotAnInstance(f"Line {line}: the XML is not UTF-8.") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotAnInstance("The XML has a document type, which no submission needs.")
    # Every element opens with one such mark, so that this bounds the tree before it is built.
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise NotAnInstance(f"The XML has more than {MOST_ELEMENTS:,} elements.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise NotAnInstance(f"Line {error.lineno}: {error.msg}.") from None
    if _DOCTYPE.search(text):
        raise NotAnInstance("The XML has a document type, which no submission needs.")
    return root


def _texts(root: etree._Element, path: str) -> list[str]:
    return [text for one in root.iterfind(path) if (text := (one.text or "").strip())]
