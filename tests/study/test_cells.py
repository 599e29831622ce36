"""Cells are numbers or categories, and never something in between."""

from __future__ import annotations

import polars as pl
import pytest

from kelisim.core.errors import ValueRefused
from kelisim.study.cells import category, named, number


def place(row: int) -> str:
    return f"x.csv, line {row + 2}"


def numbers(*cells: str | None, decimal_comma: bool = False) -> list[float | None]:
    series = pl.Series("w", cells, dtype=pl.String)
    return number(series, role="the weight", place=place, decimal_comma=decimal_comma).to_list()


def test_text_that_spells_a_number_is_that_number() -> None:
    assert numbers("1", " 2.5 ", "-3e2", None) == [1.0, 2.5, -300.0, None]


@pytest.mark.parametrize("word", ["abc", "1,5", "nan", "inf", "1 000", "12-", "٣"])
def test_other_text_in_a_number_is_refused_with_its_line(word: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        numbers("1", word, word)
    assert str(refused.value).startswith(
        f"x.csv, line 3, column 'w': '{word}' is not a number (2 of 3 cells of the column). "
        "The column is the weight."
    )


def test_decimal_commas_are_read_where_they_are_the_custom_and_alone() -> None:
    assert numbers("1,5", "2", decimal_comma=True) == [1.5, 2.0]
    with pytest.raises(ValueRefused, match="'1,5' is not a number"):
        numbers("1,5", "2.5", decimal_comma=True)
    with pytest.raises(ValueRefused, match="'1,234,567'"):
        numbers("1,234,567", decimal_comma=True)


def test_typed_columns_are_numbers_already() -> None:
    assert number(pl.Series("w", [1, None]), role="", place=place).to_list() == [1.0, None]
    with pytest.raises(ValueRefused):
        number(pl.Series("w", [1.0, float("inf")]), role="", place=place)


@pytest.mark.parametrize(
    ("cells", "typed"),
    [
        (["2", "10", None], [2, 10, None]),
        (["0.5", "-0.50"], [0.5, -0.5]),
        (["1", "1.0"], [1.0, 1.0]),
        (["01", "2"], ["01", "2"]),
        (["1", "a"], ["1", "a"]),
        (["1e5", "2"], ["1e5", "2"]),
        (["1234567890123456", "2"], ["1234567890123456", "2"]),
        ([None, None], [None, None]),
    ],
)
def test_categories_are_numbers_only_where_every_cell_is_a_plain_one(
    cells: list[str | None], typed: list[object]
) -> None:
    assert category(pl.Series(cells, dtype=pl.String)).to_list() == typed


def test_typed_categories_stay_as_they_are() -> None:
    cells = pl.Series([True, False])
    assert category(cells) is cells


def test_codes_go_by_their_names_and_without_one_by_themselves() -> None:
    names = {"1": "Yes", "a": "Other"}
    assert named(pl.Series([1, 2, None]), names).to_list() == ["Yes", "2", None]
    assert named(pl.Series([1.0, 0.5]), names).to_list() == ["Yes", "0.5"]
    assert named(pl.Series(["a", "b"]), names).to_list() == ["Other", "b"]
