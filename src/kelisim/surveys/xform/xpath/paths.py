"""Location paths: from a node along axes, through tests and predicates, to nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.scope import Compiled, Scope
from kelisim.surveys.xform.xpath.syntax import Step
from kelisim.surveys.xform.xpath.values import Value, to_boolean

Walk = Callable[[Node], Iterable[Node]]
"""An axis: from a node to nodes, in the order in which positions are counted."""


def _siblings(node: Node, *, after: bool) -> Iterator[Node]:
    if node.parent is None or node.kind == "attribute":
        return iter(())
    row = node.parent.children
    place = next(number for number, one in enumerate(row) if one is node)
    return iter(row[place + 1 :] if after else reversed(row[:place]))


def _below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield from child.walk()


def _beyond(node: Node, *, after: bool) -> Iterator[Node]:
    for one in (node, *node.ancestors()):
        for sibling in _siblings(one, after=after):
            inside = list(sibling.walk())
            yield from inside if after else reversed(inside)


AXES: dict[str, Walk] = {
    "self": lambda node: (node,),
    "child": lambda node: node.children,
    "parent": lambda node: (node.parent,) if node.parent else (),
    "attribute": lambda node: node.attributes.values(),
    "descendant": _below,
    "descendant-or-self": lambda node: node.walk(),
    "ancestor": lambda node: node.ancestors(),
    "ancestor-or-self": lambda node: (node, *node.ancestors()),
    "following-sibling": lambda node: _siblings(node, after=True),
    "preceding-sibling": lambda node: _siblings(node, after=False),
    "following": lambda node: _beyond(node, after=True),
    "preceding": lambda node: _beyond(node, after=False),
}
_FORWARD = frozenset({"self", "child", "attribute", "parent"})


def walk_step(
    step: Step, predicates: Sequence[Compiled]
) -> Callable[[Scope, list[Node]], list[Node]]:
    """Return the function that takes one step of a path from each of some nodes."""
    axis, test = AXES[step.axis], step.test

    def take(scope: Scope, nodes: list[Node]) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            reached = [one for one in axis(node) if passes(one, test)]
            for predicate in predicates:
                reached = keep(scope, reached, predicate)
            found += reached
        return found if len(nodes) == 1 and step.axis in _FORWARD else in_order(found)

    return take


def passes(node: Node, test: str) -> bool:
    """Say whether a node passes the test of a step."""
    if test == "node()":
        return True
    if test == "*":
        return node.kind != "document"
    return node.name == test and node.kind != "document"


def keep(scope: Scope, nodes: list[Node], predicate: Compiled) -> list[Node]:
    """Return the nodes for which a predicate holds; a number is a position."""
    size = len(nodes)
    kept = []
    for position, node in enumerate(nodes, 1):
        answer = predicate(Scope(scope.world, node, scope.current, position, size))
        if _holds(answer, position):
            kept.append(node)
    return kept


def _holds(answer: Value, position: int) -> bool:
    if isinstance(answer, float):
        return answer == position
    return to_boolean(answer)


def in_order(nodes: list[Node]) -> list[Node]:
    """Return nodes once each, in document order."""
    unique = list({id(node): node for node in nodes}.values())
    if len(unique) < 2:
        return unique
    top = unique[0]
    for above in unique[0].ancestors():
        top = above
    places = {id(node): number for number, node in enumerate(top.walk())}
    return sorted(unique, key=lambda node: _rank(node, places))


def _rank(node: Node, places: dict[int, int]) -> tuple[int, int]:
    if node.kind == "attribute" and node.parent is not None:
        return (places.get(id(node.parent), 0), 1)
    return (places.get(id(node), 0), 0)


def from_root(
    scope: Scope, takes: Sequence[Callable[[Scope, list[Node]], list[Node]]]
) -> list[Node]:
    """Walk an absolute path.

    Inside a repeated group a path means the group one is in, as JavaRosa reads it: from the age of
    the second person ``/data/person/name`` is the second person's name. The last step is left as it
    is, so that ``count(/data/person)`` counts everybody.
    """
    nodes = [scope.world.document]
    own: set[int] | None = None
    for number, take in enumerate(takes, 1):
        nodes = take(scope, nodes)
        if number < len(takes) and len(nodes) > 1:
            if own is None:
                own = {id(scope.current), *map(id, scope.current.ancestors())}
            mine = [one for one in nodes if id(one) in own and scope.world.is_repeat(one)]
            nodes = mine or nodes
    return nodes
