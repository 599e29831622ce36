"""The ideal-point model of votes: where each person and each statement stands, and how surely.

    logit P(agree | agree or disagree) = a_i + b_s + u_i . w_s
    logit P(pass)                      = e_i + c_s + u_i . g_s

Participant i has one position u_i in K dimensions for both; a and e are a person's habit to agree
and to pass. Only votes that were cast enter: what was not shown is not missing agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import scipy.sparse as sp
from numba import njit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.spectrum import gram_product, principal_axes
from kelisim.engine.opinion.votes import AGREE, PASS, Indices, Pointers, Votes, keep

MOST_ROUNDS = 100
PLAIN_ROUNDS = 10
"""Rounds before the prior variances are learnt from the votes."""

TOLERANCE = 1e-3
"""Root mean square change of a position, in prior standard deviations, at which a fit ends."""

HABIT_VARIANCE, HABIT_COUNT = 0.5, 4.0
LOADING_COUNT = 20.0
LOADING_VARIANCE = (1.0, 0.3)
"""Prior variances of a loading, for agreement and for passing, worth `LOADING_COUNT` statements.

Without a prior the variational bound drives the loadings of a small conversation to zero."""
LEVEL_VARIANCE, LEVEL_COUNT = 2.0, 4.0


@dataclass(frozen=True, slots=True)
class Responses:
    """One yes-or-no question that the votes answer, with the same rows as the votes.

    Attributes
    ----------
    indptr, indices
        As in `Votes`.
    centred
        Shape (nnz,): 1/2 for yes, -1/2 for no.
    """

    indptr: Pointers
    indices: Indices
    centred: Floats


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Independent normal vectors.

    Attributes
    ----------
    mean
        Shape (r, d).
    covariance
        Shape (r, d, d).
    """

    mean: Floats
    covariance: Floats

    def part(self, columns: Indices) -> Gaussian:
        """Return the marginal of some coordinates."""
        return Gaussian(self.mean[:, columns], self.covariance[:, columns[:, None], columns])


@dataclass(frozen=True, slots=True)
class Priors:
    """Prior means and variances, learnt from the votes.

    Attributes
    ----------
    habit
        Shape (2,): variances of a and of e.
    loading
        Shape (2, K): variances of the loadings w and g along each dimension.
    level_mean, level
        Shape (2,): means and variances of b and of c.
    statements
        How many statements they were learnt from, m.
    """

    habit: Floats
    loading: Floats
    level_mean: Floats
    level: Floats
    statements: int


@dataclass(frozen=True, slots=True)
class IdealPoint:
    """The posterior of the model.

    Attributes
    ----------
    people
        (a, e, u_1..u_K) of each participant: mean (n, K + 2).
    agreeing, passing
        (b, w_1..w_K) and (c, g_1..g_K) of each statement: mean (m, K + 1).
    priors
        What was learnt about the priors.
    rounds
        Rounds of coordinate ascent.
    """

    people: Gaussian
    agreeing: Gaussian
    passing: Gaussian
    priors: Priors
    rounds: int

    @property
    def dimensions(self) -> int:
        """Return K."""
        return int(self.agreeing.mean.shape[1]) - 1


def ideal_point(
    votes: Votes,
    dimensions: int,
    *,
    tolerance: float = TOLERANCE,
    start: IdealPoint | None = None,
) -> IdealPoint:
    """Return the variational posterior of the ideal-point model.

    Coordinate ascent on the Jaakkola-Jordan bound, from a spectral start without random numbers.
    Statements weigh each vote by the participant's weight, scaled to mean 1; each person's own
    position rests on the person's votes alone.

    Parameters
    ----------
    dimensions
        K, at least 1.
    tolerance
        Root mean square change of a person's coordinates between rounds at which to stop.
    start
        A model of the same people, statements and dimensions to begin from.

    References
    ----------
    Jaakkola, Jordan (2000), Bayesian parameter estimation via variational methods, Statistics and
    Computing 10, 25-37. Clinton, Jackman, Rivers (2004), The analysis of roll calls.
    """
    weights = votes.weights / votes.weights.mean()
    votes = replace(votes, weights=weights)
    questions = agreement(votes), passing(votes)
    if start is None:
        people, statements, priors = _start(votes, questions, dimensions)
    else:
        people, statements, priors = start.people, [start.agreeing, start.passing], start.priors
    plain = PLAIN_ROUNDS if start is None else 0
    rounds, change = 0, np.inf
    while rounds < MOST_ROUNDS and change > tolerance:
        rounds += 1
        curvatures = [
            curvature_of(q, people.part(coordinates(c, dimensions)), statements[c])
            for c, q in enumerate(questions)
        ]
        before, people = people, people_given(questions, curvatures, statements, priors)
        statements = [
            _statements(
                q, curvatures[c], people.part(coordinates(c, dimensions)), weights, priors, c
            )
            for c, q in enumerate(questions)
        ]
        if rounds > plain:
            priors = _learnt(people, statements, weights)
            change = float(np.sqrt(np.sum((people.mean - before.mean) ** 2) / people.mean.size))
    return IdealPoint(people, statements[0], statements[1], priors, rounds)


def agreement(votes: Votes) -> Responses:
    """Return the question 'agree or disagree?', for the votes that are not passes."""
    judged = keep(votes, votes.signs != PASS)
    return Responses(judged.indptr, judged.indices, np.where(judged.signs == AGREE, 0.5, -0.5))


def passing(votes: Votes) -> Responses:
    """Return the question 'passed?', for all votes."""
    return Responses(votes.indptr, votes.indices, np.where(votes.signs == PASS, 0.5, -0.5))


def coordinates(question: int, dimensions: int) -> Indices:
    """Return the coordinates of a person that a question depends on: the habit and the position."""
    return np.concatenate(([question], np.arange(2, dimensions + 2)))


def _start(
    votes: Votes, questions: tuple[Responses, Responses], dimensions: int
) -> tuple[Gaussian, list[Gaussian], Priors]:
    n, m = votes.shape
    axes = principal_axes(keep(votes, votes.signs != PASS), dimensions, tolerance=1e-6)
    scores = gram_product(votes, axes.means, axes.loadings)[1]
    size = np.sqrt(np.maximum(axes.variances, 1e-12) / max(n, 1))
    mean = np.zeros((n, dimensions + 2))
    mean[:, 2:] = scores / size
    people = Gaussian(mean, np.tile(np.eye(dimensions + 2) * 0.1, (n, 1, 1)))
    statements = []
    for question, responses in enumerate(questions):
        start = np.zeros((m, dimensions + 1))
        start[:, 0] = _log_odds(responses, m)
        if question == 0:
            # A vote runs from -1 to 1, and moves by 2 p (1 - p), about 1/2, for a unit of log-odds.
            start[:, 1:] = axes.loadings * size * 2
        statements.append(Gaussian(start, np.tile(np.eye(dimensions + 1) * 0.1, (m, 1, 1))))
    priors = Priors(
        np.full(2, HABIT_VARIANCE),
        np.tile(np.array(LOADING_VARIANCE)[:, None], dimensions),
        np.array([s.mean[:, 0].mean() if m else 0.0 for s in statements]),
        np.full(2, LEVEL_VARIANCE),
        m,
    )
    return people, statements, priors


def _log_odds(responses: Responses, m: int) -> Floats:
    yes = np.bincount(responses.indices, responses.centred + 0.5, m)
    count = np.bincount(responses.indices, minlength=m)
    return np.asarray(np.log((yes + 0.5) / (count - yes + 0.5)), np.float64)


@cache
def _upper(size: int) -> tuple[Indices, Indices]:
    return np.triu_indices(size)


def _moments(own: Gaussian) -> Floats:
    """Return E[x x'] of x = (level, 1, slopes), upper triangle by rows, shape (r, p)."""
    d = own.mean.shape[1]
    at = np.delete(np.arange(d + 1), 1)
    x = np.ones((len(own.mean), d + 1))
    x[:, at] = own.mean
    full = x[:, :, None] * x[:, None, :]
    full[:, at[:, None], at] += own.covariance
    rows, columns = _upper(d + 1)
    return np.ascontiguousarray(full[:, rows, columns])


def _crossed(moments: Floats, d: int) -> Floats:
    """Return moments with level and 1 changing places, off-diagonals doubled, for a dot product."""
    upper = np.stack(_upper(d + 1))
    swap = np.arange(d + 1)
    swap[:2] = 1, 0
    swapped = np.sort(swap[upper], axis=0)
    position = np.zeros((d + 1, d + 1), np.int64)
    position[upper[0], upper[1]] = np.arange(upper.shape[1])
    twice = np.where(upper[0] == upper[1], 1.0, 2.0)
    return np.ascontiguousarray(moments[:, position[swapped[0], swapped[1]]] * twice)


def curvature_of(responses: Responses, people: Gaussian, statements: Gaussian) -> Floats:
    """Return omega = tanh(c / 2) / (2 c) with c^2 = E[psi^2], for each response."""
    crossed = _crossed(_moments(people), people.mean.shape[1])
    return _curvature(responses.indptr, responses.indices, crossed, _moments(statements))


@njit(cache=True)
def _curvature(indptr: Pointers, indices: Indices, people: Floats, statements: Floats) -> Floats:
    omega = np.empty(indices.size)
    p = people.shape[1]
    for i in range(indptr.size - 1):
        for k in range(indptr[i], indptr[i + 1]):
            square = 0.0
            for q in range(p):
                square += people[i, q] * statements[indices[k], q]
            c = np.sqrt(max(square, 1e-12))
            omega[k] = np.tanh(c / 2) / (2 * c)
    return omega


def _sums(matrix: sp.csr_array, other: Gaussian, pull: sp.csr_array) -> tuple[Floats, Floats]:
    """Return the precision (r, d, d) and the right side (r, d) that the votes add to one side."""
    d = other.mean.shape[1]
    packed = matrix @ _moments(other)
    full = np.empty((packed.shape[0], d + 1, d + 1))
    rows, columns = _upper(d + 1)
    full[:, rows, columns] = packed
    full[:, columns, rows] = packed
    slopes = other.mean.copy()
    slopes[:, 0] = 1.0
    return full[:, 1:, 1:], pull @ slopes - full[:, 0, 1:]


def _sparse(responses: Responses, values: Floats, m: int) -> sp.csr_array:
    return sp.csr_array(
        (values, responses.indices, responses.indptr), shape=(len(responses.indptr) - 1, m)
    )


def people_given(
    questions: tuple[Responses, Responses],
    curvatures: list[Floats],
    statements: list[Gaussian],
    priors: Priors,
) -> Gaussian:
    """Return the posterior of everybody's coordinates, given the statements and the curvatures."""
    n, dimensions = len(questions[0].indptr) - 1, priors.loading.shape[1]
    m = priors.statements
    precision = np.tile(np.diag(np.concatenate([1 / priors.habit, np.ones(dimensions)])), (n, 1, 1))
    right = np.zeros((n, dimensions + 2))
    for c, responses in enumerate(questions):
        at = coordinates(c, dimensions)
        added, pulled = _sums(
            _sparse(responses, curvatures[c], m),
            statements[c],
            _sparse(responses, responses.centred, m),
        )
        precision[:, at[:, None], at] += added
        right[:, at] += pulled
    return _solved(precision, right)


def _statements(
    responses: Responses,
    curvature: Floats,
    people: Gaussian,
    weights: Floats,
    priors: Priors,
    question: int,
) -> Gaussian:
    variances = np.concatenate([[priors.level[question]], priors.loading[question]])
    heavy = np.repeat(weights, np.diff(responses.indptr))
    m = priors.statements
    precision, right = _sums(
        _sparse(responses, curvature * heavy, m).T.tocsr(),
        people,
        _sparse(responses, responses.centred * heavy, m).T.tocsr(),
    )
    right[:, 0] += priors.level_mean[question] / priors.level[question]
    return _solved(precision + np.diag(1 / variances), right)


def _solved(precision: Floats, right: Floats) -> Gaussian:
    covariance = np.asarray(np.linalg.inv(precision), np.float64)
    return Gaussian(np.einsum("rde,re->rd", covariance, right), covariance)


def _learnt(people: Gaussian, statements: list[Gaussian], weights: Floats) -> Priors:
    """Return the priors that maximise the bound under scaled inverse chi-square hyperpriors."""
    habits = people.part(np.arange(2))
    squares = habits.mean**2 + np.diagonal(habits.covariance, axis1=1, axis2=2)
    habit = (HABIT_COUNT * HABIT_VARIANCE + np.einsum("n,nc->c", weights, squares)) / (
        HABIT_COUNT + weights.sum()
    )
    loading, means, level = [], [], []
    m = len(statements[0].mean)
    for own, guess in zip(statements, LOADING_VARIANCE, strict=True):
        spread = own.mean**2 + np.diagonal(own.covariance, axis1=1, axis2=2)
        loading.append((LOADING_COUNT * guess + spread[:, 1:].sum(axis=0)) / (LOADING_COUNT + m))
        means.append(own.mean[:, 0].mean())
        around = spread[:, 0] - 2 * means[-1] * own.mean[:, 0] + means[-1] ** 2
        level.append((LEVEL_COUNT * LEVEL_VARIANCE + around.sum()) / (LEVEL_COUNT + m))
    return Priors(habit, np.array(loading), np.array(means), np.array(level), m)
