"""SVG as text: escaped words, short coordinates, and the frame every chart stands in.

Colours are presentation attributes, so that a chart is right on its own and in print; a page that
has `stylesheet` overrides them by class, for dark screens. There is no style attribute, no script
and no link, so the strictest content security policy lets a chart through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

INK = "#1c2126"
MUTED = "#59636e"
RULE = "#dfe4ea"
PAPER = "#ffffff"
ACCENT = "#1a5c9c"
SOFT = "#a8c8e8"
RAMP = ("#f1f6fb", "#d9e8f5", "#bcd6ee", "#98bfe3", "#75a7d6")
"""Light to dark in one hue: the order survives every kind of colour blindness and grey print."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart is drawn on.

    Attributes
    ----------
    id
        Begins the ids of the chart's title and description; unique on its page.
    width
        In units of the chart, which are pixels where nothing is scaled. Below 480 a chart sets
        labels above its marks, for a phone.
    font
        A font family, where the chart does not take it from its page.
    """

    id: str
    width: int = 640
    font: str = ""


@cache
def stylesheet() -> str:
    """Return the CSS of charts and their tables: classes coloured by variables of the page."""
    return (files("kelisim.charts") / "static" / "chart.css").read_text(encoding="utf-8")


def escaped(text: str) -> str:
    """Return a text for use between tags or in an attribute; what XML cannot hold becomes U+FFFD.

    >>> escaped('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return escape(readable(text))


def readable(text: str) -> str:
    """Return a text with U+FFFD for every control sign and other code that is no character."""
    return _NOT_XML.sub("\ufffd", text)


def short(number: float) -> str:
    """Return a coordinate to a tenth of a unit.

    >>> short(12.0), short(0.26), short(-0.01)
    ('12', '0.3', '0')
    """
    return f"{round(number, 1) + 0.0:g}"  # 0.0 is added because -0.0 prints its sign


def text(x: float, y: float, words: str) -> str:
    """Return one line of text at its base line."""
    return f'<text x="{short(x)}" y="{short(y)}">{escaped(words)}</text>'


def group(kind: str, attributes: str, parts: Iterable[str]) -> str:
    """Return a group of one class, or nothing where it would be empty."""
    inside = "".join(parts)
    return f'<g class="{kind}" {attributes}>{inside}</g>' if inside else ""


def labels(parts: Iterable[str], size: float = 13, anchor: str = "start") -> str:
    """Return a group of texts in ink."""
    return group("ink", f'fill="{INK}" font-size="{size:g}" text-anchor="{anchor}"', parts)


def strong(parts: Iterable[str], size: float = 13, anchor: str = "end") -> str:
    """Return a group of texts in heavy ink: the figures a reader came for."""
    look = f'fill="{INK}" font-size="{size:g}" font-weight="700" text-anchor="{anchor}"'
    return group("ink", look, parts)


def notes(parts: Iterable[str], size: float = 11.5, anchor: str = "end") -> str:
    """Return a group of texts in muted ink."""
    return group("mute", f'fill="{MUTED}" font-size="{size:g}" text-anchor="{anchor}"', parts)


def lines(kind: str, colour: str, width: float, parts: Iterable[str], dash: str = "") -> str:
    """Return one path of a class that joins all the lines of a kind."""
    way = "".join(parts)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    look = f'fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}'
    return f'<path class="{kind}" {look} d="{way}"/>' if way else ""


def framed(sheet: Sheet, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """Return a whole SVG with its title and description."""
    name = escaped(sheet.id)
    font = f' font-family="{escaped(sheet.font)}"' if sheet.font else ""
    size = f'width="{sheet.width}" height="{short(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'aria-labelledby="{name}-t {name}-d" {size} '
        f'viewBox="0 0 {sheet.width} {short(height)}"{font}>'
        f'<title id="{name}-t">{escaped(title)}</title>'
        f'<desc id="{name}-d">{escaped(description)}</desc>{"".join(parts)}</svg>'
    )
