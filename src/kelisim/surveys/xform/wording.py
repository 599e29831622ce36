"""What a person reads of a form: labels in a language, with computed words in their places."""

from __future__ import annotations

from dataclasses import dataclass

from kelisim.surveys.xform.model import Forms, Label, Question, Text
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.stage import Stage
from kelisim.surveys.xform.xpath.compiling import compiled, nodes_of
from kelisim.surveys.xform.xpath.paths import in_order
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import to_string


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen now, and what it is called."""

    value: str
    label: str
    media: tuple[tuple[str, str], ...] = ()


class Wording:
    """The words of one interview, in the interview's language."""

    def __init__(self, interview: Stage) -> None:
        self.interview = interview

    def label(self, label: Label | None, node: Node, form: str = "long") -> str:
        """Return a label at a node in one of its forms; empty when there is none."""
        if label is None:
            return ""
        if label.name:
            return self.named(label.name, node, form)
        if form != "long":
            return ""
        if label.expression:
            return to_string(self.interview.evaluate(label.expression, node))
        return self._written(label.text, node)

    def named(self, name: str, node: Node, form: str = "long") -> str:
        """Return a text of the form's list at a node."""
        return self._written(self._forms(name).get(form, ()), node)

    def _forms(self, name: str) -> Forms:
        texts, form = self.interview.form.texts, self.interview.form
        for language in (self.interview.language, form.default_language, *form.languages):
            found = texts.get(language, {}).get(name)
            # A dash stands where a translation is missing: pyxform writes it.
            if found and found.get("long", ()) != (("-", False),):
                return found
        return {}

    def _written(self, text: Text, node: Node) -> str:
        return "".join(
            to_string(self.interview.evaluate(words, node)) if computed else words
            for words, computed in text
        )

    def media(self, label: Label | None) -> tuple[tuple[str, str], ...]:
        """Return the files that a label shows: kind and name."""
        if label is None or not label.name:
            return ()
        forms = self._forms(label.name)
        return tuple(
            (kind, "".join(words for words, _ in forms[kind]).rpartition("/")[2])
            for kind in ("image", "audio", "video")
            if kind in forms
        )

    def options(self, question: Question, node: Node) -> list[Option]:
        """Return the answers that can be chosen at a node, in their order."""
        if question.itemset is None:
            return [
                Option(one.value, self.label(one.label, node), self.media(one.label))
                for one in question.choices
            ]
        itemset = question.itemset
        scope = Scope(self.interview, node, node)
        rows = nodes_of(compiled(itemset.nodes)(scope))
        return [self._row(question, row, node) for row in rows]

    def _row(self, question: Question, row: Node, node: Node) -> Option:
        itemset = question.itemset
        if itemset is None:
            raise TypeError("only the answers of an itemset are rows")
        inside = Scope(self.interview, row, node)
        value = to_string(compiled(itemset.value)(inside))
        told = to_string(compiled(itemset.label)(inside)) if itemset.label else value
        if itemset.label_is_name:
            return Option(value, self.named(told, node), self.media(Label(name=told)))
        return Option(value, told)

    def choice_name(self, value: str, path: str, scope: Scope) -> str:
        """Return what an answer is called, for ``jr:choice-name``."""
        targets = in_order(nodes_of(compiled(path)(scope)))
        if not targets:
            return ""
        question = self.interview.questions.get(targets[0].path())
        if question is None:
            return ""
        options = self.options(question, targets[0])
        return next((one.label for one in options if one.value == value), "")
