"""A file of dispositions, a row a case or a row a disposition with its count, becomes rates."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import polars as pl

from kelisim.core.errors import ValueRefused, listed, nearest
from kelisim.engine.sampling import Dispositions, OutcomeRates, outcome_rates
from kelisim.study.cells import category, number
from kelisim.study.sources import absent, open_source

CODES = tuple(field.name for field in fields(Dispositions))
COLUMN, COUNT = "disposition", "count"


def rates_of(
    file: Path, e: float | None = None, e_basis: str = ""
) -> tuple[Dispositions, OutcomeRates]:
    """Read a file of dispositions and return its counts and AAPOR's outcome rates.

    Parameters
    ----------
    file
        With a column ``disposition`` of AAPOR's letters; with a column ``count`` a row stands for
        so many cases (or for their weights), else for one.

    Raises
    ------
    Refusal
        The file cannot be read, or a disposition is none.
    """
    source = open_source(file)
    for refusal in absent(source, {COLUMN: "how each case ended"}):
        raise refusal
    counted = COUNT in source.columns
    table = source.read([COLUMN, *([COUNT] if counted else [])])
    codes = category(table.frame[COLUMN]).cast(pl.String)
    _refuse_unknown(codes, source.place)
    cases = pl.Series([1.0] * codes.len())
    if counted:
        cases = number(table.frame[COUNT], role="a count of cases", place=source.place)
    sums = pl.DataFrame({"code": codes, "n": cases}).group_by("code").agg(pl.col("n").sum())
    counts = dict.fromkeys(CODES, 0.0) | dict(sums.iter_rows())
    found = Dispositions(**counts)
    return found, outcome_rates(found, e, e_basis)


def _refuse_unknown(codes: pl.Series, place: Any) -> None:
    wrong = (~codes.is_in(CODES)).fill_null(value=True)
    if wrong.any():
        row = int(wrong.arg_true()[0])
        code = codes[row]
        raise ValueRefused(
            "The disposition is missing." if code is None else f"There is no disposition '{code}'.",
            where=place(row),
            do=(code and nearest(code, CODES)) or f"The dispositions are {listed(CODES, 8)}.",
        )


def as_document(counts: Dispositions, rates: OutcomeRates) -> dict[str, Any]:
    """Return counts and rates as plain words."""
    return {"counts": asdict(counts), "rates": asdict(rates)}


def as_text(rates: OutcomeRates) -> str:
    """Return the rates as lines for a person."""
    lines = [
        f"{name:6} {'none' if value is None else f'{value:.3f}'}"
        for name, value in asdict(rates).items()
        if name != "e_basis"
    ]
    return "\n".join([*lines, f"e is {rates.e_basis}."])
