"""The frame: every unit that can be drawn, once, in the order of the draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused, IdRefused, ValueRefused, listed
from kelisim.engine.frame import MISSING, Codes, Floats, as_frame, categories, column, numbers
from kelisim.engine.sampling.inclusion import refuse_sizes
from kelisim.engine.sampling.plan import Plan

Place = Callable[[int], str]
"""A row number from 0 to where the row stands, in words."""


def row_place(row: int) -> str:
    """Return the place of a row of a table that comes from no file.

    >>> row_place(0)
    'row 1'
    """
    return f"row {row + 1}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A sampling frame, its units in the order in which a systematic draw passes them.

    Attributes
    ----------
    row
        Shape (N,): the row of each unit in the table, from 0.
    unit
        N: the identifiers, as text.
    stratum
        Shape (N,), int32: codes into ``strata``; all 0 where there are none.
    strata
        The labels of the strata, sorted; ``("",)`` where there are none.
    psu
        Shape (N,), int32: codes into ``psus``; the unit itself where there are none.
    psus
        The labels of the PSUs; empty where there are none.
    size
        Shape (N,): the measure of size; ones where none is given.
    """

    row: NDArray[np.intp]
    unit: pl.Series
    stratum: Codes
    strata: tuple[str, ...]
    psu: Codes
    psus: tuple[str, ...]
    size: Floats


def read_frame(data: Any, plan: Plan, place: Place = row_place) -> Frame:
    """Return a table as the frame of a design.

    Units stand in the order of their identifiers, so that the draw does not depend on the order of
    the table. For a systematic draw they stand in the order of ``plan.sort``, or of the table
    where nothing is said.

    Raises
    ------
    ColumnRefused
        A column is missing.
    IdRefused
        Two units have one identifier.
    ValueRefused
        The table has no rows; or a unit has no identifier, stratum, PSU or positive size.
    DesignRefused
        A PSU lies in two strata, or has fewer units than are to be taken.
    """
    table = as_frame(data)
    column(table, plan.id, role="the identifier of a unit")
    if not table.height:
        raise ValueRefused(
            "The frame has no units.", do="Give a table with one row a unit that can be drawn."
        )
    unit = _identifiers(table, plan.id, place)
    stratum, strata = _grouping(table, plan.strata, "the stratum", place)
    psu, psus = _grouping(table, plan.psu, "the PSU", place)
    size = _sizes(table, plan.size, place)
    if plan.psu is not None:
        _refuse_split_psus(stratum, strata, psu, psus)
        _refuse_small_psus(psu, psus, plan.take)
    row = _order(table, unit, plan)
    return Frame(
        row=row,
        unit=unit.gather(row),
        stratum=stratum[row],
        strata=strata or ("",),
        psu=psu[row] if psus else np.arange(table.height, dtype=np.int32),
        psus=psus,
        size=size[row],
    )


def _identifiers(table: pl.DataFrame, name: str, place: Place) -> pl.Series:
    found = categories(table, name, role="the identifier of a unit")
    _refuse_missing(found.codes, name, "the identifier of a unit", place)
    if len(found.labels) < table.height:
        times = np.bincount(found.codes)
        repeated = int(np.flatnonzero(times > 1)[0])
        first, second = np.flatnonzero(found.codes == repeated)[:2]
        raise IdRefused(
            f"The identifier '{found.labels[repeated]}' occurs {times[repeated]} times.",
            where=f"column '{name}', {place(int(first))} and {place(int(second))}",
            why="A unit that stands in the frame twice is twice as likely to be drawn.",
            do="Remove the repeated row, or give every unit an identifier of its own.",
        )
    return pl.Series("unit", found.labels, dtype=pl.String).gather(found.codes)


def _grouping(
    table: pl.DataFrame, name: str | None, role: str, place: Place
) -> tuple[Codes, tuple[str, ...]]:
    if name is None:
        return np.zeros(table.height, dtype=np.int32), ()
    found = categories(table, name, role=role)
    _refuse_missing(found.codes, name, role, place)
    return found.codes, found.labels


def _refuse_missing(codes: Codes, name: str, role: str, place: Place) -> None:
    missing = np.flatnonzero(codes == MISSING)
    if missing.size:
        raise ValueRefused(
            f"{missing.size} of {len(codes)} units have no value.",
            where=f"column '{name}', {place(int(missing[0]))}",
            why=f"The column is {role}.",
            do="Fill the cells in, or take the units out of the frame.",
        )


def _sizes(table: pl.DataFrame, name: str | None, place: Place) -> Floats:
    if name is None:
        return np.ones(table.height)
    size = numbers(table, name, role="the measure of size")
    refuse_sizes(size, lambda row: f"column '{name}', {place(row)}")
    return size


def _refuse_split_psus(
    stratum: Codes, strata: tuple[str, ...], psu: Codes, psus: tuple[str, ...]
) -> None:
    home = np.zeros(len(psus), dtype=np.int32)
    home[psu] = stratum
    strangers = np.flatnonzero(home[psu] != stratum)
    if strangers.size:
        one = psu[strangers[0]]
        names = [strata[code] for code in np.unique(stratum[psu == one])]
        raise DesignRefused(
            f"The PSU '{psus[one]}' lies in the strata {listed(names)}.",
            why="Strata are drawn independently, and a PSU is drawn whole.",
            do="Give every PSU a code of its own, or correct its stratum.",
        )


def _refuse_small_psus(psu: Codes, psus: tuple[str, ...], take: int | None) -> None:
    if take is None:
        return
    units = np.bincount(psu, minlength=len(psus))
    small = np.flatnonzero(units < take)
    if small.size:
        raise DesignRefused(
            f"{take} units are to be taken in each PSU, and {small.size} PSUs have fewer: "
            f"{listed(f'{psus[code]} ({units[code]})' for code in small)}.",
            do="Merge small PSUs with their neighbours, or take fewer units in each.",
        )


def _order(table: pl.DataFrame, unit: pl.Series, plan: Plan) -> NDArray[np.intp]:
    if plan.in_order and not plan.sort:
        return np.arange(table.height)
    keys = [column(table, name, role="to sort by") for name in plan.sort]
    every = pl.DataFrame([key.alias(f"{place}") for place, key in enumerate([*keys, unit])])
    ordered = every.with_row_index("row").sort(every.columns, nulls_last=True, maintain_order=True)
    return ordered["row"].to_numpy().astype(np.intp)
