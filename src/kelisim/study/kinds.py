"""The kinds of value a setting may have; each reader returns the value or says what it expected.

A reader takes the value as TOML gave it and raises `WrongKind` with the kind it expected; the
section that asked adds the key, the line and what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, TypeVar

from kelisim.engine.frame import label
from kelisim.study.model import LANGUAGES, Text

T = TypeVar("T")
Kind = Callable[[Any], T]


class WrongKind(Exception):
    """A value is not of the kind that its setting takes.

    Parameters
    ----------
    expected
        The kind in words, to follow "must be".
    """

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def found(value: object) -> str:
    """Return a TOML value in words, for the sentence of a refusal.

    >>> found(True), found("x"), found(["a"])
    ('true', 'the text "x"', "the list ['a']")
    """
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'the text "{value}"'
        case int() | float():
            return f"the number {value}"
        case list():
            return f"the list {_short(str(value))}"
        case dict():
            return f"a table with the keys {_short(', '.join(value))}"
        case _:
            return f"the date {value}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def text(value: Any) -> str:
    """Read a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise WrongKind("a text in quotation marks")


def flag(value: Any) -> bool:
    """Read true or false."""
    if isinstance(value, bool):
        return value
    raise WrongKind("true or false")


def number(value: Any) -> float:
    """Read a finite number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    raise WrongKind("a number")


def whole(value: Any) -> int:
    """Read a whole number of at least 1."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise WrongKind("a whole number of at least 1")


def texts(value: Any) -> tuple[str, ...]:
    """Read a list of texts."""
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return tuple(value)
    raise WrongKind('a list of texts such as ["a", "b"]')


def columns(value: Any) -> tuple[str, ...]:
    """Read a column name, or a list of them (one a stage)."""
    if isinstance(value, str) and value.strip():
        return (value,)
    if value and isinstance(value, list):
        return texts(value)
    raise WrongKind("a column name, or a list of column names (one a stage)")


def codes(value: Any) -> tuple[str, ...]:
    """Read a list of categories, as texts or numbers."""
    if isinstance(value, list) and all(isinstance(one, (str, int, float)) for one in value):
        return tuple(label(one) for one in value)
    raise WrongKind('a list of categories such as ["Yes", "Rather yes"]')


def shares(value: Any) -> tuple[float, ...]:
    """Read quantile levels strictly between 0 and 1."""
    if value and isinstance(value, list) and all(isinstance(one, float) for one in value):
        levels = tuple(value)
        if all(0 < p < 1 for p in levels) and len(set(levels)) == len(levels):
            return levels
    raise WrongKind("a list of different levels between 0 and 1 such as [0.25, 0.5]")


def degrees(value: Any) -> tuple[float, ...]:
    """Read different numbers from 0 to 1, rising."""
    if value and isinstance(value, list):
        found = tuple(number(one) for one in value)
        if list(found) == sorted(set(found)) and found[0] >= 0 and found[-1] <= 1:
            return found
    raise WrongKind("a list of rising numbers from 0 to 1 such as [0, 0.5, 1]")


def bounds(value: Any) -> tuple[float, float]:
    """Read two positive numbers, the smaller first."""
    if isinstance(value, list) and len(value) == 2:
        low, high = number(value[0]), number(value[1])
        if 0 < low < high:
            return low, high
    raise WrongKind("two positive numbers, the smaller first, such as [0.2, 5.0]")


def ends(value: Any) -> tuple[float, float]:
    """Read the lowest and the highest answer of a scale."""
    if isinstance(value, list) and len(value) == 2:
        low, high = number(value[0]), number(value[1])
        if low < high:
            return low, high
    raise WrongKind("the lowest and the highest answer, such as [1, 6]")


def totals(value: Any) -> Mapping[str, float]:
    """Read sums of columns over the population."""
    if isinstance(value, Mapping) and value:
        return {str(name): number(one) for name, one in value.items()}
    raise WrongKind("a table of sums over the population, such as {income = 1.2e12}")


def title(value: Any) -> Text:
    """Read a text in at least one of the languages kk, ru and en."""
    if (
        isinstance(value, Mapping)
        and value
        and set(value) <= set(LANGUAGES)
        and all(isinstance(one, str) and one.strip() for one in value.values())
    ):
        return {str(language): str(one) for language, one in value.items()}
    raise WrongKind('a text in at least one of kk, ru, en, such as {en = "...", kk = "..."}')


def period(value: Any) -> tuple[date, date]:
    """Read the first and the last day of fieldwork."""
    if isinstance(value, Mapping) and set(value) == {"start", "end"}:
        start, end = value["start"], value["end"]
        if _is_day(start) and _is_day(end) and start <= end:
            return start, end
    raise WrongKind("two days in order, such as {start = 2026-03-02, end = 2026-03-20}")


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def above(value: Any) -> float:
    """Read a decision threshold."""
    if isinstance(value, Mapping) and set(value) == {"above"}:
        return number(value["above"])
    raise WrongKind("a table with the one key above, such as {above = 0.30}")


def margins(value: Any) -> tuple[tuple[str, ...], ...]:
    """Read margins; ``a*b`` is a crossed margin of two columns.

    >>> margins(["state", "sex * educ"])
    (('state',), ('sex', 'educ'))
    """
    crossed = tuple(tuple(part.strip() for part in one.split("*")) for one in texts(value))
    if all(all(one) and len(set(one)) == len(one) for one in crossed):
        return crossed
    raise WrongKind('a list of margins such as ["state", "sex*educ"]')


def domain_sets(value: Any) -> tuple[tuple[str, ...], ...]:
    """Read lists of column names: every list is one set of domains."""
    wanted = 'a list of lists of columns such as [["region"], ["region", "sex"]]'
    if not isinstance(value, list) or not all(one and isinstance(one, list) for one in value):
        raise WrongKind(wanted)
    sets = tuple(texts(one) for one in value)
    if all(len(set(one)) == len(one) for one in sets):
        return sets
    raise WrongKind(wanted)


def one_of(*words: str) -> Kind[str]:
    """Return a reader of one word out of a few."""

    def read(value: Any) -> str:
        if value in words:
            return str(value)
        raise WrongKind("one of " + ", ".join(f'"{word}"' for word in words))

    return read
