"""From the text of an expression to its syntax: recursive descent over XPath 1.0's grammar."""

from __future__ import annotations

from functools import lru_cache

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.xpath.syntax import (
    Binary,
    Call,
    Expression,
    Filter,
    Literal,
    Negation,
    Number,
    Path,
    Step,
)
from kelisim.surveys.xform.xpath.tokens import Token, tokens

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
AXES = frozenset(
    {
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    }
)
_DEEPEST = 60


@lru_cache(maxsize=20_000)
def parse(text: str) -> Expression:
    """Return the syntax of an expression.

    Raises
    ------
    QuestionnaireRefused
        The text is not an expression of XPath 1.0.
    """
    return _Parser(text).whole()


class _Parser:
    """The state of one reading: where in the words it is, and how deep."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Expression:
        if not self.words:
            raise self.wrong("it is empty")
        found = self.binary(0)
        if self.at < len(self.words):
            raise self.wrong(f"'{self.words[self.at].text}' is out of place")
        return found

    def wrong(self, why: str) -> QuestionnaireRefused:
        place = self.words[self.at].place + 1 if self.at < len(self.words) else len(self.text) + 1
        return QuestionnaireRefused(
            f"The expression «{self.text}» cannot be read: {why}.",
            where=f"character {place}",
            do="Correct the expression.",
        )

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else None

    def sees(self, *texts: str, kind: str = "symbol", ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token is not None and token.kind == kind and token.text in texts

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise self.wrong("it ends too early")
        self.at += 1
        return token

    def need(self, text: str) -> None:
        if not self.sees(text):
            raise self.wrong(f"'{text}' is missing")
        self.at += 1

    def binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self.unary()
        if level == 0:
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self.wrong(f"it is nested deeper than {_DEEPEST} levels")
        left = self.binary(level + 1)
        while self.sees(*_LEVELS[level], kind="operator"):
            operator = self.take().text
            left = Binary(operator, left, self.binary(level + 1))
        if level == 0:
            self.depth -= 1
        return left

    def unary(self) -> Expression:
        minus = 0
        while self.sees("-", kind="operator"):
            self.at += 1
            minus += 1
        found = self.union()
        for _ in range(minus):
            found = Negation(found)
        return found

    def union(self) -> Expression:
        left = self.path()
        while self.sees("|", kind="operator"):
            self.at += 1
            left = Binary("|", left, self.path())
        return left

    def path(self) -> Expression:
        if self.sees("/"):
            self.at += 1
            return Path("/", tuple(self.steps()) if self.begins_step() else ())
        if self.sees("//"):
            return Path("/", tuple(self.more_steps([])))
        if not self.begins_primary():
            return Path(None, tuple(self.steps()))
        found = self.primary()
        predicates = self.predicates()
        if predicates:
            found = Filter(found, predicates)
        if self.sees("/", "//"):
            return Path(found, tuple(self.more_steps([])))
        return found

    def begins_primary(self) -> bool:
        token = self.peek()
        if token is None:
            raise self.wrong("it ends too early")
        if token.kind in ("number", "literal"):
            return True
        if token.kind == "name":
            return self.sees("(", ahead=1) and token.text not in _NODE_TYPES
        return self.sees("(")

    def begins_step(self) -> bool:
        token = self.peek()
        return token is not None and (
            token.kind == "name" or self.sees(".", "..", "@") or token.text == "*"
        )

    def primary(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "literal":
            return Literal(token.text[1:-1])
        if token.kind == "symbol":
            found = self.binary(0)
            self.need(")")
            return found
        self.need("(")
        arguments: list[Expression] = []
        while not self.sees(")"):
            arguments.append(self.binary(0))
            if not self.sees(")"):
                self.need(",")
        self.at += 1
        return Call(token.text, tuple(arguments))

    def predicates(self) -> tuple[Expression, ...]:
        found = []
        while self.sees("["):
            self.at += 1
            found.append(self.binary(0))
            self.need("]")
        return tuple(found)

    def steps(self) -> list[Step]:
        return self.more_steps([self.step()])

    def more_steps(self, found: list[Step]) -> list[Step]:
        while self.sees("/", "//"):
            if self.take().text == "//":
                found.append(Step("descendant-or-self", "node()"))
            found.append(self.step())
        return found

    def step(self) -> Step:
        if self.sees(".."):
            self.at += 1
            return Step("parent", "node()", self.predicates())
        if self.sees("."):
            self.at += 1
            return Step("self", "node()", self.predicates())
        axis = "child"
        if self.sees("@"):
            self.at += 1
            axis = "attribute"
        elif self.sees("::", ahead=1):
            axis = self.take().text
            if axis not in AXES:
                self.at -= 1
                raise self.wrong(f"there is no axis '{axis}'")
            self.at += 1
        return Step(axis, self.test(), self.predicates())

    def test(self) -> str:
        token = self.take()
        if token.kind == "name":
            if token.text in _NODE_TYPES and self.sees("("):
                self.at += 1
                self.need(")")
                return f"{token.text}()"
            return token.text.rpartition(":")[2]
        if token.text == "*":
            return "*"
        self.at -= 1
        raise self.wrong(f"'{token.text}' is out of place")
