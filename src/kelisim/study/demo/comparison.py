"""Estimates beside the truth, and how many of their intervals hold it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kelisim.core.errors import ColumnRefused, ValueRefused, listed

_KEY = ("indicator", "category", "domain")
_ESTIMATE = (*_KEY, "estimate", "se", "ci_low", "ci_high")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many 95 % intervals hold the truth in one set of domains.

    Attributes
    ----------
    domains
        The columns that the domains cross, such as "region" or "settlement;sex"; empty for the
        nation.
    intervals, covering
        Intervals there are, and those that hold the truth.
    """

    domains: str
    intervals: int
    covering: int

    @property
    def share(self) -> float:
        """The share of intervals that hold the truth; NaN where there is none."""
        return self.covering / self.intervals if self.intervals else float("nan")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every estimate beside the truth.

    Attributes
    ----------
    rows
        Columns indicator, category, domain, domains, truth, estimate, se, ci_low, ci_high, covered,
        in the order of the truth; what was not estimated is null.
    coverage
        The nation first, then each set of domains in the order of the truth.
    overall
        All of them together, with ``domains`` "all".
    """

    rows: pl.DataFrame
    coverage: tuple[Coverage, ...]
    overall: Coverage


def compare(estimates: pl.DataFrame, truth: pl.DataFrame) -> Comparison:
    """Put estimates beside the truth.

    Parameters
    ----------
    estimates
        The columns of estimates.csv.
    truth
        Columns indicator, category, domain, truth.

    Raises
    ------
    ColumnRefused
        A column is missing.
    ValueRefused
        The two have nothing in common, or the truth or the estimates hold a key twice.
    """
    known = _keyed(truth, (*_KEY, "truth"), "the truth")
    found = _keyed(estimates, _ESTIMATE, "the estimates")
    rows = known.join(found, on=_KEY, how="left", maintain_order="left").with_columns(
        domains=pl.col("domain").str.replace_all(r"=[^;]*", ""),
        covered=pl.col("truth").is_between(pl.col("ci_low"), pl.col("ci_high")),
    )
    if rows["estimate"].is_null().all():
        raise ValueRefused(
            "No estimate is of a quantity whose truth is known.",
            why="There is nothing to compare.",
            do="Give the estimates of the same study that the truth belongs to.",
        )
    order = (*_KEY, "domains", "truth", *_ESTIMATE[3:], "covered")
    coverage = tuple(
        _coverage(str(name), part)
        for (name,), part in rows.group_by(["domains"], maintain_order=True)
    )
    return Comparison(rows.select(order), coverage, _coverage("all", rows))


def _keyed(table: pl.DataFrame, columns: tuple[str, ...], role: str) -> pl.DataFrame:
    """Return the columns wanted, keys as text and empty where they were null."""
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise ColumnRefused(
            f"There is no column {listed(absent)} in {role}.",
            do=f"The columns are {listed(table.columns, 15)}.",
        )
    keyed = table.select(
        *(pl.col(name).cast(pl.String).fill_null("") for name in _KEY),
        *(pl.col(name).cast(pl.Float64).fill_nan(None) for name in columns[3:]),
    )
    twice = keyed.filter(pl.struct(_KEY).is_duplicated())
    if twice.height:
        raise ValueRefused(
            f"The key {listed(twice.row(0)[:3])} occurs twice in {role}.",
            do="Compare the estimates of one method at a time.",
        )
    return keyed


def _coverage(name: str, rows: pl.DataFrame) -> Coverage:
    given = rows["covered"].drop_nulls()
    return Coverage(name, given.len(), int(given.sum()))
