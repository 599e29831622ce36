"""A mixture of normal clouds of one shape, fitted to weighted points without random numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.clusters import k_means

ROUNDS = 300
TOLERANCE = 1e-8

FLOOR = 0.05
"""The shape is drawn to this part of the whole spread by as many points as there are dimensions,
so that a cloud cannot shrink onto a few points."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Clouds of one shape.

    Attributes
    ----------
    shares
        Shape (G,): the part of the weight in each cloud, descending.
    centres
        Shape (G, d).
    shape
        Shape (d, d): the covariance that all clouds share.
    bic
        Bayesian information criterion; smaller is better.
    """

    shares: Floats
    centres: Floats
    shape: Floats
    bic: float


def fit_mixture(points: Floats, weights: Floats, clouds: int) -> Mixture:
    """Return the mixture of a given number of clouds, by expectation and maximisation.

    References
    ----------
    Fraley, Raftery (2002), Model-based clustering, JASA 97, 611-631 (the model named EEE).
    """
    n, d = points.shape
    whole = _covariance(points, weights, _mean(points, weights))
    start = k_means(points, weights, clouds)[0] if clouds > 1 else np.zeros(n, np.int64)
    belong = np.eye(clouds)[start]
    likelihood, before = 0.0, -np.inf
    for _ in range(ROUNDS):
        mixture = _maximised(points, weights, belong, whole)
        log_density = log_densities(mixture, points, np.zeros((1, d, d)))
        each = log_total(log_density)
        likelihood = float(np.sum(weights * each))
        if likelihood - before < TOLERANCE * weights.sum():
            break
        before = likelihood
        belong = np.exp(log_density - each[:, None])
    free = clouds - 1 + clouds * d + d * (d + 1) / 2
    order = np.argsort(-np.round(mixture.shares, 9), kind="stable")
    bic = -2 * likelihood + free * float(np.log(weights.sum()))
    return Mixture(mixture.shares[order], mixture.centres[order], mixture.shape, bic)


def _maximised(points: Floats, weights: Floats, belong: Floats, whole: Floats) -> Mixture:
    heavy = belong * weights[:, None]
    sizes = np.maximum(heavy.sum(axis=0), np.finfo(float).tiny)
    centres = np.einsum("ng,nd->gd", heavy, points) / sizes[:, None]
    d = points.shape[1]
    off = points[:, None, :] - centres
    within = np.einsum("ng,ngd,nge->de", heavy, off, off)
    shape = (within + FLOOR * d * whole) / (sizes.sum() + d)
    # Points that all stand in one place or on a line would leave a shape without volume.
    shape = shape + np.eye(d) * max(float(np.trace(whole)), 1.0) * 1e-9
    return Mixture(sizes / sizes.sum(), centres, shape, np.inf)


def _mean(points: Floats, weights: Floats) -> Floats:
    return np.asarray(np.einsum("n,nd->d", weights, points) / weights.sum(), np.float64)


def _covariance(points: Floats, weights: Floats, centre: Floats) -> Floats:
    off = points - centre
    total = max(float(weights.sum()), np.finfo(float).tiny)
    return np.asarray(np.einsum("n,nd,ne->de", weights, off, off) / total, np.float64)


def log_densities(mixture: Mixture, points: Floats, blur: Floats) -> Floats:
    """Return the log of share times density of each point in each cloud, shape (n, G).

    Parameters
    ----------
    blur
        Shape (n, d, d): the uncertainty of each point, added to the shape of the clouds; or
        (1, d, d), the same for all.
    """
    shape = mixture.shape + blur
    precision = np.linalg.inv(shape)
    off = points[:, None, :] - mixture.centres
    squares = np.einsum("ngd,nde,nge->ng", off, precision, off)
    volume = np.linalg.slogdet(2 * np.pi * shape)[1]
    log_shares = np.log(np.maximum(mixture.shares, np.finfo(float).tiny))
    return np.asarray(log_shares - 0.5 * (squares + volume[:, None]), np.float64)


def log_total(logs: Floats) -> Floats:
    """Return the log of the sum of exponentials along the last axis, shape (n,).

    >>> log_total(np.log(np.array([[1.0, 2.0]]))).round(9).tolist() == [round(np.log(3.0), 9)]
    True
    """
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)), np.float64)
