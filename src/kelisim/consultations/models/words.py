"""A text in the reader's language, or in one it exists in, with the language it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from kelisim.core.kazakh import LANGUAGES


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is written in, for a page that marks foreign words as such."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def reading() -> str:
    """Return the language of the page."""
    return (get_language() or "kk").partition("-")[0]


def said(texts: Mapping[str, str], language: str = "") -> Said:
    """Return a text in a language, or else in the first of ours that it has."""
    wanted = language or reading()
    for code in (wanted, *LANGUAGES):
        if texts.get(code):
            return Said(texts[code], code)
    return Said("", wanted)


def of(row: Any, name: str) -> Said:
    """Return what the columns ``name_kk``, ``name_ru`` and ``name_en`` of a row say."""
    return said({code: getattr(row, f"{name}_{code}") for code in LANGUAGES})


def written(name: str) -> Q:
    """Return the condition that a text exists in at least one language."""
    return ~Q(**{f"{name}_{code}": "" for code in LANGUAGES})
