"""What the cells of a column mean: a number, or a category."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import label

_PLAIN_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"


def number(
    cells: pl.Series, *, role: str, place: Callable[[int], str], decimal_comma: bool = False
) -> pl.Series:
    """Return a column as Float64, null where it is missing.

    Text is read as a number where it spells one.

    Parameters
    ----------
    role
        What the numbers are for, for the sentence of a refusal.
    place
        Row number from 0 to its place in the file.
    decimal_comma
        Whether text may write 1,5 for 1.5; a column that has both spellings is refused.

    Raises
    ------
    ValueRefused
        A cell is not a finite number; the sentence names the cell, its line and its column.
    """
    plain = _plain(cells, decimal_comma) if cells.dtype == pl.String else cells
    numbers = plain.cast(pl.Float64, strict=False)
    lost = cells.is_not_null() & (numbers.is_null() | ~numbers.is_finite())
    rows = np.flatnonzero(lost.fill_null(value=False).to_numpy())
    if rows.size:
        row = int(rows[0])
        raise ValueRefused(
            f"'{cells[row]}' is not a number ({rows.size} of {len(cells)} cells of the column).",
            where=f"{place(row)}, column '{cells.name}'",
            why=f"The column is {role}.",
            do="Correct the cells, or list these words under 'missing' in [interviews].",
        )
    return numbers


def _plain(text: pl.Series, decimal_comma: bool) -> pl.Series:
    """Return text without spaces around it, and with points for commas where those are decimal."""
    stripped = text.str.strip_chars()
    if decimal_comma and not stripped.str.contains(".", literal=True).any():
        return stripped.str.replace(",", ".", literal=True)
    return stripped


def category(cells: pl.Series) -> pl.Series:
    """Return a column as categories: numbers where every cell is a plain number, else text.

    Numbers compare by value, so that ``1`` and ``1.0`` are one category; a code with leading
    zeros, such as a postal code, stays text.

    >>> category(pl.Series(["2", "10.0", None])).to_list(), category(pl.Series(["01"])).to_list()
    ([2.0, 10.0, None], ['01'])
    """
    if cells.dtype != pl.String:
        return cells
    distinct = cells.unique().drop_nulls()
    if not len(distinct) or not distinct.str.contains(_PLAIN_NUMBER).all():
        return cells
    whole = not distinct.str.contains(".", literal=True).any()
    return cells.cast(pl.Int64 if whole else pl.Float64)


def named(cells: pl.Series, names: Mapping[str, str]) -> pl.Series:
    """Return a column of codes as the names of the codes; a code without a name stays as it is.

    >>> named(pl.Series([1.0, 7.0, None]), {"1": "Yes"}).to_list()
    ['Yes', '7', None]
    """
    distinct = cells.unique().drop_nulls()
    texts = [names.get(label(code), label(code)) for code in distinct]
    return cells.replace_strict(distinct, pl.Series(texts, dtype=pl.String), default=None)
