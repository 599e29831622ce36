"""Common ground that a few cannot veto: the agreement of those who agree least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.groups import LEAST_SHARE, Groups
from kelisim.engine.opinion.model import IdealPoint
from kelisim.engine.opinion.prediction import SURE, Calibration, agreement_log_odds, chance
from kelisim.engine.opinion.votes import Indices, Tally

TENTH = 0.10
BLOCK = 0.05
"""The share of invented accounts that the sensitivity supposes."""

LEVEL = 0.9
SMOOTHING = 2.0
"""Votes of the whole that stand behind each small block in the live layer."""


@dataclass(frozen=True, slots=True)
class CommonGround:
    """Agreement with each statement of those who agree least, shape (m,) each.

    Attributes
    ----------
    score
        The lower of `tenth` and `group`.
    low, high
        Bounds of the 90 % interval of the score, given these participants: the doubt is that about
        the statement. NaN in the live layer, which has none.
    tenth
        The agreement that 90 % of the weight of participants exceed.
    group
        The least mean agreement of a group of at least 5 % of the weight; infinite without groups.
    after_block
        The score if 5 % of all accounts were one invented block that disagrees with everything.
    mean
        Mean agreement of all participants.
    """

    score: Floats
    low: Floats
    high: Floats
    tenth: Floats
    group: Floats
    after_block: Floats
    mean: Floats


def agreement_matrix(model: IdealPoint, calibration: Calibration | None = None) -> Floats:
    """Return the probability that each participant agrees with each statement, shape (n, m)."""
    n, m = len(model.people.mean), len(model.agreeing.mean)
    everyone = np.arange(n)
    found = np.empty((n, m))
    for j in range(m):
        odds = agreement_log_odds(model, everyone, np.full(n, j))
        found[:, j] = chance(odds, calibration)
    return found


def common_ground(
    model: IdealPoint, chances: Floats, weights: Floats, groups: Groups, slope: float = 1.0
) -> CommonGround:
    """Return the common ground of every statement with its interval and its sensitivity.

    Parameters
    ----------
    chances
        Shape (n, m): `agreement_matrix`.
    weights
        Shape (n,): 0 for who does not count (no vote).
    slope
        The calibration's slope, with which the doubt about a statement is scaled.
    """
    order = np.argsort(chances, axis=0, kind="stable")
    below = np.cumsum(weights[order], axis=0) / weights.sum()
    tenth = _at(chances, order, below, TENTH)
    blocked = _at(chances, order, below, (TENTH - BLOCK) / (1 - BLOCK))
    means, members = _group_means(chances, weights, groups)
    group = means.min(axis=0, initial=np.inf)
    score = np.minimum(tenth, group)
    deviation = slope * _deviation(model, chances, weights, order, below, members, means)
    half = float(ndtri(0.5 + LEVEL / 2)) * deviation
    odds = logit(np.clip(score, SURE, 1 - SURE))
    return CommonGround(
        score,
        expit(odds - half),
        expit(odds + half),
        tenth,
        group,
        np.minimum(blocked, group),
        np.einsum("n,nm->m", weights, chances) / weights.sum(),
    )


def _at(chances: Floats, order: Indices, below: Floats, share: float) -> Floats:
    """Return the chance of the first participant at whom the share of the weight is reached."""
    place = np.argmax(below >= share - 1e-12, axis=0)
    columns = np.arange(chances.shape[1])
    found: Floats = chances[order[place, columns], columns]
    return found


def _group_means(chances: Floats, weights: Floats, groups: Groups) -> tuple[Floats, list[Indices]]:
    members: list[Indices] = [
        np.flatnonzero(groups.labels == g)
        for g in range(groups.count)
        if groups.shares[g] >= LEAST_SHARE
    ]
    means = [
        np.einsum("n,nm->m", weights[rows], chances[rows]) / weights[rows].sum() for rows in members
    ]
    return np.array(means, np.float64).reshape(len(members), chances.shape[1]), members


def _deviation(
    model: IdealPoint,
    chances: Floats,
    weights: Floats,
    order: Indices,
    below: Floats,
    members: list[Indices],
    means: Floats,
) -> Floats:
    """Return the standard deviation of the log-odds of the score that comes from the statement.

    The score moves with the statement's parameters as the chances of the people do who carry it:
    those around the lowest tenth, or the least agreeing group.
    """
    x = np.concatenate([np.ones((len(chances), 1)), model.people.mean[:, 2:]], axis=1)
    found = np.empty(chances.shape[1])
    tenth = _at(chances, order, below, TENTH)
    for j in range(chances.shape[1]):
        if len(members) and means[:, j].min() < tenth[j]:
            rows = members[int(np.argmin(means[:, j]))]
        else:
            near = (below[:, j] >= TENTH / 2) & (below[:, j] <= TENTH * 3 / 2)
            near[np.argmax(below[:, j] >= TENTH - 1e-12)] = True
            rows = order[near, j]
        p = chances[rows, j]
        pull = weights[rows] * np.maximum(p * (1 - p), SURE)
        direction = np.einsum("n,nd->d", pull, x[rows]) / pull.sum()
        found[j] = np.sqrt(direction @ model.agreeing.covariance[j] @ direction)
    return found


def live_common_ground(cells: Tally, groups: Tally) -> CommonGround:
    """Return the common ground of the live layer, from counts in cells of the map.

    The agreement of a cell is its share of agreement among agree and disagree, with `SMOOTHING`
    votes of the whole added; the tenth is over cells by the weight of their votes. There is no
    interval: that is what the model is for.

    Parameters
    ----------
    cells
        Votes by cell of the map and statement, shape (C, m).
    groups
        Votes by group and statement, shape (G, m); groups below 5 % of the votes do not count.
    """
    whole = _share(
        cells.agree.sum(axis=0), cells.disagree.sum(axis=0), np.full(cells.agree.shape[1], 0.5)
    )
    chances = _share(cells.agree, cells.disagree, whole)
    heavy = cells.seen.sum(axis=1)
    order = np.argsort(chances, axis=0, kind="stable")
    below = np.cumsum(heavy[order], axis=0) / heavy.sum()
    counted = groups.seen.sum(axis=1) >= LEAST_SHARE * groups.seen.sum()
    means = _share(groups.agree, groups.disagree, whole)[counted & (len(counted) > 1)]
    tenth, least = _at(chances, order, below, TENTH), means.min(axis=0, initial=np.inf)
    blocked = _at(chances, order, below, (TENTH - BLOCK) / (1 - BLOCK))
    unknown = np.full(len(tenth), np.nan)
    return CommonGround(
        np.minimum(tenth, least),
        unknown,
        unknown,
        tenth,
        least,
        np.minimum(blocked, least),
        whole,
    )


def _share(agree: Floats, disagree: Floats, whole: Floats) -> Floats:
    return (agree + SMOOTHING * whole) / (agree + disagree + SMOOTHING)
