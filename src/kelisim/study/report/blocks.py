"""What a report is made of: a few kinds of blocks that HTML and PDF each know how to set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kelisim.charts import Sheet, Table
from kelisim.study.report.prose import Prose


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a ``finding`` is what a reader came for, a ``note`` is small."""

    words: Prose
    kind: Literal["text", "finding", "note"] = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of the section."""

    words: Prose


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences."""

    items: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Short facts: a term and what it is."""

    rows: tuple[tuple[str, Prose], ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table that is shown."""

    table: Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, drawn when it is known on what, and its table twin.

    ``twin_name`` names the twin where it is folded away; ``pages`` draw the chart in parts, where
    it is longer than a page of print; ``repeats`` says that its twin holds what the table before
    it does, so that print may leave it out.
    """

    id: str
    title: str
    description: str
    draw: Callable[[Sheet], str]
    table: Table
    twin_name: str
    pages: tuple[Callable[[Sheet], str], ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that a reader opens."""

    name: str
    blocks: tuple[Block, ...]


Block = Paragraph | Heading | Points | Terms | TableBlock | Figure | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with a heading of its own."""

    id: str
    title: Prose
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole report in one language.

    Attributes
    ----------
    opening
        The blocks under the title, before the contents.
    mark
        What stands at the foot of every printed page, where a chart or table may go on that has its
        title on the page before; empty where nothing must be said.
    """

    language: str
    title: Prose
    country: str
    words: Words
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the page around the sections says."""

    document: str
    language: str
    skip: str
    contents: str
    tables_in_files: str
    undisplayed: str
    footer: Prose
