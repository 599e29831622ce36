"""Which characters the fonts that come with Typst can show: Typst itself is asked.

An archival PDF may not hold a character without a glyph, and an interview may hold any.
"""

from __future__ import annotations

import json
from functools import cache

import typst

MISSING = "□"

_PAGE = b"""#set document(title: "glyphs", date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Libertinus Serif")
#json(bytes(sys.inputs.data))"""

_EVERYDAY = frozenset(
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x400, 0x500))))
    + "–—‘’“”„…−±×≤≥□\u202f\u200b\n"
)


@cache
def fonts() -> typst.Fonts:
    """Return the fonts that come with Typst, and none of the machine's."""
    return typst.Fonts(include_system_fonts=False)


def without_glyph(text: str) -> str:
    """Return the characters of a text that no font can show.

    >>> without_glyph("Ә 😀 я")
    '😀'
    """
    unusual = sorted(set(text) - _EVERYDAY)
    broken = [letter for letter in unusual if "\ud800" <= letter <= "\udfff"]
    return "".join(broken) + _halved("".join(letter for letter in unusual if letter not in broken))


def _halved(characters: str) -> str:
    if not characters or _all_shown(characters):
        return ""
    if len(characters) == 1:
        return characters
    middle = len(characters) // 2
    return _halved(characters[:middle]) + _halved(characters[middle:])


@cache
def _all_shown(characters: str) -> bool:
    try:
        typst.compile(
            _PAGE,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(characters)},
            pdf_standards="a-2b",
        )
    except typst.TypstError:
        return False
    return True
