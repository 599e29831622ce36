"""What the people of the demo country would answer: shares by settlement, class and mood.

SIMULATED throughout: the differences between regions are drawn by chance and say nothing about any
real region, akim or government.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from scipy.special import ndtri

from kelisim.engine.frame import Floats
from kelisim.study.demo.population import CLASSES, REGION_CODES, DemoPopulation

MOODS = np.array([-1.0, 0.0, 1.0])
"""A person's mood moves all answers together; within a class the three moods are as frequent."""

INCOME_POINTS = 20
"""The household of a person has one of so many equally frequent incomes of its class."""

_CLASS = np.array(CLASSES)


@dataclass(frozen=True, slots=True)
class _Leaning:
    """How answers follow from a leaning theta: the log share of answer k is base_k + slope_k theta.

    This is the stereotype form of the multinomial logit (Anderson 1984). ``region`` and ``place``
    are the standard deviations of theta between regions and between settlements, ``mood`` is the
    weight of a person's mood, ``by_age`` and ``urban`` shift theta.
    """

    base: tuple[float, ...]
    slope: tuple[float, ...]
    region: float
    place: float
    mood: float
    by_age: tuple[float, float, float, float]
    urban: float


_LEANINGS: Mapping[str, _Leaning] = MappingProxyType(
    {
        "akim": _Leaning(
            (0.2, 0.9, 0.3, -0.5, -0.9), (1.0, 0.5, -0.5, -1.0, 0.0),
            0.5, 0.35, 0.7, (-0.2, -0.1, 0.1, 0.3), -0.2,
        ),
        "trust": _Leaning(
            (0.3, 0.8, 0.2, -0.6, -0.8), (1.0, 0.5, -0.5, -1.0, 0.0),
            0.3, 0.3, 0.7, (-0.3, -0.1, 0.1, 0.4), -0.3,
        ),
        "life": _Leaning(
            (0.1, 0.6, -0.3, -1.8), (1.0, 0.0, -1.0, 0.0),
            0.3, 0.3, 0.8, (0.5, 0.2, -0.2, -0.4), 0.1,
        ),
        "media": _Leaning(
            (0.2, -1.4, -0.8, 0.2, 0.5), (-1.2, -1.0, -0.4, 0.6, 1.0),
            0.2, 0.3, 0.0, (1.1, 0.5, -0.4, -1.3), 0.3,
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinions:
    """Answers of the population of the demo country.

    Attributes
    ----------
    shares
        Item to an array (P, C, 3, K): the share of each of the K answers in each settlement, class
        and mood; sums to 1 over K.
    income
        Shape (P, C, 20): the equally frequent monthly incomes of households, whole thousands of
        tenge.
    """

    shares: Mapping[str, Floats]
    income: Floats


def simulate_opinions(rng: Generator, population: DemoPopulation) -> Opinions:
    """Draw what the people of each settlement and class would answer."""
    shares = {
        item: _shares(leaning, _theta(rng, leaning, population))
        for item, leaning in _LEANINGS.items()
    }
    return Opinions(MappingProxyType(shares), _income(rng, population))


def _theta(rng: Generator, leaning: _Leaning, population: DemoPopulation) -> Floats:
    """Return the leaning of each settlement and class before mood, shape (P, C)."""
    region = rng.normal(0.0, leaning.region, len(REGION_CODES))
    place = rng.normal(0.0, leaning.place, len(population.region))
    urban = np.where(population.settlement == 0, leaning.urban, 0.0)
    of_settlement = region[population.region] + place + urban
    return np.asarray(of_settlement[:, None] + np.array(leaning.by_age)[_CLASS[:, 1]])


def _shares(leaning: _Leaning, theta: Floats) -> Floats:
    moved = theta[:, :, None] + leaning.mood * MOODS
    weight = np.exp(np.array(leaning.base) + np.array(leaning.slope) * moved[..., None])
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _income(rng: Generator, population: DemoPopulation) -> Floats:
    """Return log-normal incomes by their 20 middle quantiles, rounded to thousands of tenge."""
    region = rng.normal(0.0, 0.15, len(REGION_CODES))
    place = rng.normal(0.0, 0.12, len(population.region))
    urban = np.where(population.settlement == 0, 0.2, 0.0)
    by_class = np.array([0.0, 0.1, 0.1, -0.25])[_CLASS[:, 1]]
    middle = (region[population.region] + place + urban)[:, None] + by_class
    quantile = ndtri((np.arange(INCOME_POINTS) + 0.5) / INCOME_POINTS)
    return np.asarray(np.rint(320 * np.exp(middle[..., None] + 0.5 * quantile)) * 1000)
