"""The places of domains, each with the set of places that the data do not exclude."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.inference import Covariance, Estimates
from kelisim.engine.ranking import (
    RankSets,
    ThresholdDecisions,
    rank_sets,
    threshold_decisions,
)
from kelisim.study.indicators import gives_several
from kelisim.study.model import IndicatorSettings, Study

SCHEMA = {
    "indicator": pl.String,
    "domain": pl.String,
    "estimate": pl.Float64,
    "rank": pl.Int64,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
    "p_above_threshold": pl.Float64,
    "category": pl.String,
    "note": pl.String,
}
"""Columns of ranks.csv; ``category`` is empty where an indicator has one number."""


DECISIONS = {
    "indicator": pl.String,
    "domain": pl.String,
    "method": pl.String,
    "estimate": pl.Float64,
    "threshold": pl.Float64,
    "p_above": pl.Float64,
    "decision": pl.String,
    "error_rate": pl.Float64,
    "note": pl.String,
}
"""Columns of thresholds.csv; ``decision`` is above, below or undecided."""

LEVEL = 0.95
ERROR_RATE = 0.05
"""The expected share of wrong ones among the domains called above, and among those below."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of domains, and on which side of a threshold they lie.

    Attributes
    ----------
    ranks, decisions
        The columns of ranks.csv and thresholds.csv.
    notes
        What a reader must be told, as sentences.
    """

    ranks: pl.DataFrame
    decisions: pl.DataFrame
    notes: tuple[str, ...] = ()


def ranks_of(study: Study, estimates: Estimates, seed: int = 0) -> Places:
    """Rank the domains of every set of one variable, by every indicator and answer.

    Each answer of an indicator with several is ranked on its own, and its sets hold for all domains
    at once, not for all answers at once. Quantiles are not ranked, because their joint covariance
    is not known. Rank 1 is the largest estimate. A domain without an estimate or a standard error
    has no place among the others. Areas that a model estimates are ranked by the model
    (`kelisim.study.areas`), and once.
    """
    found = [empty()]
    method = "replicate" if "replicates" in study.sections else "taylor"
    for indicator, category in _ranked(study, estimates):
        for domains in study.domains:
            if len(domains) == 1 and not modelled(study, indicator.name, domains):
                joint = estimates.covariance(indicator.name, category=category, by=domains)
                found.append(_places(indicator, joint, domains[0], method, seed))
    return together(found)


def _ranked(study: Study, estimates: Estimates) -> Iterator[tuple[IndicatorSettings, str | None]]:
    """Yield what can be ranked by: an indicator, and which of its answers."""
    for indicator in study.indicators:
        if indicator.kind == "categorical" and gives_several(indicator):
            rows = estimates.to_polars().filter(indicator=indicator.name)
            for category in rows["category"].unique(maintain_order=True):
                yield indicator, category
        elif indicator.kind != "quantile":
            yield indicator, None


def modelled(study: Study, indicator: str, domains: tuple[str, ...]) -> bool:
    """Say whether a model estimates an indicator in the domains of a set, and ranks them."""
    areas = study.smallarea
    return areas is not None and domains == (areas.area,) and indicator in areas.indicators


def empty() -> Places:
    """Return the places of nothing."""
    return Places(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=DECISIONS))


def together(found: Sequence[Places]) -> Places:
    """Return places under one another."""
    return Places(
        pl.concat(one.ranks for one in found),
        pl.concat(one.decisions for one in found),
        tuple(note for one in found for note in one.notes),
    )


def _places(
    indicator: IndicatorSettings, joint: Covariance, by: str, method: str, seed: int
) -> Places:
    scale = _scale(indicator)
    sets = rank_sets(joint.estimate, joint.matrix, LEVEL, df=joint.df, scale=scale, seed=seed)
    decided = None
    if indicator.threshold is not None:
        errors = np.sqrt(joint.matrix.diagonal())
        # A share of exactly 0 or 1 shows no variation, which is not the same as being known.
        errors[errors == 0] = np.nan
        decided = threshold_decisions(
            joint.estimate, errors, indicator.threshold, ERROR_RATE, df=joint.df, scale=scale
        )
    category = joint.categories[0] if joint.categories else ""
    return places(
        indicator.name, method, joint.domains, joint.estimate, sets, decided, by, category
    )


def places(
    indicator: str,
    method: str,
    domains: Sequence[str],
    estimate: Floats,
    sets: RankSets,
    decided: ThresholdDecisions | None,
    by: str,
    category: str = "",
) -> Places:
    """Return rank sets and decisions of the domains of one set as rows.

    Parameters
    ----------
    domains, estimate
        Of the p domains, as in estimates.csv.
    decided
        None where the indicator has no threshold.
    by
        The column of the set, for the sentence of a note.
    category
        The answer that is ranked by, of an indicator with several.
    """
    none = pl.Series([None] * len(domains), dtype=pl.Float64)
    p_above = none if decided is None else pl.Series(decided.p_above, nan_to_null=True)
    named = {"indicator": [indicator] * len(domains), "domain": list(domains), "estimate": estimate}
    ranks = pl.DataFrame(
        {
            **named,
            "rank": sets.rank,
            "rank_low": sets.low,
            "rank_high": sets.high,
            "p_above_threshold": p_above,
            "category": [category] * len(domains),
            "note": [""] * len(domains),
        },
        schema=SCHEMA,
    ).filter(pl.Series(sets.ranked))
    decisions = pl.DataFrame(schema=DECISIONS)
    if decided is not None:
        decisions = pl.DataFrame(
            {
                **named,
                "method": [method] * len(domains),
                "threshold": [decided.threshold] * len(domains),
                "p_above": p_above,
                "decision": list(decided.verdicts),
                "error_rate": [decided.error_rate] * len(domains),
                "note": [""] * len(domains),
            }
        ).select(pl.col(name).cast(kind) for name, kind in DECISIONS.items())
        decisions = decisions.filter(pl.col("p_above").is_not_null())
    notes = tuple(f"Ranks of '{indicator}' by {by}: {note}" for note in sets.notes)
    return Places(ranks, decisions, notes)


def _scale(indicator: IndicatorSettings) -> Literal["identity", "logit"]:
    """Return the scale of comparison: shares on the logit, where no error shrinks at the ends."""
    share = indicator.kind == "categorical" or (indicator.kind == "mean" and indicator.yes)
    return "logit" if share else "identity"
