"""Tables at the door of the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ColumnRefused, ValueRefused
from kelisim.engine import frame as frame_module
from kelisim.engine.frame import (
    MISSING,
    as_frame,
    categories,
    column,
    expected_categories,
    label,
    numbers,
)

pd: Any = import_module("pandas")  # imported so because neither has type stubs
pa: Any = import_module("pyarrow")

COLUMNS: dict[str, list[Any]] = {"age": [30, 41, 52], "sex": ["f", "m", "f"]}


class OldTable:
    """A table that knows columns and to_dict, but nothing of Arrow, like pandas before 2.2."""

    columns = ("age", "sex")

    def __iter__(self) -> Any:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Any:
        return pd.Series(COLUMNS[name])

    def to_dict(self) -> dict[str, list[Any]]:
        return COLUMNS


@pytest.mark.parametrize(
    "make",
    [
        pl.DataFrame,
        lambda data: pl.DataFrame(data).lazy(),
        pd.DataFrame,
        pa.table,
        dict,
        lambda data: {name: np.array(values) for name, values in data.items()},
        lambda data: {name: pl.Series(values) for name, values in data.items()},
        lambda data: {name: pd.Series(values) for name, values in data.items()},
        lambda _: OldTable(),
    ],
)
def test_every_kind_of_table_reads_the_same(make: Callable[[Any], Any]) -> None:
    assert as_frame(make(COLUMNS)).to_dict(as_series=False) == COLUMNS


@pytest.mark.parametrize("data", [3, "age", [1, 2], None])
def test_what_is_not_a_table_is_refused_by_its_type(data: Any) -> None:
    with pytest.raises(ValueRefused, match=f"{type(data).__name__}, which is not a table"):
        as_frame(data)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueRefused, match="could not be read as a table"):
        as_frame({"a": [1, 2], "b": [1, 2, 3]})


def test_a_missing_column_names_the_nearest_one_and_its_role() -> None:
    frame = pl.DataFrame({"weight": [1.0], "age": [3]})
    with pytest.raises(ColumnRefused, match=r"'weigth' \(the weight\).*Did you mean 'weight'"):
        column(frame, "weigth", role="the weight")
    with pytest.raises(ColumnRefused, match="The columns are 'weight', 'age'"):
        column(frame, "zzz")


def test_numbers_reads_spelled_numbers_and_keeps_missing_as_nan() -> None:
    values = numbers(pl.DataFrame({"x": ["1.5", None, "-2"]}), "x")
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, [1.5, np.nan, -2])


def test_numbers_refuses_words_with_row_and_count() -> None:
    frame = pl.DataFrame({"x": ["1", "many", "few"]})
    with pytest.raises(ValueRefused, match=r"row 2: 'many' is not a number \(2 such") as refusal:
        numbers(frame, "x", role="the weight")
    assert "the weight" in refusal.value.why


def test_numbers_refuses_infinity() -> None:
    with pytest.raises(ValueRefused, match="column 'x', row 2: The value is infinite"):
        numbers(pl.DataFrame({"x": [1.0, float("-inf")]}), "x")


@pytest.mark.parametrize(
    ("values", "codes", "labels"),
    [
        (pl.Series(["b", None, "a", "b"]), [1, MISSING, 0, 1], ("a", "b")),
        (pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"])), [1, 0], ("a", "b")),
        (pl.Series(["ә", "я", "b"], dtype=pl.Categorical), [2, 1, 0], ("b", "я", "ә")),
        (pl.Series([10, 9, None, 10]), [1, 0, MISSING, 1], ("9", "10")),
        (pl.Series([-128, 127, None], dtype=pl.Int8), [0, 1, MISSING], ("-128", "127")),
        (pl.Series([2**63 + 5, 2**63], dtype=pl.UInt64), [1, 0], (str(2**63), str(2**63 + 5))),
        (pl.Series([10**12, 0, None]), [1, 0, MISSING], ("0", str(10**12))),
        (pl.Series([0.5, float("nan"), -0.5, 2.0]), [1, MISSING, 0, 2], ("-0.5", "0.5", "2")),
        (pl.Series([True, False, None]), [1, 0, MISSING], ("false", "true")),
        (pl.Series([dt.date(2026, 3, 2), None]), [0, MISSING], ("2026-03-02",)),
        (pl.Series([None, None], dtype=pl.String), [MISSING, MISSING], ()),
        (pl.Series([None, None], dtype=pl.Int64), [MISSING, MISSING], ()),
        (pl.Series([], dtype=pl.String), [], ()),
    ],
)
def test_categories_are_codes_into_sorted_labels(
    values: pl.Series, codes: list[int], labels: tuple[str, ...]
) -> None:
    found = categories(pl.DataFrame({"x": values}), "x")
    assert (found.name, found.labels) == ("x", labels)
    assert found.codes.dtype == np.int32
    assert found.codes.tolist() == codes


@given(
    st.one_of(
        st.lists(st.none() | st.text(max_size=3), min_size=1),
        st.lists(st.none() | st.integers(-5, 5), min_size=1),
        st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1),
        st.lists(st.none() | st.booleans(), min_size=1),
    )
)
@settings(deadline=None, max_examples=80)
def test_labels_and_codes_give_the_column_back(values: list[Any]) -> None:
    found = categories(pl.DataFrame({"x": pl.Series(values, strict=False)}), "x")
    back = [None if code == MISSING else found.labels[code] for code in found.codes]
    assert back == [None if value is None else label(value) for value in values]
    known = sorted({value for value in values if value is not None})
    assert found.labels == tuple(label(value) for value in known)


@given(
    st.lists(st.none() | st.sampled_from("abcd"), min_size=1, max_size=30),
    st.sets(st.sampled_from("abcde")),
)
@settings(deadline=None, max_examples=60)
def test_knowing_the_labels_beforehand_changes_nothing(
    values: list[str | None], expected: set[str]
) -> None:
    frame = pl.DataFrame(
        {"x": pl.Series(values, dtype=pl.String), "n": range(len(values)), "y": values[::-1]}
    )
    found = expected_categories(frame, {"x": expected, "n": {"0", "7"}, "y": "abcd"})
    assert list(found) == ["x", "n", "y"]
    for name, here in found.items():
        plain = categories(frame, name)
        assert (here.name, here.labels) == (name, plain.labels)
        assert here.codes.dtype == np.int32
        np.testing.assert_array_equal(here.codes, plain.codes)


def test_a_label_that_comes_late_is_seen_and_one_that_never_comes_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frame_module, "GLANCE", 2)
    frame = pl.DataFrame({"x": ["a", "a", "c"], "n": [5, 5, 9]})
    found = expected_categories(frame, {"x": "abc", "n": ""})
    assert (found["x"].labels, found["x"].codes.tolist()) == (("a", "c"), [0, 0, 1])
    assert (found["n"].labels, found["n"].codes.tolist()) == (("5", "9"), [0, 0, 1])


def test_an_expected_column_that_is_missing_is_refused() -> None:
    with pytest.raises(ColumnRefused, match=r"'z' \(a margin\)"):
        expected_categories(pl.DataFrame({"x": ["a"]}), {"z": {"a"}}, role="a margin")


@pytest.mark.parametrize(
    "values", [pl.Series([[1], [2]]), pl.Series([{"a": 1}]), pl.Series([object()])]
)
def test_lists_structs_and_objects_are_no_plain_values(values: pl.Series) -> None:
    frame = pl.DataFrame({"x": values})
    with pytest.raises(ValueRefused, match=r"not plain values.*used as a margin"):
        categories(frame, "x", role="a margin")
    with pytest.raises(ValueRefused, match=r"not plain values.*used as a number"):
        numbers(frame, "x")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(2.0), "2"),
        (np.float32(0.5), "0.5"),
        (np.int64(7), "7"),
        (np.bool_(True), "true"),
        (False, "false"),
        (-0.0, "0"),
        (None, "None"),
    ],
)
def test_a_label_does_not_depend_on_how_a_number_is_stored(value: Any, text: str) -> None:
    assert label(value) == text
