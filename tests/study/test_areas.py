"""``[smallarea]`` of a study: models beside direct estimates, ranked, decided, checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from kelisim.engine.smallarea import fay_herriot
from kelisim.engine.smallarea.fay_herriot import SYNTHETIC
from kelisim.engine.smallarea.table import EMPTY
from kelisim.study.areas import NO_ERROR
from kelisim.study.check import check_study
from kelisim.study.model import PollResult
from kelisim.study.release import write_release
from kelisim.study.run import run_study
from kelisim.study.settings import read_study
from tests.study.area_study import AREAS, FAY_HERRIOT, ISLAND, TOML, change, write_study


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> PollResult:
    return run_study(read_study(write_study(tmp_path_factory.mktemp("areas"))), seed=3)


def rows(result: PollResult, indicator: str, method: str, category: str = "") -> pl.DataFrame:
    return result.estimates.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("method") == method)
        & (pl.col("category") == category)
    )


def numbers(table: pl.DataFrame, name: str) -> NDArray[np.float64]:
    return table[name].to_numpy()


def ran(folder: Path) -> PollResult:
    return run_study(read_study(folder), seed=3)


def test_every_area_stands_beside_its_direct_estimate(result: PollResult) -> None:
    modelled = rows(result, "agrees", "mrp")
    assert modelled["domain"].to_list() == ["", *(f"area={name}" for name in AREAS)]
    direct = rows(result, "agrees", "taylor")
    assert direct["domain"].to_list() == ["", *(f"area={name}" for name in AREAS[:-1])]
    both = modelled.join(direct, on="domain", suffix="_direct")
    assert numbers(both, "estimate") == pytest.approx(numbers(both, "estimate_direct"), abs=0.1)
    assert numbers(both, "se")[1:].mean() < numbers(both, "se_direct")[1:].mean()
    assert result.estimates.columns == modelled.columns


def test_an_area_that_nobody_was_asked_in_is_estimated_and_flagged(result: PollResult) -> None:
    unseen = rows(result, "agrees", "mrp").row(-1, named=True)
    assert unseen["domain"] == f"area={ISLAND}"
    assert (unseen["n"], unseen["note"]) == (0, EMPTY)
    assert unseen["se"] > 1.4 * numbers(rows(result, "agrees", "mrp"), "se")[:-1].max()
    place = result.ranks.filter(
        (pl.col("indicator") == "agrees") & (pl.col("domain") == f"area={ISLAND}")
    )
    assert place.height == 1


def test_several_answers_are_modelled_together_and_add_up(result: PollResult) -> None:
    shares = result.estimates.filter(
        (pl.col("indicator") == "answer") & (pl.col("method") == "mrp")
    )
    assert shares["category"].unique().sort().to_list() == ["no", "rather", "yes"]
    sums = shares.group_by("domain").agg(pl.col("estimate").sum())["estimate"]
    assert sums.to_numpy() == pytest.approx(1, abs=1e-12)
    agrees = (
        shares.filter(pl.col("category") != "no").group_by("domain").agg(pl.col("estimate").sum())
    )
    both = rows(result, "agrees", "mrp").join(agrees, on="domain")
    assert numbers(both, "estimate") == pytest.approx(numbers(both, "estimate_right"), abs=0.01)


def test_a_mean_of_numbers_is_modelled_only_when_it_is_asked_for(result: PollResult) -> None:
    assert rows(result, "helped", "mrp").is_empty()
    assert not rows(result, "helped", "taylor").is_empty()


def test_modelled_areas_are_ranked_once_by_their_joint_draws(result: PollResult) -> None:
    ranks = result.ranks.filter(pl.col("indicator") == "agrees")
    assert ranks["domain"].is_unique().all()
    assert ranks.height == len(AREAS)
    assert ranks["rank"].is_between(ranks["rank_low"], ranks["rank_high"]).all()
    mrp = rows(result, "agrees", "mrp")[1:]
    assert ranks["estimate"].to_numpy() == pytest.approx(mrp["estimate"].to_numpy())


def test_decisions_at_the_threshold_come_with_their_error_rate(result: PollResult) -> None:
    decided = result.decisions
    assert decided["method"].unique().to_list() == ["mrp"]
    assert decided["error_rate"].unique().to_list() == [0.05]
    called = decided.filter(pl.col("decision") == "above")
    assert called.height > 0
    assert (1 - numbers(called, "p_above")).mean() <= 0.05
    by_rank = result.ranks.filter(pl.col("indicator") == "agrees")["p_above_threshold"]
    assert by_rank.to_list() == decided["p_above"].to_list()


def test_checks_say_what_respondents_of_each_area_said(result: PollResult) -> None:
    checks = result.areas[0].checks
    interviews = pl.read_csv(result.study.interviews.file)
    for one in checks.iter_rows(named=True):
        own = interviews.filter(pl.col("area") == one["domain"].removeprefix("area="))["answer"]
        if own.is_empty():
            assert one["direct"] is None
        else:
            assert one["direct"] == pytest.approx(own.is_in(["yes", "rather"]).mean())


def test_a_seed_repeats_a_run(result: PollResult) -> None:
    again = run_study(result.study, seed=3)
    assert again.estimates.equals(result.estimates)
    assert not run_study(result.study, seed=4).estimates.equals(result.estimates)


def test_the_release_names_every_file_that_went_in(result: PollResult, tmp_path: Path) -> None:
    files = write_release(result, tmp_path / "out", seed=3)
    assert "thresholds.csv" in files
    table = pl.read_csv(tmp_path / "out" / "thresholds.csv")
    assert table.columns == ["indicator", "domain", "method", "estimate", "threshold", "p_above",
                             "decision", "error_rate", "note"]  # fmt: skip
    manifest = (tmp_path / "out" / "manifest.json").read_text("utf-8")
    assert '"areas.csv"' in manifest
    assert '"pairs.csv"' in manifest


def test_all_yes_in_a_region_stays_a_share_with_doubt(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", people=300)
    table = pl.read_csv(folder / "interviews.csv").with_columns(
        answer=pl.when(pl.col("area") == "C").then(pl.lit("yes")).otherwise("answer")
    )
    table.write_csv(folder / "interviews.csv")
    found = rows(ran(folder), "agrees", "mrp").filter(pl.col("domain") == "area=C")
    assert 0.5 < found["ci_low"].item() < found["estimate"].item() < found["ci_high"].item() < 1


def test_one_region_alone_is_the_nation(tmp_path: Path) -> None:
    text = TOML[: TOML.index("area_predictors")]
    folder = write_study(tmp_path / "s", text)
    for name in ("interviews.csv", "population.csv"):
        table = pl.read_csv(folder / name)
        table.filter(pl.col("area") == "B").write_csv(folder / name)
    assert check_study(folder).refusals == ()
    result = ran(folder)
    nation, area = rows(result, "agrees", "mrp")["estimate"].to_list()
    assert nation == pytest.approx(area)
    (rank,) = result.ranks.filter(pl.col("indicator") == "agrees").iter_rows(named=True)
    assert (rank["rank_low"], rank["rank_high"]) == (1, 1)


def test_categories_that_nobody_is_in_and_answers_that_nobody_chose_do_no_harm(
    tmp_path: Path,
) -> None:
    """Two answers never chosen have no rows; a class of people never met is estimated by prior."""
    folder = write_study(tmp_path / "s")
    table = pl.read_csv(folder / "interviews.csv")
    table.filter((pl.col("age") == "50+") & (pl.col("answer") != "rather")).with_columns(
        answer=pl.when(pl.col("answer") == "yes").then(pl.lit("yes")).otherwise(pl.lit("no"))
    ).write_csv(folder / "interviews.csv")
    change(folder / "study.toml", ('yes = ["yes", "rather"]', 'yes = ["yes"]'))
    result = ran(folder)
    shares = result.estimates.filter(
        (pl.col("indicator") == "answer") & (pl.col("method") == "mrp")
    )
    assert shares["category"].unique().sort().to_list() == ["no", "yes"]
    assert numbers(shares, "se").min() > 0.02  # two thirds of the people were never asked


def test_an_island_keeps_its_own_variance(tmp_path: Path) -> None:
    """Without a predictor the island has nobody to borrow from, and the widest interval."""
    text = TOML.replace(
        'area_predictors = {file = "areas.csv", columns = ["income", "zone"]}\n', ""
    )
    found = rows(ran(write_study(tmp_path / "s", text)), "agrees", "mrp")
    assert found["se"].arg_max() == found.height - 1
    assert np.isfinite(found["estimate"].to_numpy()).all()


def test_direct_estimates_are_shrunk_as_the_engine_shrinks_them(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", FAY_HERRIOT)
    assert check_study(folder).refusals == ()
    result = ran(folder)
    assert {one.method for one in result.areas} == {"fay-herriot"}
    assert [one.indicator for one in result.areas] == ["agrees", "helped"]
    direct = rows(result, "agrees", "taylor")[1:]
    table = pl.read_csv(folder / "areas.csv").join(
        direct.select(pl.col("domain").str.strip_prefix("area=").alias("area"), "estimate", "se"),
        on="area",
        how="left",
    )
    wanted = fay_herriot(table, "estimate", "se", "area", ["income"])
    found = rows(result, "agrees", "fay-herriot")
    assert found["estimate"].to_list() == pytest.approx(wanted.estimates["estimate"].to_list())
    assert found["se"].to_list() == pytest.approx(wanted.estimates["se"].to_list())
    assert found["n"].to_list() == [*direct["n"].to_list(), 0]
    assert found["note"].to_list() == [*[""] * 6, SYNTHETIC]
    assert result.ranks.filter(pl.col("indicator") == "agrees").height == len(AREAS)
    assert result.decisions["method"].unique().to_list() == ["fay-herriot"]


def test_a_region_of_one_mind_has_no_direct_estimate_to_shrink(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", FAY_HERRIOT.replace('"income"', '"zone"'))
    table = pl.read_csv(folder / "interviews.csv").with_columns(
        answer=pl.when(pl.col("area") == "C").then(pl.lit("yes")).otherwise("answer")
    )
    table.write_csv(folder / "interviews.csv")
    found = rows(ran(folder), "agrees", "fay-herriot").filter(pl.col("domain") == "area=C")
    assert found["note"].item() == NO_ERROR
    assert found["estimate"].item() < 0.95


def test_without_predictors_areas_are_shrunk_to_one_another(tmp_path: Path) -> None:
    text = FAY_HERRIOT[: FAY_HERRIOT.index("area_predictors")]
    found = rows(ran(write_study(tmp_path / "s", text)), "agrees", "fay-herriot")
    assert found.height == len(AREAS) - 1
    direct = rows(ran(write_study(tmp_path / "s", text)), "agrees", "taylor")[1:]
    assert numbers(found, "estimate").std() < numbers(direct, "estimate").std()
