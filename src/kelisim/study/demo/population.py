"""The people of the demo country: settlements in twenty regions, adults by sex, age and group.

Every settlement is a primary sampling unit, and lies in one stratum: the urban or the rural part of
one region. SIMULATED: only the sizes of the regions and the national shares of urban people and of
ethnic groups are facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from kelisim.core.regions import REGIONS
from kelisim.engine.frame import Codes, Floats
from kelisim.study.demo.facts import (
    AGES,
    GROUPS,
    PUBLISHED_GROUPS,
    PUBLISHED_URBAN,
    SETTLEMENTS,
    SEXES,
    SIMULATED_ADULTS,
    SIMULATED_AGES,
    SIMULATED_GROUPS,
    SIMULATED_SETTLEMENT_SIZE,
    SIMULATED_URBAN,
)

Counts = NDArray[np.int64]

REGION_CODES = tuple(region.iso for region in REGIONS)
CLASSES = tuple(product(range(len(SEXES)), range(len(AGES)), range(len(GROUPS))))
"""Sex, age and group of each class of people, as codes into the tuples of `facts`."""

EVENNESS = 12.0
"""Concentration of the Dirichlet draw of a settlement's groups; larger is more even."""


@dataclass(frozen=True, slots=True)
class DemoPopulation:
    """Adults of the demo country by settlement and class.

    Attributes
    ----------
    region
        Shape (P,): the region of each settlement, a code into `REGION_CODES`.
    settlement
        Shape (P,): 0 urban, 1 rural.
    stratum
        Shape (P,): the stratum of each settlement, 0 to 36, in the order of the settlements.
    counts
        Shape (P, C): adults in each settlement of each of the C `CLASSES`.
    """

    region: Codes
    settlement: Codes
    stratum: Codes
    counts: Counts


def simulate_population(rng: Generator) -> DemoPopulation:
    """Draw the settlements of every stratum and the people in them."""
    adults = stratum_adults()
    region, settlement = np.nonzero(adults)
    mean_size = np.array([SIMULATED_SETTLEMENT_SIZE[name] for name in SETTLEMENTS])
    number = np.maximum(8, adults[region, settlement] // mean_size[settlement])
    stratum = np.repeat(np.arange(len(region)), number)
    size = np.concatenate(
        [
            _sizes(rng, int(adults[r, s]), m)
            for r, s, m in zip(region, settlement, number, strict=True)
        ]
    )
    composition = _composition(rng, group_shares()[region[stratum]])
    return DemoPopulation(
        region=region[stratum].astype(np.int32),
        settlement=settlement[stratum].astype(np.int32),
        stratum=stratum.astype(np.int32),
        counts=rng.multinomial(size, composition),
    )


def stratum_adults() -> Counts:
    """Return the adults of each region in cities and in villages, shape (20, 2).

    The urban shares of the oblasts are scaled so that the country has the published urban total.
    """
    people = np.array([region.population.count for region in REGIONS])
    start = np.array([SIMULATED_URBAN.get(code, 1.0) for code in REGION_CODES])
    oblast = start < 1
    urban_in_oblasts = PUBLISHED_URBAN - people[~oblast].sum()
    scale = urban_in_oblasts / (people * start)[oblast].sum()
    share = np.where(oblast, start * scale, 1.0)
    urban = np.rint(people * share * SIMULATED_ADULTS).astype(np.int64)
    rural = np.rint(people * (1 - share) * SIMULATED_ADULTS).astype(np.int64)
    return np.column_stack([urban, rural])


def group_shares() -> Floats:
    """Return the shares of ethnic groups in each region, shape (20, 3), rows summing to 1.

    The starting shares are fitted to the published national shares, region sizes held
    (iterative proportional fitting; Deming and Stephan 1940).
    """
    people = np.array([region.population.count for region in REGIONS], dtype=np.float64)
    national = np.array([PUBLISHED_GROUPS[group] for group in GROUPS]) * people.sum()
    table = np.array([SIMULATED_GROUPS[code] for code in REGION_CODES]) * people[:, None]
    for _ in range(100):
        table *= national / table.sum(axis=0)
        table *= (people / table.sum(axis=1))[:, None]
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _sizes(rng: Generator, adults: int, number: int) -> Counts:
    """Divide the adults of a stratum among its settlements, unequally, none below 100 or so."""
    shares = rng.lognormal(0.0, 0.5, number)
    least = min(100, adults // (2 * number))
    return least + rng.multinomial(adults - least * number, shares / shares.sum())


def _composition(rng: Generator, groups: Floats) -> Floats:
    """Return the share of each class in each settlement, shape (P, C).

    Settlements of a region differ in their groups, so that neighbours are alike: a Dirichlet draw,
    whose mean is the share of the group in the region.
    """
    uneven = rng.standard_gamma(EVENNESS * groups)
    uneven /= uneven.sum(axis=1, keepdims=True)
    sex_age = np.array([_share_of(sex, age) for sex, age, _ in CLASSES])
    return np.asarray(sex_age * uneven[:, [group for _, _, group in CLASSES]])


def _share_of(sex: int, age: int) -> float:
    of_adults, women = SIMULATED_AGES[AGES[age]]
    return of_adults * (women if SEXES[sex] == "female" else 1 - women)
