"""What was noticed while the data were read, in the words of a language.

The engine and a release say it in English, with names and counts in it. The English edition has the
same sentences with places, so a remark is known again by them and said in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from kelisim.study.report.numerals import number
from kelisim.study.report.prose import Prose, Span, prose
from kelisim.study.report.wording import Wording, wording

REMARKS = (
    "remark_user_missing",
    "remark_negative",
    "remark_raised",
    "remark_not_drawn",
    "remark_unranked",
    "remark_exact",
    "remark_modelled",
)
"""The messages by which a remark is known and said."""

NAMES = {"column", "codes", "predictors", "indicator", "by", "methods"}
"""Places that hold words; the others hold numbers."""


def spoken_remark(remark: str, words: Wording) -> Prose:
    """Return a remark in the language of the edition; one not known as it is, marked as English.

    >>> from kelisim.study.report.prose import plain
    >>> plain(spoken_remark("3 estimates by models (mrp) are not compared: they have other errors.",
    ...                     wording("ru")))
    'Оценки по моделям (mrp) не сравниваются, их ошибки устроены иначе: 3.'
    """
    for key, pattern in _patterns():
        found = pattern.fullmatch(remark)
        if found:
            told = found.groupdict().items()
            return words.say(key, **{name: _said(name, value, words) for name, value in told})
    return prose(Span(remark, "" if words.language == "en" else "en"))


def _said(name: str, value: str, words: Wording) -> Span | str:
    return Span(value) if name in NAMES else number(float(value), words.language)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    english = wording("en").messages
    return tuple(
        (key, re.compile("".join(_parts(str(english[key]))), re.DOTALL)) for key in REMARKS
    )


def _parts(message: str) -> Iterator[str]:
    for literal, place, _, _ in Formatter().parse(message):
        yield re.escape(literal)
        if place:
            yield f"(?P<{place}>.+?)" if place in NAMES else rf"(?P<{place}>[-+.\de]+)"
