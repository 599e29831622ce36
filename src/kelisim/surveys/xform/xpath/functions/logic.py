"""Truth and choice among values: not, if, coalesce, once, checklists."""

from __future__ import annotations

from kelisim.surveys.xform.xpath.functions.registry import MANY, Shelf
from kelisim.surveys.xform.xpath.scope import Compiled, Scope
from kelisim.surveys.xform.xpath.values import Value, to_boolean, to_number, to_string

HERE = Shelf()


@HERE.add("true")
def _true(_scope: Scope) -> Value:
    return True


@HERE.add("false")
def _false(_scope: Scope) -> Value:
    return False


@HERE.add("not", 1)
def _not(_scope: Scope, value: Value) -> Value:
    return not to_boolean(value)


@HERE.add("boolean", 1)
def _boolean(_scope: Scope, value: Value) -> Value:
    return to_boolean(value)


@HERE.add("boolean-from-string", 1)
def _boolean_from_string(_scope: Scope, value: Value) -> Value:
    return to_string(value) in ("1", "true")


@HERE.add("if", 3, lazy=True)
def _if(scope: Scope, condition: Compiled, then: Compiled, otherwise: Compiled) -> Value:
    return then(scope) if to_boolean(condition(scope)) else otherwise(scope)


@HERE.add("coalesce", 1, MANY, lazy=True)
def _coalesce(scope: Scope, *options: Compiled) -> Value:
    for option in options:
        value = option(scope)
        if to_string(value) != "":
            return value
    return ""


@HERE.add("once", 1, lazy=True)
def _once(scope: Scope, value: Compiled) -> Value:
    """Keep the value that the node has; compute one only while it has none."""
    held = scope.current.text
    return held if held != "" else value(scope)


def _between(count: float, least: float, most: float) -> bool:
    """Say whether a count lies within limits; a limit below 0 is none."""
    return (least < 0 or count >= least) and (most < 0 or count <= most)


@HERE.add("checklist", 3, MANY)
def _checklist(scope: Scope, least: Value, most: Value, *given: Value) -> Value:
    zone = scope.world.zone
    count = float(sum(to_boolean(value) for value in given))
    return _between(count, to_number(least, zone), to_number(most, zone))


@HERE.add("weighted-checklist", 4, MANY)
def _weighted_checklist(scope: Scope, least: Value, most: Value, *given: Value) -> Value:
    zone = scope.world.zone
    pairs = zip(given[::2], given[1::2], strict=False)
    total = sum(to_number(weight, zone) for value, weight in pairs if to_boolean(value))
    return _between(float(total), to_number(least, zone), to_number(most, zone))
