"""From votes to the whole answer of a consultation, by the model or by a faster layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import ValueRefused, VotesRefused
from kelisim.engine.frame import Floats
from kelisim.engine.opinion.answer import (
    OpinionMap,
    counts_by_group,
    groups_document,
    letter,
    people_table,
    sensitivity_document,
    slate_table,
    statement_table,
)
from kelisim.engine.opinion.common_ground import CommonGround, agreement_matrix, common_ground
from kelisim.engine.opinion.dimensions import CANDIDATES, Chosen, choose_dimensions
from kelisim.engine.opinion.groups import Groups, find_groups
from kelisim.engine.opinion.integrity import Integrity, check_integrity
from kelisim.engine.opinion.live import live_opinion
from kelisim.engine.opinion.polis import polis_map
from kelisim.engine.opinion.positions import Positions, positions
from kelisim.engine.opinion.reading import read_votes
from kelisim.engine.opinion.representative import representative_statements
from kelisim.engine.opinion.slate import Slate, proportional_slate, slate_of_differences
from kelisim.engine.opinion.votes import AGREE, DISAGREE, Votes, brief, without_statements

LAYERS = ("model", "live", "polis")
SLATE = 8
LEAST_VOTES = 5
LEAST_PART = 0.1
"""Of the votes on the most voted statement, what another needs for a place on a slate: what hardly
anybody has seen is not yet known to be agreed on."""


def opinion_map(
    votes: Any,
    *,
    layer: Literal["model", "live", "polis"] = "model",
    rejected: tuple[str, ...] = (),
    slate: int = SLATE,
    dimensions: int | None = None,
) -> OpinionMap:
    """Return the opinion map of a consultation, its groups, common ground and slates.

    Parameters
    ----------
    votes
        A table as in `read_votes`, or a snapshot.
    layer
        ``model``: positions, groups, common ground and their doubt from the ideal-point model.
        ``live``: the same from principal axes and counts, in milliseconds, without stability,
        intervals, slates and integrity. ``polis``: groups and group-informed consensus as Polis
        computes them.
    rejected
        Names of statements that moderators rejected.
    slate
        Statements on a slate.
    dimensions
        Of the model; chosen by held-out votes when not given, which takes most of the time. An
        earlier map of the same conversation knows it: ``fit["dimensions"]``.

    Raises
    ------
    VotesRefused
        There is no vote, or a rejected statement is not there.
    ValueRefused
        The layer is not one of the three, or the slate or the dimensions are fewer than one.

    Examples
    --------
    >>> votes = {"participant": [1, 1, 2, 2], "statement": [1, 2, 1, 2], "vote": [1, -1, 1, 0]}
    >>> opinion_map(votes).statements["n_agree"].to_list()
    [2, 0]
    """
    if layer not in LAYERS:
        raise ValueRefused(f"There is no layer '{layer}'.", do="Use 'model', 'live' or 'polis'.")
    if dimensions is not None and dimensions < 1:
        raise ValueRefused(f"A model of {dimensions} dimensions was asked for.", do="Ask for one.")
    snapshot = votes if isinstance(votes, Votes) else read_votes(votes)
    out = _rejected(snapshot, rejected)
    kept = without_statements(snapshot, out)
    if not len(kept.signs):
        raise VotesRefused(
            "There are no votes.",
            why="A map needs at least one vote on a statement that is not rejected.",
            do="Wait for votes, or check which statements are rejected.",
        )
    if layer == "polis":
        return _polis(snapshot, kept, out)
    return _live(kept) if layer == "live" else _modelled(kept, slate, dimensions)


def _rejected(votes: Votes, rejected: tuple[str, ...]) -> NDArray[np.bool_]:
    unknown = sorted(set(rejected) - set(votes.statements))
    if unknown:
        raise VotesRefused(
            f"There is no statement '{brief(unknown[0])}' ({len(unknown)} such names).",
            where="the rejected statements",
            do="Write the names as in the votes.",
        )
    return votes.statements.is_in(list(rejected)).to_numpy()


def _polis(snapshot: Votes, kept: Votes, out: NDArray[np.bool_]) -> OpinionMap:
    found = polis_map(snapshot, rejected=out)
    counts = found.counts.agree.shape[0]
    centres = np.array(
        [
            found.places[found.labels == g].mean(axis=0)
            for g in range(counts)
            if (found.labels == g).any()
        ]
    ).reshape(-1, 2)
    rest = {"layer": "polis", "silhouette": round(found.silhouette, 9), "reason": ""}
    rows = [
        ("representative", place, kept.statements[r.statement], letter(r.group), r.share)
        for place, r in enumerate(found.representatives, start=1)
    ]
    return OpinionMap(
        "polis",
        people_table(kept, found.places, None, found.labels),
        statement_table(kept, None, {"group_informed_consensus": found.consensus}),
        groups_document(kept, found.labels, centres, found.representatives, rest),
        slate_table(rows),
        _unchecked("polis"),
        {"layer": "polis"},
        kept,
    )


def _live(votes: Votes) -> OpinionMap:
    found = live_opinion(votes)
    rest = {
        "layer": "live",
        "silhouette": round(found.clusters.silhouette, 9),
        "reason": "",
        "stability": None,
    }
    return OpinionMap(
        "live",
        people_table(votes, found.map.places, found.map.errors, found.labels),
        statement_table(votes, found.common_ground),
        groups_document(votes, found.labels, found.clusters.centres, found.representatives, rest),
        slate_table([]),
        _unchecked("live"),
        {"layer": "live"},
        votes,
    )


def _unchecked(layer: str) -> dict[str, Any]:
    return {"checked": False, "reason": f"The layer '{layer}' does not look for coordination."}


def _modelled(votes: Votes, size: int, dimensions: int | None) -> OpinionMap:
    integrity = check_integrity(votes)
    capped = replace(votes, weights=integrity.weights)
    candidates = CANDIDATES if dimensions is None else (dimensions,)
    chosen = choose_dimensions(capped, candidates)
    placed = positions(chosen.model, capped.weights)
    groups = find_groups(capped, chosen.model, placed)
    chances = agreement_matrix(chosen.model, chosen.calibration)
    voting = capped.weights * (capped.n_votes > 0)
    slope = chosen.calibration.slope
    ground = common_ground(chosen.model, chances, voting, groups, slope)
    counts = counts_by_group(capped, groups.labels, max(groups.count, 1))
    typical = representative_statements(counts) if groups.count else ()
    statements = statement_table(capped, ground)
    checked = _integrity(votes, integrity, chosen, chances, groups)
    return OpinionMap(
        "model",
        people_table(capped, *_on_the_map(placed), groups.labels),
        statements,
        groups_document(capped, groups.labels, groups.centres, typical, _stability(groups)),
        slate_table(_slates(capped, chances, groups, size)),
        {**checked, "sensitivity": sensitivity_document(statements)},
        _fit(chosen, placed),
        capped,
    )


def _on_the_map(placed: Positions) -> tuple[Floats, Floats]:
    """Return the first two coordinates and their deviations; a second axis of zeros if K is 1."""
    n, k = placed.people.mean.shape
    shown = min(k, 2)
    places, errors = np.zeros((n, 2)), np.zeros((n, 2))
    places[:, :shown] = placed.people.mean[:, :shown]
    variances = np.diagonal(placed.people.covariance, axis1=1, axis2=2)
    errors[:, :shown] = np.sqrt(variances[:, :shown])
    return places, errors


def _stability(groups: Groups) -> dict[str, Any]:
    known = groups.stability
    return {
        "layer": "model",
        "reason": groups.reason,
        "stability": None
        if known is None
        else {
            "least_pairwise_ari": round(known.least, 9),
            "median_pairwise_ari": round(known.median, 9),
            "median_pairwise_ari_everyone": round(known.everyone, 9),
            "runs": known.runs,
            "votes_left_out": 0.1,
        },
    }


def _approvals(votes: Votes, chances: Floats) -> NDArray[np.bool_]:
    """Return who approves what: agreed, or not asked and likelier than not to agree."""
    approved = chances > 0.5
    rows = votes.rows()
    judged = votes.signs
    approved[rows[judged == AGREE], votes.indices[judged == AGREE]] = True
    approved[rows[judged == DISAGREE], votes.indices[judged == DISAGREE]] = False
    return approved


def _slates(
    votes: Votes, chances: Floats, groups: Groups, size: int
) -> list[tuple[str, int, str, str | None, float]]:
    heard = np.bincount(votes.indices, minlength=votes.shape[1])
    most = int(heard.max())
    pool = np.flatnonzero(heard >= max(min(LEAST_VOTES, most), LEAST_PART * most))
    voters = votes.n_votes > 0
    approvals = _approvals(votes, chances)[:, pool]
    weights, present = votes.weights[voters], approvals[voters]
    common = proportional_slate(present, weights, size)
    rows = [
        _row("common ground", i, pool[s], None, present[:, s], weights, votes)
        for i, s in _placed(common)
    ]
    apart = slate_of_differences(chances[:, pool], approvals, votes.weights, groups, size)
    for place, (s, g) in enumerate(zip(apart.statements, apart.groups, strict=True), start=1):
        inside = groups.labels == g
        rows.append(
            _row(
                "differences",
                place,
                pool[s],
                letter(g),
                approvals[inside, s],
                votes.weights[inside],
                votes,
            )
        )
    return rows


def _placed(slate: Slate) -> list[tuple[int, int]]:
    return list(enumerate(slate.statements, start=1))


def _row(
    slate: str,
    place: int,
    statement: int,
    group: str | None,
    approves: NDArray[np.bool_],
    weights: Floats,
    votes: Votes,
) -> tuple[str, int, str, str | None, float]:
    share = float(np.sum(weights * approves) / weights.sum())
    return slate, place, votes.statements[int(statement)], group, share


def _integrity(
    votes: Votes, integrity: Integrity, chosen: Chosen, chances: Floats, groups: Groups
) -> dict[str, Any]:
    """Return what was found, and what each cluster would have changed at its full weight."""

    def ground(weights: Floats) -> CommonGround:
        voting = weights * (votes.n_votes > 0)
        return common_ground(chosen.model, chances, voting, groups, chosen.calibration.slope)

    full = ground(votes.weights).score if integrity.clusters else np.empty(0)
    clusters = []
    for cluster in integrity.clusters:
        without = votes.weights.copy()
        without[cluster.members] = 0.0
        change = full - ground(without).score if without.any() else np.zeros_like(full)
        most = np.argsort(-np.round(np.abs(change), 9), kind="stable")[:5]
        clusters.append(
            {
                "participants": [votes.participants[int(i)] for i in cluster.members],
                "tightness": round(cluster.tightness, 9),
                "surprise": round(cluster.surprise, 9),
                "seconds": cluster.seconds,
                "counted_as": 1,
                "influence_if_not_capped": [
                    {
                        "statement": votes.statements[int(s)],
                        "common_ground": round(float(change[s]), 9),
                    }
                    for s in most
                ],
            }
        )
    bursts = [
        {"participant": votes.participants[b.participant], "votes_in_a_minute": b.votes}
        for b in integrity.bursts
    ]
    return {
        "checked": True,
        "alarm": integrity.alarm,
        "clusters": clusters,
        "bursts": bursts,
        "deleted": 0,
        "times": votes.times is not None,
    }


def _fit(chosen: Chosen, placed: Positions) -> dict[str, Any]:
    return {
        "layer": "model",
        "dimensions": chosen.model.dimensions,
        "held_out_votes": chosen.held_out,
        "trials": [{"dimensions": k, "log_loss": round(loss, 9)} for k, loss in chosen.trials],
        "calibration": {
            "shift": round(chosen.calibration.shift, 9),
            "slope": round(chosen.calibration.slope, 9),
        },
        "shares": [round(float(s), 9) for s in placed.shares],
        "rounds": chosen.model.rounds,
    }
