"""Whole designs: known probabilities, weights that estimate, and chance that can be repeated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import DesignRefused
from kelisim.engine.sampling import Allocation, Plan, draw_sample, joint_systematic, pps_inclusion
from kelisim.engine.sampling.household import KISH_TWELFTHS
from kelisim.engine.sampling.plan import METHODS, WITH_JOINT

RNG = np.random.default_rng(11)
FRAME = pl.DataFrame(
    {
        "id": [f"u{i:03}" for i in range(240)],
        "region": ["a"] * 60 + ["b"] * 60 + ["c"] * 120,
        "town": [f"t{i // 12:02}" for i in range(240)],
        "adults": RNG.integers(1, 6, 240),
        "street": RNG.permutation(240),
    }
)
ONE = Plan(id="id", n=24, strata="region", size="adults")
TWO = Plan(id="id", n=8, method="pps-brewer", strata="region", psu="town", take=4)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("plan", [ONE, TWO], ids=["one stage", "two stages"])
def test_weights_are_inverse_probabilities_and_equal_seeds_equal_samples(
    method: str, plan: Plan
) -> None:
    plan = replace(plan, method=method, rotation=3)
    sample = draw_sample(FRAME, plan, seed=5)
    table = sample.table
    assert table["weight"].to_numpy() == pytest.approx(1 / table["pi"].to_numpy())
    assert table["unit"].to_list() == FRAME["id"][table["row"].to_list()].to_list()
    assert table["stratum"].to_list() == FRAME["region"][table["row"].to_list()].to_list()
    assert sample.strata["rows"].sum() == table.height
    assert sample.strata["weight"].sum() == pytest.approx(table["weight"].sum())
    assert table.equals(draw_sample(FRAME, plan, seed=5).table)
    assert not table.equals(draw_sample(FRAME, plan, seed=6).table)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_the_table_does_not_matter_where_that_is_promised(method: str) -> None:
    sort = ("street",) if "systematic" in method else ()
    plan = replace(ONE, method=method, sort=sort)
    first = draw_sample(FRAME, plan, seed=1).table.drop("row")
    assert first.equals(draw_sample(FRAME.reverse(), plan, seed=1).table.drop("row"))


def test_a_stratum_is_drawn_the_same_whatever_the_others_hold() -> None:
    counts = {"a": 5, "b": 6, "c": 7}
    plan = replace(ONE, n=None, allocation=Allocation("fixed", counts=counts))
    every = draw_sample(FRAME, plan, seed=1).table.filter(pl.col("stratum") == "b")
    alone = replace(plan, allocation=Allocation("fixed", counts={"b": 6}))
    only_b = draw_sample(FRAME.filter(pl.col("region") == "b"), alone, seed=1).table
    assert every.drop("row").equals(only_b.drop("row"))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**256), method=st.sampled_from(["srs", "systematic"]))
def test_equal_probabilities_stand_for_the_whole_stratum(seed: int, method: str) -> None:
    sample = draw_sample(FRAME, replace(ONE, method=method), seed)
    assert sample.table.height == 24
    assert sample.strata["weight"].to_numpy() == pytest.approx(sample.strata["units"].to_numpy())


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32),
    method=st.sampled_from(["pps-systematic", "pps-randomised", "pps-brewer", "pps-wr"]),
)
def test_sizes_are_estimated_without_error_when_they_decide_the_draw(
    seed: int, method: str
) -> None:
    sample = draw_sample(FRAME, replace(ONE, method=method), seed)
    adults = FRAME["adults"][sample.table["row"].to_list()].to_numpy()
    estimate = float((adults * sample.table["weight"].to_numpy()).sum())
    assert estimate == pytest.approx(float(FRAME["adults"].sum()))


@pytest.mark.parametrize(
    ("method", "within"), [("pps-brewer", "srs"), ("pps-wr", "systematic"), ("poisson", "srs")]
)
def test_a_total_is_estimated_without_bias_over_two_stages(method: str, within: str) -> None:
    plan = replace(TWO, method=method, within=within, size="adults")
    y = FRAME["street"].to_numpy()
    estimates = []
    for seed in range(300):
        table = draw_sample(FRAME, plan, seed).table
        estimates.append(float((y[table["row"].to_numpy()] * table["weight"].to_numpy()).sum()))
    error = np.std(estimates) / np.sqrt(300)
    assert abs(np.mean(estimates) - y.sum()) < 4 * error


def test_probabilities_of_two_stages_multiply() -> None:
    sample = draw_sample(FRAME, replace(TWO, size="adults"), seed=2)
    towns = FRAME.group_by("region", "town").agg(pl.col("adults").sum())
    asked = dict(sample.strata.select("stratum", "asked").iter_rows())
    total = dict(towns.group_by("region").agg(pl.col("adults").sum()).iter_rows())
    size = {town: adults for _, town, adults in towns.iter_rows()}
    for row in sample.table.iter_rows(named=True):
        first = min(1.0, asked[row["stratum"]] * size[row["psu"]] / total[row["stratum"]])
        assert row["pi"] == pytest.approx(first * 4 / 12)
    assert (sample.table.group_by("psu").len()["len"] == 4).all()


def test_equal_units_in_places_drawn_by_their_number_weigh_the_same() -> None:
    sample = draw_sample(FRAME, TWO, seed=3)
    assert sample.table.height == 32
    assert sample.strata["asked"].to_list() == [2, 2, 4]
    assert sample.strata["psus"].to_list() == [5, 5, 10]
    assert sample.table["weight"].to_numpy() == pytest.approx(7.5)


def test_a_place_drawn_twice_is_gone_into_twice() -> None:
    plan = Plan(id="id", n=30, method="pps-wr", psu="town", take=3)
    sample = draw_sample(FRAME, plan, seed=4)
    hits = sample.table.group_by("draw").agg(pl.col("psu").first(), pl.col("unit").n_unique())
    assert hits.height == 30
    assert hits["psu"].n_unique() < 30
    assert (hits["unit"] == 3).all()
    assert sample.table["weight"].sum() == pytest.approx(240)


def test_whole_places_may_be_taken() -> None:
    sample = draw_sample(FRAME, Plan(id="id", n=2, psu="town"), seed=1)
    assert sample.table.height == 24
    assert sample.table["pi"].to_numpy() == pytest.approx(0.1)
    assert sample.table["stratum"].null_count() == 24


def test_units_larger_than_their_share_are_certain_and_counted() -> None:
    frame = {"id": list("abcde"), "x": [90.0, 4.0, 3.0, 2.0, 1.0]}
    sample = draw_sample(frame, Plan(id="id", n=2, method="pps-brewer", size="x"), seed=1)
    assert sample.strata["certain"].to_list() == [1]
    assert sample.table.filter(pl.col("unit") == "a")["weight"].to_list() == [1.0]


def test_poisson_may_draw_nothing_at_all() -> None:
    frame = {"id": [f"{i}" for i in range(50)]}
    heights = {
        draw_sample(frame, Plan(id="id", n=1, method="poisson"), seed).table.height
        for seed in range(40)
    }
    assert 0 in heights
    assert len(heights) > 2
    empty = draw_sample(
        {**frame, "p": ["q"] * 25 + ["r"] * 25},
        Plan(id="id", n=1, method="poisson", psu="p", rotation=None),
        seed=1,
    )
    assert empty.strata["rows"].to_list() == [empty.table.height]


def test_rotation_groups_take_whole_places_and_are_even() -> None:
    table = draw_sample(FRAME, replace(TWO, rotation=4), seed=1).table
    places = table.select("psu", "rotation").unique()
    assert places.height == 8
    assert places["rotation"].value_counts()["count"].to_list() == [2, 2, 2, 2]
    plain = draw_sample(FRAME, TWO, seed=1).table
    assert plain["rotation"].null_count() == plain.height
    assert plain.drop("rotation").equals(table.drop("rotation"))


ALLOCATED: dict[str, tuple[Allocation, list[int]]] = {
    "proportional": (Allocation(), [6, 6, 12]),
    "minimum": (Allocation(minimum=7), [7, 7, 10]),
    "equal": (Allocation("equal"), [8, 8, 8]),
    "neyman": (Allocation("neyman", deviation={"a": 4, "b": 1, "c": 0.5}), [16, 4, 4]),
    "power": (Allocation("power", power=0.0), [8, 8, 8]),
    "power of cv": (Allocation("power", power=1.0, deviation={"a": 2, "b": 2, "c": 1}), [8, 8, 8]),
    "cost": (
        Allocation("cost", deviation={"a": 1, "b": 1, "c": 1}, cost={"a": 1, "b": 1, "c": 4}),
        [8, 8, 8],
    ),
    "fixed": (Allocation("fixed", counts={"c": 1, "b": 2, "a": 3}), [3, 2, 1]),
}


@pytest.mark.parametrize("name", ALLOCATED)
def test_strata_get_what_the_allocation_says(name: str) -> None:
    allocation, expected = ALLOCATED[name]
    n = None if allocation.method == "fixed" else 24
    plan = Plan(id="id", n=n, strata="region", allocation=allocation)
    sample = draw_sample(FRAME, plan, seed=1)
    assert sample.strata["asked"].to_list() == expected
    assert sample.strata["drawn"].to_list() == expected


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "n above N": ({"n": 241}, "241 units are asked for, and there are 240"),
    "more places than there are": ({"n": 21, "psu": "town"}, "21 PSUs are asked for"),
    "minimum above a stratum": (
        {"n": 200, "allocation": Allocation(minimum=61)},
        "stratum 'a': At least 61 units are asked for, and there are 60",
    ),
    "fixed above a stratum": (
        {"n": None, "allocation": Allocation("fixed", counts={"a": 61, "b": 1, "c": 1})},
        "stratum 'a': 61 units are asked for, and there are 60",
    ),
    "fixed and not whole": (
        {"n": None, "allocation": Allocation("fixed", counts={"a": 0, "b": 1, "c": 1})},
        "stratum 'a': The number of units is 0",
    ),
    "stratum left out": (
        {"n": None, "allocation": Allocation("fixed", counts={"a": 6, "b": 1})},
        "No number of units is given for the strata 'c'",
    ),
    "deviation left out": (
        {"allocation": Allocation("neyman", deviation={"a": 6, "b": 1})},
        "No deviation is given for the strata 'c'",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_frame_cannot_give_is_refused(name: str) -> None:
    change, words = WRONG[name]
    plan = replace(Plan(id="id", n=24, strata="region"), **change)
    with pytest.raises(DesignRefused) as refused:
        draw_sample(FRAME, plan, seed=1)
    assert words in str(refused.value)


def test_with_replacement_a_stratum_may_give_more_than_it_has() -> None:
    frame = {"id": ["a", "b", "c"], "h": ["x", "x", "y"], "s": [1.0, 3.0, 2.0]}
    plan = Plan(id="id", n=12, method="pps-wr", strata="h", size="s")
    sample = draw_sample(frame, plan, seed=1)
    assert sample.strata["drawn"].to_list() == [8, 4]
    assert sample.table.filter(pl.col("stratum") == "y")["pi"].to_list() == [4.0] * 4
    fixed = replace(plan, n=None, allocation=Allocation("fixed", counts={"x": 5, "y": 5}))
    assert draw_sample(frame, fixed, seed=1).table.height == 10


def test_kishs_tables_are_dealt_to_the_addresses_drawn() -> None:
    frame = {"house": list(range(60))}
    plan = Plan(id="house", n=24, household="kish")
    drawn = draw_sample(frame, plan, seed=1).table
    assert Counter(drawn["household"]) == {table: 2 * n for table, n in KISH_TWELFTHS.items()}
    without = draw_sample(frame, replace(plan, household=None), seed=1).table
    assert drawn.drop("household").equals(without)
    by_birthday = draw_sample(frame, replace(plan, household="last-birthday"), seed=1).table
    assert set(by_birthday["household"]) == {"last-birthday"}
    with pytest.raises(DesignRefused, match="There is no choice of a person"):
        draw_sample(frame, replace(plan, household="tallest"), seed=1)


def test_over_all_systematic_samples_by_size_a_total_is_unbiased() -> None:
    """Every start between two cumulated sizes gives one sample, with the length as its chance."""
    y, size = np.array([3.0, 1, 4, 1, 5, 9, 2]), np.array([2.0, 1, 3, 1, 2, 4, 1])
    pi = pps_inclusion(size, 3)
    reach = np.concatenate([[0.0], np.cumsum(pi)])
    cuts = np.unique(np.concatenate([[0.0, 1.0], reach % 1.0]).round(12))
    expected, chances = 0.0, np.zeros(len(pi))
    for low, high in pairwise(cuts):
        starts = (low + high) / 2 + np.arange(3)
        sample = np.searchsorted(reach, starts, side="right") - 1
        expected += (high - low) * float((y[sample] / pi[sample]).sum())
        chances[sample] += high - low
    assert expected == pytest.approx(y.sum())
    assert chances == pytest.approx(pi)
    assert pi.sum() == pytest.approx(3)
    joint = joint_systematic(pi)
    assert np.diag(joint) == pytest.approx(chances)


def test_over_all_draws_with_replacement_a_total_and_its_variance_are_unbiased() -> None:
    """Hansen and Hurwitz (1943), by every sequence of two draws of four places."""
    y, size = np.array([3.0, 8, 1, 5]), np.array([2.0, 4, 1, 3])
    p, n = size / size.sum(), 2
    total = variance = second = 0.0
    for sample in product(range(4), repeat=n):
        chance = float(np.prod(p[list(sample)]))
        parts = y[list(sample)] / p[list(sample)]
        total += chance * parts.mean()
        second += chance * parts.mean() ** 2
        variance += chance * parts.var(ddof=1) / n
    assert total == pytest.approx(y.sum())
    assert variance == pytest.approx(second - total**2)


@pytest.mark.parametrize("method", WITH_JOINT)
def test_a_pair_is_drawn_as_often_as_its_joint_probability_says(method: str) -> None:
    plan = replace(ONE, n=6, method=method, allocation=Allocation("equal"), joint=True)
    frame = FRAME.filter(pl.col("town").is_in(["t00", "t05", "t10"])).gather_every(3)
    said: dict[tuple[str, str], float] = {}
    drawn: Counter[tuple[str, str]] = Counter()
    for seed in range(150):
        joint = draw_sample(frame, plan, seed=seed).joint
        assert joint is not None
        for i, j, both in joint.iter_rows():
            drawn[i, j] += 1
            assert said.setdefault((i, j), both) == pytest.approx(both)
    assert len(said) > 30
    for pair, both in said.items():
        assert drawn[pair] / 150 == pytest.approx(both, abs=5 * np.sqrt(both * (1 - both) / 150))


def test_a_design_without_pairs_has_no_table_of_them() -> None:
    assert draw_sample(FRAME, ONE, seed=1).joint is None
    nobody = replace(ONE, n=1, strata=None, method="poisson", joint=True)
    heights = {
        (sample.table.height, sample.joint.height)
        for sample in (draw_sample(FRAME, nobody, seed=seed) for seed in range(30))
        if sample.joint is not None
    }
    assert {(0, 0), (1, 0), (2, 1)} <= heights


def test_a_refusal_of_pairs_names_the_stratum_where_there_are_strata() -> None:
    many = replace(ONE, n=60, method="pps-brewer", joint=True)
    with pytest.raises(DesignRefused, match=r"stratum 'a': 1. of 60 units make"):
        draw_sample(FRAME, many, seed=1)
    with pytest.raises(DesignRefused, match=r"^60 of 240 units make"):
        draw_sample(FRAME, replace(many, strata=None), seed=1)
