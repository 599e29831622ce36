"""The table of estimates: a row an estimate, with the columns of estimates.csv."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Column
from kelisim.engine.inference.measure import NOTES, Measured

NUMBERS = {
    "n_eff": "n_eff",
    "estimate": "estimate",
    "se": "se",
    "ci_low": "low",
    "ci_high": "high",
    "df": "df",
    "deff": "deff",
}
"""Columns of the table that are real numbers, and the attribute of `Measured` each one holds."""


def tabulate(
    columns: Sequence[Column],
    domains: Sequence[str],
    sets: Sequence[Sequence[Measured]],
    *,
    method: str = "taylor",
) -> pl.DataFrame:
    """Return the table, ordered by indicator, domain and category.

    Parameters
    ----------
    columns
        The V columns estimated; those of an indicator follow one another.
    domains
        The labels of the D domains of all sets, the nation's first.
    sets
        For each set of domains its results, a block after a block.
    method
        Where the variances come from: ``taylor`` or ``replicate``.
    """
    domain, column = _reading_order(columns, len(domains))

    def grid(name: str) -> Floats:
        rows = [np.concatenate([getattr(one, name) for one in blocks], axis=1) for blocks in sets]
        return np.asarray(np.concatenate(rows)[domain, column])

    def text(words: Sequence[str], place: np.ndarray) -> pl.Series:
        return pl.Series(words, dtype=pl.String).gather(place)

    return pl.DataFrame(
        {
            "indicator": text([answers.indicator.name for answers, _ in columns], column),
            "category": text([answers.categories[place] for answers, place in columns], column),
            "domain": text(domains, domain),
            "method": pl.repeat(method, domain.size, eager=True),
            "n": pl.Series(grid("n")).cast(pl.Int64),
            **{name: pl.Series(grid(held)).fill_nan(None) for name, held in NUMBERS.items()},
            "note": text(NOTES, grid("note")),
        }
    )


def _reading_order(columns: Sequence[Column], domains: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (domain, column) of the rows: an indicator's domains, then categories."""
    first = np.array([place == 0 for _, place in columns])
    indicator = np.cumsum(first)
    domain, column = (axis.ravel() for axis in np.indices((domains, len(columns))))
    order = np.lexsort((column, domain, indicator[column]))
    return domain[order], column[order]
