"""The report read back as a tree of elements, refusing what a browser would silently mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from kelisim.study.report.blocks import Block, Fold

VOID = {"meta", "input", "br", "hr", "link", "img"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag: str) -> list[Element]:
        return [one for one in self.walk() if one.tag == tag]

    def words(self) -> str:
        return self.text + "".join(child.words() for child in self.children)


class Page(HTMLParser):
    """A parser that refuses what a browser would silently mend."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.open)
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} is given twice"
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.text += data


def read(html: str) -> Element:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open is page.root
    return page.root


def edition(page: Element, language: str) -> Element:
    (found,) = (one for one in page.all("article") if one.attributes["id"] == language)
    return found


def inside(blocks: tuple[Block, ...], kind: type[Block]) -> list[Any]:
    """Return the blocks of a kind, folded ones too."""
    found: list[Any] = []
    for block in blocks:
        found += [block] if isinstance(block, kind) else []
        found += inside(block.blocks, kind) if isinstance(block, Fold) else []
    return found
