"""Base weights are above zero, one for each row."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, Refusal, ValueRefused, WeightRefused
from kelisim.engine.weighting.base import base_weights

pd: Any = import_module("pandas")  # imported so because it has no type stubs

FRAME = pl.DataFrame({"w": [1.0, 2.0, 4.0], "text": ["1", "2", "4"]})


@pytest.mark.parametrize(
    "weight",
    ["w", "text", [1, 2, 4], np.array([1.0, 2.0, 4.0]), pl.Series([1, 2, 4]), pd.Series([1, 2, 4])],
)
def test_a_weight_is_a_column_or_an_array(weight: Any) -> None:
    assert base_weights(FRAME, weight, 100).tolist() == [1, 2, 4]


def test_without_weights_every_row_stands_for_as_many_people() -> None:
    assert base_weights(FRAME, None, 12).tolist() == [4, 4, 4]


@pytest.mark.parametrize(
    ("weight", "word"),
    [(0.0, "zero"), (-2.0, "-2"), (None, "missing"), (float("nan"), "missing")],
)
def test_a_weight_that_is_no_count_of_people_is_refused_with_its_row(
    weight: float | None, word: str
) -> None:
    frame = pl.DataFrame({"w": [1.0, 2.0, weight, weight]})
    with pytest.raises(WeightRefused, match=f"is {word}.*2 of 4 rows") as refusal:
        base_weights(frame, "w", 1)
    assert refusal.value.where == "column 'w', row 3"
    with pytest.raises(WeightRefused, match=f"row 3: The base weight is {word}"):
        base_weights(frame, frame["w"], 1)


def test_an_infinite_weight_is_refused_with_its_row() -> None:
    with pytest.raises(ValueRefused, match="row 2: The value is infinite"):
        base_weights(FRAME, [1.0, float("inf"), 1.0], 1)


def test_an_unknown_weight_column_is_refused() -> None:
    with pytest.raises(ColumnRefused, match=r"'weight' \(the weight\)"):
        base_weights(FRAME, "weight", 1)


def test_one_weight_too_few_is_refused() -> None:
    with pytest.raises(WeightRefused, match="2 weights for 3 rows"):
        base_weights(FRAME, [1.0, 2.0], 1)


@pytest.mark.parametrize("weight", [5.0, [[1], [1, 2], [3]], {"w": 1}, ["a", "b", "c"]])
def test_what_is_not_a_column_of_numbers_is_refused(weight: Any) -> None:
    with pytest.raises(Refusal):
        base_weights(FRAME, weight, 1)
