"""Rows that agree in every margin are one cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kelisim.engine.weighting import cells as module
from kelisim.engine.weighting.cells import collapse

Rows = list[tuple[int, int, int]]
LEVELS = (3, 4, 5)

rows_of_three = st.lists(
    st.tuples(*(st.integers(0, levels - 1) for levels in LEVELS)), min_size=1, max_size=40
)


def columns(rows: Rows) -> list[NDArray[np.int32]]:
    return [np.array(code, dtype=np.int32) for code in zip(*rows, strict=True)]


@given(rows_of_three)
@settings(deadline=None, max_examples=60)
def test_the_cells_are_the_distinct_rows_and_place_finds_them(rows: Rows) -> None:
    cells = collapse(columns(rows), LEVELS, worth=1)
    found = list(zip(*(code.tolist() for code in cells.codes), strict=True))
    assert found == sorted(set(rows))
    assert [found[at] for at in cells.rows()] == rows


@given(rows_of_three)
@settings(deadline=None, max_examples=30)
def test_a_range_too_wide_for_a_table_gives_the_same_cells(rows: Rows) -> None:
    wide = collapse(columns(rows), (300, 400, 500), worth=1)
    narrow = collapse(columns(rows), LEVELS, worth=1)
    for one, other in zip(wide.codes, narrow.codes, strict=True):
        np.testing.assert_array_equal(one, other)


def test_more_combinations_than_an_integer_counts_give_the_same_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    codes = [rng.integers(0, 9, 50).astype(np.int32) for _ in range(4)]
    levels = (90, 90, 90, 90)
    plain = collapse(codes, levels, worth=1)
    monkeypatch.setattr(module, "OVERFLOW", 10_000)
    renumbered = collapse(codes, levels, worth=1)
    np.testing.assert_array_equal(plain.rows(), renumbered.rows())
    for one, other in zip(plain.codes, renumbered.codes, strict=True):
        np.testing.assert_array_equal(one, other)


def test_thirty_columns_of_a_thousand_categories_do_not_overflow() -> None:
    codes = [np.array([0, 999, 0], dtype=np.int32)] * 30
    cells = collapse(codes, [1000] * 30, worth=1)
    assert len(cells.codes[0]) == 2


def test_rows_stay_rows_where_there_are_as_many_cells() -> None:
    cells = collapse(columns([(0, 0, 0), (1, 2, 3), (2, 1, 0)]), LEVELS)
    values = np.array([1.0, 2.0, 3.0])
    assert cells.place is None
    assert cells.rows().tolist() == [0, 1, 2]
    assert cells.total(values) is values
    assert cells.spread(values) is values


def test_totals_by_category_by_pair_and_along_a_cell() -> None:
    cells = collapse([np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])], (2, 2), worth=1)
    by_cell = cells.total(np.array([1.0, 2.0, 3.0, 4.0]))
    assert by_cell.tolist() == [1, 2, 7]
    assert [part.tolist() for part in cells.margin_totals(by_cell)] == [[3, 7], [1, 9]]
    assert cells.spread(by_cell).tolist() == [1, 2, 7, 7]
    assert cells.along(np.array([1.0, 10.0, 100.0, 1000.0])).tolist() == [101, 1001, 1010]
    assert cells.crossed(by_cell).tolist() == [
        [3, 0, 1, 2],
        [0, 7, 0, 7],
        [1, 0, 1, 0],
        [2, 7, 0, 9],
    ]
