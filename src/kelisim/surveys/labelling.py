"""What columns and codes of answers are called in a language, without an interview."""

from __future__ import annotations

from collections.abc import Mapping

from kelisim.surveys.answers import Column
from kelisim.surveys.drafts import spoken
from kelisim.surveys.xform.model import Form, Label
from kelisim.surveys.xform.node import Node


def wording(form: Form, label: Label | None, language: str) -> str:
    """Return a label in a language of the site; computed words are left out."""
    if label is None:
        return ""
    text = label.text
    if label.name:
        for one in (spoken(form, language), form.default_language):
            text = form.texts.get(one, {}).get(label.name, {}).get("long", ())
            if text and text != (("-", False),):
                break
    return "".join("…" if computed else words for words, computed in text).strip()


def codes(form: Form, column: Column, language: str) -> dict[str, str]:
    """Return the codes of a select question and what each is called; none where a file says it."""
    question = column.question
    if question is None or column.kind not in ("one", "many"):
        return {}
    if question.itemset is None:
        return {
            one.value: wording(form, one.label, language) or one.value for one in question.choices
        }
    name = question.itemset.nodes.partition("instance('")[2].partition("'")[0]
    table = form.tables.get(name)
    if table is None or table.root is None:
        return {}
    rows = table.root.children[0].children
    return {
        _cell(row, question.itemset.value): _called(form, row, question.itemset.label, language)
        for row in rows
    }


def _cell(row: Node, name: str) -> str:
    found = row.child(name)
    return found.text if found else ""


def _called(form: Form, row: Node, label: str, language: str) -> str:
    told = _cell(row, label)
    known = form.texts.get(form.default_language, {})
    return wording(form, Label(name=told), language) if told in known else told


def headings(form: Form, columns: tuple[Column, ...], language: str) -> Mapping[str, str]:
    """Return the wording of each column by its name."""
    return {
        one.name: wording(form, one.question.label, language) if one.question else ""
        for one in columns
    }
