"""The twenty regions of Kazakhstan: codes, official titles, tiles, population, the splits of 2022.

Populations were published by the Bureau of National Statistics, as reported by qazinform and
inform.kz (2 February 2026) and tengrinews (5 January 2026); each says how exact it is. Tiles are
the 5 x 7 grid that keeps 30 of the 35 true neighbour pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from kelisim.core.country import (
    Country,
    Kind,
    Population,
    Precision,
    Region,
    find_region,
    region_by_iso,
)

SOURCE = "Bureau of National Statistics of Kazakhstan, as reported in the press"
_JANUARY = date(2026, 1, 1)
_DECEMBER = date(2025, 12, 1)

_Names = tuple[str, str]
"""Official title and short name in one language."""


def _exact(count: int, on: date = _JANUARY, precision: Precision = "published") -> Population:
    return Population(count, precision, on, SOURCE)


def _about(thousands: int) -> Population:
    return Population(thousands * 1000, "approximate", _JANUARY, SOURCE)


def _region(
    digits: str,
    tile: tuple[int, int],
    population: Population,
    kk: _Names,
    ru: _Names,
    en: _Names,
    *also: str,
    kind: Kind = "oblast",
) -> Region:
    """Return a region; its ISO 3166-2 digits are also the first two of its KATO code."""
    return Region(
        iso=f"KZ-{digits}",
        national=f"{digits}0000000",
        kind=kind,
        title=MappingProxyType({"kk": kk[0], "ru": ru[0], "en": en[0]}),
        short=MappingProxyType({"kk": kk[1], "ru": ru[1], "en": en[1]}),
        also=(digits, *also),
        tile=tile,
        population=population,
    )


# fmt: off
REGIONS: tuple[Region, ...] = (
    _region("10", (2, 6), _exact(596_000, _DECEMBER, "published, rounded"),
            ("Абай облысы", "Абай"), ("область Абай", "Абай"), ("Abai Region", "Abai"),
            "Абайская область", "Abay"),
    _region("11", (1, 4), _about(788),
            ("Ақмола облысы", "Ақмола"), ("Акмолинская область", "Акмолинская"),
            ("Akmola Region", "Akmola"), "Aqmola"),
    _region("15", (2, 1), _about(955),
            ("Ақтөбе облысы", "Ақтөбе"), ("Актюбинская область", "Актюбинская"),
            ("Aktobe Region", "Aktobe"), "Aqtobe", "Aktyubinsk", "Актобе"),
    _region("19", (3, 5), _exact(1_596_331),
            ("Алматы облысы", "Алматы облысы"), ("Алматинская область", "Алматинская"),
            ("Almaty Region", "Almaty Region"), "область Алматы"),
    _region("23", (2, 0), _about(714),
            ("Атырау облысы", "Атырау"), ("Атырауская область", "Атырауская"),
            ("Atyrau Region", "Atyrau")),
    _region("27", (1, 0), _about(697),
            ("Батыс Қазақстан облысы", "Батыс Қазақстан"),
            ("Западно-Казахстанская область", "Западно-Казахстанская"),
            ("West Kazakhstan Region", "West Kazakhstan"), "БҚО", "ЗКО", "WKO"),
    _region("31", (3, 4), _exact(1_215_373),
            ("Жамбыл облысы", "Жамбыл"), ("Жамбылская область", "Жамбылская"),
            ("Zhambyl Region", "Zhambyl"), "Jambyl"),
    _region("33", (3, 6), _about(691),
            ("Жетісу облысы", "Жетісу"), ("область Жетісу", "Жетісу"),
            ("Jetisu Region", "Jetisu"),
            "область Жетысу", "Жетысуская область", "Zhetysu", "Zhetisu"),
    _region("35", (2, 5), _exact(1_131_287),
            ("Қарағанды облысы", "Қарағанды"), ("Карагандинская область", "Карагандинская"),
            ("Karaganda Region", "Karaganda"), "Qaragandy", "Караганда"),
    _region("39", (1, 2), _about(821),
            ("Қостанай облысы", "Қостанай"), ("Костанайская область", "Костанайская"),
            ("Kostanay Region", "Kostanay"), "Qostanai", "Kostanai", "Костанай"),
    _region("43", (3, 2), _about(845),
            ("Қызылорда облысы", "Қызылорда"), ("Кызылординская область", "Кызылординская"),
            ("Kyzylorda Region", "Kyzylorda"), "Qyzylorda", "Кызылорда"),
    _region("47", (3, 0), _about(812),
            ("Маңғыстау облысы", "Маңғыстау"), ("Мангистауская область", "Мангистауская"),
            ("Mangystau Region", "Mangystau"), "Mangistau", "Мангыстау", "Мангистау"),
    _region("55", (1, 5), _about(749),
            ("Павлодар облысы", "Павлодар"), ("Павлодарская область", "Павлодарская"),
            ("Pavlodar Region", "Pavlodar")),
    _region("59", (0, 3), _exact(514_732, _DECEMBER),
            ("Солтүстік Қазақстан облысы", "Солтүстік Қазақстан"),
            ("Северо-Казахстанская область", "Северо-Казахстанская"),
            ("North Kazakhstan Region", "North Kazakhstan"), "СҚО", "СКО", "NKO"),
    _region("61", (3, 3), _exact(2_148_658),
            ("Түркістан облысы", "Түркістан"), ("Туркестанская область", "Туркестанская"),
            ("Turkistan Region", "Turkistan"), "Turkestan", "Туркестан"),
    _region("62", (2, 2), _exact(218_993),
            ("Ұлытау облысы", "Ұлытау"), ("область Ұлытау", "Ұлытау"),
            ("Ulytau Region", "Ulytau"), "область Улытау", "Улытауская область"),
    _region("63", (1, 6), _about(723),
            ("Шығыс Қазақстан облысы", "Шығыс Қазақстан"),
            ("Восточно-Казахстанская область", "Восточно-Казахстанская"),
            ("East Kazakhstan Region", "East Kazakhstan"), "ШҚО", "ВКО", "EKO"),
    _region("71", (1, 3), _exact(1_638_233),
            ("Астана қаласы", "Астана"), ("город Астана", "Астана"), ("Astana city", "Astana"),
            "Нұр-Сұлтан", "Нур-Султан", "Nur-Sultan", kind="city"),
    _region("75", (4, 6), _exact(2_347_924),
            ("Алматы қаласы", "Алматы"), ("город Алматы", "Алматы"), ("Almaty city", "Almaty"),
            "Алма-Ата", kind="city"),
    _region("79", (4, 2), _exact(1_293_648),
            ("Шымкент қаласы", "Шымкент"), ("город Шымкент", "Шымкент"),
            ("Shymkent city", "Shymkent"), "Чимкент", kind="city"),
)
# fmt: on

KAZAKHSTAN = Country(
    code="KZ",
    title=MappingProxyType({"kk": "Қазақстан", "ru": "Казахстан", "en": "Kazakhstan"}),
    regions=REGIONS,
    population=_exact(20_495_975),
)

COUNTRIES: Mapping[str, Country] = MappingProxyType({KAZAKHSTAN.code: KAZAKHSTAN})

SPLIT_DAY = date(2022, 6, 8)
"""The day three regions came into being."""

SPLITS_2022: Mapping[str, str] = MappingProxyType(
    {"KZ-10": "KZ-63", "KZ-33": "KZ-19", "KZ-62": "KZ-35"}
)
"""New region to the region it was part of until `SPLIT_DAY`."""


def region(iso: str) -> Region:
    """Return the region with an ISO 3166-2 code.

    Raises
    ------
    ValueRefused
        There is no such code.

    Examples
    --------
    >>> region("KZ-62").title["ru"]
    'область Ұлытау'
    """
    return region_by_iso(KAZAKHSTAN, iso)


def find(text: str) -> Region:
    """Return the region that an ISO or KATO code or a name in kk, ru or en means.

    Raises
    ------
    ValueRefused
        No region is called so.

    Examples
    --------
    >>> [find(text).iso for text in ("северо-казахстанская обл.", "Алматы", "Алматы облысы", "62")]
    ['KZ-59', 'KZ-75', 'KZ-19', 'KZ-62']
    """
    return find_region(KAZAKHSTAN, text)


def region_of_kato(code: str) -> Region:
    """Return the region that a KATO code lies in: nine digits of any level, or the first two.

    Raises
    ------
    ValueRefused
        The code is not of two or nine digits, or no region begins so.

    Examples
    --------
    >>> region_of_kato("711210000").title["en"]
    'Astana city'
    """
    right_length = len(code) in (2, 9) and code.isascii() and code.isdecimal()
    return region_by_iso(KAZAKHSTAN, f"KZ-{code[:2]}" if right_length else code)


def before_split(iso: str) -> Region:
    """Return the region that a region's land belonged to before 8 June 2022, for older series.

    Raises
    ------
    ValueRefused
        There is no such code.

    Examples
    --------
    >>> before_split("KZ-10").iso, before_split("KZ-71").iso
    ('KZ-63', 'KZ-71')
    """
    return region(SPLITS_2022.get(region(iso).iso, iso))
