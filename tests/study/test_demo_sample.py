"""The demo poll is a probability sample, and its nonresponse is what was declared."""

from __future__ import annotations

import itertools
from datetime import datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.study.demo.opinions import Opinions, simulate_opinions
from kelisim.study.demo.paradata import (
    FIELDWORK,
    FIRST_INTERVIEW,
    Paradata,
    simulate_paradata,
    strata_of,
    units_of,
)
from kelisim.study.demo.population import CLASSES, DemoPopulation, simulate_population
from kelisim.study.demo.sample import (
    ADDRESSES,
    DRAWS,
    INCOME_ANSWERED,
    LEAST_DRAWS,
    SETTLEMENT_RESPONSE,
    SEX_AGE_RESPONSE,
    Respondents,
    allocate,
    draw_poll,
)

World = tuple[DemoPopulation, Opinions, Respondents]


@pytest.fixture(scope="module")
def world() -> World:
    rng = np.random.default_rng(3)
    population = simulate_population(rng)
    opinions = simulate_opinions(rng, population)
    return population, opinions, draw_poll(rng, population, opinions)


@pytest.fixture(scope="module")
def paradata(world: World) -> Paradata:
    return simulate_paradata(np.random.default_rng(4), world[0], world[2])


@given(st.lists(st.floats(1, 1e7), min_size=1, max_size=40), st.integers(0, 300))
@settings(deadline=None)
def test_allocation_spends_every_draw_and_gives_larger_strata_no_less(
    sizes: list[float], spare: int
) -> None:
    number = allocate(np.array(sizes), 2 * len(sizes) + spare, 2)
    assert number.sum() == 2 * len(sizes) + spare
    assert number.min() >= 2
    in_order = number[np.argsort(sizes, kind="stable")]
    assert (np.diff(in_order) >= -1).all()


def test_power_allocation_halves_the_advantage_of_size_on_a_log_scale() -> None:
    assert allocate(np.array([1.0, 4.0, 9.0]), 60, 0).tolist() == [10, 20, 30]


def test_about_six_thousand_people_answer_in_640_settlements(world: World) -> None:
    _, _, respondents = world
    assert len(respondents.draw) == pytest.approx(6000, abs=250)
    assert np.unique(respondents.draw).size == pytest.approx(DRAWS, abs=3)
    assert (np.diff(respondents.draw) >= 0).all()
    assert np.bincount(respondents.draw).max() <= ADDRESSES


def test_every_stratum_has_enough_settlements_for_a_variance(world: World) -> None:
    population, _, respondents = world
    drawn, first = np.unique(respondents.draw, return_index=True)
    of_draw = population.stratum[respondents.place[first]]
    assert np.bincount(of_draw).min() >= LEAST_DRAWS
    assert drawn.size == of_draw.size


def test_within_a_stratum_every_person_has_the_same_weight(world: World) -> None:
    population, _, respondents = world
    stratum = population.stratum[respondents.place]
    for h in range(37):
        assert np.unique(respondents.base_weight[stratum == h]).size == 1


def test_settlements_are_drawn_by_their_size() -> None:
    """In the mean over polls a settlement is drawn as often as its share of the stratum says."""
    rng = np.random.default_rng(5)
    population = simulate_population(rng)
    opinions = simulate_opinions(rng, population)
    member = np.flatnonzero(population.stratum == 33)
    size = population.counts[member].sum(axis=1)
    large = member[size > np.median(size)]
    hits = []
    for _ in range(10):
        respondents = draw_poll(rng, population, opinions)
        _, first = np.unique(respondents.draw, return_index=True)
        place = respondents.place[first]
        hits += np.isin(place[population.stratum[place] == 33], large).tolist()
    expected = population.counts[large].sum() / size.sum()
    assert expected > 0.6
    assert np.mean(hits) == pytest.approx(expected, abs=4 * np.sqrt(0.25 / len(hits)))


def test_weights_over_the_declared_response_recover_the_population(world: World) -> None:
    """Horvitz and Thompson: people by sex and age, and by settlement, within sampling error."""
    population, _, respondents = world
    sex, age, _ = np.array(CLASSES).T
    mine = respondents.people
    settlement = population.settlement[respondents.place]
    response = SETTLEMENT_RESPONSE[settlement] * SEX_AGE_RESPONSE[sex[mine], age[mine]]
    weight = respondents.base_weight / response
    found = np.bincount(sex[mine] * 4 + age[mine], weight)
    truth = np.bincount(sex * 4 + age, population.counts.sum(axis=0))
    np.testing.assert_allclose(found, truth, rtol=0.15)
    villagers = population.counts[population.settlement == 1].sum()
    assert weight[settlement == 1].sum() == pytest.approx(villagers, rel=0.05)


def test_without_weights_young_men_are_too_few(world: World) -> None:
    population, _, respondents = world
    young_men = [(sex, age) == (1, 0) for sex, age, _ in CLASSES]
    share = np.mean(np.array(young_men)[respondents.people])
    assert share < 0.85 * population.counts[:, young_men].sum() / population.counts.sum()


def test_answers_are_drawn_with_the_shares_of_the_population(world: World) -> None:
    _, opinions, respondents = world
    for item, answers in respondents.answers.items():
        expected = opinions.shares[item][respondents.place, respondents.people].mean(axis=(0, 1))
        found = np.bincount(answers, minlength=expected.size) / answers.size
        np.testing.assert_allclose(found, expected, atol=0.025)


def test_one_in_twelve_does_not_tell_the_income(world: World) -> None:
    income = world[2].income
    assert np.isnan(income).mean() == pytest.approx(1 - INCOME_ANSWERED, abs=0.015)


def test_an_interviewer_is_in_one_place_at_a_time(paradata: Paradata) -> None:
    stays = sorted(zip(paradata.interviewer, paradata.start, paradata.end, strict=True))
    for (who, _, earlier_end), (then_who, start, _) in itertools.pairwise(stays):
        assert who != then_who or earlier_end < start


def test_interviews_are_held_by_day_within_the_fieldwork(paradata: Paradata) -> None:
    for start, end in zip(paradata.start, paradata.end, strict=True):
        begun, ended = datetime.fromisoformat(start), datetime.fromisoformat(end)
        assert FIELDWORK[0] <= begun.date() == ended.date() <= FIELDWORK[1]
        assert FIRST_INTERVIEW <= begun.time() < ended.time() < time(21)


def test_an_interviewer_works_in_one_region_and_a_psu_lies_in_one_stratum(
    world: World, paradata: Paradata
) -> None:
    strata = strata_of(world[0], world[2])
    regions = {(who, h[:5]) for who, h in zip(paradata.interviewer, strata, strict=True)}
    assert len(regions) == len({who for who, _ in regions})
    psus = {*zip(units_of(world[2]), strata, strict=True)}
    assert len(psus) == len({psu for psu, _ in psus})


def test_every_case_has_a_number_and_a_language(paradata: Paradata) -> None:
    assert len(set(paradata.case)) == len(paradata.case)
    assert set(paradata.language) == {"kk", "ru"}
    assert 0.4 < paradata.language.count("kk") / len(paradata.language) < 0.8
