"""Groups and consensus as Polis computes them, to be compared with; not our own answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.clusters import best_clusters
from kelisim.engine.opinion.representative import (
    Representative,
    group_informed_consensus,
    representative_statements,
)
from kelisim.engine.opinion.spectrum import gram_product, principal_axes
from kelisim.engine.opinion.votes import Indices, Tally, Votes, tally, without_statements

LEAST_VOTES = 7
"""Participants with fewer votes are shown but are in no group."""


@dataclass(frozen=True, slots=True)
class PolisMap:
    """What a Polis report shows.

    Attributes
    ----------
    places
        Shape (n, 2): the projection on two principal components, stretched by the root of
        statements over votes.
    labels
        Shape (n,): the group, -1 for participants in none.
    silhouette
        Of the grouping chosen among 2 to 5.
    counts
        Unweighted votes by group and statement, shape (k, m); rejected statements are left out.
    consensus
        Shape (m,): group-informed consensus.
    representatives
        Typical statements of each group.
    """

    places: Floats
    labels: Indices
    silhouette: float
    counts: Tally
    consensus: Floats
    representatives: tuple[Representative, ...]


def polis_map(
    votes: Votes, *, rejected: NDArray[np.bool_] | None = None, groups: int | None = None
) -> PolisMap:
    """Return groups and group-informed consensus the way Polis does.

    Mean-filled principal components, a stretch for light voters, k-means of 2 to 5 groups by
    silhouette over those with 7 votes or more. Participants are not weighted. Polis' exported
    groups depend also on its history (warm starts, order of arrival), which is not imitated.

    Parameters
    ----------
    rejected
        Shape (m,): statements rejected by moderators. As in Polis they are counted as passed by
        everybody in the stretch.
    groups
        Ask for exactly this many groups.

    References
    ----------
    Small et al. (2021), Polis, Recerca 26; the compdemocracy/polis documentation.
    """
    out = np.zeros(votes.shape[1], np.bool_) if rejected is None else rejected
    judged = without_statements(votes, out)
    axes = principal_axes(judged)
    scores = gram_product(judged, axes.means, axes.loadings)[1]
    seen = judged.n_votes + int(out.sum())
    places = scores * np.sqrt(votes.shape[1] / np.maximum(seen, 1))[:, None]
    heavy = np.flatnonzero(votes.n_votes >= LEAST_VOTES)
    found = best_clusters(places[heavy], np.ones(len(heavy)), count=groups)
    labels = np.full(len(places), -1, np.int32)
    labels[heavy] = found.labels
    counts = tally(judged, labels, max(len(found.centres), 1), weighted=False)
    return PolisMap(
        places,
        labels,
        found.silhouette,
        counts,
        group_informed_consensus(counts),
        representative_statements(counts),
    )
