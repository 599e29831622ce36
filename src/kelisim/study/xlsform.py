"""The vocabulary of XLSForm: types of questions and names of languages, old spellings too."""

from __future__ import annotations

import re

_TYPES = (
    "text string integer int decimal range date time datetime geopoint gps location geotrace "
    "geoshape image photo audio video file barcode note acknowledge trigger calculate hidden "
    "start end today deviceid imei simserial subscriberid username phonenumber email audit "
    "background-audio start-geopoint osm include xml-external csv-external rank percentage"
)
_SELECT = re.compile(
    r"(?:add )?(?:select[_ ]?one|select[_ ]?1|select[_ ]multiple|select all that apply|rank)"
    r"(?: (?:prompt )?(?:from|using))? +(\S+)",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"(begin|end)[_ ](group|repeat|loop|list)\b|(get|set|add|q) \S|uri:|osm\b"
    r"|select[_ ](one|multiple)[_ ](external|from[_ ]file)\b|phone number$|device id$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"label(?:::?\s*(.*))?$", re.IGNORECASE)
_CODE_IN_BRACKETS = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)\s*$")
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]\w+)?$")
_LANGUAGES = {
    "kazakh": "kk",
    "қазақша": "kk",
    "қазақ тілі": "kk",
    "казахский": "kk",
    "kaz": "kk",
    "kz": "kk",
    "russian": "ru",
    "русский": "ru",
    "орысша": "ru",
    "rus": "ru",
    "english": "en",
    "английский": "en",
    "ағылшынша": "en",
    "eng": "en",
}


def is_known_type(kind: str) -> bool:
    """Say whether a type of question belongs to XLSForm.

    >>> is_known_type("select_one yes_no"), is_known_type("begin group"), is_known_type("guess")
    (True, True, False)
    """
    return bool(kind.lower() in _TYPES.split() or _SELECT.match(kind) or _PHRASE.match(kind))


def list_of(kind: str) -> str | None:
    """Return the list of answers of a select question, or None for other questions.

    >>> list_of("select_one yes_no or_other"), list_of("select one from sexes"), list_of("text")
    ('yes_no', 'sexes', None)
    """
    found = None if _PHRASE.match(kind) else _SELECT.match(kind)
    return found[1] if found else None


def language_of(column: str) -> str | None:
    """Return the language of a label column: a code, or the name in lower case; else None.

    >>> [language_of(c) for c in ("label::Русский (ru)", "label::en", "label", "hint::en")]
    ['ru', 'en', 'und', None]
    """
    found = _LABEL.match(column)
    if not found:
        return None
    name = (found[1] or "").strip()
    code = _CODE_IN_BRACKETS.search(name) or _CODE.match(name)
    word = code[1].lower() if code else name.lower()
    return _LANGUAGES.get(word, word) or "und"
