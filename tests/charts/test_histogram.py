from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from kelisim.charts import Bin, BinWords, Numbers, Sheet, edges, histogram, histogram_table
from tests.charts.drawings import SVG, outside, overlaps, parsed

WORDS = BinWords("Салмақтар", "Салмақтардың үлестірілуі", "Салмақ", "Сұхбаттар", "орташа = 1")
NUMBERS = Numbers(str, lambda a, b: f"{a}–{b}", str, str, lambda value: f"{value:g}")
BINS = [Bin(0.0, 0.5, 10), Bin(0.5, 1.0, 40), Bin(1.0, 1.5, 0), Bin(1.5, 2.0, 5)]


def drawn(bins: list[Bin], width: int = 640, mark: float = 1.0) -> str:
    return histogram(bins, WORDS, NUMBERS, Sheet("w", width), mark)


def test_bars_are_as_high_as_their_counts() -> None:
    heights = [float(bar.attrib["height"]) for bar in parsed(drawn(BINS)).iter(f"{SVG}rect")]
    assert heights == pytest.approx([130 * n / 40 for n in (10, 40, 0, 5)], abs=0.1)


def test_bins_without_any_count_are_drawn_flat() -> None:
    svg = drawn([Bin(0.0, 1.0, 0), Bin(1.0, 2.0, 0)])
    assert [bar.attrib["height"] for bar in parsed(svg).iter(f"{SVG}rect")] == ["0", "0"]


@pytest.mark.parametrize("width", [344, 640])
@given(st.floats(0.05, 50), st.floats(0, 1))
@settings(deadline=None, max_examples=40)
def test_the_name_of_the_mark_stays_on_the_sheet(width: int, most: float, part: float) -> None:
    cuts = edges(0.0, most)
    bins = [Bin(low, high, 3) for low, high in pairwise(cuts)]
    svg = drawn(bins, width, mark=cuts[-1] * part)
    assert outside(svg) == []
    assert overlaps(svg) == []


def test_the_twin_has_a_row_a_bin() -> None:
    table = histogram_table(BINS, WORDS, NUMBERS)
    assert table.rows == (("0–0.5", "10"), ("0.5–1", "40"), ("1–1.5", "0"), ("1.5–2", "5"))


def test_the_drawing_is_the_same_every_time(snapshot: SnapshotAssertion) -> None:
    assert drawn(BINS, 344) == snapshot
