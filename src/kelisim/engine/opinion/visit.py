"""What a page does for one visitor between two maps of everybody: own place, next statement.

The statements stay as they were at the last map or fit; only the visitor moves. Everything is by
name, and what is kept between two fits is a document of plain numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.errors import ValueRefused, VotesRefused
from kelisim.engine.frame import Floats
from kelisim.engine.opinion.map import LiveMap, own_place
from kelisim.engine.opinion.model import Gaussian, IdealPoint, Priors
from kelisim.engine.opinion.placing import place_people
from kelisim.engine.opinion.router import CONTROL, draw, information_told, route
from kelisim.engine.opinion.spectrum import Axes
from kelisim.engine.opinion.votes import Indices, Signs, Votes, brief


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands on the map, with standard errors.

    Attributes
    ----------
    x, y
        The mean of the place on the axes of the map.
    x_se, y_se
        Its standard deviations, given the axes.
    n_votes
        How many votes it rests on; votes on statements that the map does not know yet are left out.
    """

    x: float
    y: float
    x_se: float
    y_se: float
    n_votes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The statements as the last fit left them.

    Attributes
    ----------
    statements
        Names of the m statements.
    model
        The fitted model; its people are not needed and may be none.
    """

    statements: pl.Series
    model: IdealPoint


@dataclass(frozen=True, slots=True)
class Display:
    """A statement to be shown, as it is to be logged.

    Attributes
    ----------
    statement
        Its name.
    probability
        With which it was drawn.
    even
        Whether it belongs to the even control draws.
    """

    statement: str
    probability: float
    even: bool


def place_one(current: LiveMap, votes: Mapping[str, int]) -> Place:
    """Return where one person stands after each vote, on everybody's map as it is.

    Parameters
    ----------
    votes
        The person's votes so far by statement: 1 agree, 0 pass, -1 disagree.

    Raises
    ------
    ValueRefused
        A vote is not one of the three.
    VotesRefused
        There is no vote on a statement of the map: nobody is placed without one.
    """
    indices, signs = _known(current.statements, votes)
    if not indices.size:
        raise VotesRefused(
            "There is no vote to place the person by.",
            why="A place is shown from the first vote on.",
            do="Wait for a vote on a statement of the map.",
        )
    place, error = own_place(current, indices, signs)
    return Place(float(place[0]), float(place[1]), float(error[0]), float(error[1]), len(indices))


def next_statement(
    standing: Standing,
    votes: Mapping[str, int],
    offered: Collection[str],
    n_votes: Mapping[str, int],
    rng: np.random.Generator,
    *,
    control: float = CONTROL,
) -> Display:
    """Draw the statement that a person sees next, with the probability to be logged.

    Parameters
    ----------
    votes
        The person's votes so far.
    offered
        Accepted statements that the person has not voted on; also those that came after the fit.
    n_votes
        How many votes each statement on offer has; 0 where it is not named.

    Raises
    ------
    ValueRefused
        Nothing is on offer, or the control share is not in (0, 1].
    """
    names = pl.Series(sorted(offered), dtype=pl.String)
    fresh = names.filter(~names.is_in(standing.statements.implode()))
    wider = _widened(standing, fresh)
    place = {name: j for j, name in enumerate(wider.statements)}
    at = np.array(sorted(place[name] for name in names), np.int64)
    counts = np.zeros(len(place))
    counts[at] = [float(n_votes.get(wider.statements[int(j)], 0)) for j in at]
    drawn = draw(route(wider.model, _placed(wider, votes), at, counts, control=control), rng)
    return Display(wider.statements[drawn.statement], drawn.probability, drawn.even)


def vote_told(standing: Standing, votes: Mapping[str, int], statement: str, vote: int) -> float:
    """Return what a vote has told about the person beyond the votes before it, in nats.

    The outcome of a display for `monitor_routing`; 0 on a statement that came after the fit.
    """
    before = {name: sign for name, sign in votes.items() if name != statement}
    after = _placed(standing, before | {statement: vote})
    return information_told(_placed(standing, before), after)


def _placed(standing: Standing, votes: Mapping[str, int]) -> Gaussian:
    return place_people(_alone(standing.statements, votes), standing.model)


def _alone(statements: pl.Series, votes: Mapping[str, int]) -> Votes:
    indices, signs = _known(statements, votes)
    pointers = np.array([0, len(indices)])
    return Votes(pl.Series([""]), statements, pointers, indices, signs, np.ones(1))


def _known(statements: pl.Series, votes: Mapping[str, int]) -> tuple[Indices, Signs]:
    """Return the votes on statements that are known, in their order."""
    for name, vote in votes.items():
        if vote not in (-1, 0, 1):
            raise ValueRefused(
                f"A vote is {vote}.",
                where=f"statement '{brief(name)}'",
                why="A vote is 1 (agree), 0 (pass) or -1 (disagree).",
                do="Send one of the three.",
            )
    named = statements.is_in(list(votes))
    indices = named.arg_true().to_numpy().astype(np.int32)
    return indices, np.array([votes[name] for name in statements.filter(named)], np.int8)


def _widened(standing: Standing, fresh: pl.Series) -> Standing:
    """Return the statements with new ones behind them, of which only the prior is known."""
    if fresh.is_empty():
        return standing
    model, count = standing.model, len(fresh)
    widened = replace(
        model,
        agreeing=_with_prior(model.agreeing, model.priors, 0, count),
        passing=_with_prior(model.passing, model.priors, 1, count),
        priors=replace(model.priors, statements=model.priors.statements + count),
    )
    return Standing(pl.concat([standing.statements, fresh]), widened)


def _with_prior(known: Gaussian, priors: Priors, question: int, count: int) -> Gaussian:
    mean = np.zeros((count, known.mean.shape[1]))
    mean[:, 0] = priors.level_mean[question]
    variances = np.append(priors.level[question], priors.loading[question])
    return Gaussian(
        np.vstack([known.mean, mean]),
        np.concatenate([known.covariance, np.tile(np.diag(variances), (count, 1, 1))]),
    )


def map_document(current: LiveMap) -> dict[str, Any]:
    """Return what `place_one` needs of a map, as plain numbers and names."""
    return {
        "statements": current.statements.to_list(),
        "means": current.axes.means.tolist(),
        "loadings": current.axes.loadings.tolist(),
        "variances": current.axes.variances.tolist(),
        "spread": current.spread.tolist(),
        "noise": float(current.noise),
    }


def map_from(document: Mapping[str, Any]) -> LiveMap:
    """Return the map of a `map_document`, without the places of anybody."""
    names = ("means", "loadings", "variances")
    means, loadings, variances = (_floats(document[name]) for name in names)
    axes = Axes(means, loadings, variances, 0)
    return LiveMap(
        axes,
        pl.Series("statement", document["statements"], pl.String),
        np.empty((0, 2)),
        np.empty((0, 2)),
        _floats(document["spread"]),
        float(document["noise"]),
    )


def standing_document(standing: Standing) -> dict[str, Any]:
    """Return what `next_statement` needs of a fit, as plain numbers and names."""
    model, priors = standing.model, standing.model.priors
    return {
        "statements": standing.statements.to_list(),
        **{
            question: {"mean": own.mean.tolist(), "covariance": own.covariance.tolist()}
            for question, own in (("agreeing", model.agreeing), ("passing", model.passing))
        },
        "habit": priors.habit.tolist(),
        "loading": priors.loading.tolist(),
        "level_mean": priors.level_mean.tolist(),
        "level": priors.level.tolist(),
    }


def standing_from(document: Mapping[str, Any]) -> Standing:
    """Return the statements of a `standing_document`."""
    agreeing, passing = (
        Gaussian(_floats(document[q]["mean"]), _floats(document[q]["covariance"]))
        for q in ("agreeing", "passing")
    )
    names = ("habit", "loading", "level_mean", "level")
    habit, loading, level_mean, level = (_floats(document[name]) for name in names)
    priors = Priors(habit, loading, level_mean, level, len(document["statements"]))
    size = len(priors.habit) + priors.loading.shape[1]
    nobody = Gaussian(np.empty((0, size)), np.empty((0, size, size)))
    statements = pl.Series("statement", document["statements"], pl.String)
    return Standing(statements, IdealPoint(nobody, agreeing, passing, priors, 0))


def _floats(values: Any) -> Floats:
    return np.asarray(values, np.float64)
