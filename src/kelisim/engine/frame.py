"""Tables at the door of the engine: any frame becomes Polars, any column becomes codes or numbers.

Every public function of the engine takes ``data`` as a Polars, pandas or Arrow table or a dict of
arrays, so that a caller never converts. Inside, numerical functions see only arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.core.errors import ColumnRefused, ValueRefused, listed, nearest

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

MISSING = -1
"""Code of a missing value in `Categories.codes`."""

GLANCE = 10_000
"""Rows among which most labels are found; only if one is not are all rows looked through."""


def as_frame(data: Any) -> pl.DataFrame:
    """Return ``data`` as a Polars frame, without copying where Arrow memory can be shared.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a mapping from column names to equally long sequences.

    Raises
    ------
    ValueRefused
        The data are none of these, or the columns differ in length.
    """
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    try:
        if isinstance(data, Mapping):
            return pl.DataFrame({name: _column(values) for name, values in data.items()})
        if hasattr(data, "__arrow_c_stream__"):
            return pl.DataFrame(data)
        if hasattr(data, "columns") and hasattr(data, "to_dict"):
            return pl.DataFrame({str(name): _column(data[name].to_numpy()) for name in data})
    except (pl.exceptions.PolarsError, TypeError, ValueError) as cause:
        raise ValueRefused(
            f"The data could not be read as a table: {cause}.",
            do="Pass a Polars, pandas or Arrow table, or a dict of equally long columns.",
        ) from cause
    raise ValueRefused(
        f"The data are of type {type(data).__name__}, which is not a table.",
        do="Pass a Polars, pandas or Arrow table, or a dict of equally long columns.",
    )


def _column(values: Any) -> pl.Series:
    if isinstance(values, pl.Series):
        return values
    return pl.Series(list(values) if isinstance(values, Sequence) else np.asarray(values))


def column(frame: pl.DataFrame, name: str, *, role: str = "") -> pl.Series:
    """Return one column by name.

    Parameters
    ----------
    role
        What the column was wanted for ("the weight"), for the sentence of the refusal.

    Raises
    ------
    ColumnRefused
        There is no such column.
    """
    if name in frame.columns:
        return frame[name]
    wanted = f" ({role})" if role else ""
    raise ColumnRefused(
        f"There is no column '{name}'{wanted} in the data.",
        do=nearest(name, frame.columns) or f"The columns are {listed(frame.columns, 12)}.",
    )


def numbers(frame: pl.DataFrame, name: str, *, role: str = "") -> Floats:
    """Return a column as float64, missing values as NaN.

    Text that spells a number is read as one; other text is refused with its row.

    Returns
    -------
    Floats
        Shape (n,). Contiguous.

    Raises
    ------
    ColumnRefused
        There is no such column.
    ValueRefused
        A cell is not a number, or is infinite; or the column holds no plain values.
    """
    series = _plain(column(frame, name, role=role), role or "a number")
    number = series.cast(pl.Float64, strict=False)
    lost = np.flatnonzero((number.is_null() & series.is_not_null()).to_numpy())
    if lost.size:
        row = int(lost[0])
        raise ValueRefused(
            f"'{series[row]}' is not a number ({lost.size} such cells in the column).",
            where=f"column '{name}', row {row + 1}",
            why=f"The column is used as {role or 'a number'}.",
            do="Correct the cells, or list these words as missing.",
        )
    values = number.to_numpy().astype(np.float64, copy=False)
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise ValueRefused(
            "The value is infinite.",
            where=f"column '{name}', row {int(infinite[0]) + 1}",
            do="Correct the cell, or leave it empty if the value is not known.",
        )
    return np.ascontiguousarray(values)


def _plain(series: pl.Series, use: str) -> pl.Series:
    if series.dtype.is_nested() or series.dtype == pl.Object:
        raise ValueRefused(
            f"The column '{series.name}' holds {series.dtype}, not plain values.",
            why=f"The column is used as {use}.",
            do="Give one value a row: text, a number, a date or true/false.",
        )
    return series


@dataclass(frozen=True, slots=True)
class Categories:
    """A column as codes into its sorted labels.

    Attributes
    ----------
    name
        The column.
    codes
        Shape (n,), int32; `MISSING` where the value is missing.
    labels
        Shape (L,): the distinct values as text, in sorted order (numbers by size).
    """

    name: str
    codes: Codes
    labels: tuple[str, ...]


def categories(frame: pl.DataFrame, name: str, *, role: str = "") -> Categories:
    """Return a column as codes into its sorted distinct values.

    Numbers sort by size and print without a trailing ``.0``; text sorts by code point, so that the
    result does not depend on the machine's language.

    Raises
    ------
    ColumnRefused
        There is no such column.
    ValueRefused
        The column holds no plain values.
    """
    series = _plain(column(frame, name, role=role), role or "categories")
    if series.dtype.is_float():
        series = series.fill_nan(None)
    if series.dtype in (pl.Categorical, pl.Enum):
        series = series.cast(pl.String)
    if series.dtype.is_integer() and (span := _span(series)) is not None:
        return _counted(series, name, *span)
    distinct = series.unique().drop_nulls().sort()
    codes = _positions(series, distinct).fill_null(MISSING).to_numpy()
    return Categories(name, np.ascontiguousarray(codes), tuple(label(v) for v in distinct))


def expected_categories(
    frame: pl.DataFrame, expected: Mapping[str, Collection[str]], *, role: str = ""
) -> dict[str, Categories]:
    """Return columns as `categories` does, sooner where their values are known beforehand.

    Columns of text are looked up in the labels they are expected to have, all of them in one pass;
    a column that holds others, or is not text, is read as if nothing had been known.

    Parameters
    ----------
    expected
        Column to the labels it may have, in any order.
    """
    text = {
        name: sorted(labels)
        for name, labels in expected.items()
        if frame.schema.get(name) == pl.String
    }
    coded = frame.select(
        pl.col(name).cast(pl.Enum(labels), strict=False).to_physical().cast(pl.Int32)
        for name, labels in text.items()
    )
    found = {}
    for name in expected:
        if name in text and coded[name].null_count() == frame[name].null_count():
            codes = coded[name].fill_null(MISSING).to_numpy()
            found[name] = _occurring(name, codes, text[name])
        else:
            found[name] = categories(frame, name, role=role)
    return found


def _occurring(name: str, codes: Codes, labels: Sequence[str]) -> Categories:
    """Leave labels out that no row has; a missing value keeps its code, the last of the table."""
    occurs = np.zeros(len(labels) + 1, dtype=bool)
    occurs[codes[:GLANCE]] = True
    if not occurs[:-1].all():
        occurs[codes] = True
    if not occurs[:-1].all():
        place = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
        place[-1] = MISSING
        codes = place[codes]
    kept = tuple(text for text, here in zip(labels, occurs[:-1], strict=True) if here)
    return Categories(name, np.ascontiguousarray(codes), kept)


def _positions(series: pl.Series, distinct: pl.Series) -> pl.Series:
    """Return where each value stands among the distinct ones, null where it is missing."""
    if series.dtype == pl.String:  # an Enum of the values is the fastest dictionary Polars has
        return series.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32)
    places = pl.DataFrame({"v": distinct, "c": np.arange(len(distinct), dtype=np.int32)})
    return series.to_frame("v").join(places, on="v", how="left", maintain_order="left")["c"]


def _span(series: pl.Series) -> tuple[int, int] | None:
    """Return the lowest and highest whole number, if a table between them is worth its memory."""
    low, high = series.min(), series.max()
    if not isinstance(low, int) or not isinstance(high, int):
        return None
    fits = low > -(2**62) and high < 2**62 and high - low < max(len(series), 1024)
    return (low, high) if fits else None


def _counted(series: pl.Series, name: str, low: int, high: int) -> Categories:
    """Code whole numbers of a narrow range by their distance from the lowest."""
    steps = series.cast(pl.Int64).fill_null(low + MISSING).to_numpy() - low
    return _occurring(
        name, steps.astype(np.int32), [str(low + step) for step in range(high - low + 1)]
    )


def label(value: object) -> str:
    """Return a category as text: whole numbers without a decimal point.

    >>> label(0.5), label(2.0), label(True), label("a")
    ('0.5', '2', 'true', 'a')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
