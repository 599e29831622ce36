from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import (
    ColumnRefused,
    IdRefused,
    SettingRefused,
    ValueRefused,
    VotesRefused,
)
from kelisim.engine.opinion import Votes, live_map, read_votes
from kelisim.engine.opinion.crowd import Distance, Verdict
from kelisim.study.country import NONE_VOTED, UNANIMOUS, country_estimate

REGIONS, SEXES = ("east", "north", "south", "west"), ("f", "m")
POPULATION = pl.DataFrame(
    list(product(REGIONS, SEXES)), schema=["region", "sex"], orient="row"
).with_columns(n=pl.Series([4e6, 4e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6]))
SHARES = {"east": 0.2, "north": 0.8, "south": 0.7, "west": 0.6}
TRUTH = (0.2 * 8 + 0.8 * 2 + 0.7 * 2 + 0.6 * 2) / 14


def society(people: int = 600, seed: int = 0) -> tuple[Votes, pl.DataFrame]:
    """Return votes of a crowd in which the large region, which disagrees, hardly takes part."""
    rng = np.random.default_rng(seed)
    region = rng.choice(REGIONS, people, p=[0.1, 0.4, 0.3, 0.2])
    table = pl.DataFrame(
        {
            "participant": [f"p{i:04d}" for i in range(people)],
            "region": region,
            "sex": rng.choice(SEXES, people),
        }
    )
    chance = np.array([SHARES[name] for name in region])
    votes = np.where(rng.random((people, 6)) < chance[:, None], 1, -1)
    votes[:, 5] = np.where(rng.random(people) < 0.5, 1, -1)
    cast: dict[str, list[Any]] = {
        "participant": np.repeat(table["participant"].to_numpy(), 6).tolist(),
        "statement": [f"s{j}" for j in range(6)] * people,
        "vote": votes.ravel().tolist(),
    }
    return read_votes(cast), table


def test_the_country_is_nearer_to_the_truth_than_the_crowd_and_says_how_sure_it_is() -> None:
    votes, people = society()
    found = country_estimate(votes, people, POPULATION, places=live_map(votes).places)
    table = found.statements.head(5)
    raw, error = ((table[c] - TRUTH).abs().mean() for c in ("voices", "country"))
    assert isinstance(raw, float)
    assert isinstance(error, float)
    assert error < raw / 2
    assert (
        table.select((pl.col("country_low") < TRUTH) & (pl.col("country_high") > TRUTH))
        .to_series()
        .all()
    )
    assert (table["country_low"] < table["sampling_low"]).all()
    assert (table["country_high"] > table["sampling_high"]).all()
    assert found.furthest[0] == "region"
    assert found.document()["variables"]["sex"]["verdict"] == "as close as a random sample"
    assert found.told == found.participants == 600
    assert 0 < found.effective < 600


def test_what_chance_explains_is_no_distance_from_the_country() -> None:
    """Far by the lot of small numbers is nearer than a little less far than no lot brings about."""
    votes, people = society(200)
    found = country_estimate(votes, people, POPULATION)
    shares = np.array([0.5, 0.5])
    by_lot = Distance(0.21, 0.23, Verdict.ALIKE, 1.0, shares, shares)
    beyond = Distance(0.17, 0.10, Verdict.APART, 1.0, shares, shares)
    told = replace(found, distances={"region": by_lot, "sex": beyond})
    assert told.furthest[0] == "sex"
    assert told.document()["verdict"] == "apart"


def test_without_doubt_about_selection_the_two_intervals_are_one() -> None:
    votes, people = society(200)
    table = country_estimate(votes, people, POPULATION, selection=0.0).statements
    np.testing.assert_allclose(table["country_low"], table["sampling_low"], atol=1e-6)
    np.testing.assert_allclose(table["country_high"], table["sampling_high"], atol=1e-6)


def test_equal_seeds_give_equal_bytes_and_other_seeds_do_not() -> None:
    votes, people = society(200)
    shuffled = people.sample(fraction=1.0, shuffle=True, seed=3)
    one, other, third = (
        country_estimate(votes, table, POPULATION, seed=seed).statements.write_csv()
        for table, seed in ((people, 1), (shuffled, 1), (people, 2))
    )
    assert one == other != third


def test_groups_are_carried_to_the_country_too() -> None:
    votes, people = society(300)
    names = dict(zip(people["participant"], people["region"], strict=True))
    labels = ["A" if names[p] == "east" else None for p in votes.participants]
    found = country_estimate(votes, people, POPULATION, groups=labels).groups
    group = found.row(0, named=True)
    assert group["group"] == "A"
    assert group["voices"] < 0.2
    assert group["country"] > 0.45
    assert found["group"].to_list() == ["A", "between groups"]
    nobody = country_estimate(votes, people, POPULATION, groups=[None] * 300)
    assert nobody.groups.is_empty()
    everybody = country_estimate(votes, people, POPULATION, groups=["A"] * 300)
    assert everybody.groups.is_empty()


def test_who_does_not_tell_is_counted_and_in_no_estimate() -> None:
    votes, people = society(300)
    shy = people.with_columns(
        sex=pl.when(pl.int_range(pl.len()) < 100).then(None).otherwise("sex"),
        region=pl.when(pl.int_range(pl.len()) >= 290).then(pl.lit("")).otherwise("region"),
    )
    found = country_estimate(votes, shy, POPULATION)
    assert (found.told, found.participants) == (190, 300)
    assert (found.statements["n"] == 190).all()


def test_unanimous_and_hardly_voted_statements_say_what_they_rest_on() -> None:
    cast = {
        "participant": [f"p{i}" for i in range(8)] * 2,
        "statement": ["all"] * 8 + ["few"] * 8,
        "vote": [1] * 8 + [1, -1] + [0] * 6,
    }
    people = pl.DataFrame(
        {
            "participant": [f"p{i}" for i in range(8)],
            "region": [*REGIONS] * 2,
            "sex": ["f", "m"] * 4,
        }
    )
    table = country_estimate(read_votes(cast), people, POPULATION).statements
    assert table["note"].to_list() == [UNANIMOUS, NONE_VOTED]
    assert 0.3 < table["country_low"][0] < table["country"][0] < 1
    assert table.row(1)[3:10] == (None,) * 7


def test_a_variable_can_be_chosen_and_another_be_the_area() -> None:
    votes, people = society(200)
    renamed = people.rename({"region": "oblast"})
    population = POPULATION.rename({"region": "oblast"})
    found = country_estimate(votes, renamed, population)
    assert set(found.distances) == {"oblast", "sex"}
    alone = country_estimate(votes, people, POPULATION, variables=["sex"])
    assert set(alone.distances) == {"sex"}
    other = country_estimate(votes, people, POPULATION, area="sex")
    assert other.statements.height == 6


def test_an_area_without_participants_is_estimated_by_the_others() -> None:
    votes, people = society(300)
    absent = people.filter(pl.col("region") != "west")
    found = country_estimate(votes, absent, POPULATION, places=live_map(votes).places)
    assert found.effective == 0.0
    assert found.statements["country"].null_count() == 0


def test_what_cannot_be_carried_to_the_country_is_refused() -> None:
    votes, people = society(60)
    with pytest.raises(ColumnRefused, match="no variable in common"):
        country_estimate(votes, people.select("participant"), POPULATION)
    with pytest.raises(ColumnRefused, match="no column 'age'"):
        country_estimate(votes, people, POPULATION, variables=["age"])
    with pytest.raises(ColumnRefused, match="no variable 'age' in both"):
        country_estimate(votes, people, POPULATION, area="age")
    with pytest.raises(IdRefused, match="more than one row"):
        country_estimate(votes, pl.concat([people, people.head(1)]), POPULATION)
    with pytest.raises(VotesRefused, match="Nobody who voted tells"):
        country_estimate(votes, people.with_columns(participant=pl.lit("x")).head(1), POPULATION)
    with pytest.raises(ValueRefused, match="The population has no 'moon'"):
        country_estimate(votes, people.with_columns(region=pl.lit("moon")), POPULATION)
    with pytest.raises(SettingRefused, match="The selection is -1"):
        country_estimate(votes, people, POPULATION, selection=-1)
