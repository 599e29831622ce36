"""Positions of the model turned so that a distance means something, and the same way every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import Gaussian, IdealPoint


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each person stands, in axes ordered by how far they part people.

    The distance of two people is the root mean square difference of their log-odds of agreement,
    over the statements, apart from their general habit to agree.

    Attributes
    ----------
    people
        Mean (n, K) and covariance (n, K, K) of the positions.
    loadings
        Shape (m, K): the log-odds of agreement with each statement change by position . loading.
    shares
        Shape (K,): the part of the spread of positions along each axis.
    """

    people: Gaussian
    loadings: Floats
    shares: Floats


def positions(model: IdealPoint, weights: Floats) -> Positions:
    """Return the positions of the model identified.

    The likelihood knows u . w only; any turn or stretch of u undone in w fits as well. Here u is
    scaled by the root of the mean of w w', and turned to the principal axes of the weighted
    positions; the loading of largest size on each axis, the first of them, is positive.
    """
    u = model.people.part(np.arange(2, model.dimensions + 2))
    w = model.agreeing.mean[:, 1:]
    scale = _root(np.einsum("md,me->de", w, w) / len(w))
    placed = np.einsum("nd,de->ne", u.mean, scale)
    centre = np.einsum("n,nd->d", weights, placed) / weights.sum()
    spread = np.einsum("n,nd,ne->de", weights, placed - centre, placed - centre) / weights.sum()
    values, turn = np.linalg.eigh((spread + spread.T) / 2)
    order = np.argsort(-values, kind="stable")
    values, turn = np.maximum(values[order], 0.0), turn[:, order]
    loadings = np.einsum("md,de->me", w, np.linalg.pinv(scale) @ turn)
    largest = np.argmax(np.round(np.abs(loadings), 9), axis=0)
    turn = turn * np.where(loadings[largest, np.arange(len(values))] < 0, -1.0, 1.0)
    whole = scale @ turn
    return Positions(
        Gaussian(
            np.einsum("nd,de->ne", u.mean, whole),
            np.einsum("da,nde,eb->nab", whole, u.covariance, whole),
        ),
        np.einsum("md,de->me", w, np.linalg.pinv(scale) @ turn),
        values / max(values.sum(), np.finfo(float).tiny),
    )


def _root(square: Floats) -> Floats:
    """Return the symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(square)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T, np.float64)
