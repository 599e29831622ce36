"""What an expression of XPath 1.0 is made of, once read: a tree of frozen parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the expression."""

    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """A text written in the expression, in quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions and the operator between them: ``or and = != < <= > >= + - * div mod |``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negation:
    """A minus before an expression."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path.

    Attributes
    ----------
    test
        A local name, ``*``, ``node()`` or ``text()``; prefixes are dropped, as forms use them
        for decoration only.
    """

    axis: str
    test: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A location path.

    Attributes
    ----------
    start
        ``None`` for a path from the context node, ``"/"`` from the root, or the expression whose
        nodes it starts from, such as ``instance('regions')``.
    """

    start: Expression | str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """An expression with predicates after it."""

    inner: Expression
    predicates: tuple[Expression, ...]


Expression = Number | Literal | Call | Binary | Negation | Path | Filter


def parts(expression: Expression) -> Iterator[Expression]:
    """Yield the expressions directly inside an expression, predicates not among them."""
    match expression:
        case Call(_, arguments):
            yield from arguments
        case Binary(_, left, right):
            yield left
            yield right
        case Negation(inner) | Filter(inner, _):
            yield inner
        case Path(start, _) if start is not None and not isinstance(start, str):
            yield start
        case _:
            return
