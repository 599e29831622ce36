"""Answers and their truth: shares add up, parts make the whole, and people differ as declared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kelisim.study.demo.items import OPINIONS
from kelisim.study.demo.opinions import INCOME_POINTS, Opinions, simulate_opinions
from kelisim.study.demo.population import CLASSES, DemoPopulation, simulate_population
from kelisim.study.demo.truth import DOMAINS, truth_table

World = tuple[DemoPopulation, Opinions, pl.DataFrame]


@pytest.fixture(scope="module")
def world() -> World:
    rng = np.random.default_rng(2)
    population = simulate_population(rng)
    opinions = simulate_opinions(rng, population)
    return population, opinions, truth_table(population, opinions)


def truth(world: World, indicator: str, category: str = "", domain: str = "") -> float:
    one = pl.col("indicator") == indicator, pl.col("category") == category
    return float(world[2].filter(*one, pl.col("domain") == domain)["truth"].item())


def test_every_question_has_its_answers_and_shares_add_up_to_one(world: World) -> None:
    population, opinions, _ = world
    for item in OPINIONS:
        shares = opinions.shares[item.name]
        assert shares.shape == (*population.counts.shape, 3, len(item.choices))
        assert (shares > 0).all()
        np.testing.assert_allclose(shares.sum(axis=-1), 1)


def test_the_truth_of_a_domain_is_the_mean_over_its_people_counted_one_by_one(
    world: World,
) -> None:
    population, opinions, _ = world
    people, trusting = 0.0, 0.0
    for settlement in np.flatnonzero(population.settlement == 1).tolist():
        for number, (sex, _, _) in enumerate(CLASSES):
            if sex == 1:
                count = float(population.counts[settlement, number])
                moods = [opinions.shares["trust"][settlement, number, m, 1] for m in range(3)]
                people += count
                trusting += count * sum(moods) / 3
    found = truth(world, "trust", "2", "settlement=rural;sex=male")
    assert found == pytest.approx(trusting / people, rel=1e-12)


def test_regions_make_up_the_nation(world: World) -> None:
    population, _, table = world
    adults = np.bincount(population.region, population.counts.sum(axis=1))
    regions = table.filter(pl.col("domain").str.starts_with("region="))
    for (indicator, category), part in regions.group_by(["indicator", "category"]):
        mean = np.average(part["truth"].to_numpy(), weights=adults)
        assert truth(world, str(indicator), str(category)) == pytest.approx(mean, rel=1e-12)


def test_the_dissatisfied_are_those_who_give_the_third_or_fourth_answer(world: World) -> None:
    for domain in ("", "region=KZ-62", "age=60+"):
        both = truth(world, "akim", "3", domain) + truth(world, "akim", "4", domain)
        assert truth(world, "dissatisfied", "", domain) == pytest.approx(both)


def test_every_domain_of_every_set_has_a_truth_once(world: World) -> None:
    table = world[2]
    assert table.null_count().sum_horizontal().item() == 0
    assert not table.select("indicator", "category", "domain").is_duplicated().any()
    of_one = table.filter(indicator="income")["domain"]
    named = of_one.str.replace_all(r"=[^;]*", "").value_counts(sort=True)
    assert dict(named.iter_rows()) == {
        "": 1,
        "region": 20,
        "settlement": 2,
        "sex": 2,
        "age": 4,
        "group": 3,
        "settlement;sex": 4,
    }
    assert {";".join(by) for by in DOMAINS} | {""} == set(named["domain"])


def test_the_old_watch_television_and_the_young_read_social_networks(world: World) -> None:
    assert (
        truth(world, "media", "1", "age=60+") > 0.4 > 0.2 > truth(world, "media", "1", "age=18-29")
    )
    assert truth(world, "media", "5", "age=18-29") > 0.5


def test_regions_differ_by_more_than_a_poll_can_miss(world: World) -> None:
    regions = (
        world[2]
        .filter(indicator="dissatisfied")
        .filter(pl.col("domain").str.starts_with("region="))
    )
    assert np.ptp(regions["truth"].to_numpy()) > 0.2


def test_incomes_are_whole_thousands_and_skew_to_the_right(world: World) -> None:
    _, opinions, _ = world
    assert opinions.income.shape[-1] == INCOME_POINTS
    assert (opinions.income > 0).all()
    assert (opinions.income % 1000 == 0).all()
    middle = np.median(opinions.income, axis=-1)
    assert (opinions.income.mean(axis=-1) > middle).all()
