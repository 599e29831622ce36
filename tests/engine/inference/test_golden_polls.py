"""Real files against R `survey`: lonely PSUs, and the American National Election Study of 2020."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kelisim.core.errors import LonelyPsu
from kelisim.engine.inference import Design, Estimates, Indicator, estimate
from tests.conftest import Golden
from tests.engine.inference.reference import agrees, column, row, survey_file

LONELY = [
    Indicator("api00", "mean", "api00"),
    Indicator("enroll", "mean", "enroll"),
    Indicator("total", "total", "api00"),
    Indicator("ratio", "ratio", numerator="api00", denominator="api99"),
]


def lonely(shared: Path, treatment: str) -> Estimates:
    frame = survey_file(shared, "apistrat_lonely.csv")
    return estimate(frame, Design("pw", strata="str2", lonely_psu=treatment), LONELY)


@pytest.mark.parametrize(
    ("treatment", "entry"),
    [
        ("certainty", "certainty"),
        ("certainty", "remove"),
        ("adjust", "adjust"),
        ("average", "average"),
    ],
)
def test_treatments_of_a_stratum_with_one_psu(
    shared: Path, golden: Golden, treatment: str, entry: str
) -> None:
    expected = golden("survey/lonely_psu.json")["results"][entry]
    ours = lonely(shared, treatment)
    means = [row(ours, name) for name in ("api00", "enroll")]
    agrees(column(means, "estimate"), list(expected["mean"]["estimate"].values()))
    agrees(column(means, "se"), expected["mean"]["se"])
    agrees(ours.covariance(["api00", "enroll"]).matrix, expected["mean"]["vcov"])
    for name in ("total", "ratio"):
        found = row(ours, name)
        agrees(found["estimate"], list(expected[name]["estimate"].values()))
        agrees(found["se"], expected[name]["se"])


def test_a_stratum_with_one_psu_is_refused_by_name(shared: Path) -> None:
    with pytest.raises(LonelyPsu, match=r"'LONE1'.*\(n = 1\), stratum 'LONE2'.*\(n = 1\)"):
        lonely(shared, "fail")


@pytest.mark.parametrize("treatment", ["fail", "certainty", "adjust", "average"])
def test_a_domain_may_meet_one_psu_of_a_stratum_that_has_more(
    shared: Path, golden: Golden, treatment: str
) -> None:
    frame = survey_file(shared, "apistrat.csv")
    first = frame["dnum"].unique(maintain_order=True)[:12].implode()
    frame = frame.with_columns(first=pl.col("dnum").is_in(first))
    design = Design("pw", strata="stype", psu="dnum", lonely_psu=treatment)
    ours = row(estimate(frame, design, LONELY[:1], [["first"]]), "api00", domain="first=true")
    expected = golden("survey/lonely_psu.json")["results"]["certainty_domain_adj_TRUE"]
    agrees([ours["estimate"], ours["se"]], [expected["estimate"]["api00"], expected["se"]])


ITEMS = ("TrustGovernment", "EarlyVote2020")


@pytest.fixture(scope="module")
def anes(shared: Path) -> Estimates:
    frame = pl.read_csv(shared / "data/polls/anes2020/interviews.csv", null_values="NA")
    design = Design("Weight", strata="Stratum", psu="VarUnit", nest=True)
    items = [Indicator(name, "categorical", name) for name in ITEMS]
    wanted = [*items, Indicator("Age", "mean", "Age")]
    return estimate(frame, design, wanted, [["Gender"], ["AgeGroup"]])


def test_the_election_study_has_the_design_r_sees(anes: Estimates, golden: Golden) -> None:
    assert (anes.psus, anes.strata) == (101, 50)
    assert anes.df == golden("survey/anes2020.json")["degf"]


@pytest.mark.parametrize("item", ITEMS)
def test_national_shares_of_the_election_study(
    anes: Estimates, golden: Golden, shared: Path, item: str
) -> None:
    expected = golden("survey/anes2020.json")["proportions"][item]["national"]
    rows = [row(anes, item, category=entry["category"]) for entry in expected]
    for name in ("estimate", "se", "deff"):
        agrees(column(rows, name), column(expected, name))
    frame = pl.read_csv(shared / "data/polls/anes2020/interviews.csv", null_values="NA")
    counts = dict(frame[item].drop_nulls().value_counts().iter_rows())
    assert [counts[entry["category"]] for entry in expected] == column(expected, "n")
    assert set(column(rows, "n")) == {sum(counts.values())}


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("by", ["Gender", "AgeGroup"])
def test_shares_by_domain_of_the_election_study(
    anes: Estimates, golden: Golden, item: str, by: str
) -> None:
    expected: list[dict[str, Any]] = golden("survey/anes2020.json")["proportions"][item][f"by_{by}"]
    rows = [
        row(anes, item, category=entry["category"], domain=f"{by}={entry['domain']}")
        for entry in expected
    ]
    for name in ("estimate", "se"):
        agrees(column(rows, name), column(expected, name))


def test_mean_age_of_the_election_study(anes: Estimates, golden: Golden) -> None:
    expected = golden("survey/anes2020.json")["mean_Age"]
    found = row(anes, "Age")
    agrees(found["estimate"], expected["estimate"])
    agrees(found["se"], expected["se"])
