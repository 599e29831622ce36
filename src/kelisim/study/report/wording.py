"""The words of the report in one language, from ``study/words``.

A message is a whole sentence with named places; where a count rules the grammar it has a form for
each plural category of its language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

from kelisim.core import kazakh
from kelisim.study.report.prose import Prose, Span

Message = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """All messages of one language."""

    language: str
    messages: Mapping[str, Message]

    def text(self, key: str, **values: str) -> str:
        """Return a message with its places filled."""
        message = self.messages[key]
        if not isinstance(message, str):
            raise TypeError(f"the message '{key}' depends on a count")
        return message.format(**values) if values else message

    def say(self, key: str, **values: str | Span | Prose) -> Prose:
        """Return a message as prose: what is put in keeps its own language."""
        message = self.messages[key]
        parts: list[Span] = []
        for literal, place, _, _ in Formatter().parse(str(message)):
            parts += [Span(literal)] if literal else []
            parts += _inserted(values[place]) if place else []
        return _merged(parts)

    def counted(self, key: str, n: int) -> str:
        """Return a message with a count, in the form that the count asks for."""
        forms = self.messages[key]
        if isinstance(forms, str):
            raise TypeError(f"the message '{key}' does not depend on a count")
        return kazakh.counted(n, forms, self.language)


def _inserted(value: str | Span | Prose) -> Prose:
    if isinstance(value, str):
        return (Span(value),)
    return (value._replace(name=True),) if isinstance(value, Span) else value


def _merged(parts: list[Span]) -> Prose:
    merged: list[Span] = []
    for part in parts:
        if merged and part[1:] == merged[-1][1:] == ("", False):
            merged[-1] = Span(merged[-1].text + part.text)
        else:
            merged.append(part)
    return tuple(merged)


@cache
def wording(language: str) -> Wording:
    """Return the words of a language."""
    source = files("kelisim.study") / "words" / f"{language}.toml"
    return Wording(language, tomllib.loads(source.read_text(encoding="utf-8")))
