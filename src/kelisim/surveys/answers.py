"""Answers in a compact form: what an export reads instead of XML.

A submission's answers become one line of CSV at receipt, a cell for each column of its
questionnaire, and after it a line of JSON with the rows of its repeated groups. A million such
lines are read by Polars in blocks, without a parser of XML and without an SQL column a question.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from kelisim.surveys.xform.markup import read_markup
from kelisim.surveys.xform.model import Form, Question

_WHOLE = re.compile(r"-?\d{1,18}\Z")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?\Z")
_PLAIN = re.compile(r"[\w .:+-]*\Z")
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of answers.

    Attributes
    ----------
    kind
        ``number``, ``whole``, ``one`` or ``many`` of choices, ``date``, ``text``.
    """

    path: str
    name: str
    kind: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a questionnaire: of the interview, and of each repeated group."""

    root: tuple[Column, ...]
    repeats: dict[str, tuple[Column, ...]]


@lru_cache(maxsize=200)
def layout(form: Form) -> Layout:
    """Return the columns of a form in the order of its answers; names are unique in a table."""
    questions = form.questions()
    tables: dict[str, list[Column]] = {"": [], **{path: [] for path in form.repeats}}
    leaves = dict.fromkeys(
        node.path()
        for root in (form.root, *form.repeats.values())
        for node in root.walk()
        if not node.children
    )
    for path in leaves:
        if "/meta/" in path or path in form.repeats:
            continue
        inside = [one for one in form.repeats if path.startswith(f"{one}/")]
        table = max(inside, key=len, default="")
        question = questions.get(path)
        bind = form.binds.get(path)
        if question is not None and _is_note(form, question):
            continue
        kind = _kind(question, bind.type if bind else "string")
        name = _free(path, {one.name for one in tables[table]})
        tables[table].append(Column(path, name, kind, question))
    root = tuple(tables.pop(""))
    return Layout(root, {path: tuple(columns) for path, columns in tables.items()})


def _is_note(form: Form, question: Question) -> bool:
    bind = form.binds.get(question.path)
    return bool(question.kind == "input" and bind and bind.readonly in ("true()", "1"))


def _free(path: str, taken: set[str]) -> str:
    """Return the shortest end of a path that no other column has."""
    names = path.strip("/").split("/")
    for size in range(1, len(names) + 1):
        name = "_".join(names[-size:])
        if name not in taken:
            return name
    return path


def _kind(question: Question | None, kind: str) -> str:
    if question is not None and question.kind == "select1":
        return "one"
    if question is not None and question.kind in ("select", "rank"):
        return "many"
    if kind in ("int", "integer"):
        return "whole"
    if kind == "decimal":
        return "number"
    return "date" if kind == "date" else "text"


def compact(form: Form, xml: bytes) -> bytes:
    r"""Return a submission's answers in the compact form.

    The first line is CSV: line breaks inside an answer are written ``\n``, backslashes twice, and
    an absent answer is an empty cell. The second, where there are repeated groups, is
    ``{path: [[number of the group above, answer, ...], ...]}``.

    Raises
    ------
    MarkupRefused
        The submission is not XML that is let in.
    """
    told = layout(form)
    texts: dict[str, str] = {}
    groups: dict[str, list[dict[str, str]]] = {path: [] for path in told.repeats}
    above: dict[str, list[int]] = {path: [] for path in told.repeats}
    root = read_markup(xml)
    _gather(root, f"/{_local(root)}", texts, groups, above, 0)
    line = ",".join([_cell(column, texts.get(column.path)) for column in told.root])
    rows = {
        path: [
            [parent, *(_text(column, row.get(column.path)) for column in told.repeats[path])]
            for parent, row in zip(above[path], inside, strict=True)
        ]
        for path, inside in groups.items()
        if inside
    }
    more = json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""
    return f"{line}\n{more}".encode()


def _local(element: etree._Element) -> str:
    tag = str(element.tag)
    return tag[tag.index("}") + 1 :] if tag[0] == "{" else tag


def _gather(
    element: etree._Element,
    path: str,
    texts: dict[str, str],
    groups: dict[str, list[dict[str, str]]],
    above: dict[str, list[int]],
    parent: int,
) -> None:
    for child in element:
        below = f"{path}/{_local(child)}"
        if below in groups:
            own: dict[str, str] = {}
            groups[below].append(own)
            above[below].append(parent)
            _gather(child, below, own, groups, above, len(groups[below]))
        elif len(child):
            _gather(child, below, texts, groups, above, parent)
        elif child.text:
            texts[below] = child.text


def _text(column: Column, text: str | None) -> str:
    """Return an answer as its column can hold it: what is no number is no answer to a number."""
    if not text:
        return ""
    if column.kind == "whole":
        return text if _WHOLE.match(text) else ""
    if column.kind == "number":
        return text if _NUMBER.match(text) else ""
    return text


def _cell(column: Column, text: str | None) -> str:
    text = _text(column, text)
    if _PLAIN.match(text):
        return text
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    quoted = escaped.replace('"', '""')
    return f'"{quoted}"'


def read_cell(text: str) -> str:
    r"""Return an answer from its escaped form.

    >>> read_cell("two\\nlines"), read_cell("back\\\\slash")
    ('two\nlines', 'back\\slash')
    """
    return _ESCAPED.sub(lambda found: _MEANT[found[1]], text)
