from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from kelisim.charts import Row, Sheet, Tile, tile_map, tile_table
from kelisim.charts.markup import RAMP
from kelisim.core.regions import REGIONS
from tests.charts.drawings import (
    NATION,
    NUMBERS,
    ROWS,
    SVG,
    WORDS,
    boxes,
    outside,
    overlaps,
    parsed,
)

NAMES = ("Абай", "СҚО", "Ұлытау", "Астана")
PLACES = ((2, 6), (0, 3), (2, 2), (1, 3))
TILES = [Tile(*place, name, row) for place, name, row in zip(PLACES, NAMES, ROWS, strict=True)]


def drawn(tiles: list[Tile], width: int = 640, hatched: str = "ел бойынша көрсеткіш ішінде") -> str:
    sheet = Sheet("map", width)
    return tile_map(
        tiles, WORDS, NUMBERS, sheet, reference=NATION, hatched=hatched, bounds=(0.0, 1.0)
    )


def country(value: float = 0.3) -> list[Tile]:
    return [
        Tile(
            *region.tile, region.short["kk"], Row(region.title["kk"], value + i / 50, 0.2, 0.5, 60)
        )
        for i, region in enumerate(REGIONS)
    ]


@pytest.mark.parametrize("width", [344, 640])
def test_twenty_regions_lie_on_the_sheet_without_overlap(width: int) -> None:
    svg = drawn(country(), width)
    assert outside(svg) == []
    values = [box for box in boxes(svg) if "%" in box.text or "±" in box.text]
    assert len(values) >= 40
    assert not [(a, b) for a in values for b in values if a is not b and a.meets(b)]
    assert width == 344 or overlaps(svg) == []


def test_the_value_and_the_width_of_its_interval_are_written_in_the_tile() -> None:
    words = [box.text for box in boxes(drawn(TILES))]
    assert "47.0%" in words
    assert "±6.5" in words


def test_a_region_without_an_estimate_is_an_empty_tile_with_a_dash() -> None:
    svg = drawn(TILES)
    empty = [group for group in parsed(svg).iter(f"{SVG}g") if group.get("class") == "empty"]
    assert len(empty[0]) == 1
    assert "—" in [box.text for box in boxes(svg)]


def test_a_hatch_marks_the_regions_whose_interval_holds_the_nation() -> None:
    svg = drawn(TILES)
    hatched = [group for group in parsed(svg).iter(f"{SVG}g") if group.get("class") == "hatched"]
    holding = [row for row in ROWS if row.span and row.span[0] <= 0.345 <= row.span[1]]
    assert len(hatched[0]) == len(holding) == 2
    assert "ел бойынша көрсеткіш ішінде" in svg


def test_where_nothing_is_hatched_the_legend_does_not_speak_of_it() -> None:
    apart = [Tile(0, 0, "A", Row("A", 0.9, 0.8, 0.95)), Tile(0, 1, "B", Row("B", 0.1, 0.05, 0.2))]
    svg = drawn(apart)
    assert "pattern" not in svg
    assert "ел бойынша көрсеткіш ішінде" not in svg


def test_a_larger_value_never_has_a_lighter_tile() -> None:
    svg = drawn(country(0.05))
    fills = {
        (rect.attrib["x"], rect.attrib["y"]): RAMP.index(group.attrib["fill"])
        for group in parsed(svg).iter(f"{SVG}g")
        if (group.get("class") or "").startswith("shade")
        for rect in group
    }
    by_value = sorted(country(0.05), key=lambda tile: tile.row.value or 0)
    across, down = 640 / 7, 64
    shades = [
        next(
            shade
            for (x, y), shade in fills.items()
            if abs(float(x) - tile.column * across) < 1 and abs(float(y) - tile.line * down) < 1
        )
        for tile in by_value
    ]
    assert shades == sorted(shades)
    assert len(set(shades)) > 2


def test_one_value_for_all_is_one_shade() -> None:
    same = [Tile(0, i, "A", Row("A", 0.3, 0.2, 0.4)) for i in range(3)]
    assert drawn(same).count('<g class="shade') == 1


def test_the_twin_lists_the_regions_from_the_largest() -> None:
    table = tile_table(TILES, WORDS, NUMBERS)
    assert table.rows[0][0] == "Солтүстік Қазақстан облысы"
    assert len(table.rows) == 4


def test_a_long_legend_breaks_into_lines() -> None:
    svg = drawn(TILES, 344, hatched="ұзақ түсіндірме " * 8)
    assert outside(svg) == []
    assert overlaps(svg) == []


@pytest.mark.parametrize("width", [344, 640])
def test_the_drawing_is_the_same_every_time(width: int, snapshot: SnapshotAssertion) -> None:
    assert drawn(TILES, width) == snapshot
