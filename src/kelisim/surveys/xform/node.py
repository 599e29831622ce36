"""A tree of named nodes: an instance of a form, or a table that answers are looked up in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal


class Node:
    """An element, an attribute, or the document above the root.

    Attributes
    ----------
    name
        The local name; prefixes are dropped.
    namespace
        The namespace's address, for writing the tree; empty when there is none.
    text
        What stands directly inside it.
    asked
        Whether its own condition lets it be asked now.
    relevant
        Whether it and everything above it is asked now.
    """

    __slots__ = (
        "asked",
        "attributes",
        "children",
        "kind",
        "name",
        "namespace",
        "parent",
        "relevant",
        "text",
    )

    def __init__(
        self,
        name: str,
        *,
        parent: Node | None = None,
        text: str = "",
        namespace: str = "",
        kind: Literal["element", "attribute", "document"] = "element",
    ) -> None:
        self.name = name
        self.parent = parent
        self.text = text
        self.namespace = namespace
        self.kind = kind
        self.children: list[Node] = []
        self.attributes: dict[str, Node] = {}
        self.asked = True
        self.relevant = True

    def __repr__(self) -> str:
        return f"<{self.place()}>"

    def value(self) -> str:
        """Return the node's text as expressions see it: empty where the node is not asked."""
        if not self.relevant:
            return ""
        if not self.children:
            return self.text
        return "".join(child.value() for child in self.children)

    def settle(self) -> None:
        """Tell the node and everything below it whether they are asked, as the node above is."""
        above = self.parent
        relevant = self.asked and (above is None or above.relevant)
        if relevant is not self.relevant:
            self.relevant = relevant
            for attribute in self.attributes.values():
                attribute.relevant = relevant and attribute.asked
            for child in self.children:
                child.settle()

    def named(self, name: str) -> Iterator[Node]:
        """Yield the children of a name, in order."""
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> Node | None:
        """Return the first child of a name, or None."""
        return next(self.named(name), None)

    def attribute(self, name: str) -> str:
        """Return the text of an attribute; empty when there is none."""
        found = self.attributes.get(name)
        return found.text if found else ""

    def set_attribute(self, name: str, text: str, namespace: str = "") -> None:
        """Write an attribute."""
        self.attributes[name] = Node(
            name, parent=self, text=text, namespace=namespace, kind="attribute"
        )

    def copy(self, parent: Node | None = None) -> Node:
        """Return a copy of the node and of everything below it, for another parent."""
        new = Node(
            self.name, parent=parent, text=self.text, namespace=self.namespace, kind=self.kind
        )
        for name, attribute in self.attributes.items():
            new.set_attribute(name, attribute.text, attribute.namespace)
        new.children = [child.copy(new) for child in self.children]
        return new

    def walk(self) -> Iterator[Node]:
        """Yield the node and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        """Yield what stands above the node, the nearest first, the document last."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def path(self) -> str:
        """Return the path of names from the root, such as ``/data/household/age``."""
        names = [self.name if self.kind != "attribute" else f"@{self.name}"]
        names += [node.name for node in self.ancestors() if node.kind != "document"]
        return "/" + "/".join(reversed(names))

    def order(self) -> int:
        """Return the place among the siblings of the same name, from 1."""
        if self.parent is None or self.kind == "attribute":
            return 1
        same = self.parent.named(self.name)
        return next(number for number, node in enumerate(same, 1) if node is self)

    def place(self) -> str:
        """Return the path with the number of each node among those of its name."""
        if self.kind == "document":
            return ""
        above = self.parent.place() if self.parent else ""
        return f"{above}/{self.name}[{self.order()}]"


def document(root: Node) -> Node:
    """Return a document with the given root."""
    top = Node("", kind="document")
    top.children.append(root)
    root.parent = top
    return top
