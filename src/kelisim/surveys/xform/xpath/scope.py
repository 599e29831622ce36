"""What an expression is evaluated in: the node, the form around it, the clock and chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Protocol

from kelisim.core.clock import Clock
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.values import Value


class World(Protocol):
    """The form that an expression belongs to, as far as expressions can see it."""

    clock: Clock
    zone: tzinfo
    language: str

    @property
    def document(self) -> Node:
        """The document of the answers."""
        ...

    def instance(self, name: str) -> Node | None:
        """Return the document of a table that the form looks answers up in."""
        ...

    def is_repeat(self, node: Node) -> bool:
        """Say whether a node is one of a repeated group."""
        ...

    def choice_label(self, value: str, path: str, scope: Scope) -> str:
        """Return what a value is called among the answers to a question."""
        ...

    def text(self, name: str) -> str:
        """Return a text of the form in the language it is read in."""
        ...

    def chance(self) -> float:
        """Return a number from [0, 1)."""
        ...

    def new_id(self) -> str:
        """Return a new identifier, as of RFC 4122."""
        ...


class Scope:
    """Where an expression stands while it is evaluated.

    Attributes
    ----------
    node
        The context node; changes inside predicates.
    current
        The node that the whole expression belongs to.
    position, size
        Place of the node among those a predicate is asked of, and how many they are.
    """

    __slots__ = ("current", "node", "position", "size", "world")

    def __init__(
        self, world: World, node: Node, current: Node, position: int = 1, size: int = 1
    ) -> None:
        self.world = world
        self.node = node
        self.current = current
        self.position = position
        self.size = size


Compiled = Callable[[Scope], Value]
"""An expression made into a function."""

Arguments = Sequence[Compiled]
