"""How a function of XPath is written down: its name, how many arguments, and how it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kelisim.surveys.xform.xpath.scope import Arguments, Compiled
from kelisim.surveys.xform.xpath.values import Value, to_string

MANY = 1000
"""The most arguments of a function that takes as many as it is given."""

Body = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of XPath.

    Attributes
    ----------
    lazy
        Whether it is given its arguments unevaluated, as `if` and `once` must be.
    """

    name: str
    body: Body
    least: int
    most: int
    lazy: bool

    def bind(self, arguments: Arguments) -> Compiled:
        """Return the call with its arguments as a function of the scope."""
        body = self.body
        if self.lazy:
            return lambda scope: body(scope, *arguments)
        if not arguments:
            return lambda scope: body(scope)
        return lambda scope: body(scope, *[argument(scope) for argument in arguments])

    def arity(self) -> str:
        """Return in words how many arguments it takes."""
        if self.most == MANY:
            return f"{self.least} or more"
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The functions of one file."""

    functions: dict[str, Function] = field(default_factory=dict)

    def add(
        self, name: str, least: int = 0, most: int | None = None, *, lazy: bool = False
    ) -> Callable[[Body], Body]:
        """Put a function on the shelf under its name in XPath."""

        def put(body: Body) -> Body:
            upper = least if most is None else most
            self.functions[name] = Function(name, body, least, upper, lazy)
            return body

        return put


def strings(value: Value) -> list[str]:
    """Return the texts of a value: of every node, or the value's own."""
    if isinstance(value, list):
        return [node.value() for node in value]
    return [to_string(value)]
