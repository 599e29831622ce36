"""What columns, values, groups and regions are called in an edition, and in which language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kelisim.core.kazakh import LANGUAGES, sort_key
from kelisim.core.regions import REGIONS
from kelisim.study.model import Labels
from kelisim.study.report.facts import Group
from kelisim.study.report.prose import Span
from kelisim.study.report.wording import Wording

_REGIONS = {region.iso: region for region in REGIONS}
_SPACES = re.compile(r"\s+")


def spoken(text: Mapping[str, str], language: str) -> Span:
    """Return a text in a language, else in the first of kk, ru, en that it has.

    >>> spoken({"en": "Trust"}, "kk")
    Span(text='Trust', language='en', name=False)
    """
    for candidate in (language, *LANGUAGES):
        if text.get(candidate):
            words = _SPACES.sub(" ", text[candidate]).strip()
            return Span(words, "" if candidate == language else candidate)
    return Span("")


def is_region(value: str) -> bool:
    """Return whether a value is the ISO code of a region of Kazakhstan."""
    return value in _REGIONS


class Names:
    """The names of one study in one edition."""

    def __init__(self, labels: Labels, words: Wording, groups: Iterable[Group] = ()) -> None:
        self._labels = labels
        self._words = words
        self._known: dict[Group, Span] = {}
        self._regional = _regional(groups)

    def item(self, column: str) -> Span:
        """Return the wording of an item; a column of regions needs none."""
        found = spoken(self._labels.items.get(column, {}), self._words.language)
        if found.text:
            return found
        return Span(self._words.text("region") if column in self._regional else column)

    def value(self, column: str, value: str) -> Span:
        """Return the label of a value, the title of a region, or the value itself."""
        label = self._labels.values.get(column, {}).get(value, {})
        found = spoken(label, self._words.language)
        if found.text:
            return found
        if is_region(value):
            return Span(_REGIONS[value].title[self._words.language])
        return Span(value)

    def group(self, group: Group) -> Span:
        """Return the name of a group: its values, one after another."""
        if group not in self._known:
            parts = [self.value(column, value) for column, value in group]
            languages = {part.language for part in parts}
            text = " · ".join(part.text for part in parts)
            self._known[group] = Span(text, languages.pop() if len(languages) == 1 else "")
        return self._known[group]

    def columns(self, columns: tuple[str, ...]) -> Span:
        """Return the name of a set of groups: the items crossed."""
        parts = [self.item(column) for column in columns]
        languages = {part.language for part in parts}
        text = " × ".join(part.text for part in parts)
        return Span(text, languages.pop() if len(languages) == 1 else "")

    def tile(self, iso: str) -> str:
        """Return the name of a region short enough for a tile."""
        return self._words.text(iso)

    def in_order(self, groups: tuple[Group, ...]) -> list[Group]:
        """Return groups in the alphabetical order of the language."""
        return sorted(groups, key=lambda g: sort_key(self.group(g).text, self._words.language))


def _regional(groups: Iterable[Group]) -> frozenset[str]:
    """Return the columns whose every value is the code of a region."""
    values: dict[str, set[str]] = {}
    for group in groups:
        for column, value in group:
            values.setdefault(column, set()).add(value)
    return frozenset(name for name, found in values.items() if found and all(map(is_region, found)))


def tile_place(iso: str) -> tuple[int, int]:
    """Return the line and the column of a region on the grid of tiles."""
    return _REGIONS[iso].tile
