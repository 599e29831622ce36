"""The demo country keeps the few published facts; all the rest of it is made up."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.regions import KAZAKHSTAN, REGIONS, region
from kelisim.study.demo import facts
from kelisim.study.demo.population import (
    CLASSES,
    REGION_CODES,
    DemoPopulation,
    group_shares,
    simulate_population,
    stratum_adults,
)


@pytest.fixture(scope="module")
def population() -> DemoPopulation:
    return simulate_population(np.random.default_rng(1))


def share(code: str, group: str) -> float:
    return float(group_shares()[REGION_CODES.index(code), facts.GROUPS.index(group)])


def people(code: str, group: str) -> float:
    return share(code, group) * region(code).population.count


def test_adults_are_one_share_of_the_people_of_every_region() -> None:
    by_region = stratum_adults().sum(axis=1)
    expected = [facts.SIMULATED_ADULTS * place.population.count for place in REGIONS]
    np.testing.assert_allclose(by_region, expected, atol=1)


def test_as_many_live_in_cities_as_was_published() -> None:
    assert KAZAKHSTAN.population.count == facts.PUBLISHED_POPULATION
    urban = stratum_adults()[:, 0].sum() / facts.SIMULATED_ADULTS
    assert urban == pytest.approx(facts.PUBLISHED_URBAN, abs=20)


def test_cities_of_republican_significance_have_no_villages() -> None:
    rural = dict(zip(REGION_CODES, stratum_adults()[:, 1].tolist(), strict=True))
    assert {code for code, adults in rural.items() if adults == 0} == {"KZ-71", "KZ-75", "KZ-79"}


def test_ethnic_groups_have_the_published_national_shares() -> None:
    size = np.array([place.population.count for place in REGIONS])
    national = group_shares().T @ size / size.sum()
    np.testing.assert_allclose(national, list(facts.PUBLISHED_GROUPS.values()), atol=1e-6)
    np.testing.assert_allclose(group_shares().sum(axis=1), 1)


def test_what_is_published_of_groups_in_regions_is_kept() -> None:
    assert all(share(code, "kazakh") > 0.9 for code in ("KZ-43", "KZ-23", "KZ-47"))
    assert all(share(code, "russian") > share(code, "kazakh") for code in ("KZ-39", "KZ-59"))
    assert people("KZ-75", "russian") == pytest.approx(428_000, rel=0.03)
    assert people("KZ-61", "other") > 378_000
    assert people("KZ-19", "other") > 120_000
    assert people("KZ-39", "other") > 86_000


def test_settlements_divide_their_strata_to_the_last_person(population: DemoPopulation) -> None:
    adults = stratum_adults()
    inside = np.zeros_like(adults)
    np.add.at(inside, (population.region, population.settlement), population.counts.sum(axis=1))
    np.testing.assert_array_equal(inside, adults)


def test_there_are_37_strata_of_at_least_eight_settlements(population: DemoPopulation) -> None:
    assert np.bincount(population.stratum).min() >= 8
    pairs = {*zip(population.region.tolist(), population.settlement.tolist(), strict=True)}
    assert len(pairs) == population.stratum.max() + 1 == 37
    assert population.counts.sum(axis=1).min() >= 100


def test_drawn_people_have_the_shape_that_was_declared(population: DemoPopulation) -> None:
    shares = population.counts.sum(axis=0) / population.counts.sum()
    by_age = np.bincount([age for _, age, _ in CLASSES], shares)
    by_group = np.bincount([group for _, _, group in CLASSES], shares)
    women = np.bincount(
        [age for _, age, _ in CLASSES], shares * [sex == 0 for sex, _, _ in CLASSES]
    )
    declared = np.array([facts.SIMULATED_AGES[age] for age in facts.AGES])
    np.testing.assert_allclose(by_age, declared[:, 0], atol=0.002)
    np.testing.assert_allclose(women / by_age, declared[:, 1], atol=0.002)
    np.testing.assert_allclose(by_group, list(facts.PUBLISHED_GROUPS.values()), atol=0.01)


def test_neighbours_are_alike(population: DemoPopulation) -> None:
    """Groups differ between the settlements of one region far more than chance alone would do."""
    city = population.region == REGION_CODES.index("KZ-75")
    kazakh = [group == 0 for _, _, group in CLASSES]
    counts = population.counts[city]
    shares = counts[:, kazakh].sum(axis=1) / counts.sum(axis=1)
    by_chance = np.sqrt(0.25 / counts.sum(axis=1).min())
    assert shares.std() > 5 * by_chance
