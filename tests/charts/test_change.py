from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.charts import (
    ChangeWords,
    Numbers,
    Row,
    Sheet,
    Shift,
    change_chart,
    change_table,
    table_html,
)
from tests.charts.drawings import NUMBERS, SVG, WORDS, boxes, outside, overlaps, parsed

CHANGES = Numbers(
    value=lambda share: f"{100 * share:+.1f}",
    span=lambda low, high: f"{100 * low:.1f} … {100 * high:.1f}",
    half=NUMBERS.half,
    count=NUMBERS.count,
    tick=NUMBERS.tick,
)
WAVES = ChangeWords(WORDS, "Бірінші толқын, 2–20 наурыз", "Екінші толқын, 2–20 қыркүйек")
SHIFTS = (
    Shift(Row("Абай облысы", -0.05, -0.1, 0.0, None), 0.35, 0.3),
    Shift(Row("Солтүстік Қазақстан облысы", 0.08, 0.02, 0.14, None), 0.4, 0.48),
    Shift(Row("Ұлытау облысы", None, None, None, None, "мұндай топ жоқ"), None, 0.4),
)


def drawn(shifts: tuple[Shift, ...], width: int = 640) -> str:
    return change_chart(shifts, WAVES, NUMBERS, CHANGES, Sheet("q1", width), bounds=(0.0, 1.0))


def test_the_largest_rise_stands_on_top_and_what_has_no_change_below() -> None:
    table = change_table(SHIFTS, WAVES, NUMBERS, CHANGES)
    assert [row[0] for row in table.rows] == [
        "Солтүстік Қазақстан облысы",
        "Абай облысы",
        "Ұлытау облысы",
    ]
    assert table.rows[0] == (
        "Солтүстік Қазақстан облысы",
        "40.0%",
        "48.0%",
        "+8.0",
        "2.0 … 14.0",
        "",
    )
    assert table.rows[2] == ("Ұлытау облысы", "—", "40.0%", "—", "—", "мұндай топ жоқ")
    assert len(change_table(SHIFTS[:2], WAVES, NUMBERS, CHANGES).head) == 5


@pytest.mark.parametrize("width", [344, 640])
def test_a_hollow_and_a_full_dot_a_row_and_in_the_legend(width: int) -> None:
    svg = parsed(drawn(SHIFTS, width))
    dots = {g.attrib["class"]: len(g.findall(f"{SVG}circle")) for g in svg.iter(f"{SVG}g")}
    assert dots["open"] == dots["mark"] or {"open", "mark"} <= set(dots)
    assert sum(len(g.findall(f"{SVG}circle")) for g in svg.iter(f"{SVG}g")) == 2 * 2 + 2
    said = {box.text for box in boxes(drawn(SHIFTS, width))}
    assert {WAVES.before, WAVES.after, "+8.0", "-5.0"} <= said


def test_the_line_reaches_over_the_hollow_dot_unless_a_change_is_established() -> None:
    assert list(SHIFTS[1].span or ()) == pytest.approx([0.42, 0.54])
    low, high = SHIFTS[0].span or (1.0, 0.0)
    assert low <= 0.35 <= high + 1e-12
    assert SHIFTS[2].span is None


def test_the_twin_holds_what_the_chart_says() -> None:
    html = table_html(change_table(SHIFTS, WAVES, NUMBERS, CHANGES))
    for words in (WAVES.before, WAVES.after, "+8.0", "2.0 … 14.0", "мұндай топ жоқ"):
        assert words in html


SHARES = st.floats(0, 1)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    label = draw(st.sampled_from(["Абай облысы", "a", "Ж" * 40, "Солтүстік Қазақстан облысы"]))
    if draw(st.booleans()):
        return Shift(Row(label, None, None, None, None, "ескертпе " * 9), draw(SHARES), None)
    before, after = draw(SHARES), draw(SHARES)
    half = draw(st.floats(0, 0.5))
    change = after - before
    return Shift(Row(label, change, change - half, change + half), before, after)


@pytest.mark.parametrize("width", [344, 640])
@given(st.lists(shifts(), min_size=0, max_size=8))
@settings(deadline=None, max_examples=40)
def test_no_text_overlaps_another_or_leaves_the_sheet(width: int, found: list[Shift]) -> None:
    svg = drawn(tuple(found), width)
    assert overlaps(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize("label", ["<script>", "\x00\x08", "ж" * 5000])
def test_no_label_breaks_the_chart(label: str) -> None:
    words = ChangeWords(WORDS, label, label)
    shift = Shift(Row(label, 0.1, 0.0, 0.2, None, label), 0.3, 0.4)
    svg = change_chart([shift], words, NUMBERS, CHANGES, Sheet("x", 344))
    parsed(svg)
    assert "<script" not in svg
