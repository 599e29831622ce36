"""How many dimensions the votes bear, and how far to trust predictions: by votes held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import IdealPoint, ideal_point
from kelisim.engine.opinion.prediction import (
    Calibration,
    agreement_log_odds,
    calibrated,
    chance,
    log_loss,
)
from kelisim.engine.opinion.votes import AGREE, PASS, Votes, keep

CANDIDATES = (1, 2, 3, 5, 8)
TRIAL_TOLERANCE = 5e-3
FOLDS = 5
ENOUGH = 5_000
"""Held-out votes after which no further fold is tried."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model with the number of dimensions that predicts held-out votes best.

    Attributes
    ----------
    model
        Fitted to all votes given.
    calibration
        Learnt from the held-out votes.
    trials
        (K, mean log-loss of held-out agree-or-disagree votes, before calibration).
    held_out
        How many votes that mean rests on; 0 when there were too few votes to hold any out.
    """

    model: IdealPoint
    calibration: Calibration
    trials: tuple[tuple[int, float], ...]
    held_out: int


def choose_dimensions(votes: Votes, candidates: tuple[int, ...] = CANDIDATES) -> Chosen:
    """Return the model with K chosen by held-out likelihood within the votes given.

    Each fold holds out every fifth vote of each participant, at places that shift from one
    participant to the next; as many folds are tried as give `ENOUGH` votes.
    """
    fitting = tuple(k for k in candidates if k <= max(1, min(votes.shape) - 1)) or candidates[:1]
    folds = _folds(votes)
    runs = {k: _held_out(votes, k, folds) for k in (fitting if folds else fitting[:1])}
    trials = tuple((k, log_loss(chances, yes)) for k, (chances, yes) in runs.items() if len(yes))
    best = min(trials, key=lambda trial: trial[1])[0] if trials else fitting[0]
    chances, yes = runs[best]
    shift, slope = calibrated(chances, yes) if trials else (0.0, 1.0)
    return Chosen(ideal_point(votes, best), Calibration(shift, slope), trials, len(yes))


def _folds(votes: Votes) -> list[NDArray[np.bool_]]:
    """Return the votes to hold out in each fold."""
    place = np.arange(len(votes.signs)) - np.repeat(votes.indptr[:-1], votes.n_votes)
    fold = (place + votes.rows()) % FOLDS
    judged = votes.signs != PASS
    found: list[NDArray[np.bool_]] = []
    count = 0
    while len(found) < FOLDS and count < ENOUGH:
        found.append(fold == len(found))
        count += int((found[-1] & judged).sum())
    return found if count else []


def _held_out(
    votes: Votes, dimensions: int, folds: list[NDArray[np.bool_]]
) -> tuple[Floats, Floats]:
    """Return the probabilities given to the held-out votes, and whether each agrees."""
    rows, judged = votes.rows(), votes.signs != PASS
    chances, yes = [np.empty(0)], [np.empty(0)]
    for fold in folds:
        asked = np.flatnonzero(fold & judged)
        model = ideal_point(keep(votes, ~fold), dimensions, tolerance=TRIAL_TOLERANCE)
        chances.append(chance(agreement_log_odds(model, rows[asked], votes.indices[asked])))
        yes.append((votes.signs[asked] == AGREE).astype(np.float64))
    return np.concatenate(chances), np.concatenate(yes)
