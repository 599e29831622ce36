"""The live layer in one call: map, groups, typical statements and common ground in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.opinion.clusters import Clusters, best_clusters, gathered
from kelisim.engine.opinion.common_ground import CommonGround, live_common_ground
from kelisim.engine.opinion.map import LiveMap, live_map
from kelisim.engine.opinion.representative import Representative, representative_statements
from kelisim.engine.opinion.votes import Indices, Tally, Votes, tally

COARSE = 8
"""Cells along each axis for the common ground of the live layer."""

WARM = 1e-3
"""Tolerance of the axes from an earlier map: a thousandth of the breadth of the map is not seen."""


@dataclass(frozen=True, slots=True)
class LiveOpinion:
    """What a page shows while people vote. Its groups are a sketch: no stability is claimed.

    Attributes
    ----------
    map
        Places and their errors.
    labels
        Shape (n,): cluster of each participant by k-means, the heaviest first; -1 without a vote.
    clusters
        Of those who voted.
    counts
        Weighted votes by cluster and statement.
    representatives
        Typical statements of each cluster.
    common_ground
        Of each statement, from cells of the map; without intervals.
    """

    map: LiveMap
    labels: Indices
    clusters: Clusters
    counts: Tally
    representatives: tuple[Representative, ...]
    common_ground: CommonGround


def live_opinion(votes: Votes, *, before: LiveMap | None = None) -> LiveOpinion:
    """Return the live layer of a snapshot, from an earlier map if there is one."""
    current = live_map(votes, before=before, tolerance=1e-8 if before is None else WARM)
    voters = np.flatnonzero(votes.n_votes > 0)
    weights = votes.weights[voters]
    found = best_clusters(current.places[voters], weights)
    labels = np.full(votes.shape[0], -1, np.int32)
    labels[voters] = found.labels
    counts = tally(votes, labels, len(found.centres))
    cells = np.full(votes.shape[0], -1, np.int32)
    coarse = gathered(current.places[voters], weights, grid=COARSE, most=0)
    cells[voters] = coarse.members
    by_cell = tally(votes, cells, len(coarse.centres))
    return LiveOpinion(
        current,
        labels,
        found,
        counts,
        representative_statements(counts),
        live_common_ground(by_cell, counts),
    )
