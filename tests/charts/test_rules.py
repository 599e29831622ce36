"""What holds for every chart alike."""

from __future__ import annotations

import re

import pytest

from kelisim.charts import (
    Bin,
    BinWords,
    Row,
    Sheet,
    Tile,
    histogram,
    histogram_table,
    interval_chart,
    interval_table,
    share_chart,
    share_table,
    table_html,
    tile_map,
    tile_table,
)
from tests.charts.drawings import NATION, NUMBERS, ROWS, SVG, WORDS, boxes, parsed

HOSTILE = (
    '<script>alert("x")</script>',
    "]]>&amp;'\"",
    "\u202eevil\u202c مرحبا",
    "😀👩‍👩‍👧",
    "\x00\x08\ufffe",
    "ж" * 10_000,
)
BIN_WORDS = BinWords("Салмақтар", "Сипаттама", "Салмақ", "Сұхбаттар", "орташа = 1")
SHEET = Sheet("kk-q1", 640)


def tiles(rows: tuple[Row, ...]) -> list[Tile]:
    return [Tile(0, i, row.label, row) for i, row in enumerate(rows)]


DRAWINGS = {
    "intervals": interval_chart(ROWS, WORDS, NUMBERS, SHEET, reference=NATION),
    "shares": share_chart(ROWS, WORDS, NUMBERS, SHEET),
    "tiles": tile_map(tiles(ROWS), WORDS, NUMBERS, SHEET, reference=NATION, hatched="h"),
    "histogram": histogram([Bin(0, 1, 2), Bin(1, 2, 3)], BIN_WORDS, NUMBERS, SHEET, 1.0),
}
TWINS = {
    "intervals": interval_table(ROWS, WORDS, NUMBERS, reference=NATION),
    "shares": share_table(ROWS, WORDS, NUMBERS),
    "tiles": tile_table(tiles(ROWS), WORDS, NUMBERS),
    "histogram": histogram_table([Bin(0, 1, 2), Bin(1, 2, 3)], BIN_WORDS, NUMBERS),
}


@pytest.mark.parametrize("svg", DRAWINGS.values(), ids=DRAWINGS)
def test_a_chart_has_a_title_a_description_and_ids_of_its_own(svg: str) -> None:
    root = parsed(svg)
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    ids = [part.attrib["id"] for part in root.iter() if "id" in part.attrib]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("kk-q1-") for name in ids)


@pytest.mark.parametrize("svg", DRAWINGS.values(), ids=DRAWINGS)
def test_a_chart_passes_the_strictest_content_policy(svg: str) -> None:
    root = parsed(svg)
    assert not [part for part in root.iter() if "style" in part.attrib]
    assert not [part for part in root.iter() if part.tag in {f"{SVG}script", f"{SVG}style"}]
    assert not re.search(r"href|on\w+=|javascript", svg)
    addresses = re.findall(r"\w+://[^\"'<> ]+", svg)
    assert addresses == ["http://www.w3.org/2000/svg"]  # the name of the language, not a link


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_twin_holds_what_the_chart_says_in_words(name: str) -> None:
    html = table_html(TWINS[name])
    said = {box.text for box in boxes(DRAWINGS[name])}
    for row in ROWS if name != "histogram" else ():
        assert row.label in html
        assert row.value is None or NUMBERS.value(row.value) in html
        assert row.value is None or NUMBERS.value(row.value) in said


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [344, 640])
def test_no_label_breaks_a_chart(label: str, width: int) -> None:
    rows = (Row(label, 0.3, 0.2, 0.4, 50, label), Row("b", 0.5, 0.4, 0.6, 50))
    sheet = Sheet("x", width)
    for svg in (
        interval_chart(rows, WORDS, NUMBERS, sheet, reference=Row(label, 0.4, 0.3, 0.5)),
        share_chart(rows, WORDS, NUMBERS, sheet),
        tile_map(tiles(rows), WORDS, NUMBERS, sheet, reference=NATION, hatched=label),
    ):
        parsed(svg)
        assert "<script" not in svg
        assert len(svg) < 20_000
