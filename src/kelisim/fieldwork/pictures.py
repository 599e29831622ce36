"""Pictures of fieldwork: the regions as tiles, and their response rates with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kelisim.charts import (
    Numbers,
    Row,
    Sheet,
    Tile,
    Words,
    interval_chart,
    interval_table,
    table_html,
    tile_map,
)
from kelisim.core import kazakh
from kelisim.core.country import Region, find_region
from kelisim.core.errors import ValueRefused
from kelisim.core.regions import KAZAKHSTAN
from kelisim.fieldwork.analysis import NATION, Board, Progress
from kelisim.study.report.wording import wording

WIDE, PHONE = 640, 344
"""Widths of a chart in its own units; on the second the longest name of a region fits its tile."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The map and the intervals, each for a desk and for a phone, and the table twin of both."""

    map: SafeString
    map_narrow: SafeString
    intervals: SafeString
    intervals_narrow: SafeString
    table: SafeString


def pictures(board: Board) -> Pictures | None:
    """Return the pictures of a board, or None before anybody was tried."""
    tried = [one for one in board.regions if one.tried]
    if not tried:
        return None
    language = (get_language() or "kk").partition("-")[0]
    rows = {one.region: _row(one) for one in board.regions}
    words = Words(
        _("Response rate by region"),
        _("Of the addresses tried, the weighted share interviewed, with its interval (95 %)."),
        _("Region"),
        _("Response rate"),
        _("Interval (95 %)"),
        _("tried"),
        _("Note"),
    )
    numbers = _numbers(language)
    whole = _row(board.whole)
    drawn = [rows[one.region] for one in tried]

    def intervals(width: int) -> str:
        sheet = Sheet(f"rates-{width}", width)
        return interval_chart(drawn, words, numbers, sheet, reference=whole, bounds=(0, 1))

    # What the site puts into its own charts is escaped there, word by word.
    return Pictures(
        mark_safe(_map(rows, words, numbers, whole, language, WIDE)),  # noqa: S308  (see above)
        mark_safe(_map(rows, words, numbers, whole, language, PHONE)),  # noqa: S308  (see above)
        mark_safe(intervals(WIDE)),  # noqa: S308  (see above)
        mark_safe(intervals(PHONE)),  # noqa: S308  (see above)
        mark_safe(table_html(interval_table(drawn, words, numbers, reference=whole))),  # noqa: S308  (see above)
    )


def _map(
    rows: dict[str, Row], words: Words, numbers: Numbers, whole: Row, language: str, width: int
) -> str:
    known = {region: row for name, row in rows.items() if (region := region_of(name))}
    if not known:
        return ""
    names = wording(language)
    tiles = [
        Tile(
            *one.tile,
            names.text(one.iso),
            known.get(one, Row(one.short[language], None, None, None)),
        )
        for one in KAZAKHSTAN.regions
    ]
    hatched = _("not separable from the whole sample")
    sheet = Sheet(f"regions-{width}", width)
    return tile_map(tiles, words, numbers, sheet, reference=whole, hatched=hatched, bounds=(0, 1))


def region_of(name: str) -> Region | None:
    """Return the region of Kazakhstan that a sample calls so, if there is one."""
    try:
        return find_region(KAZAKHSTAN, name)
    except ValueRefused:
        return None


def region_name(name: str) -> str:
    """Return what a page calls a region of a sample."""
    language = (get_language() or "kk").partition("-")[0]
    found = region_of(name)
    return found.short[language] if found else name or _("not said")


def _row(one: Progress) -> Row:
    share = one.response
    label = _("The whole sample") if one.region == NATION else region_name(one.region)
    note = "" if share.low is not None else _("too few places for an interval")
    return Row(label, share.value, share.low, share.high, one.tried, note)


def _numbers(language: str) -> Numbers:
    def percent(share: float) -> str:
        return kazakh.percent(share, language, 0)

    return Numbers(
        value=percent,
        span=lambda low, high: f"{kazakh.number(100 * low, language, 0)}–{percent(high)}",
        half=lambda half: f"±{kazakh.number(100 * half, language, 0)}",
        count=lambda n: kazakh.number(n, language),
        tick=percent,
    )


def ordered(regions: Sequence[Progress]) -> list[Progress]:
    """Return regions in the order of the reader's alphabet."""
    language = get_language() or "kk"
    return sorted(regions, key=lambda one: kazakh.sort_key(region_name(one.region), language))
