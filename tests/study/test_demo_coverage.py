"""Polls simulated with known truth and run like any other: do 95 % intervals hold it?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim.study.demo import TRUTH, Comparison, build_demo, compare
from kelisim.study.run import run_study
from kelisim.study.settings import read_study

SEEDS = range(8)


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> list[Comparison]:
    home = tmp_path_factory.mktemp("polls")
    return [polled(home / str(seed), seed) for seed in SEEDS]


def polled(folder: Path, seed: int) -> Comparison:
    build_demo(folder, seed)
    result = run_study(read_study(folder), seed=seed)
    return compare(result.estimates, pl.read_csv(folder / TRUTH))


def covering(polls: list[Comparison], domains: str) -> float:
    of_set = [one for poll in polls for one in poll.coverage if one.domains == domains]
    return sum(one.covering for one in of_set) / sum(one.intervals for one in of_set)


def test_every_quantity_whose_truth_is_known_is_estimated(polls: list[Comparison]) -> None:
    for poll in polls:
        assert poll.rows["covered"].null_count() == 0
        assert poll.overall.intervals == poll.rows.height == 756


def test_intervals_of_regions_hold_the_truth_as_often_as_they_promise(
    polls: list[Comparison],
) -> None:
    """20 regions x 21 quantities x 8 polls; answers to one item are not independent."""
    assert covering(polls, "region") == pytest.approx(0.95, abs=0.02)


def test_intervals_of_larger_domains_hold_it_too(polls: list[Comparison]) -> None:
    for domains in ("settlement", "sex", "age", "group", "settlement;sex"):
        assert covering(polls, domains) == pytest.approx(0.95, abs=0.04)


def test_raking_removes_the_bias_of_nonresponse(polls: list[Comparison]) -> None:
    """Errors in units of the standard error average out over polls, in every age group."""
    rows = pl.concat(poll.rows for poll in polls)
    off = rows.with_columns(z=(pl.col("estimate") - pl.col("truth")) / pl.col("se"))
    by_set = dict(off.group_by("domains").agg(pl.col("z").mean()).iter_rows())
    assert all(abs(z) < 0.25 for z in by_set.values())


def test_without_raking_television_is_overstated(tmp_path: Path) -> None:
    """The old answer more often and watch more television, so raking has work to do."""
    folder = tmp_path / "demo"
    build_demo(folder, seed=7)
    interviews = pl.read_csv(folder / "interviews.csv")
    truth = pl.read_csv(folder / TRUTH, infer_schema=False).filter(
        pl.col("domain").is_null(), indicator="media", category="1"
    )
    watching = np.average(interviews["media"] == 1, weights=interviews["base_weight"])
    assert watching > float(truth["truth"].item()) + 0.02
