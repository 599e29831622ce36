"""A poll drawn in the demo country: strata, settlements with PPS, people, and who answers.

Response depends on sex, age and settlement only, and by factors that multiply: given the margins
that the study rakes to (region by settlement, sex by age) it is ignorable, by construction. That is
declared, not discovered: real nonresponse need not be so kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from kelisim.engine.frame import Codes, Floats
from kelisim.study.demo.opinions import INCOME_POINTS, MOODS, Opinions
from kelisim.study.demo.population import CLASSES, Counts, DemoPopulation

DRAWS = 640
"""Settlements drawn, over all strata; each in the order of its draw is one PSU of the sample."""

LEAST_DRAWS = 6
"""Settlements drawn in the smallest stratum."""

ADDRESSES = 16
"""People asked in each drawn settlement; about six in ten answer."""

INCOME_ANSWERED = 0.92
"""Share of respondents who tell their income, whoever they are."""

SETTLEMENT_RESPONSE = np.array([0.50, 0.68])
"""Share answering in cities and in villages, before the factor of sex and age."""

SEX_AGE_RESPONSE = np.array([[0.90, 1.05, 1.20, 1.35], [0.70, 0.85, 1.00, 1.20]])
"""Factor for women and men by age."""


@dataclass(frozen=True, slots=True)
class Respondents:
    """The people who answered, in the order of the settlements drawn.

    Attributes
    ----------
    draw
        Shape (n,): the drawn settlement of each person, 0 to D-1, in the order of the strata. A
        settlement that is drawn twice is visited twice and counts as two PSUs.
    place
        Shape (n,): the settlement itself, a row of the population.
    people
        Shape (n,): the class of each person.
    base_weight
        Shape (n,): adults of the stratum over people asked in it.
    answers
        Item to shape (n,): the number of the answer, from 0.
    income
        Shape (n,): tenge a month, NaN where it was not told.
    """

    draw: Codes
    place: Codes
    people: Codes
    base_weight: Floats
    answers: dict[str, Codes]
    income: Floats


def draw_poll(rng: Generator, population: DemoPopulation, opinions: Opinions) -> Respondents:
    """Draw settlements with probability proportional to size, with replacement, then people."""
    size = population.counts.sum(axis=1)
    strata = np.bincount(population.stratum, weights=size).astype(np.float64)
    draws = allocate(strata, DRAWS, LEAST_DRAWS)
    place = _places(rng, population.stratum, size, draws)
    draw = np.repeat(np.arange(len(place)), ADDRESSES)
    people = _classes(rng, population.counts[place[draw]])
    base_weight = (strata / (draws * ADDRESSES))[population.stratum[place[draw]]]
    told = rng.random(len(draw)) < _response(population.settlement[place[draw]], people)
    draw, people, base_weight = draw[told], people[told], base_weight[told]
    answers, income = _answers(rng, opinions, place[draw], people)
    return Respondents(
        draw=draw.astype(np.int32),
        place=place[draw].astype(np.int32),
        people=people.astype(np.int32),
        base_weight=base_weight,
        answers=answers,
        income=income,
    )


def allocate(sizes: Floats, total: int, least: int) -> Counts:
    """Divide a number of draws among strata by the square root of their size.

    Power allocation (Bankier 1988) with power 1/2 lies between equal and proportional, so that
    small regions are not lost; what rounding leaves goes to the largest remainders.

    Returns
    -------
    Counts
        Shape (H,): at least ``least`` each, adding up to ``total``.
    """
    root = np.sqrt(sizes)
    wanted = least + (total - least * len(sizes)) * root / root.sum()
    number: Counts = np.floor(wanted).astype(np.int64)
    short = total - number.sum()
    number[np.argsort(number - wanted, kind="stable")[:short]] += 1
    return number


def _places(rng: Generator, stratum: Codes, size: Counts, draws: Counts) -> NDArray[np.int64]:
    """Draw settlements stratum by stratum, with replacement and probability by size."""
    chosen: list[NDArray[np.int64]] = []
    for h, number in enumerate(draws):
        members = np.flatnonzero(stratum == h)
        chosen.append(rng.choice(members, number, p=size[members] / size[members].sum()))
    return np.concatenate(chosen)


def _classes(rng: Generator, counts: Counts) -> NDArray[np.int64]:
    """Draw one person for every row of counts, each person of the settlement as likely."""
    reached = np.cumsum(counts, axis=1)
    person = rng.integers(reached[:, -1])
    return np.asarray((reached <= person[:, None]).sum(axis=1))


def _response(settlement: Codes, people: NDArray[np.int64]) -> Floats:
    sex_age = np.array([SEX_AGE_RESPONSE[sex, age] for sex, age, _ in CLASSES])
    return np.asarray(SETTLEMENT_RESPONSE[settlement] * sex_age[people])


def _answers(
    rng: Generator, opinions: Opinions, place: NDArray[np.int64], people: NDArray[np.int64]
) -> tuple[dict[str, Codes], Floats]:
    mood = rng.integers(len(MOODS), size=len(place))
    answers = {}
    for item, shares in opinions.shares.items():
        reached = np.cumsum(shares[place, people, mood], axis=1)[:, :-1]
        chosen = (reached <= rng.random(len(place))[:, None]).sum(axis=1)
        answers[item] = chosen.astype(np.int32)
    point = rng.integers(INCOME_POINTS, size=len(place))
    told = rng.random(len(place)) < INCOME_ANSWERED
    return answers, np.where(told, opinions.income[place, people, point], np.nan)
