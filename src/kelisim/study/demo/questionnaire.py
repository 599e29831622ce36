"""The questionnaire of the demo poll as an XLSForm with Kazakh, Russian and English labels."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.core.regions import REGIONS
from kelisim.study.demo.items import (
    AGE,
    GROUP,
    INCOME_WORDING,
    NOTICE,
    OPINIONS,
    REGION_WORDING,
    SETTLEMENT,
    SEX,
    TITLE,
    Item,
)
from kelisim.study.model import LANGUAGES, Text

LANGUAGE_NAMES = {"kk": "Қазақша (kk)", "ru": "Русский (ru)", "en": "English (en)"}

REGION = Item("region", REGION_WORDING, {region.iso: dict(region.title) for region in REGIONS})

Rows = list[tuple[str, ...]]


def sheets() -> dict[str, Rows]:
    """Return the sheets of the workbook by name, the header of each first."""
    labels = tuple(f"label::{LANGUAGE_NAMES[language]}" for language in LANGUAGES)
    return {
        "survey": [("type", "name", *labels, "required"), *_survey()],
        "choices": [("list_name", "name", *labels), *_choices()],
        "settings": [
            ("form_title", "form_id", "version", "default_language"),
            (" / ".join(_words(TITLE)), "kelisim_demo", "1", LANGUAGE_NAMES["kk"]),
        ],
    }


def _survey() -> Iterator[tuple[str, ...]]:
    nothing = ("",) * len(LANGUAGES)
    yield ("start", "start", *nothing, "")
    yield ("end", "end", *nothing, "")
    yield ("note", "notice", *_words(NOTICE), "")
    for item in (REGION, SETTLEMENT, *OPINIONS):
        yield _question(item)
    yield ("integer", "income", *_words(INCOME_WORDING), "")
    for item in (SEX, AGE, GROUP):
        yield _question(item)


def _question(item: Item) -> tuple[str, ...]:
    return (f"select_one {item.name}", item.name, *_words(item.wording), "yes")


def _choices() -> Iterator[tuple[str, ...]]:
    for item in (REGION, SETTLEMENT, *OPINIONS, SEX, AGE, GROUP):
        for code, words in item.choices.items():
            yield (item.name, code, *_words(words))


def _words(text: Text) -> tuple[str, ...]:
    return tuple(text[language] for language in LANGUAGES)
