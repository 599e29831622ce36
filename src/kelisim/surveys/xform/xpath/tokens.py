"""From the text of an expression to its words, by the rules of XPath 1.0, section 3.7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kelisim.core.errors import QuestionnaireRefused

_NAME = r"[^\W\d][\w.\-]*"
_WORD = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<symbol>::|\.\.|//|!=|<=|>=|[()\[\].@,/|+\-=<>*])
    |(?P<name>{_NAME}(?::(?:{_NAME}|\*))?)
    """,
    re.VERBOSE,
)
OPERATOR_NAMES = frozenset({"and", "or", "div", "mod"})
_BEFORE_AN_OPERAND = frozenset({"(", "[", ",", "@", "::", "/", "//", "|"})
_OPERATORS = frozenset({"+", "-", "=", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an expression: its kind (number, literal, symbol, name, operator) and its text."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """Return the words of an expression.

    Raises
    ------
    QuestionnaireRefused
        A character begins no word of XPath.
    """
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _WORD.match(text, place)
        if match is None or match.lastgroup is None:
            raise QuestionnaireRefused(
                f"The expression «{text}» cannot be read: '{text[place]}' is out of place.",
                where=f"character {place + 1}",
                do="Correct the expression; texts stand in quotation marks.",
            )
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup, match[0], place, found))
        place = match.end()
    return found


def _token(kind: str, word: str, place: int, before: list[Token]) -> Token:
    if _is_operator(word, kind, before):
        return Token("operator", word, place)
    return Token(kind, word, place)


def _is_operator(word: str, kind: str, before: list[Token]) -> bool:
    """Tell ``a * b`` from ``*`` and ``a and b`` from an element called ``and``."""
    if kind == "symbol" and word in _OPERATORS | {"|"}:
        return True
    if word != "*" and (kind != "name" or word not in OPERATOR_NAMES):
        return False
    if not before:
        return False
    last = before[-1]
    return last.kind != "operator" and not (
        last.kind == "symbol" and last.text in _BEFORE_AN_OPERAND
    )
