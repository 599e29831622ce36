"""From the syntax of an expression to a function of the scope it is evaluated in."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from kelisim.core.errors import QuestionnaireRefused, nearest
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.functions import FUNCTIONS
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.paths import from_root, in_order, keep, walk_step
from kelisim.surveys.xform.xpath.scope import Compiled, Scope
from kelisim.surveys.xform.xpath.syntax import (
    Binary,
    Call,
    Expression,
    Filter,
    Literal,
    Negation,
    Number,
    Path,
)
from kelisim.surveys.xform.xpath.values import (
    NAN,
    Value,
    compare,
    to_boolean,
    to_number,
)


@lru_cache(maxsize=20_000)
def compiled(text: str) -> Compiled:
    """Return the function of an expression.

    Raises
    ------
    QuestionnaireRefused
        The text is not XPath 1.0, or calls a function that is not there.
    """
    return build(parse(text))


def build(expression: Expression) -> Compiled:
    """Return the function of an expression already read."""
    match expression:
        case Number(value):
            return lambda _scope: value
        case Literal(text):
            return lambda _scope: text
        case Negation(inner):
            negated = build(inner)
            return lambda scope: -to_number(negated(scope), scope.world.zone)
        case Call(name, _):
            return _call(name, expression)
        case Binary(operator, left, right):
            return _binary(operator, build(left), build(right))
        case Filter(inner, predicates):
            return _filter(build(inner), [build(one) for one in predicates])
        case Path():
            return _path(expression)


def _call(name: str, call: Call) -> Compiled:
    function = FUNCTIONS.get(name)
    if function is None:
        raise QuestionnaireRefused(
            f"There is no function '{name}'.",
            do=nearest(name, FUNCTIONS) or "Use a function of ODK XForms.",
        )
    given = len(call.arguments)
    if not function.least <= given <= function.most:
        raise QuestionnaireRefused(
            f"The function '{name}' cannot be called with {given} arguments.",
            do=f"It takes {function.arity()}.",
        )
    return function.bind([build(one) for one in call.arguments])


def _binary(operator: str, left: Compiled, right: Compiled) -> Compiled:
    if operator == "or":
        return lambda scope: to_boolean(left(scope)) or to_boolean(right(scope))
    if operator == "and":
        return lambda scope: to_boolean(left(scope)) and to_boolean(right(scope))
    if operator == "|":
        return lambda scope: in_order([*nodes_of(left(scope)), *nodes_of(right(scope))])
    if operator in _ARITHMETIC:
        work = _ARITHMETIC[operator]
        return lambda scope: work(
            to_number(left(scope), scope.world.zone), to_number(right(scope), scope.world.zone)
        )
    return lambda scope: compare(operator, left(scope), right(scope), scope.world.zone)


def nodes_of(value: Value) -> list[Node]:
    """Return the nodes that a value is; a value of another kind has none."""
    return value if isinstance(value, list) else []


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    return NAN if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def _remainder(a: float, b: float) -> float:
    return NAN if b == 0 or math.isinf(a) or math.isnan(b) else math.fmod(a, b)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divide,
    "mod": _remainder,
}


def _filter(inner: Compiled, predicates: list[Compiled]) -> Compiled:
    def run(scope: Scope) -> Value:
        nodes = nodes_of(inner(scope))
        for predicate in predicates:
            nodes = keep(scope, nodes, predicate)
        return nodes

    return run


def _path(path: Path) -> Compiled:
    takes = [walk_step(step, [build(one) for one in step.predicates]) for step in path.steps]

    def along(scope: Scope, nodes: list[Node]) -> list[Node]:
        for take in takes:
            nodes = take(scope, nodes)
        return nodes

    if path.start is None:
        return lambda scope: along(scope, [scope.node])
    if isinstance(path.start, str):
        return lambda scope: from_root(scope, takes)
    start = build(path.start)
    return lambda scope: along(scope, nodes_of(start(scope)))
