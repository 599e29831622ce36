from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from kelisim.charts import Row, Sheet, interval_chart, interval_table
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

LETTERS = "абвгғқңөұүһіАҚМШщ ijlWM.-0123漢😀"


def drawn(rows: list[Row], width: int = 640, **options: object) -> str:
    return interval_chart(rows, WORDS, NUMBERS, Sheet("q1", width), **options)  # type: ignore[arg-type]  # options are those of the chart


@st.composite
def rows(draw: st.DrawFn) -> Row:
    label = draw(st.text(LETTERS, max_size=60))
    if draw(st.booleans()):
        return Row(label, None, None, None, 0, draw(st.text(LETTERS, max_size=90)))
    low, at, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
    return Row(label, at, low, high, draw(st.integers(0, 10**6)))


@pytest.mark.parametrize("width", [344, 640])
@given(st.lists(rows(), min_size=1, max_size=25), st.booleans())
@settings(deadline=None, max_examples=60)
def test_no_text_overlaps_another_or_leaves_the_sheet(
    width: int, found: list[Row], compared: bool
) -> None:
    svg = drawn(found, width, reference=NATION if compared else None, bounds=(0.0, 1.0))
    assert overlaps(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize("width", [344, 640])
def test_the_long_names_of_regions_are_whole(width: int) -> None:
    svg = drawn(list(ROWS), width)
    shown = " ".join(box.text for box in boxes(svg))
    for row in ROWS:
        assert row.label in shown


def test_dots_stand_in_the_order_of_the_estimates() -> None:
    svg = drawn(list(ROWS))
    dots = [
        (float(dot.attrib["cy"]), float(dot.attrib["cx"]))
        for dot in parsed(svg).iter(f"{SVG}circle")
    ]
    assert len(dots) == 3
    assert sorted(dots) == sorted(dots, key=lambda dot: -dot[1])


def test_a_dot_lies_on_its_interval() -> None:
    svg = drawn([Row("a", 0.3, 0.2, 0.5)])
    dot = next(parsed(svg).iter(f"{SVG}circle"))
    way = next(path for path in parsed(svg).iter(f"{SVG}path") if path.get("class") == "whisker")
    low, y, high = map(float, re.findall(r"[\d.]+", way.attrib["d"]))
    assert low < float(dot.attrib["cx"]) < high
    assert y == float(dot.attrib["cy"])
    assert (float(dot.attrib["cx"]) - low) / (high - low) == pytest.approx(1 / 3, abs=0.01)


def test_a_missing_row_shows_its_note_and_no_dot() -> None:
    svg = drawn([Row("Ұлытау облысы", None, None, None, 0, "ешкім жауап бермеген")])
    assert "ешкім жауап бермеген" in svg
    assert "<circle" not in svg


def test_an_estimate_without_an_interval_or_with_a_note_is_an_open_dot() -> None:
    svg = drawn([Row("a", 0.3, None, None), Row("b", 0.0, 0.0, 0.1, 30, "exact")])
    groups = [group for group in parsed(svg).iter(f"{SVG}g") if group.get("class") == "open"]
    assert len(groups[0]) == 2
    assert "—" in [box.text for box in boxes(svg)]


def test_the_reference_is_named_with_its_value() -> None:
    svg = drawn(list(ROWS), reference=NATION)
    assert "Ел бойынша 34.5%" in svg
    assert 'class="reference"' in svg
    nameless = Row("Ел бойынша", None, None, None)
    assert 'class="reference"' not in drawn(list(ROWS), reference=nameless)


@pytest.mark.parametrize("count", [1, 14, 15, 120])
def test_any_number_of_rows_is_drawn(count: int) -> None:
    svg = drawn([Row(f"{i}-топ", i / 200, i / 250, i / 150, i) for i in range(count)])
    assert svg.count("<circle") == count
    assert overlaps(svg) == []


def test_an_axis_whose_numbers_are_long_has_few_of_them() -> None:
    long = dataclasses.replace(NUMBERS, tick=lambda share: f"{share:.12f} теңге")
    svg = interval_chart(ROWS, WORDS, long, Sheet("q1", 344))
    assert 1 <= svg.count("теңге") <= 3
    assert overlaps(svg) == []


def test_charts_of_parts_have_one_axis() -> None:
    whole = [Row(f"{i}", i / 10, i / 11, i / 9.5, i) for i in range(1, 9)]
    parts = [drawn(whole[:4], beside=whole), drawn(whole[4:], beside=whole)]
    ticks = [[box for box in boxes(part) if re.fullmatch(r"\d+%", box.text)] for part in parts]
    assert [(box.text, box.left) for box in ticks[0]] == [(box.text, box.left) for box in ticks[1]]


def test_the_twin_begins_with_the_reference_and_follows_the_chart() -> None:
    table = interval_table(ROWS, WORDS, NUMBERS, reference=NATION)
    assert [row[0] for row in table.rows[:2]] == ["Ел бойынша", "Солтүстік Қазақстан облысы"]
    assert len(interval_table(ROWS, WORDS, NUMBERS).rows) == len(ROWS)


@pytest.mark.parametrize("width", [344, 640])
def test_the_drawing_is_the_same_every_time(width: int, snapshot: SnapshotAssertion) -> None:
    assert drawn(list(ROWS), width, reference=NATION, bounds=(0.0, 1.0)) == snapshot
