"""The report as one HTML file: three editions, their styles inside, no script and no link out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from kelisim.charts import Sheet, stylesheet, table_html
from kelisim.charts.markup import escaped, readable
from kelisim.study.model import PollResult
from kelisim.study.report.blocks import Block, Edition, Figure
from kelisim.study.report.edition import editions
from kelisim.study.report.prose import Prose, plain

AUTONYMS = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each language in its own words."""

_WIDE, _NARROW = 640, 344


def write_html(result: PollResult, path: Path) -> None:
    """Write the report of a poll as one self-contained HTML file in Kazakh, Russian and English."""
    path.write_text(html_of(result), encoding="utf-8", newline="\n")


def html_of(result: PollResult) -> str:
    """Return the report as HTML; the same result gives the same bytes."""
    return page(editions(result))


def page(editions: tuple[Edition, ...], language: str = "") -> str:
    """Return editions as one HTML page, open at the language, or at the first edition."""
    style = styles()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            editions=editions,
            shown=next((one for one in editions if one.language == language), editions[0]),
            autonyms=AUTONYMS,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


def blocks_html(blocks: Iterable[Block]) -> str:
    """Return blocks of a report as HTML, for a page that has its own frame and its own styles."""
    words = _environment().get_template("blocks.html.j2").module
    return str(getattr(words, "all")(tuple(blocks)))  # noqa: B009  (a macro of the template)


@cache
def styles() -> str:
    """Return the CSS of the report and of its charts, as it stands between the style tags."""
    own = files("kelisim.study.report") / "templates" / "report.css"
    return f"{own.read_text(encoding='utf-8')}{stylesheet()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kelisim.study.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters["say"] = said
    environment.filters["plain"] = plain
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["table"] = table_html
    environment.filters["wide"] = partial(_drawn, name="wide", width=_WIDE)
    environment.filters["narrow"] = partial(_drawn, name="narrow", width=_NARROW)
    return environment


def said(parts: Prose) -> str:
    """Return prose as HTML; names are isolated, so that their direction stays their own."""
    found = []
    for part in parts:
        words = escaped(part.text)
        if part.language:
            words = f'<bdi lang="{escaped(part.language)}">{words}</bdi>'
        elif part.name:
            words = f"<bdi>{words}</bdi>"
        found.append(words)
    return "".join(found)


def _clean(value: object) -> object:
    """Take out of a text what HTML cannot hold, before the template escapes it."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return readable(str(value)) if is_text else value


def _drawn(figure: Figure, name: str, width: int) -> str:
    return figure.draw(Sheet(f"{figure.id}-{name}", width))
