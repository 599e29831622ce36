"""Which statement a participant sees next, with what probability, and whether it is worth it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import Gaussian, IdealPoint, coordinates
from kelisim.engine.opinion.placing import prior_of_people
from kelisim.engine.opinion.prediction import log_odds
from kelisim.engine.opinion.votes import Indices

CONTROL = 0.15
"""Share of displays that are drawn evenly, as a sample to compare with."""

SHARPNESS = 12.0
"""How much more likely a statement is shown per unit of gain, relative to the largest gain: one of
nine tenths of it is shown a third as often."""

FAIR = 0.25
"""Share of the routed displays that new statements get while one of them has no vote."""

FRESH = 20.0
"""Votes at which a statement is half as new."""

MONITORED = 200
"""Displays of each kind before the monitor speaks."""

WINDOW = 1_500
"""Displays that are looked at: the latest."""

ALARM = 0.05
"""Chance of so good a routing, were it no better than even draws, above which it is an alarm."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The chances of display of the statements one participant has not seen.

    Attributes
    ----------
    statements
        Shape (q,): positions of the statements on offer.
    probabilities
        Shape (q,): with which each is drawn; every one is positive, and they sum to 1.
    gains
        Shape (q,): expected information about the participant, in nats.
    control
        The share of even draws within the probabilities.
    """

    statements: Indices
    probabilities: Floats
    gains: Floats
    control: float


def route(
    model: IdealPoint,
    participant: int | Gaussian | None,
    offered: Indices,
    n_votes: Floats,
    *,
    control: float = CONTROL,
) -> Routing:
    """Return the probability with which each statement on offer should be shown next.

    A share ``control`` is even. Of the rest, a part goes to statements in proportion to how new
    they are, FRESH / (FRESH + votes): the mean of it over the statements, so that nothing is routed
    by opinions that are not yet known, and at least `FAIR` as long as one has no vote. What is left
    goes by what a vote is expected to tell about the participant.

    Parameters
    ----------
    participant
        Position in the model; or the one row that `place_people` gives for the votes so far; or
        None for somebody new.
    offered
        Positions of the accepted statements that the participant has not voted on.
    n_votes
        Shape (m,): votes that each statement has.

    Raises
    ------
    ValueRefused
        Nothing is on offer, or the control share is not in (0, 1].
    """
    if not offered.size:
        raise ValueRefused(
            "There is no statement left to show.", do="Thank the participant, who has seen all."
        )
    if not 0 < control <= 1:
        raise ValueRefused(
            f"The control share is {control}.",
            why="Without even draws nobody can tell whether the routing helps.",
            do="Choose a share above 0 and up to 1, such as 0.15.",
        )
    gains = information_gain(model, participant, offered)
    relative = gains / max(float(gains.max()), np.finfo(float).tiny)
    pull = np.exp(SHARPNESS * (relative - 1))
    new = FRESH / (FRESH + n_votes[offered])
    fair = max(FAIR * float(new.max()), float(new.mean()))
    routed = (1 - fair) * pull / pull.sum() + fair * new / new.sum()
    return Routing(offered, control / len(offered) + (1 - control) * routed, gains, control)


def information_gain(
    model: IdealPoint, participant: int | Gaussian | None, offered: Indices
) -> Floats:
    """Return what one agree-or-disagree vote is expected to tell about the person, shape (q,).

    Half the logarithm of how much the variance of habit and position shrinks under the bound of
    the model: log(1 + omega w'Sw) / 2.
    """
    person = _person(model, participant).part(coordinates(0, model.dimensions))
    odds = log_odds(person, model.agreeing, np.zeros(len(offered), np.int64), offered)
    c = np.sqrt(odds.mean**2 + odds.variance + np.finfo(float).tiny)
    omega = np.tanh(c / 2) / (2 * c)
    y = model.agreeing.mean[offered].copy()
    y[:, 0] = 1.0
    variance = np.einsum("qd,de,qe->q", y, person.covariance[0], y)
    return np.asarray(0.5 * np.log1p(omega * variance), np.float64)


def _person(model: IdealPoint, participant: int | Gaussian | None) -> Gaussian:
    if isinstance(participant, Gaussian):
        return participant
    if participant is None:
        return prior_of_people(model, 1)
    at = slice(participant, participant + 1)
    return Gaussian(model.people.mean[at], model.people.covariance[at])


@dataclass(frozen=True, slots=True)
class Drawn:
    """The statement that is shown, as it is logged.

    Attributes
    ----------
    statement
        Position of the statement.
    probability
        With which it was drawn, whichever way.
    even
        Whether this display belongs to the control share.
    """

    statement: int
    probability: float
    even: bool


def draw(routing: Routing, rng: np.random.Generator) -> Drawn:
    """Draw the next statement: an even draw with the chance of the control share, else routed."""
    q = len(routing.statements)
    even = bool(rng.random() < routing.control)
    routed = (routing.probabilities - routing.control / q) / max(1 - routing.control, 1e-12)
    routed = np.maximum(routed, 0.0)
    at = int(rng.integers(q) if even else rng.choice(q, p=routed / routed.sum()))
    return Drawn(int(routing.statements[at]), float(routing.probabilities[at]), even)


def information_told(before: Gaussian, after: Gaussian) -> float:
    """Return what a vote has told about one person, in nats: the outcome of a display.

    Half the logarithm of how much the covariance of habit and position has shrunk; 0 for who has
    not voted. Both are one row of `place_people`, without and with the vote.
    """
    at = np.concatenate(([0], np.arange(2, before.mean.shape[1])))
    sizes = [float(np.linalg.slogdet(p.part(at).covariance[0])[1]) for p in (before, after)]
    return max(sizes[0] - sizes[1], 0.0) / 2


@dataclass(frozen=True, slots=True)
class RoutingReport:
    """Whether routed displays have told more than even draws.

    Attributes
    ----------
    routed, control
        Mean outcome of displays of each kind.
    p_value
        One-sided, of a difference at least as large if routing were even.
    alarm
        True if, with enough displays of both kinds, routing is not shown to be better.
    note
        A sentence.
    """

    routed: float
    control: float
    p_value: float
    alarm: bool
    note: str


def monitor_routing(outcomes: Floats, drawn_evenly: NDArray[np.bool_]) -> RoutingReport:
    """Compare the outcomes of routed displays with those of the even control draws.

    Parameters
    ----------
    outcomes
        Shape (q,): what each display brought, such as `information_told` by its vote, or 0 where no
        vote was cast. It is the outcome that is watched, not the intention of the router. Give the
        last `WINDOW` displays, so that a fault is not hidden by better days before it.
    drawn_evenly
        Shape (q,): whether the display belongs to the control share.
    """
    routed, control = outcomes[~drawn_evenly], outcomes[drawn_evenly]
    if min(len(routed), len(control)) < MONITORED:
        return RoutingReport(
            _mean(routed), _mean(control), float("nan"), False, "Too few displays to judge yet."
        )
    error = np.sqrt(routed.var(ddof=1) / len(routed) + control.var(ddof=1) / len(control))
    z = (routed.mean() - control.mean()) / max(float(error), np.finfo(float).tiny)
    p = float(ndtr(-z))
    alarm = p > ALARM
    note = (
        "Routing is no better than even draws." if alarm else "Routing tells more than even draws."
    )
    return RoutingReport(_mean(routed), _mean(control), p, alarm, note)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
