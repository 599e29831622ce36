"""Sentences in which a name may be of another language than the words around it."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text; ``language`` is empty where it is the edition's own.

    ``name`` marks what was put into a sentence, so that a name written from right to left cannot
    turn the sentence around it.
    """

    text: str
    language: str = ""
    name: bool = False


Prose = tuple[Span, ...]


def prose(text: str | Span) -> Prose:
    """Return one text as prose.

    >>> prose("Келісім")
    (Span(text='Келісім', language='', name=False),)
    """
    return (text if isinstance(text, Span) else Span(text),)


def plain(parts: Prose) -> str:
    """Return the text of prose without its languages."""
    return "".join(part.text for part in parts)


def joined(names: list[Span], between: str = ", ") -> Prose:
    """Return names one after another."""
    parts: list[Span] = []
    for name in names:
        parts += [*([Span(between)] if parts else []), name._replace(name=True)]
    return tuple(parts)


def shortened(text: str, most: int) -> str:
    """Return a text cut at a space, with an ellipsis, if it is longer than so many letters.

    >>> shortened("Облысыңыз әкімінің жұмысына қанағаттанасыз ба?", 20)
    'Облысыңыз әкімінің…'
    """
    if len(text) <= most:
        return text
    head = text[:most]
    whole = head if text[most].isspace() else head.rpartition(" ")[0]
    return (whole or head).rstrip(" ,;:—–-") + "…"
