"""Some columns of a file as they were read, with what the file itself says about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kelisim.engine.frame import label


@dataclass(frozen=True, slots=True)
class Table:
    """Some columns of a file.

    Attributes
    ----------
    frame
        A row a record, in the order of the file. Cells of a CSV file are text.
    names
        Column to what a value's code is called, for columns whose file names its codes.
    wording
        Column to the sentence that the file keeps beside it.
    notes
        What a reader should know of the reading, as sentences.
    decimal_comma
        Whether text writes 1,5 for one and a half, as spreadsheets do where a semicolon or a tab
        stands between cells.
    """

    frame: pl.DataFrame
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False


def present(cell: pl.Expr, missing: Sequence[str]) -> pl.Expr:
    """Return text cells with null where they are empty or spell a missing code."""
    return pl.when(~cell.is_in(["", *missing])).then(cell)


def without_codes(series: pl.Series, missing: Sequence[str]) -> pl.Series:
    """Return a typed column with null where its value, as text, is empty or a missing code."""
    if series.dtype.is_float():
        series = series.fill_nan(None)
    distinct = series.unique().drop_nulls()
    codes = [value for value in distinct.to_list() if label(value) in {"", *missing}]
    if not codes:
        return series
    gone = series.is_in(pl.Series(codes, dtype=series.dtype))
    return series.set(gone, None)
