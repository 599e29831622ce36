"""Margins and sample name the same categories, or nothing is raked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, MarginRefused
from kelisim.engine.weighting.margins import Margin, read_margins

PEOPLE = pl.DataFrame(
    {
        "sex": ["f", "f", "m", "m"],
        "age": [30, 60, 30, 60],
        "educ": ["low", "high", "low", "low"],
        "urban": [True, False, True, True],
        "score": [0.5, -0.5, 0.5, 0.5],
    }
)
SEX = {"f": 55.0, "m": 45.0}


def read(margins: Any, frame: pl.DataFrame = PEOPLE) -> tuple[Margin, ...]:
    return read_margins(frame, margins, 1e-8)


def refusal(margins: Any, frame: pl.DataFrame = PEOPLE) -> MarginRefused:
    with pytest.raises(MarginRefused) as caught:
        read(margins, frame)
    return caught.value


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        ("sex", {"m": 45, "f": 55}),
        ("age", {30: 45, 60: 55}),
        ("age", {"60": 55, "30": 45}),
        ("age", {60.0: 55, np.int64(30): 45}),
        ("urban", {True: 55, False: 45}),
        ("urban", {"true": np.float64(55), np.bool_(False): 45}),
        ("score", {0.5: 55, -0.5: 45}),
        (("sex",), {("f",): 55, "m": 45}),
    ],
)
def test_categories_are_matched_as_text(column: Any, counts: dict[Any, float]) -> None:
    (margin,) = read({column: counts})
    assert margin.codes.dtype == np.int32
    assert sorted(margin.targets) == [45, 55]
    assert len(margin.labels) == 2


def test_targets_follow_the_labels_of_the_sample() -> None:
    (margin,) = read({"sex": {"m": 45, "f": 55}})
    assert (margin.name, margin.labels) == ("sex", ("f", "m"))
    assert margin.targets.tolist() == [55, 45]
    assert margin.codes.tolist() == [0, 0, 1, 1]
    assert margin.category(1) == "sex 'm'"


def test_a_crossed_margin_has_the_combinations_that_occur() -> None:
    (margin,) = read({("sex", "educ"): {("f", "low"): 20, ("f", "high"): 30, ("m", "low"): 50}})
    assert margin.name == "sex*educ"
    assert dict(zip(margin.labels, margin.targets, strict=True)) == {
        "f*low": 20,
        "f*high": 30,
        "m*low": 50,
    }
    assert [margin.labels[code] for code in margin.codes] == ["f*low", "f*high", "m*low", "m*low"]


def test_a_category_of_nobody_anywhere_is_left_out() -> None:
    (margin,) = read({"sex": {**SEX, "x": 0}})
    assert margin.labels == ("f", "m")


@pytest.mark.parametrize("margins", [{}, None, [("sex", SEX)]])
def test_no_margins_are_refused(margins: Any) -> None:
    assert "no margins" in refusal(margins).what


def test_data_without_rows_are_refused() -> None:
    assert "no rows" in refusal({"sex": SEX}, PEOPLE.clear()).what


@pytest.mark.parametrize("key", [3, (), ("sex", 3), None])
def test_what_names_no_column_is_refused(key: Any) -> None:
    assert "names no margin" in refusal({key: SEX}).what


def test_a_margin_given_twice_is_refused() -> None:
    assert "'sex' is given twice" in refusal({"sex": SEX, ("sex",): SEX}).what


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(ColumnRefused, match=r"'sexx' \(a margin\).*Did you mean 'sex'"):
        read({"sexx": SEX})


def test_missing_values_are_counted_and_located() -> None:
    frame = PEOPLE.with_columns(pl.Series("sex", ["f", None, "m", None]))
    found = refusal({"sex": SEX}, frame)
    assert found.what == "2 of 4 rows have no value."
    assert found.where == "column 'sex', row 2"


def test_missing_values_in_one_column_of_a_cross_are_found() -> None:
    frame = PEOPLE.with_columns(pl.Series("educ", ["low", "high", None, "low"]))
    assert refusal({("sex", "educ"): {("f", "low"): 1}}, frame).where == "column 'educ', row 3"


@pytest.mark.parametrize("counts", [{}, None, 5, [1, 2]])
def test_a_margin_without_counts_is_refused(counts: Any) -> None:
    assert "'sex' has no categories" in refusal({"sex": counts}).what


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf"), "many", None])
def test_a_count_is_a_finite_number_not_below_zero(count: Any) -> None:
    found = refusal({"sex": {"f": 55, "m": count}})
    assert f"count of 'm' is {count!r}" in found.what
    assert found.where == "margin 'sex'"


def test_the_same_category_in_two_spellings_is_refused() -> None:
    assert "counts '30' twice" in refusal({"age": {30: 20, "30": 25, 60: 55}}).what


@pytest.mark.parametrize(
    ("key", "category"),
    [
        ("sex", ("f", "low")),
        ("sex", None),
        ("sex", float("nan")),
        (("sex", "educ"), "f"),
        (("sex", "educ"), ("f",)),
        (("sex", "educ"), ("f", None)),
    ],
)
def test_a_category_has_one_value_for_each_column(key: Any, category: Any) -> None:
    assert "not one value for each column" in refusal({key: {category: 1}}).what


def test_a_category_nobody_in_the_sample_has_is_named_with_its_share() -> None:
    found = refusal({"sex": {"f": 50, "m": 40, "x": 7, "y": 3}})
    assert found.what == "Nobody in the sample is 'x', 'y', 10.00% of the population."
    assert "Merge" in found.do


def test_a_category_the_population_lacks_is_named_with_its_rows() -> None:
    frame = PEOPLE.with_columns(pl.Series("sex", ["f", "M", "m", "M"]))
    found = refusal({"sex": SEX}, frame)
    assert found.what == "The sample has 'M' (2 rows), and the population does not."
    assert "Recode" in found.do


def test_a_misspelled_category_gets_the_nearest_one() -> None:
    frame = PEOPLE.with_columns(pl.Series("educ", ["low", "hihg", "low", "low"]))
    assert refusal({"educ": {"low": 1, "high": 2}}, frame).do == "Did you mean 'high'?"


def test_a_count_of_zero_for_people_who_exist_is_refused() -> None:
    found = refusal({"sex": {"f": 100, "m": 0}})
    assert "0 of 'm', and the sample has 2 such rows" in found.what
    assert "weight zero" in found.why


def test_margins_of_different_totals_name_both() -> None:
    found = refusal({"sex": SEX, "age": {30: 60, 60: 41}})
    assert "'sex' to 100 and 'age' to 101" in found.what


def test_totals_equal_up_to_rounding_are_accepted() -> None:
    assert len(read({"sex": {"f": 0.1 + 0.2, "m": 0.7}, "age": {30: 0.3, 60: 0.7}})) == 2
