"""Tables of small area estimation: estimates, checks and spreads, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.checks import Checked
from kelisim.engine.smallarea.fitting import Fit
from kelisim.engine.smallarea.terms import Terms

EMPTY = "no respondent in the area: the estimate is the model's alone"
"""Note of an area that nobody answered in."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of the table: the indicator, K categories, the area's column and A areas."""

    indicator: str
    categories: tuple[str, ...]
    area: str
    areas: tuple[str, ...]


def estimate_table(labels: Labels, shares: Floats, sizes: Floats, level: float) -> pl.DataFrame:
    """Return the table of estimates, ordered by domain and category.

    Parameters
    ----------
    shares
        Shape (K, 1 + A, draws): the nation's draws, then those of the areas.
    sizes
        Shape (A,): respondents of each area.
    """
    kinds = len(labels.categories)
    flat = shares.transpose(1, 0, 2).reshape(-1, shares.shape[2])
    estimate, se = flat.mean(axis=1), flat.std(axis=1, ddof=1)
    low, high = np.quantile(flat, [(1 - level) / 2, (1 + level) / 2], axis=1)
    n = np.repeat(np.concatenate([[sizes.sum()], sizes]), kinds).astype(np.int64)
    domains = ["", *(f"{labels.area}={name}" for name in labels.areas)]
    return pl.DataFrame(
        {
            "indicator": pl.repeat(labels.indicator, len(n), eager=True),
            "category": list(labels.categories) * len(domains),
            "domain": [domain for domain in domains for _ in range(kinds)],
            "method": pl.repeat("mrp", len(n), eager=True),
            "n": n,
            "n_eff": estimate * (1 - estimate) / se**2,
            "estimate": estimate,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": pl.repeat(None, len(n), dtype=pl.Float64, eager=True),
            "deff": pl.repeat(None, len(n), dtype=pl.Float64, eager=True),
            "note": [EMPTY if size == 0 else "" for size in n],
        }
    )


def spread_table(terms: Terms, fits: Sequence[Fit]) -> pl.DataFrame:
    """Return the posterior mean and standard deviation of each group's standard deviation."""
    rows = []
    for split, fit in enumerate(fits, start=1):
        spreads = np.exp(fit.points.theta[:, : len(terms.random)])
        mean = fit.points.weights @ spreads
        se = np.sqrt(fit.points.weights @ (spreads - mean) ** 2)
        rows += [
            (split, term.name, float(mean[place]), float(se[place]))
            for place, term in enumerate(terms.random)
        ]
    columns = {"split": pl.Int64, "term": pl.String, "mean": pl.Float64, "se": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def check_table(
    areas: pl.DataFrame, checked: Checked, shown: Sequence[int], level: float
) -> pl.DataFrame:
    """Return the checks beside the estimates; ``shown`` puts the answers in their order."""
    seen, made = checked.observed[shown], checked.replicated[shown]
    low, high = np.quantile(made, [(1 - level) / 2, (1 + level) / 2], axis=2)
    above = (made >= seen[..., None]).mean(axis=2)
    below = (made <= seen[..., None]).mean(axis=2)
    p_value = np.where(np.isnan(seen), np.nan, np.minimum(1.0, 2 * np.minimum(above, below)))
    with np.errstate(invalid="ignore", divide="ignore"):
        direct_se = np.sqrt(seen * (1 - seen) / checked.sizes)
    numbers = {
        "direct": seen,
        "direct_se": direct_se,
        "predicted": made.mean(axis=2),
        "predicted_low": low,
        "predicted_high": high,
        "p_value": p_value,
        "pooling": np.broadcast_to(checked.pooling, seen.shape),
    }
    return areas.select("domain", "category", "n", "estimate").with_columns(
        pl.Series(name, values.T.ravel()).fill_nan(None) for name, values in numbers.items()
    )
