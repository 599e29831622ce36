"""What comes out of a consultation: tables of people and statements, groups, slates, integrity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.common_ground import BLOCK, CommonGround
from kelisim.engine.opinion.representative import Representative
from kelisim.engine.opinion.votes import Indices, Tally, Votes, tally

FIRST = 5
"""Statements whose place among the first is tried against coordinated accounts."""

DECIMALS = 9
"""Decimals kept in tables: the last bits of a double depend on the processor."""


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """The answer of a consultation, as it is written to files.

    Attributes
    ----------
    layer
        Which layer gave it: ``model``, ``live`` or ``polis``.
    participants
        A row a participant: participant, x, y, x_se, y_se, group, n_votes. The place is null for
        who has not voted; the group is null between groups.
    statements
        A row a statement: counts, agree_share, common_ground with its 90 % interval and more.
    groups
        Sizes, defining statements and stability, or an empty list and the reason.
    slate
        A row a place on a slate: slate, place, statement, group, approval.
    integrity
        What looks coordinated and what it changes.
    fit
        The number of dimensions, the trials they were chosen by, the calibration.
    votes
        The snapshot that was analysed, with the weights that were used.
    """

    layer: str
    participants: pl.DataFrame
    statements: pl.DataFrame
    groups: Mapping[str, Any]
    slate: pl.DataFrame
    integrity: Mapping[str, Any]
    fit: Mapping[str, Any]
    votes: Votes


def letter(group: int) -> str | None:
    """Return the name of a group: A, B, C...; None for -1, between groups.

    >>> [letter(g) for g in (-1, 0, 2)]
    [None, 'A', 'C']
    """
    return None if group < 0 else chr(ord("A") + group)


def people_table(
    votes: Votes, places: Floats, errors: Floats | None, labels: Indices
) -> pl.DataFrame:
    """Return the table of participants; places of shape (n, 2), errors alike or None."""
    doubt = np.full(places.shape, np.nan) if errors is None else errors
    unseen = votes.n_votes == 0
    columns = {
        name: _rounded(np.where(unseen, np.nan, values))
        for name, values in zip(("x", "y", "x_se", "y_se"), (*places.T, *doubt.T), strict=True)
    }
    return pl.DataFrame(
        {
            "participant": votes.participants,
            **columns,
            "group": pl.Series([letter(int(g)) for g in labels], dtype=pl.String),
            "n_votes": votes.n_votes,
        }
    )


def statement_table(
    votes: Votes, ground: CommonGround | None, extra: Mapping[str, Floats] | None = None
) -> pl.DataFrame:
    """Return the table of statements; scores are null where nobody agreed or disagreed."""
    everyone = np.zeros(votes.shape[0], np.int32)
    plain, heavy = (tally(votes, everyone, 1, weighted=weighted) for weighted in (False, True))
    judged = heavy.agree[0] + heavy.disagree[0]
    share = np.divide(heavy.agree[0], judged, out=np.full_like(judged, np.nan), where=judged > 0)
    columns = {
        "statement": votes.statements,
        "n_agree": plain.agree[0].astype(np.int64),
        "n_disagree": plain.disagree[0].astype(np.int64),
        "n_pass": plain.passed[0].astype(np.int64),
        "agree_share": _rounded(share),
    }
    scores: dict[str, Floats] = {} if ground is None else _scores(ground)
    scores |= extra or {}
    for name, values in scores.items():
        columns[name] = _rounded(np.where(judged > 0, values, np.nan))
    if ground is not None:
        columns["common_ground_rank"] = _ranks(ground, judged > 0)
    return pl.DataFrame(columns)


def sensitivity_document(statements: pl.DataFrame) -> dict[str, Any]:
    """Return what 5 % of coordinated accounts could change among the first statements.

    The worst case for each: one invented block disagrees with it and leaves the others alone. It
    stays if even then it is shared as much as the first statement outside.
    """
    ranked = statements.drop_nulls("common_ground_rank").sort("common_ground_rank")
    first = ranked.head(FIRST)
    outside = ranked["common_ground"][FIRST] if len(ranked) > FIRST else 0.0
    rows = [
        {**row, "stays": bool(row["common_ground_after_block"] >= outside)}
        for row in first.select(
            "statement", "common_ground", "common_ground_after_block"
        ).iter_rows(named=True)
    ]
    return {
        "coordinated_share": BLOCK,
        "of_the_first": len(rows),
        "stay": sum(row["stays"] for row in rows),
        "statements": rows,
    }


def _ranks(ground: CommonGround, judged: NDArray[np.bool_]) -> pl.Series:
    """Return ranks from 1, by the low end of the interval where there is one, else by the score.

    So a statement that few have voted on does not come before one that is known to be shared.
    """
    sure = np.where(np.isnan(ground.low), ground.score, ground.low)
    order = np.lexsort((-np.round(ground.score, DECIMALS), -np.round(sure, DECIMALS), ~judged))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return pl.Series(ranks).set(pl.Series(~judged), None)


def _scores(ground: CommonGround) -> dict[str, Floats]:
    return {
        "common_ground": ground.score,
        "common_ground_low": ground.low,
        "common_ground_high": ground.high,
        "common_ground_after_block": ground.after_block,
        "lowest_tenth": ground.tenth,
        "least_group": ground.group,
        "mean_agreement": ground.mean,
    }


def _rounded(values: Floats) -> pl.Series:
    finite = np.where(np.isfinite(values), np.round(values, DECIMALS) + 0.0, np.nan)
    return pl.Series(finite, dtype=pl.Float64).fill_nan(None)


def groups_document(
    votes: Votes,
    labels: Indices,
    centres: Floats,
    typical: Sequence[Representative],
    rest: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the groups as a JSON document, with their typical statements by name."""
    placed = labels >= 0
    total = votes.weights[votes.n_votes > 0].sum()
    found = [
        {
            "group": letter(g),
            "participants": int((labels == g).sum()),
            "share": _number(votes.weights[labels == g].sum() / total),
            "centre": [_number(c) for c in centres[g]],
            "statements": [_typical(votes, t) for t in typical if t.group == g],
        }
        for g in range(len(centres))
    ]
    between = votes.weights[~placed & (votes.n_votes > 0)].sum() / total
    return {"groups": found, "between_groups": _number(between), **rest}


def _typical(votes: Votes, statement: Representative) -> dict[str, Any]:
    return {
        "statement": votes.statements[statement.statement],
        "vote": statement.side,
        "share": _number(statement.share),
        "share_elsewhere": _number(statement.elsewhere),
        "z": _number(statement.z),
    }


def _number(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0


def counts_by_group(votes: Votes, labels: Indices, count: int) -> Tally:
    """Return unweighted votes by group and statement, for tests of differences."""
    return tally(votes, labels, count, weighted=False)


def slate_table(rows: Sequence[tuple[str, int, str, str | None, float]]) -> pl.DataFrame:
    """Return the table of slates from rows (slate, place, statement, group, approval)."""
    return pl.DataFrame(
        [(*row[:4], _number(row[4])) for row in rows],
        schema={
            "slate": pl.String,
            "place": pl.Int64,
            "statement": pl.String,
            "group": pl.String,
            "approval": pl.Float64,
        },
        orient="row",
    )
