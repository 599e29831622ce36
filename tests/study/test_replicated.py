"""A study that asks for replicates: variances, intervals and ranks come from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import NotConverged, SettingRefused
from kelisim.study.check import check_study
from kelisim.study.model import PollResult
from kelisim.study.run import run_study
from kelisim.study.scaffold import write_example
from kelisim.study.settings import read_study

BOOTSTRAP = '[replicates]\nmethod = "bootstrap"\ncount = 200\nrerake = true\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_example(tmp_path / "study", 1)
    return tmp_path / "study"


def asking(folder: Path, section: str, *changes: tuple[str, str]) -> Path:
    file = folder / "study.toml"
    text = file.read_text("utf-8").split("[replicates]")[0]
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(f"{text}\n{section}", "utf-8")
    return folder


def run(folder: Path, section: str, seed: int = 0) -> PollResult:
    return run_study(read_study(asking(folder, section)), seed=seed)


def errors(result: PollResult, *kinds: str) -> pl.Series:
    return result.estimates.filter(pl.col("indicator").is_in(kinds))["se"]


def test_the_estimates_stay_and_the_errors_are_near_those_of_linearisation(folder: Path) -> None:
    taylor, ours = run(folder, ""), run(folder, BOOTSTRAP)
    assert ours.estimates["method"].unique().to_list() == ["replicate"]
    assert taylor.estimates["method"].unique().to_list() == ["taylor"]
    names = ["indicator", "category", "domain", "n", "estimate", "df"]
    assert ours.estimates.select(names).equals(taylor.estimates.select(names))
    kinds = ("trust", "dissatisfied", "age")
    ratio = (errors(ours, *kinds) / errors(taylor, *kinds)).drop_nulls().drop_nans().to_numpy()
    assert np.median(ratio) == pytest.approx(1, abs=0.08)
    assert ours.ranks.height == taylor.ranks.height > 0
    assert ours.ranks["rank"].is_between(ours.ranks["rank_low"], ours.ranks["rank_high"]).all()


def test_raked_replicates_know_the_share_that_was_raked_to(folder: Path) -> None:
    """Who is a woman is raked to, so that it does not vary; without raking again it would."""
    shares = '[[indicator]]\nname = "sex"\ncolumn = "sex"\nkind = "categorical"\n'
    ours = run(folder, shares + BOOTSTRAP)
    nation = ours.estimates.filter(indicator="sex", domain="")
    assert nation["se"].max() < 1e-9  # type: ignore[operator]  # polars: a number or None
    loose = run(folder, BOOTSTRAP.replace("true", "false"))
    assert loose.estimates.filter(indicator="sex", domain="")["se"].min() > 1e-3  # type: ignore[operator]  # polars: a number or None


def test_the_seed_makes_the_bootstrap_repeatable(folder: Path) -> None:
    first, again, other = (run(folder, BOOTSTRAP, seed).estimates for seed in (4, 4, 5))
    assert first.equals(again)
    assert not first["se"].equals(other["se"])


def test_the_jackknife_needs_no_count_and_no_population(folder: Path) -> None:
    head, _, rest = (folder / "study.toml").read_text("utf-8").partition("[population]")
    text = head + rest[rest.index("# What to estimate") :]
    (folder / "study.toml").write_text(text, "utf-8")
    ours = run(folder, '[replicates]\nmethod = "jkn"\n')
    assert errors(ours, "age").to_numpy() == pytest.approx(
        errors(run(folder, ""), "age").to_numpy(), rel=0.02
    )


def test_bounds_hold_in_every_replicate(folder: Path) -> None:
    bounded = asking(folder, BOOTSTRAP, ("# bounds = [0.2, 5.0]", "bounds = [0.2, 5.0]"))
    ours = run_study(read_study(bounded))
    assert ours.estimates["method"].unique().to_list() == ["replicate"]


def test_raking_again_what_was_not_raked_is_refused(folder: Path) -> None:
    unraked = asking(folder, BOOTSTRAP, ('rake = ["region", "sex*age"]', "rake = []"))
    with pytest.raises(SettingRefused, match="the study rakes nothing"):
        run_study(read_study(unraked))
    assert "the study rakes nothing" in str(check_study(unraked))


def test_a_category_in_one_settlement_cannot_be_raked_again(folder: Path) -> None:
    interviews = pl.read_csv(folder / "interviews.csv", infer_schema=False)
    first = (interviews["region"] == "KZ-71") & (
        interviews["settlement"] == interviews["settlement"][0]
    )
    lone = pl.when(first).then(pl.lit("lone")).otherwise("sex").alias("sex")
    interviews.with_columns(lone).write_csv(folder / "interviews.csv")
    (folder / "population.csv").write_text("sex,people\nfemale,500\nmale,400\nlone,100\n", "utf-8")
    changed = asking(folder, BOOTSTRAP, ('rake = ["region", "sex*age"]', 'rake = ["sex"]'))
    with pytest.raises(NotConverged, match=r"replicates nobody is left of 'lone'"):
        run_study(read_study(changed))
