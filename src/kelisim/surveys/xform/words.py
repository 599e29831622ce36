"""The words of a form: its texts in every language, and labels that point to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.markup import local
from kelisim.surveys.xform.model import Forms, Label, Part, Text
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.syntax import Call, Literal

Texts = Mapping[str, Mapping[str, Forms]]


def read_texts(itext: etree._Element | None) -> tuple[tuple[str, ...], str, Texts]:
    """Return the languages of a form, the one it opens in, and its texts."""
    if itext is None:
        return (), "", {}
    translations = [one for one in itext if local(one) == "translation"]
    languages = tuple(str(one.get("lang") or "") for one in translations)
    if len(set(languages)) < len(languages):
        raise QuestionnaireRefused("The form has two translations into one language.")
    default = next(
        (str(one.get("lang")) for one in translations if one.get("default") is not None),
        languages[0] if languages else "",
    )
    texts = {str(one.get("lang") or ""): dict(_texts(one)) for one in translations}
    return languages, default, texts


def _texts(translation: etree._Element) -> Iterator[tuple[str, Forms]]:
    for text in translation:
        yield str(text.get("id")), {(one.get("form") or "long"): read_text(one) for one in text}


def read_text(element: etree._Element) -> Text:
    """Return the words of an element, with the expressions whose values stand among them."""
    found: list[Part] = [(element.text or "", False)]
    for child in element:
        if local(child) == "output":
            found.append((child.get("value") or child.get("ref") or "''", True))
        else:
            found += read_text(child)
        found.append((child.tail or "", False))
    return tuple((words, computed) for words, computed in found if words)


def read_label(reference: str) -> Label:
    """Return the label that a ``ref`` or a message means."""
    reference = reference.strip()
    if reference.startswith("jr:itext("):
        expression = parse(reference)
        if isinstance(expression, Call) and expression.arguments:
            argument = expression.arguments[0]
            if isinstance(argument, Literal):
                return Label(name=argument.text)
        return Label(expression=reference)
    return Label(text=((reference, False),))


def label_of(element: etree._Element, name: str) -> Label | None:
    """Return the label, hint or message that stands inside an element, or None."""
    found = next((one for one in element if local(one) == name), None)
    if found is None:
        return None
    reference = found.get("ref")
    if not reference:
        return Label(text=read_text(found))
    if reference.startswith("jr:itext("):
        return read_label(reference)
    return Label(expression=reference)
