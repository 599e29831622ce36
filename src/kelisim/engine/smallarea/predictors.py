"""Predictors of areas: read, standardised, and refused where they say the same thing twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import IdRefused, ValueRefused, listed
from kelisim.engine.frame import MISSING, Categories, Floats, as_frame, categories, column, numbers

ROUNDING = 1e-9
"""What is left of a column, relative to it, when it is a combination of others."""


def read_predictors(table: Any, area: str, areas: Sequence[str]) -> Floats:
    """Return the fixed columns of the areas, shape (A, q): the intercept, then the predictors.

    A numeric predictor is standardised over the areas; a text one becomes an indicator of each
    category but the first. Rows of other areas are left aside.

    Raises
    ------
    ColumnRefused
        The table does not name the areas.
    IdRefused
        An area occurs twice.
    ValueRefused
        An area or its predictor is missing, or a predictor is a combination of others.
    """
    named = {"the intercept": np.ones(len(areas))}
    if table is not None:
        frame = as_frame(table)
        rows = _rows(categories(frame, area, role="the area"), areas)
        for name in frame.columns:
            if name != area:
                named |= _expanded(frame[rows], name, areas)
    check_rank(named)
    return np.column_stack(list(named.values()))


def _rows(read: Categories, areas: Sequence[str]) -> list[int]:
    """Return the row of each area."""
    places: dict[str, int] = {}
    for row, code in enumerate(read.codes):
        name = read.labels[code] if code != MISSING else ""
        if name in places:
            raise IdRefused(
                f"The area '{name}' occurs twice.", where=f"area_predictors, row {row + 1}"
            )
        places[name] = row
    absent = [area for area in areas if area not in places]
    if absent:
        raise ValueRefused(
            f"The predictors of {listed(absent)} are missing.",
            where=f"area_predictors, column '{read.name}'",
            why="An area without predictors cannot be estimated with the others.",
            do="Add a row for each area of the population.",
        )
    return [places[area] for area in areas]


def _expanded(frame: pl.DataFrame, name: str, areas: Sequence[str]) -> dict[str, Floats]:
    """Return the numeric columns that a predictor becomes."""
    if not column(frame, name).dtype.is_numeric():
        read = categories(frame, name, role="a predictor")
        _check_known(read.codes == MISSING, name, areas)
        return {
            f"'{name}={label}'": (read.codes == place + 1).astype(np.float64)
            for place, label in enumerate(read.labels[1:])
        }
    values = numbers(frame, name, role="a predictor")
    _check_known(np.isnan(values), name, areas)
    centred = values - values.mean()
    spread = values.std()
    constant = spread <= ROUNDING * np.abs(values).max()
    return {f"'{name}'": values * 0 if constant else centred / spread}


def _check_known(missing: np.ndarray, name: str, areas: Sequence[str]) -> None:
    if missing.any():
        raise ValueRefused(
            f"The predictor '{name}' is missing for {listed(np.array(areas)[missing])}.",
            where=f"area_predictors, column '{name}'",
            why="An area without it cannot be estimated with the others.",
            do="Fill the value in, or leave the predictor out.",
        )


def check_rank(named: dict[str, Floats]) -> None:
    """Refuse the first column that is a combination of those before it."""
    names, matrix = list(named), np.column_stack(list(named.values()))
    for place in range(1, len(names)):
        before, own = matrix[:, :place], matrix[:, place]
        solution = np.linalg.lstsq(before, own)[0]
        if np.abs(own - before @ solution).max() > ROUNDING * max(np.abs(own).max(), ROUNDING):
            continue
        others = [name for name, b in zip(names, solution, strict=False) if abs(b) > 1e-6]
        same = " and ".join(others or ["the intercept"])
        raise ValueRefused(
            f"The predictor {names[place]} says nothing that {same} does not say.",
            where="area_predictors",
            why="With perfectly collinear predictors their coefficients are not determined.",
            do="Leave one of them out.",
        )
