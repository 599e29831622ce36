"""An edition as plain data for the PDF: lists and texts, with the charts drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from unicodedata import bidirectional

from kelisim.charts import Cell, Sheet, Table
from kelisim.charts.markup import readable
from kelisim.study.report.blocks import (
    Block,
    Edition,
    Figure,
    Fold,
    Heading,
    Paragraph,
    Points,
    TableBlock,
    Terms,
)
from kelisim.study.report.prose import Prose, Span, plain, shortened

FONT = "Libertinus Serif"
LONGEST_TITLE = 300
"""A PDF string holds some 16,000 letters, and no bookmark is read beyond a line or two."""

_LONGEST_ALT = 2000
_HEAD_LINES = 3
_WIDTH = 640
_SIZE = re.compile(r'width="(\d+)" height="([\d.]+)"')
_LONG_WORD = re.compile(r"\S{28}")
_BREAK = "\u200b"
_TURNING = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

Data = dict[str, Any]


def printed(edition: Edition, *, brief: bool) -> Data:
    """Return one edition; a brief one leaves out folded blocks and the tables of groups."""
    words = edition.words
    return {
        "language": edition.language,
        "document": words.document,
        "country": breakable(edition.country),
        "contents": words.contents,
        "tables_in_files": words.tables_in_files,
        "undisplayed": words.undisplayed,
        "footer": prose_data(words.footer),
        "mark": breakable(edition.mark),
        "title": title_data(edition.title),
        "whole_title": prose_data(edition.title) if _is_long(edition.title) else [],
        "opening": block_data(edition.opening, brief=brief),
        "sections": [
            {
                "title": prose_data(section.title),
                "blocks": block_data(section.blocks, brief=brief, under=plain(section.title)),
            }
            for section in edition.sections
        ],
    }


def _is_long(title: Prose) -> bool:
    return len(plain(title)) > LONGEST_TITLE


def title_data(title: Prose) -> list[Data]:
    """Return a title, shortened where no bookmark could hold it."""
    if not _is_long(title):
        return prose_data(title)
    return prose_data((title[0]._replace(text=shortened(plain(title), LONGEST_TITLE)),))


def block_data(blocks: Iterable[Block], *, brief: bool, under: str = "") -> list[Data]:
    """Return blocks with their kinds; folded ones lie open, or are left out of a brief print.

    A figure that comes first under a heading of its own name is not called so again.
    """
    found: list[Data] = []
    for place, block in enumerate(blocks):
        match block:
            case Fold(_, inside):
                found += [] if brief else block_data(inside, brief=brief)
            case Figure():
                found.append(figure_data(block, brief=brief, under="" if place else under))
            case _:
                found.append(_plain_block(block))
    return found


def _plain_block(block: Paragraph | Heading | Points | Terms | TableBlock) -> Data:
    match block:
        case Paragraph(words, kind):
            return {"kind": kind, "words": prose_data(words)}
        case Heading(words):
            return {"kind": "heading", "words": prose_data(words)}
        case Points(items):
            return {"kind": "points", "items": [prose_data(words) for words in items]}
        case Terms(rows):
            terms = [{"term": term, "words": prose_data(words)} for term, words in rows]
            return {"kind": "terms", "rows": terms}
        case TableBlock(table):
            return {"kind": "table", "table": table_data(table)}


def figure_data(figure: Figure, *, brief: bool, under: str = "") -> Data:
    """Return a chart, in parts where it is longer than a page, and its table twin."""
    alt = shortened(readable(f"{figure.title}. {figure.description}"), _LONGEST_ALT)
    pages = figure.pages or (figure.draw,)
    left_out = figure.repeats or (brief and bool(figure.twin_name))
    sheets = [Sheet(f"{figure.id}-{place}", _WIDTH, FONT) for place in range(len(pages))]
    table = table_data(figure.table)
    if figure.table.caption == figure.title:
        table["caption"] = ""
    return {
        "kind": "figure",
        "title": "" if figure.title == under else breakable(figure.title),
        "pictures": [_picture(draw(sheet), alt) for draw, sheet in zip(pages, sheets, strict=True)],
        "table": None if left_out else table,
    }


def _picture(svg: str, alt: str) -> Data:
    size = _SIZE.search(svg)
    ratio = float(size[1]) / float(size[2]) if size else 1.0
    return {"svg": svg, "ratio": ratio, "alt": alt}


def table_data(table: Table) -> Data:
    """Return a table, its columns as wide as what they hold in proportion."""
    return {
        "caption": breakable(table.caption),
        "head": [breakable(word) for word in table.head],
        "numeric": list(table.numeric),
        "columns": _weights(table),
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _weights(table: Table) -> list[int]:
    """Return the widest text of every column, in letters; no column starves another.

    A head is set in a few lines at most.
    """
    columns = zip(table.head, *map(_texts, table.rows), strict=True)
    found = []
    for head, *cells in columns:
        longest_word = max(map(len, head.split()), default=0)
        lines = -(-len(head) // _HEAD_LINES)
        found.append(2 + min(max(longest_word, lines, *map(len, cells), 6), 40))
    return found


def _texts(row: Iterable[str | Cell]) -> list[str]:
    return [cell.text if isinstance(cell, Cell) else cell for cell in row]


def _cell(cell: str | Cell) -> Data:
    if isinstance(cell, Cell):
        return {"text": breakable(cell.text), "lang": cell.language}
    return {"text": breakable(cell)}


def prose_data(parts: Prose) -> list[Data]:
    """Return prose, each part with its language where that is not the edition's."""
    return [
        {"text": isolated(part), **({"lang": part.language} if part.language else {})}
        for part in parts
    ]


def isolated(part: Span) -> str:
    """Return a text that keeps to its own direction, and cannot turn the sentence around it."""
    text = breakable(part.text)
    turns = any(bidirectional(letter) in _TURNING for letter in part.text)
    return f"\u2068{text}\u2069" if turns else text


def breakable(text: str) -> str:
    """Return a text without control signs, in which a word longer than a line can be broken."""
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, readable(text))
