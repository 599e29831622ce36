"""An interview as its words and its events see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kelisim.surveys.xform.model import Form, Question
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.scope import World
from kelisim.surveys.xform.xpath.values import Value


class Stage(World, Protocol):
    """What wording and events need of an interview; `interview.Interview` is one."""

    form: Form
    questions: Mapping[str, Question]
    properties: Mapping[str, str]

    @property
    def root(self) -> Node:
        """The root of the answers."""
        ...

    def nodes(self, path: str) -> list[Node]:
        """Return every node of a path, in document order."""
        ...

    def evaluate(self, expression: str, node: Node) -> Value:
        """Return the value of an expression at a node."""
        ...

    def set(self, node: Node, text: str) -> None:
        """Write an answer, and compute what follows from it."""
        ...
