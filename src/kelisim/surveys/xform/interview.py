"""An interview: a form being filled in, its conditions and values computed after every answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import tzinfo

import numpy as np

from kelisim.core.clock import KAZAKHSTAN_TIME, Clock
from kelisim.surveys.xform.events import Events
from kelisim.surveys.xform.model import Bind, Form, Question, Repeat
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.order import Computation, plan
from kelisim.surveys.xform.tables import load_table
from kelisim.surveys.xform.wording import Wording
from kelisim.surveys.xform.xpath.compiling import compiled
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import Value, number_text, to_boolean, to_number, to_string

ROUNDS = 20
"""How often a form may go round until its counts of repeated groups come to rest."""

MOST_REPEATS = 1000


class Interview:
    """A form being filled in: the `World` that its expressions see.

    Parameters
    ----------
    files
        Files beside the form by name, for its tables.
    chance
        Where random numbers and identifiers come from.
    properties
        What a device knows of itself, for questions that are filled in from it.
    """

    def __init__(
        self,
        form: Form,
        *,
        clock: Clock,
        chance: np.random.Generator,
        zone: tzinfo = KAZAKHSTAN_TIME,
        language: str = "",
        files: Mapping[str, bytes] | None = None,
        properties: Mapping[str, str] | None = None,
        answers: Node | None = None,
    ) -> None:
        self.form = form
        self.clock = clock
        self.zone = zone
        self.language = language or form.default_language
        self.properties: Mapping[str, str] = properties or {}
        self.wording = Wording(self)
        self.questions: Mapping[str, Question] = form.questions()
        self._chance = chance
        self._files = files or {}
        self._tables: dict[str, Node] = {}
        self._plan = plan(form)
        self._cascades = [
            one for one in self.questions.values() if one.itemset and "[" in one.itemset.nodes
        ]
        self._counted = [one for one in form.controls() if isinstance(one, Repeat) and one.count]
        self._document = answers or form.template.copy()
        self._at: dict[str, list[Node]] = {}
        self.reindex()
        self._opening = answers is None
        if self._opening:
            Events(self).opened()
        self.recompute()
        self._opening = False

    # What expressions see

    @property
    def document(self) -> Node:
        """The document of the answers."""
        return self._document

    @property
    def root(self) -> Node:
        """The root of the answers."""
        return self._document.children[0]

    def instance(self, name: str) -> Node | None:
        """Return the document of a table, read when it is first looked into."""
        table = self.form.tables.get(name)
        if table is None:
            own = self.root.attribute("id"), self.form.root.attribute("id"), self.root.name
            return self._document if name in own else None
        if name not in self._tables:
            self._tables[name] = load_table(table, self._files)
        return self._tables[name]

    def is_repeat(self, node: Node) -> bool:
        """Say whether a node is one of a repeated group."""
        return node.path() in self.form.repeats

    def choice_label(self, value: str, path: str, scope: Scope) -> str:
        """Return what a value is called among the answers to a question."""
        return self.wording.choice_name(value, path, scope)

    def text(self, name: str) -> str:
        """Return a text of the form in the language it is read in."""
        return self.wording.named(name, self.root)

    def chance(self) -> float:
        """Return a number from [0, 1)."""
        return float(self._chance.random())

    def new_id(self) -> str:
        """Return a new identifier, as of RFC 4122, version 4."""
        return str(uuid.UUID(bytes=self._chance.bytes(16), version=4))

    # Where things are

    def reindex(self) -> None:
        """Note where every node stands; called when groups come and go."""
        self._at = {}
        for node in self.root.walk():
            self._at.setdefault(node.path(), []).append(node)

    def nodes(self, path: str) -> list[Node]:
        """Return every node of a path, in document order; an attribute's path ends in ``@name``."""
        above, _, name = path.rpartition("/@")
        if above:
            found = (node.attributes.get(name) for node in self._at.get(above, []))
            return [one for one in found if one is not None]
        return self._at.get(path, [])

    def bind(self, node: Node) -> Bind | None:
        """Return what the form asks of a node."""
        return self.form.binds.get(node.path())

    # What is computed

    def evaluate(self, expression: str, node: Node) -> Value:
        """Return the value of an expression at a node."""
        return compiled(expression)(Scope(self, node, node))

    def recompute(self, changed: str = "") -> None:
        """Bring relevances, computed values and counts of groups up to date.

        Parameters
        ----------
        changed
            The path of the one answer that changed; empty after anything else.
        """
        steps = self._plan.after.get(changed) if changed else None
        for _round in range(ROUNDS):
            for place in range(len(self._plan.steps)) if steps is None else steps:
                once = steps is None and place in self._plan.impure
                one = self._plan.steps[place]
                for node in self.nodes(one.path):
                    if not (once and node.text):
                        self._compute(one, node)
            # Both are done in every round, whatever the other changed.
            if not (self._recount() | self._withdraw()):
                return
            steps = None

    def _compute(self, one: Computation, node: Node) -> None:
        value = self.evaluate(one.expression, node)
        if one.kind == "relevant":
            node.asked = to_boolean(value)
            node.settle()
        else:
            bind = self.form.binds.get(one.path)
            node.text = cast_text(value, bind.type if bind else "string", self.zone)

    def _withdraw(self) -> bool:
        """Take back answers that can no longer be chosen, as both clients do."""
        changed = False
        for question in self._cascades:
            for node in self.nodes(question.path):
                if node.text and node.relevant:
                    left = self._still_open(question, node)
                    changed = changed or left != node.text
                    node.text = left
        return changed

    def _still_open(self, question: Question, node: Node) -> str:
        known = {one.value for one in self.wording.options(question, node)}
        if question.kind == "select1":
            return node.text if node.text in known else ""
        return " ".join(word for word in node.text.split() if word in known)

    def _recount(self) -> bool:
        changed = False
        for repeat in self._counted:
            above = repeat.path.rpartition("/")[0]
            # What is not asked now keeps its groups: it may be asked again.
            for parent in [one for one in self.nodes(above) if one.relevant or self._opening]:
                wanted = self._wanted(repeat, parent)
                while sum(1 for _ in parent.named(repeat.path.rpartition("/")[2])) != wanted:
                    self._grow(repeat.path, parent, wanted)
                    changed = True
        return changed

    def _wanted(self, repeat: Repeat, parent: Node) -> int:
        number = to_number(self.evaluate(repeat.count, parent), self.zone)
        return int(number) if 0 <= number <= MOST_REPEATS else 0

    def _grow(self, path: str, parent: Node, wanted: int) -> None:
        present = list(parent.named(path.rpartition("/")[2]))
        if len(present) > wanted:
            self.remove_repeat(present[-1])
        else:
            self.add_repeat(path, parent)

    # What a person does

    def set(self, node: Node, text: str) -> None:
        """Write an answer, and compute what follows from it."""
        if node.text != text:
            node.text = text
            self.recompute(node.path())
            Events(self).changed(node)

    def add_repeat(self, path: str, parent: Node) -> Node:
        """Add one more of a repeated group under a node, after those that are there."""
        new = self.form.repeats[path].copy(parent)
        for node in new.walk():
            node.relevant = parent.relevant
        same = [place for place, one in enumerate(parent.children) if one.name == new.name]
        place = same[-1] + 1 if same else self._slot(parent, path)
        parent.children.insert(place, new)
        self.reindex()
        Events(self).added(new)
        return new

    def _slot(self, parent: Node, path: str) -> int:
        """Return where the first of a repeated group stands among what the form declares."""
        order = self.form.repeats[path].parent
        names = [one.name for one in order.children] if order else []
        own = path.rpartition("/")[2]
        after = set(names[names.index(own) + 1 :]) if own in names else set()
        places = [place for place, one in enumerate(parent.children) if one.name in after]
        return places[0] if places else len(parent.children)

    def remove_repeat(self, node: Node) -> None:
        """Remove one of a repeated group."""
        if node.parent is not None:
            node.parent.children = [one for one in node.parent.children if one is not node]
            self.reindex()

    def answered(self) -> Iterator[tuple[Question, Node]]:
        """Yield every question that has a node, with the node."""
        for path, question in self.questions.items():
            for node in self.nodes(path):
                yield question, node


def cast_text(value: Value, kind: str, zone: tzinfo) -> str:
    """Return a computed value as the text of an answer; no number is no answer."""
    text = to_string(value)
    if text == "NaN":
        return ""
    if kind in ("int", "integer") and text:
        number = to_number(value, zone)
        return number_text(float(int(number))) if abs(number) < 1e15 else ""
    return text
