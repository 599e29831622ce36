"""The table twin of a chart: the same rows as text, for a reader who does not see the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kelisim.charts.markup import escaped


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that is not in the language of its page."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the heads of the columns, and the rows.

    The first column names the row; ``numeric`` columns are set to the right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    numeric: tuple[bool, ...]


def cell(text: str, language: str = "") -> str | Cell:
    """Return a text as a cell, marked with its language where that is given."""
    return Cell(text, language) if language else text


def table_html(table: Table) -> str:
    """Return an HTML table with a caption, scopes, and a class for columns of numbers."""
    kinds = [' class="num"' if numeric else "" for numeric in table.numeric]
    head = "".join(
        f'<th scope="col"{kind}>{escaped(word)}</th>'
        for word, kind in zip(table.head, kinds, strict=True)
    )
    body = "".join(_row(row, kinds) for row in table.rows)
    caption = f"<caption>{escaped(table.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: tuple[str | Cell, ...], kinds: Iterable[str]) -> str:
    first, *others = zip(row, kinds, strict=True)
    cells = "".join(f"<td{kind}{_inside(value)}</td>" for value, kind in others)
    return f'<tr><th scope="row"{first[1]}{_inside(first[0])}</th>{cells}</tr>\n'


def _inside(value: str | Cell) -> str:
    if isinstance(value, Cell):
        return f' lang="{escaped(value.language)}">{escaped(value.text)}'
    return f">{escaped(value)}"
