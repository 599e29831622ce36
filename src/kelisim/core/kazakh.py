"""Kazakh, Russian and English text: the order of words, dates, numbers, shares, plurals.

Browsers and Python know no Kazakh order or dates, so every page and report takes them from here.
Dates and numbers are those of CLDR through Babel; the order is that of the alphabets.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal, format_percent

from kelisim.core.errors import SettingRefused, ValueRefused, listed

LANGUAGES = ("kk", "ru", "en")
"""The languages everything a person reads exists in."""

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
"""The 42 letters of Kazakh in Cyrillic script, in order."""

# Ё is not here: Russian dictionaries place it with Е, which its decomposition gives.
_RUSSIAN = "аәбвгғдежзиійкқлмнңоөпрстуүұфхһцчшщъыьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"

_SCRIPTS = {"kk": (KAZAKH_ALPHABET, _LATIN), "ru": (_RUSSIAN, _LATIN), "en": (_LATIN, _RUSSIAN)}

_SIGN, _DIGIT, _LETTER, _OTHER_LETTER = 0, 1 << 21, 1 << 22, 1 << 23

SortKey = tuple[tuple[int, ...], str, str, str]
"""Letters first; then accents; then small letters before capitals; then the text itself."""


def sort_key(text: str, language: str) -> SortKey:
    """Return the key by which a text is sorted in a language.

    Letters come in the order of the language's alphabet, its own script before the other, digits
    before letters, spaces and marks before digits. In Kazakh Ё is a letter of its own; in Russian
    it differs from Е only where nothing else does, and Kazakh letters stand next to those they
    resemble. Letters of other scripts come last.

    Raises
    ------
    SettingRefused
        The language is not one of kk, ru, en.

    Examples
    --------
    >>> words = ["Іле", "Қостанай", "Ырғыз", "Әйтеке", "Көкшетау", "Алматы"]
    >>> sorted(words, key=lambda word: sort_key(word, "kk"))
    ['Алматы', 'Әйтеке', 'Көкшетау', 'Қостанай', 'Ырғыз', 'Іле']
    """
    ranks = _ranks(_known(language))
    composed = unicodedata.normalize("NFC", text)
    letters: list[int] = []
    accents: list[str] = []
    for letter in composed.lower():
        for part in letter if letter in ranks else unicodedata.normalize("NFD", letter):
            if unicodedata.combining(part):
                accents.append(f"{len(letters):06}{part}")
            else:
                letters.append(_weight(part, ranks))
    return tuple(letters), "".join(accents), composed.swapcase(), composed


@cache
def _ranks(language: str) -> Mapping[str, int]:
    return {
        letter: _LETTER + (script << 16) + place
        for script, alphabet in enumerate(_SCRIPTS[language])
        for place, letter in enumerate(alphabet)
    }


def _weight(letter: str, ranks: Mapping[str, int]) -> int:
    if letter in ranks:
        return ranks[letter]
    if letter.isalpha():
        return _OTHER_LETTER + ord(letter)
    return (_DIGIT if letter.isdecimal() else _SIGN) + ord(letter)


def _known(language: str) -> str:
    if language not in _SCRIPTS:
        raise SettingRefused(
            f"'{language}' is not a language of Kelisim.", do=f"Use one of {listed(LANGUAGES)}."
        )
    return language


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_known(language))


def date_text(day: date, language: str) -> str:
    """Return a date as it is written in full, with CLDR's spaces that do not break.

    >>> [date_text(date(2026, 11, 22), language) for language in LANGUAGES]
    ['2026\u202fж. 22 қараша', '22 ноября 2026\u202fг.', 'November 22, 2026']
    """
    return format_date(day, "long", locale=_locale(language))


def names_of_days(language: str, *, short: bool = False) -> list[str]:
    """Return the days of the week from Sunday on, as a calendar without weeks of its own has them.

    >>> names_of_days("kk")[:2], names_of_days("ru", short=True)[0]
    (['жексенбі', 'дүйсенбі'], 'вс')
    """
    names = get_day_names("short" if short else "wide", "stand-alone", _locale(language))
    return [names[day] for day in (6, 0, 1, 2, 3, 4, 5)]


def names_of_months(language: str) -> list[str]:
    """Return the months as the head of a calendar has them.

    >>> names_of_months("kk")[0], names_of_months("ru")[4]
    ('Қаңтар', 'май')
    """
    names = get_month_names("wide", "stand-alone", _locale(language))
    return [names[month] for month in range(1, 13)]


def date_range(start: date, end: date, language: str) -> str:
    """Return a range of dates, without repeating the month or the year both share.

    Raises
    ------
    ValueRefused
        The end is before the start.

    Examples
    --------
    >>> date_range(date(2026, 3, 2), date(2026, 3, 20), "kk")
    '2026\u202fж. 2–20 наурыз'
    >>> date_range(date(2026, 3, 2), date(2026, 4, 1), "ru")
    '2 марта – 1 апреля 2026\u202fг.'
    """
    if end < start:
        raise ValueRefused(
            f"The end {end.isoformat()} is before the start {start.isoformat()}.",
            do="Exchange the two dates, or correct the one that is wrong.",
        )
    if start == end:
        return date_text(start, language)
    locale = _locale(language)
    first, second = locale.interval_formats["yMMMd"][_largest_difference(start, end)]
    # CLDR has ranges with short months only; whole months are what an editor writes.
    return "".join(
        format_date(day, pattern.replace("MMM", "MMMM"), locale=locale)
        for day, pattern in ((start, first), (end, second))
    )


def _largest_difference(start: date, end: date) -> str:
    if start.year != end.year:
        return "y"
    return "M" if start.month != end.month else "d"


def number(value: float, language: str, digits: int | None = None) -> str:
    r"""Return a number with the language's marks; half goes to the even digit.

    Parameters
    ----------
    digits
        Digits after the decimal mark; by default as many as are there, three at most.

    Raises
    ------
    ValueRefused
        The number is not finite.

    Examples
    --------
    >>> number(1234567.8, "kk"), number(1234567.8, "en", digits=2)
    ('1\xa0234\xa0567,8', '1,234,567.80')
    """
    pattern = None if digits is None else _with_digits("#,##0", digits)
    return format_decimal(_finite(value), pattern, locale=_locale(language))


def percent(share: float, language: str, digits: int = 1) -> str:
    r"""Return a share of 1 as a percentage.

    Raises
    ------
    ValueRefused
        The share is not finite.

    Examples
    --------
    >>> [percent(0.123, language) for language in LANGUAGES]
    ['12,3%', '12,3\xa0%', '12.3%']
    """
    locale = _locale(language)
    pattern = _with_digits(locale.percent_formats[None].pattern, digits)
    return format_percent(_finite(share), pattern, locale=locale)


def _with_digits(pattern: str, digits: int) -> str:
    return pattern.replace("0", f"0.{'0' * digits}" if digits else "0")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueRefused(
            "The number to be written is missing or infinite.",
            do="Write a dash or a note where an estimate does not exist.",
        )
    return value


def plural(n: float, language: str) -> str:
    """Return the CLDR plural category of a number: one, few, many or other.

    >>> [plural(21, language) for language in LANGUAGES]
    ['other', 'one', 'other']
    """
    return str(_locale(language).plural_form(n))


def counted(n: int, forms: Mapping[str, str], language: str) -> str:
    r"""Return a sentence with a count in it, in the form its plural category asks for.

    Parameters
    ----------
    forms
        From plural category to a text with ``{n}``; a category that is not given reads as "other".

    Examples
    --------
    >>> answers = {"one": "{n} ответ", "few": "{n} ответа", "other": "{n} ответов"}
    >>> [counted(n, answers, "ru") for n in (1, 3, 6012)]
    ['1 ответ', '3 ответа', '6\xa0012 ответов']
    """
    form = forms.get(plural(n, language), forms["other"])
    return form.format(n=number(n, language, digits=0))
