"""A country as its regions: codes, titles in three languages, size, and how a region is found.

`kelisim.core.regions` holds Kazakhstan; another country is another `Country` value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from kelisim.core.errors import ValueRefused, listed, nearest

Kind = Literal["oblast", "city"]
Precision = Literal["published", "published, rounded", "approximate"]


@dataclass(frozen=True, slots=True)
class Population:
    """How many people live in a place, and how well that is known.

    Attributes
    ----------
    count
        People of all ages.
    precision
        "published" as it was printed; "published, rounded" to thousands by the source;
        "approximate" where it was scaled so that the regions add up to the published total.
    on
        The day the count refers to.
    source
        Who published it.
    """

    count: int
    precision: Precision
    on: date
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A region of the first level.

    Attributes
    ----------
    iso
        ISO 3166-2 code, such as "KZ-10".
    national
        The code of the country's own register (KATO in Kazakhstan, nine digits).
    kind
        "oblast", or "city" for a city of republican significance.
    title
        Language to the official title, nominative.
    short
        Language to the shortest name that no other region has.
    also
        Other spellings it is found by.
    tile
        Row and column in the tile map.
    population
        Its size.
    """

    iso: str
    national: str
    kind: Kind
    title: Mapping[str, str]
    short: Mapping[str, str]
    also: tuple[str, ...]
    tile: tuple[int, int]
    population: Population

    def names(self) -> Iterator[str]:
        """Yield every text the region is known by, codes included."""
        yield from (self.iso, self.national, *self.title.values())
        yield from (*self.short.values(), *self.also)


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """A country: ISO 3166-1 code, title, regions, and its published population.

    Two countries, like two regions, are the same only if they are one object.
    """

    code: str
    title: Mapping[str, str]
    regions: tuple[Region, ...]
    population: Population


def find_region(country: Country, text: str) -> Region:
    """Return the region that a code or a name in any language means.

    Letter case, spaces, hyphens, full stops and the word for the kind ("обл.", "қаласы", "Region")
    do not matter, except where a region and a city share a name: there the kind decides, and the
    bare name is the city.

    Raises
    ------
    ValueRefused
        No region is called so.
    """
    kinds, name = _folded(text)
    named = _by_name(country).get(name, ())
    fitting = [region for region in named if not kinds or region.kind in kinds]
    if len(fitting) > 1:
        fitting = [region for region in fitting if region.kind == "city"]
    if len(fitting) == 1:
        return fitting[0]
    raise _unknown(country, text)


@cache
def _by_name(country: Country) -> Mapping[str, tuple[Region, ...]]:
    index: dict[str, tuple[Region, ...]] = {}
    for region in country.regions:
        for name in dict.fromkeys(_folded(name)[1] for name in region.names()):
            index[name] = (*index.get(name, ()), region)
    return index


def region_by_iso(country: Country, iso: str) -> Region:
    """Return the region with an ISO 3166-2 code.

    Raises
    ------
    ValueRefused
        There is no such code.
    """
    for region in country.regions:
        if region.iso == iso:
            return region
    raise _unknown(country, iso)


def _unknown(country: Country, text: str) -> ValueRefused:
    names = [name for region in country.regions for name in region.names()]
    codes = listed((region.iso for region in country.regions), 20)
    return ValueRefused(
        f"'{text}' is not a region of {country.title['en']}.",
        do=nearest(text, names) or f"Use a name in Kazakh, Russian or English, or one of {codes}.",
    )


_KIND_WORDS: Mapping[str, Kind] = {
    **dict.fromkeys(("облысы", "облыс", "область", "области", "обл"), "oblast"),
    **dict.fromkeys(("oblysy", "oblast", "region", "province"), "oblast"),
    **dict.fromkeys(("қаласы", "қала", "қ", "город", "гор", "г"), "city"),
    **dict.fromkeys(("qalasy", "city"), "city"),
}


def _folded(text: str) -> tuple[frozenset[Kind], str]:
    """Split a name into the kinds it states and the rest, without case and marks."""
    plain = unicodedata.normalize("NFC", text).casefold()
    letters = "".join(letter if letter.isalnum() else " " for letter in plain)
    words = letters.split()
    kinds = frozenset(_KIND_WORDS[word] for word in words if word in _KIND_WORDS)
    return kinds, " ".join(word for word in words if word not in _KIND_WORDS)
