"""From the body of an XForm to its controls: questions, groups, repeated groups."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.acts import read_actions
from kelisim.surveys.xform.markup import local
from kelisim.surveys.xform.model import (
    Action,
    Choice,
    Control,
    Group,
    Itemset,
    Label,
    Question,
    Repeat,
)
from kelisim.surveys.xform.paths import resolve
from kelisim.surveys.xform.words import label_of

JAVAROSA = "{http://openrosa.org/javarosa}"
QUESTIONS = frozenset(
    {"input", "secret", "select", "select1", "rank", "range", "trigger", "upload"}
)
PARAMETERS = ("start", "end", "step", "mediatype", "rows", "query", "preload")


def read_body(
    body: etree._Element, root: str, named: Mapping[str, str]
) -> tuple[tuple[Control, ...], tuple[Action, ...]]:
    """Return the controls of a body, and the actions that wait for their changes."""
    reader = _Body(root, named)
    return reader.inside(body, root), tuple(reader.actions)


class _Body:
    """One reading of a body: what binds are called, and the actions met on the way."""

    def __init__(self, root: str, named: Mapping[str, str]) -> None:
        self.root = root
        self.named = named
        self.actions: list[Action] = []

    def inside(self, element: etree._Element, context: str) -> tuple[Control, ...]:
        found = (self.control(one, context) for one in element)
        return tuple(one for one in found if one is not None)

    def path(self, element: etree._Element, context: str) -> str:
        bind = element.get("bind")
        if bind:
            if bind not in self.named:
                raise QuestionnaireRefused(
                    f"The question <{local(element)}> belongs to a bind '{bind}' that is absent.",
                    do="Correct the bind.",
                )
            return self.named[bind]
        return resolve(element.get("ref") or element.get("nodeset") or "", context)

    def control(self, element: etree._Element, context: str) -> Control | None:
        name = local(element)
        if name == "group":
            return self.group(element, context)
        if name == "repeat":
            return self.repeat(element, context, None)
        if name in QUESTIONS:
            return self.question(element, context)
        return None

    def group(self, element: etree._Element, context: str) -> Control:
        path = self.path(element, context)
        label = label_of(element, "label")
        repeats = [one for one in element if local(one) == "repeat"]
        others = [one for one in element if local(one) in QUESTIONS | {"group"}]
        if len(repeats) == 1 and not others:
            # The group around a repeat is only where its heading stands.
            found = self.repeat(repeats[0], path or context, label)
            own = _words(element)
            return found if not own else _appearing(found, own)
        return Group(path, label, _words(element), self.inside(element, path or context))

    def repeat(self, element: etree._Element, context: str, label: Label | None) -> Repeat:
        path = resolve(element.get("nodeset") or element.get("ref") or "", context)
        self.actions += read_actions(element, path, "", self.named)
        count = element.get(f"{JAVAROSA}count") or ""
        fixed = (element.get(f"{JAVAROSA}noAddRemove") or "").startswith("true")
        return Repeat(
            path=path,
            label=label_of(element, "label") or label,
            count=count,
            fixed=fixed,
            appearance=_words(element),
            children=self.inside(element, path),
        )

    def question(self, element: etree._Element, context: str) -> Question:
        path = self.path(element, context)
        if not path:
            raise QuestionnaireRefused(
                f"A question <{local(element)}> has no place for its answer."
            )
        self.actions += read_actions(element, self.root, path, self.named)
        parameters = {name: str(element.get(name)) for name in PARAMETERS if element.get(name)}
        for name, text in element.attrib.items():
            tag = etree.QName(str(name))
            if tag.namespace:
                parameters[tag.localname] = str(text)
        return Question(
            kind=local(element),
            path=path,
            label=label_of(element, "label"),
            hint=label_of(element, "hint"),
            appearance=_words(element),
            choices=tuple(_choice(one) for one in element if local(one) == "item"),
            itemset=_itemset(element, path),
            parameters=parameters,
        )


def _appearing(repeat: Repeat, more: frozenset[str]) -> Repeat:
    return Repeat(
        repeat.path,
        repeat.label,
        repeat.count,
        repeat.fixed,
        repeat.appearance | more,
        repeat.children,
    )


def _words(element: etree._Element) -> frozenset[str]:
    return frozenset((element.get("appearance") or "").split())


def _choice(item: etree._Element) -> Choice:
    value = next((one.text or "" for one in item if local(one) == "value"), "")
    label = label_of(item, "label")
    if label is None:
        raise QuestionnaireRefused(f"The answer '{value}' has no label.", do="Give it one.")
    return Choice(value.strip(), label)


def _itemset(element: etree._Element, path: str) -> Itemset | None:
    found = next((one for one in element if local(one) == "itemset"), None)
    if found is None:
        query = element.get("query")
        return Itemset(query, "name", "label", label_is_name=False) if query else None
    value = next((one.get("ref") or "" for one in found if local(one) == "value"), "")
    label = next((one.get("ref") or "" for one in found if local(one) == "label"), "")
    nodes = found.get("nodeset") or ""
    if not value or not nodes:
        raise QuestionnaireRefused(
            f"The answers of {path} do not say which rows or which column they are.",
            do="Give the itemset a nodeset and a value.",
        )
    by_name = label.startswith("jr:itext(")
    return Itemset(nodes, value, label[9:-1].strip() if by_name else label, by_name)
