"""Fitting: from answers by respondent to draws of the coefficients, one split after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Codes, Floats
from kelisim.engine.smallarea.draws import posterior_draws
from kelisim.engine.smallarea.hyperparameters import Points, find_best, integrate
from kelisim.engine.smallarea.laplace import Counts
from kelisim.engine.smallarea.prior import Prior
from kelisim.engine.smallarea.quadratic import quadratic
from kelisim.engine.smallarea.terms import Terms, model_rows

POINTS = 67
"""Points of the hyperparameters; a prime, as the lattice wants."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Respondents collapsed to cells.

    Attributes
    ----------
    variables
        Shape (c, 1 + D): the occupied cells.
    counts
        Shape (K, c): respondents with each answer. K = 2 for yes and no.
    """

    variables: Codes
    counts: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """The posterior of one split.

    Attributes
    ----------
    draws
        Shape (m, draws): coefficients.
    points
        The integration rule over the hyperparameters.
    """

    draws: Floats
    points: Points


def collapse(variables: Codes, answers: NDArray[np.int64], kinds: int) -> Answers:
    """Return the respondents counted by cell and answer; answers are codes below ``kinds``."""
    sizes = variables.max(axis=0, initial=0).astype(np.int64) + 1
    place = np.ravel_multi_index(tuple(variables.T), tuple(sizes))
    _, first, inverse = np.unique(place, return_index=True, return_inverse=True)
    counts = np.bincount(answers * first.size + inverse, minlength=kinds * first.size)
    return Answers(variables[first], counts.reshape(kinds, first.size).astype(np.float64))


def fit_splits(
    answers: Answers, terms: Terms, prior: Prior, size: int, seed: int
) -> tuple[Fit, ...]:
    """Return the fits of the K - 1 splits: answer k against the answers after it.

    The splits of a categorical answer are independent given the coefficients, and their priors are
    too, so each is a yes-or-no model of its own (continuation-ratio logits).
    """
    rows = quadratic(model_rows(terms, answers.variables))
    left = np.cumsum(answers.counts[::-1], axis=0)[::-1]
    fits = []
    for split in range(len(left) - 1):
        counts = Counts(left[split], answers.counts[split], rows)
        rng = np.random.default_rng(stream_seed(seed, "mrp", split))
        points, modes = integrate(counts, prior, find_best(counts, prior), POINTS, rng)
        fits.append(Fit(posterior_draws(counts, modes, points.weights, size, rng), points))
    return tuple(fits)
