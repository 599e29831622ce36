"""Base weights: what every row counts before calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import WeightRefused
from kelisim.engine.frame import Floats, as_frame, numbers


def base_weights(frame: pl.DataFrame, weight: Any, population: float) -> Floats:
    """Return the base weights of the rows.

    Parameters
    ----------
    weight
        A column name, an array with a number for each row, or None for equal weights.
    population
        What equal weights add up to.

    Returns
    -------
    Floats
        Shape (n,), all finite and > 0.

    Raises
    ------
    ColumnRefused
        There is no such column.
    ValueRefused
        A weight is not a number, or infinite.
    WeightRefused
        A weight is missing, zero or negative, or there is not one for each row.
    """
    if weight is None:
        return np.full(len(frame), population / len(frame))
    if isinstance(weight, str):
        weights, where = numbers(frame, weight, role="the weight"), f"column '{weight}', "
    else:
        weights, where = _given(weight, len(frame)), ""
    wrong = np.flatnonzero(~((weights > 0) & np.isfinite(weights)))
    if wrong.size:
        _refuse(weights, wrong, where)
    return weights


def _given(weight: Any, rows: int) -> Floats:
    column = numbers(as_frame({"weight": weight}), "weight", role="the weight")
    if len(column) != rows:
        raise WeightRefused(
            f"There are {len(column)} weights for {rows} rows.",
            do="Give one weight for each row, in the order of the rows.",
        )
    return column


def _refuse(weights: Floats, wrong: Any, where: str) -> None:
    value = weights[wrong[0]]
    kind = "missing" if np.isnan(value) else "zero" if value == 0 else f"{value:g}"
    raise WeightRefused(
        f"The base weight is {kind} ({wrong.size} of {weights.size} rows have such weights).",
        where=f"{where}row {int(wrong[0]) + 1}",
        why="A base weight is the number of people a row stands for, and is above zero.",
        do="Correct these weights, or leave the rows out if they were not selected by the design.",
    )
