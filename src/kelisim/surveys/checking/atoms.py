"""Conditions in terms of what can be decided: comparisons of answers with constants.

A condition is written as a tree of *and*, *or*, *not* over atoms. An atom says something of one
answer that its value alone decides. What is neither is *unknown*, and then nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kelisim.surveys.checking.domains import Domain
from kelisim.surveys.xform.paths import followed
from kelisim.surveys.xform.xpath.syntax import (
    Binary,
    Call,
    Expression,
    Literal,
    Negation,
    Number,
    Path,
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A comparison of one answer: ``=``, ``<``, ``selected``, ``count`` of the chosen, ..."""

    path: str
    operator: str
    value: str | float


@dataclass(frozen=True, slots=True)
class Combined:
    """Conditions joined by ``and`` or ``or``."""

    operator: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class Unknown:
    """A condition that is not decided here."""


Condition = Atom | Combined | Not | Unknown | bool
Known = Callable[[str], Domain | None]
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def condition(expression: Expression, context: str, known: Known) -> Condition:
    """Return an expression at a path as a condition over answers."""
    match expression:
        case Binary("and" | "or" as operator, left, right):
            parts = condition(left, context, known), condition(right, context, known)
            return Combined(operator, parts)
        case Binary(operator, left, right) if operator in _TURNED:
            return _compared(operator, left, right, context, known)
        case Call("not", (inner,)):
            return Not(condition(inner, context, known))
        case Call("true" | "false" as name, ()):
            return name == "true"
        case Call("boolean", (inner,)):
            return condition(inner, context, known)
        case Call("selected", (Path() as path, Literal(text))):
            where = followed(path, context)
            return Atom(where, "selected", text) if where and known(where) else Unknown()
        case _:
            return Unknown()


def _compared(
    operator: str, left: Expression, right: Expression, context: str, known: Known
) -> Condition:
    if _constant(left) is not None and _constant(right) is None:
        left, right, operator = right, left, _TURNED[operator]
    value = _constant(right)
    if value is None:
        return Unknown()
    if isinstance(left, Call) and left.name == "count-selected" and isinstance(value, float):
        path = left.arguments[0]
        where = followed(path, context) if isinstance(path, Path) else None
        return Atom(where, f"count {operator}", value) if where and known(where) else Unknown()
    if not isinstance(left, Path) or any(step.predicates for step in left.steps):
        return Unknown()
    where = followed(left, context)
    if where is None or known(where) is None:
        return Unknown()
    return Atom(where, operator, value)


def _constant(expression: Expression) -> str | float | None:
    match expression:
        case Number(value):
            return value
        case Literal(text):
            return text
        case Negation(Number(value)):
            return -value
        case _:
            return None
