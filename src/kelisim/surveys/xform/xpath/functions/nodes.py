"""Nodes: counting, places, names, order, the node one is at."""

from __future__ import annotations

import math

from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.functions.registry import MANY, Shelf
from kelisim.surveys.xform.xpath.scope import Compiled, Scope
from kelisim.surveys.xform.xpath.values import Value, to_number, to_string

HERE = Shelf()


def _nodes(value: Value) -> list[Node]:
    return value if isinstance(value, list) else []


@HERE.add("current")
def _current(scope: Scope) -> Value:
    return [scope.current]


@HERE.add("last")
def _last(scope: Scope) -> Value:
    return float(scope.size)


@HERE.add("position", 0, 1)
def _position(scope: Scope, *value: Value) -> Value:
    """Return the place in a predicate, or a node's place among the siblings of its name."""
    if not value:
        return float(scope.position)
    nodes = _nodes(value[0])
    return float(nodes[0].order()) if nodes else math.nan


@HERE.add("count", 1)
def _count(_scope: Scope, value: Value) -> Value:
    return float(len(_nodes(value)))


@HERE.add("count-non-empty", 1)
def _count_non_empty(_scope: Scope, value: Value) -> Value:
    return float(sum(node.value() != "" for node in _nodes(value)))


@HERE.add("name", 0, 1)
@HERE.add("local-name", 0, 1)
def _name(scope: Scope, *value: Value) -> Value:
    nodes = _nodes(value[0]) if value else [scope.node]
    return nodes[0].name if nodes else ""


@HERE.add("namespace-uri", 0, 1)
def _namespace_uri(scope: Scope, *value: Value) -> Value:
    nodes = _nodes(value[0]) if value else [scope.node]
    return nodes[0].namespace if nodes else ""


@HERE.add("indexed-repeat", 3, MANY, lazy=True)
def _indexed_repeat(scope: Scope, asked: Compiled, *pairs: Compiled) -> Value:
    """Return the nodes asked for inside the n-th of one repeated group, of another inside it."""
    outside = Scope(scope.world, scope.node, scope.world.document)
    nodes = _nodes(asked(outside))
    for group, number in zip(pairs[::2], pairs[1::2], strict=False):
        wanted = to_number(number(scope), scope.world.zone)
        groups = {id(one) for one in _nodes(group(outside)) if one.order() == wanted}
        nodes = [node for node in nodes if groups & set(map(id, (node, *node.ancestors())))]
    return nodes


@HERE.add("randomize", 1, 2)
def _randomize(scope: Scope, value: Value, *seed: Value) -> Value:
    """Shuffle nodes; with a seed always into the same order, the one that JavaRosa gives."""
    nodes = list(_nodes(value))
    state = _seed(scope, seed)
    for place in range(len(nodes) - 1, 0, -1):
        state = state * 48_271 % 2_147_483_647
        other = math.floor((state - 1) / 2_147_483_646 * (place + 1))
        nodes[place], nodes[other] = nodes[other], nodes[place]
    return nodes


def _seed(scope: Scope, seed: tuple[Value, ...]) -> int:
    number = to_number(seed[0], scope.world.zone) if seed else scope.world.chance() * 2_147_483_646
    if math.isnan(number):
        number = float(
            sum(ord(c) * 31**i for i, c in enumerate(to_string(seed[0]))) % 2_147_483_647
        )
    state = int(number) % 2_147_483_647
    return state if state > 0 else state + 2_147_483_646
