"""Predictors of areas: standardised by hand, and each way in which they cannot be used."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import IdRefused, ValueRefused
from kelisim.engine.smallarea.predictors import read_predictors

AREAS = ("A", "B", "C", "D")
TABLE = pl.DataFrame(
    {"region": ["D", "C", "B", "A", "Z"], "income": [4, 3, 1, 0, 99], "zone": list("nssnn")}
)


def test_numbers_are_standardised_and_text_becomes_indicators() -> None:
    found = read_predictors(TABLE, "region", AREAS)
    income = (np.array([0, 1, 3, 4]) - 2) / np.sqrt(2.5)
    np.testing.assert_allclose(found, np.column_stack([np.ones(4), income, [0, 1, 1, 0]]))


def test_without_a_table_there_is_the_intercept() -> None:
    np.testing.assert_array_equal(read_predictors(None, "region", AREAS), np.ones((4, 1)))


@pytest.mark.parametrize("column", ["income", "zone"])
def test_a_predictor_missing_for_an_area_names_both(column: str) -> None:
    gap = pl.when(pl.col("region") != "B").then(pl.col(column)).alias(column)
    with pytest.raises(ValueRefused, match=f"predictor '{column}' is missing for 'B'"):
        read_predictors(TABLE.with_columns(gap), "region", AREAS)


def test_an_area_without_a_row_is_named() -> None:
    with pytest.raises(ValueRefused, match="predictors of 'A' are missing"):
        read_predictors(TABLE.filter(pl.col("region") != "A"), "region", AREAS)


def test_an_area_with_two_rows_is_refused() -> None:
    with pytest.raises(IdRefused, match=r"row 6: The area 'D' occurs twice"):
        read_predictors(pl.concat([TABLE, TABLE.head(1)]), "region", AREAS)


def test_a_predictor_that_repeats_others_is_named_with_them() -> None:
    twice = TABLE.with_columns(tax=3 * pl.col("income") - 2)
    with pytest.raises(ValueRefused, match="'tax' says nothing that 'income' does not say"):
        read_predictors(twice, "region", AREAS)
    sum_ = TABLE.with_columns(tax=pl.col("income") + 5 * (pl.col("zone") == "s"))
    with pytest.raises(ValueRefused, match=r"'tax' .* 'income' and 'zone=s' does"):
        read_predictors(sum_.select("region", "income", "zone", "tax"), "region", AREAS)


def test_a_constant_predictor_says_no_more_than_the_intercept() -> None:
    with pytest.raises(ValueRefused, match="'year' says nothing that the intercept does not"):
        read_predictors(TABLE.with_columns(year=2026), "region", AREAS)
    with pytest.raises(ValueRefused, match="'income' says nothing"):
        read_predictors(TABLE, "region", ("A",))


def test_a_row_without_an_area_is_left_aside() -> None:
    nameless = TABLE.with_columns(pl.col("region").replace("Z", None))
    np.testing.assert_allclose(
        read_predictors(nameless, "region", AREAS), read_predictors(TABLE, "region", AREAS)
    )
