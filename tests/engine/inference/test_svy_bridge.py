"""The bridge to svy: the same numbers on both banks, and R's where R has them."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import DesignRefused, PeerMissing
from kelisim.engine.inference import (
    Design,
    Indicator,
    association,
    estimate,
    from_svy,
    regress,
    replicate_weights,
    to_svy,
)
from tests.conftest import Golden, absent
from tests.engine.inference.reference import DESIGNS, agrees, survey_file


@pytest.fixture(autouse=True)
def installed() -> None:
    if find_spec("svy") is None:
        absent("svy (uv sync --group oracles)")


ONE_STAGE = [case for case in DESIGNS if case != "clus2"]


@pytest.mark.parametrize("case", ONE_STAGE)
def test_a_regression_there_is_the_regression_here_and_in_r(
    shared: Path, golden: Golden, case: str
) -> None:
    file, design = DESIGNS[case]
    frame = survey_file(shared, file)
    poor = ["ell", "meals", "mobility"]
    there = from_svy(to_svy(frame, design).glm.fit("api00", x=poor).fitted)
    here = regress(frame, design, "api00", poor)
    expected = golden("survey/taylor_api.json")["results"][case]["glm_gaussian"]
    agrees(there["estimate"], list(expected["estimate"].values()))
    agrees(there["se"], expected["se"])
    agrees(there["ci_low"], here.low)
    agrees(there["p"], here.p)


@pytest.mark.parametrize("case", ONE_STAGE)
def test_a_table_there_is_the_table_here(shared: Path, case: str) -> None:
    file, design = DESIGNS[case]
    frame = survey_file(shared, file)
    there = to_svy(frame, design).categorical.tabulate("sch.wide", "stype").stats.f
    here = association(frame, design, "sch.wide", "stype").second_order
    agrees([there.value, there.df_num, there.df_den, there.p_value],
           [here.statistic, here.df1, here.df2, here.p])  # fmt: skip


def test_of_two_corrections_svy_takes_both_in_a_mean_and_one_in_a_regression(shared: Path) -> None:
    """The docstring of `to_svy` says so; if svy changes, this test will tell."""
    file, design = DESIGNS["clus2"]
    frame = survey_file(shared, file)
    sample = to_svy(frame, design)
    mean = estimate(frame, design, [Indicator("y", "mean", "api00")]).to_polars()
    agrees(from_svy(sample.estimation.mean("api00"))["se"], mean["se"])
    first = Design("kelisim_weight", psu="dnum", fpc="fpc1")
    here = regress(sample.data, first, "api00", ["ell"])
    agrees(from_svy(sample.glm.fit("api00", x=["ell"]).fitted)["se"], here.se)


def test_marginal_effects_are_means_of_slopes(shared: Path) -> None:
    """Of a logit the slope of a row is p (1 - p) b: an identity, from our own regression."""
    file, design = DESIGNS["clus1"]
    frame = survey_file(shared, file).with_columns(met=(pl.col("sch.wide") == "Yes").cast(pl.Int8))
    fit = to_svy(frame, design).glm.fit("met", x=["ell", "meals"], family="binomial")
    there = from_svy(fit.margins())
    here = regress(frame, design, "met", ["ell", "meals"], family="logit").estimate
    p = 1 / (1 + np.exp(-(here[0] + frame.select("ell", "meals").to_numpy() @ here[1:])))
    weights = frame["pw"].to_numpy()
    np.testing.assert_allclose(
        there["estimate"], here[1:] * np.average(p * (1 - p), weights=weights), rtol=1e-6
    )
    assert there.columns == ["term", "estimate", "se", "ci_low", "ci_high"]


def test_several_groups_by_ranks(shared: Path) -> None:
    file, design = DESIGNS["strat_nofpc"]
    table = from_svy(to_svy(survey_file(shared, file), design).categorical.ranktest(
        "api00", group="stype"))  # fmt: skip
    assert {"statistic", "df1", "df2", "p"} <= set(table.columns)
    assert 0 <= table["p"][0] <= 1


def test_replicates_are_carried_over(shared: Path, golden: Golden) -> None:
    file, design = DESIGNS["clus1"]
    frame = survey_file(shared, file)
    weights = replicate_weights(frame, design, "jk1")
    sample = to_svy(frame, design, replicates=weights)
    fit = sample.glm.fit("api00", x=["ell", "meals"], method="replication").fitted
    expected = golden("survey/replicates.json")["results"]["JK1_glm"]
    agrees(from_svy(fit)["se"], expected["se"])


def test_nested_units_and_strata_of_one_unit(shared: Path) -> None:
    frame = survey_file(shared, "apistrat_lonely.csv").with_columns(
        unit=pl.int_range(pl.len()).over("str2")
    )
    design = Design("pw", strata="str2", psu="unit", nest=True, lonely_psu="adjust")
    there = from_svy(to_svy(frame, design).estimation.mean("api00"))
    here = estimate(frame, design, [Indicator("y", "mean", "api00")]).to_polars()
    agrees(there["estimate"], here["estimate"])
    agrees(there["se"], here["se"])


def test_three_stages_are_refused() -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": [1, 2], "c": [1, 2]})
    with pytest.raises(DesignRefused, match="svy knows two"):
        to_svy(frame, Design(psu=["a", "b", "c"]))


def test_without_svy_the_refusal_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "svy", None)
    with pytest.raises(PeerMissing, match=r"pip install kelisim\[svy\]"):
        to_svy({"y": [1, 2]}, Design())
