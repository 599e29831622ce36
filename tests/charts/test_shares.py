from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from kelisim.charts import Row, Sheet, share_chart, share_table
from tests.charts.drawings import NUMBERS, ROWS, SVG, WORDS, outside, overlaps, parsed
from tests.charts.test_intervals import rows


def drawn(found: list[Row], width: int = 640) -> str:
    return share_chart(found, WORDS, NUMBERS, Sheet("q1", width))


def test_bars_begin_at_zero_and_are_as_long_as_their_shares() -> None:
    svg = drawn([Row("a", 0.2, 0.1, 0.3), Row("b", 0.4, 0.3, 0.5)])
    bars = list(parsed(svg).iter(f"{SVG}rect"))
    assert len({bar.attrib["x"] for bar in bars}) == 1
    first, second = (float(bar.attrib["width"]) for bar in bars)
    assert second == pytest.approx(2 * first, abs=0.2)


def test_answers_keep_the_order_of_the_question() -> None:
    table = share_table(ROWS, WORDS, NUMBERS)
    assert [row[0] for row in table.rows] == [row.label for row in ROWS]


def test_a_share_of_nothing_is_drawn_too() -> None:
    assert "<rect" in drawn([Row("a", 0.0, None, None)])
    assert "<rect" not in drawn([Row("a", None, None, None, 0, "—")])


@pytest.mark.parametrize("width", [344, 640])
@given(st.lists(rows(), min_size=1, max_size=12))
@settings(deadline=None, max_examples=40)
def test_no_text_overlaps_another_or_leaves_the_sheet(width: int, found: list[Row]) -> None:
    svg = drawn(found, width)
    assert overlaps(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize("width", [344, 640])
def test_the_drawing_is_the_same_every_time(width: int, snapshot: SnapshotAssertion) -> None:
    assert drawn(list(ROWS), width) == snapshot
