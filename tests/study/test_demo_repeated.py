"""A poll without files is the poll with files, and what it says is judged against the truth."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kelisim.study.demo import build_demo
from kelisim.study.demo.repeated import (
    Country,
    Held,
    found_country,
    held,
    judge,
    poll_again,
)
from kelisim.study.run import run_study
from kelisim.study.settings import read_study

SEED = 5


@pytest.fixture(scope="module")
def country() -> Country:
    return found_country(SEED)


@pytest.fixture(scope="module")
def counted(country: Country) -> dict[tuple[str, str], Held]:
    return count(country, range(4))


def count(country: Country, seeds: Iterable[int]) -> dict[tuple[str, str], Held]:
    return {(one.what, one.of): one for one in held(judge(country, seed) for seed in seeds)}


def test_the_first_poll_of_a_country_is_that_of_its_folder(
    country: Country, tmp_path: Path
) -> None:
    build_demo(tmp_path / "demo", SEED)
    wanted = run_study(read_study(tmp_path / "demo"), seed=SEED)
    found = poll_again(country, SEED)
    assert_frame_equal(found.estimates, wanted.estimates)
    assert_frame_equal(found.ranks, wanted.ranks)
    assert_frame_equal(found.decisions, wanted.decisions)


def test_other_seeds_are_other_polls_of_the_same_country(country: Country) -> None:
    one, other = poll_again(country, 1), poll_again(country, 2)
    assert not one.estimates.equals(other.estimates)
    assert one.estimates["domain"].equals(other.estimates["domain"])


def test_every_promise_is_counted(counted: dict[tuple[str, str], Held]) -> None:
    assert counted["interval", "nation"].cases == 4 * 21
    assert counted["interval", "region"].cases == 4 * 21 * 20
    assert counted["ranks", "dissatisfied by region"].cases == 4
    assert {what for what, _ in counted} == {"interval", "ranks", "wrong above", "wrong below"}
    for one in counted.values():
        assert 0 <= one.rate <= 1


def test_intervals_of_regions_hold_about_as_often_as_they_promise(
    counted: dict[tuple[str, str], Held],
) -> None:
    assert counted["interval", "region"].rate == pytest.approx(0.95, abs=0.03)


def test_a_truth_moved_away_is_missed_and_its_decisions_are_wrong(country: Country) -> None:
    """With every region truly below the threshold, each call above it is wrong."""
    away = Country(
        country.population,
        country.opinions,
        country.truth.with_columns(
            truth=pl.when(pl.col("indicator") == "dissatisfied")
            .then(pl.col("truth") / 10)
            .otherwise("truth")
        ),
        country.study,
        country.margins,
        country.read,
    )
    counted = count(away, [1, 2])
    assert counted["interval", "nation: dissatisfied"].rate == 0
    assert counted["wrong above", "dissatisfied by region"].rate == 1
    assert counted["ranks", "dissatisfied by region"].rate == pytest.approx(1)  # ranks did not move


def test_one_poll_has_no_monte_carlo_error(country: Country) -> None:
    assert all(math.isnan(one.error) for one in count(country, [3]).values())
