"""Where somebody stands given the statements as they are: the model's answer after each vote."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kelisim.engine.opinion.model import (
    Gaussian,
    IdealPoint,
    Priors,
    agreement,
    coordinates,
    curvature_of,
    passing,
    people_given,
)
from kelisim.engine.opinion.votes import Votes

MOST_ROUNDS = 30
TOLERANCE = 1e-3
"""Largest change of a coordinate, in prior standard deviations, at which the rounds end."""


def place_people(votes: Votes, model: IdealPoint, *, most_rounds: int = MOST_ROUNDS) -> Gaussian:
    """Return (a, e, u_1..u_K) of people given their votes and the posterior of the statements.

    The statements stay as they are, so that people do not move one another: what everybody gets
    between two fits of the model, also those who were not there when it was fitted. Who has not
    voted has the prior.

    Parameters
    ----------
    votes
        Of any people, on the statements of the model in its order.
    most_rounds
        After which the rounds end though the places still move.

    Returns
    -------
    Gaussian
        Mean (n, K + 2) and covariance (n, K + 2, K + 2).
    """
    votes, statements, priors = _voted_on(votes, model)
    questions = agreement(votes), passing(votes)
    people = prior_of_people(model, votes.shape[0])
    rounds, change = 0, np.inf
    while rounds < most_rounds and change > TOLERANCE:
        rounds += 1
        curvatures = [
            curvature_of(q, people.part(coordinates(c, model.dimensions)), statements[c])
            for c, q in enumerate(questions)
        ]
        before = people
        people = people_given(questions, curvatures, statements, priors)
        change = float(np.abs(people.mean - before.mean).max(initial=0.0))
    return people


def _voted_on(votes: Votes, model: IdealPoint) -> tuple[Votes, list[Gaussian], Priors]:
    """Return votes and statements without those nobody voted on, which say nothing of anybody.

    One person votes on few of many statements, and each round looks at every one that is left. The
    names stay as they are: nobody is placed by a name, and to choose among them costs more.
    """
    used, places = np.unique(votes.indices, return_inverse=True)
    narrowed = replace(votes, indices=places.astype(np.int32))
    asked = (model.agreeing, model.passing)
    statements = [Gaussian(one.mean[used], one.covariance[used]) for one in asked]
    return narrowed, statements, replace(model.priors, statements=len(used))


def prior_of_people(model: IdealPoint, count: int) -> Gaussian:
    """Return what is known of people who have not voted."""
    variances = np.concatenate([model.priors.habit, np.ones(model.dimensions)])
    return Gaussian(np.zeros((count, len(variances))), np.tile(np.diag(variances), (count, 1, 1)))
