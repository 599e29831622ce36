"""How much room a text takes, without a font: an upper bound that holds for common sans faces.

A chart drawn on the server cannot ask the browser how wide a word is. The widths here are those of
DejaVu Sans rounded up, the widest face that a reader is likely to have, so that what is set apart
by these numbers is apart on every screen.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_EM_HUNDREDTHS = {
    20: "\u202f",
    30: "'IJijlіІ",
    35: " ,./:;\\|·’\xa0",
    40: "()-[]ft",
    45: "!r",
    50: '"*_`–†',
    55: "?cszгзсэ“”„",
    60: "FLkvxyвтухчьғұү",
    65: "$0123456789EPSTYabdeghnopqu{}абеёийклоряГЕЁЗРТУәқөһҰҮ«»",
    70: "ABCKRVXZднпцАБВСХЧЬЭЯңҒҺ",
    75: "NUъИЙКҚ",
    80: "&DGHOQмыДЛНОПЦӘҢӨ",
    85: "#+<=>^w~юЪ−×≥≤±",
    90: "MфМФЫ",
    95: "жшщ",
    100: "%@Wm—…",
    110: "ЖШЩЮ№",
}
_KNOWN = {letter: em / 100 for em, letters in _EM_HUNDREDTHS.items() for letter in letters}
_BOLD = 1.12
ELLIPSIS = "…"
_ROUNDING = 1e-6


@cache
def _em(letter: str) -> float:
    if letter in _KNOWN:
        return _KNOWN[letter]
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"} or ord(letter) > 0xFFFF:
        return 1.4
    return 1.1 if letter.isupper() else 0.95


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return an upper bound of the width of a line of text, in the units of ``size``.

    >>> round(width("Орал", 10), 1)
    27.5
    """
    return sum(map(_em, text)) * size * (_BOLD if bold else 1)


def fit(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the text, or as much of it as fits with an ellipsis at its end.

    >>> fit("Солтүстік Қазақстан облысы", 10, 100)
    'Солтүстік Қазақ…'
    """
    scale = size * (_BOLD if bold else 1)
    taken, whole = 0.0, 0
    for place, letter in enumerate(text):
        taken += _em(letter) * scale
        if taken + _em(ELLIPSIS) * scale <= room:
            whole = place + 1
        if taken > room + _ROUNDING:
            return text[:whole].rstrip() + ELLIPSIS
    return text


def wrap(text: str, size: float, room: float, lines: int = 2) -> tuple[str, ...]:
    """Return the text broken at spaces into at most so many lines, the last one made to fit.

    >>> wrap("Солтүстік Қазақстан облысы", 10, 130)
    ('Солтүстік Қазақстан', 'облысы')
    """
    found: list[str] = []
    words = text[:500].split()
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room + _ROUNDING:
            line = f"{line} {words.pop(0)}"
        found.append(fit(line, size, room))
    if words:
        found.append(fit(" ".join(words), size, room))
    return tuple(found) or ("",)
