"""Four designs against R `survey` 4.1-1: every entry of taylor_api.json that Taylor reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.inference import Estimates, Indicator, estimate
from kelisim.engine.inference.deff import without_replacement
from kelisim.engine.inference.intervals import (
    korn_graubard,
    likelihood,
    wald,
    wald_arcsine,
    wald_logit,
)
from tests.conftest import Golden
from tests.engine.inference.reference import DESIGNS, agrees, column, row, survey_file

RULES = ("math", "school", "hf7")
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
INDICATORS = [
    *(Indicator(name, "mean", name) for name in ("api00", "api99", "enroll")),
    *(Indicator(f"sum of {name}", "total", name) for name in ("api00", "api99", "enroll")),
    *(Indicator(name, "categorical", name) for name in ("stype", "awards")),
    *(Indicator(f"schools {kind}", "total", "stype", yes=kind) for kind in "EHM"),
    Indicator("tested", "ratio", numerator="api.stu", denominator="enroll"),
    Indicator("growth", "ratio", numerator="api00", denominator="api99"),
    Indicator("variance", "variance", "api00"),
    Indicator("met target", "categorical", "sch.wide", yes="Yes"),
    *(Indicator(rule, "quantile", "api00", at=SHARES, rule=rule) for rule in RULES),
]
COMPLETE = "complete=1"
"""R drops a row missing any variable of the call; the same as a domain of the complete rows."""


@pytest.fixture(scope="module", params=list(DESIGNS))
def design(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def ours(shared: Path, design: str) -> Estimates:
    file, drawn = DESIGNS[design]
    frame = survey_file(shared, file).with_columns(
        complete=pl.when(pl.col("enroll").is_not_null()).then(1)
    )
    return estimate(frame, drawn, INDICATORS, [["complete"], ["stype"], ["comp.imp"]])


@pytest.fixture(scope="module")
def theirs(golden: Golden, design: str) -> dict[str, Any]:
    found: dict[str, Any] = golden("survey/taylor_api.json")["results"][design]
    return found


def test_design_degrees_of_freedom(ours: Estimates, theirs: dict[str, Any]) -> None:
    assert ours.df == theirs["degf"] == ours.psus - ours.strata


@pytest.mark.parametrize(
    ("entry", "names"),
    [("mean", ["api00", "api99", "enroll"]), ("total", ["sum of api00", "sum of enroll"])],
)
def test_means_and_totals(
    ours: Estimates, theirs: dict[str, Any], entry: str, names: list[str]
) -> None:
    rows = [row(ours, name, domain=COMPLETE) for name in names]
    agrees(column(rows, "estimate"), list(theirs[entry]["estimate"].values()))
    agrees(column(rows, "se"), theirs[entry]["se"])
    agrees(ours.covariance(names, by="complete").matrix, theirs[entry]["vcov"])


def test_shares_of_categories(ours: Estimates, theirs: dict[str, Any]) -> None:
    rows = [
        *(row(ours, "stype", category=kind) for kind in "EHM"),
        *(row(ours, "awards", category=answer) for answer in ("No", "Yes")),
    ]
    agrees(column(rows, "estimate"), list(theirs["prop"]["estimate"].values()))
    agrees(column(rows, "se"), theirs["prop"]["se"])
    agrees(ours.covariance(["stype", "awards"]).matrix, theirs["prop"]["vcov"])


def test_totals_of_categories(ours: Estimates, theirs: dict[str, Any]) -> None:
    names = [f"schools {kind}" for kind in "EHM"]
    rows = [row(ours, name) for name in names]
    agrees(column(rows, "estimate"), list(theirs["total_cat"]["estimate"].values()))
    agrees(column(rows, "se"), theirs["total_cat"]["se"])
    agrees(ours.covariance(names).matrix, theirs["total_cat"]["vcov"])


@pytest.mark.parametrize(("entry", "name"), [("ratio", "tested"), ("ratio2", "growth")])
def test_ratios(ours: Estimates, theirs: dict[str, Any], entry: str, name: str) -> None:
    found = row(ours, name)
    agrees(found["estimate"], list(theirs[entry]["estimate"].values()))
    agrees(found["se"], theirs[entry]["se"])


def test_variance_of_the_population(ours: Estimates, theirs: dict[str, Any]) -> None:
    found = row(ours, "variance")
    agrees(found["estimate"], list(theirs["var"]["estimate"].values()))
    agrees(found["se"], theirs["var"]["se"])


def test_design_effects_of_both_kinds(ours: Estimates, theirs: dict[str, Any]) -> None:
    rows = [row(ours, name) for name in ("api00", "api99")]
    replace = np.array(column(rows, "deff"))
    agrees(replace, list(theirs["mean_deff_replace"].values()))
    agrees(column(rows, "n_eff"), np.array(column(rows, "n")) / replace)
    mean, total = rows[0], row(ours, "sum of api00")
    population = np.array(total["estimate"] / mean["estimate"])
    other = without_replacement(replace, np.array(column(rows, "n")), population)
    agrees(other, list(theirs["mean_deff"].values()))


def test_intervals_of_a_mean(ours: Estimates, theirs: dict[str, Any]) -> None:
    found = row(ours, "api00")
    agrees([found["ci_low"], found["ci_high"]], theirs["ci_mean_df"])
    normal = wald(np.array(found["estimate"]), np.array(found["se"]), np.inf)
    agrees(normal, theirs["ci_mean"])


def test_intervals_of_a_share(ours: Estimates, theirs: dict[str, Any]) -> None:
    found = row(ours, "met target")
    p, se, n = (np.array(found[name]) for name in ("estimate", "se", "n"))
    df = float(theirs["degf"])
    expected = {method: entry["ci"] for method, entry in theirs["ciprop"].items()}
    agrees(p, theirs["ciprop"]["xlogit"]["est"])
    agrees([found["ci_low"], found["ci_high"]], expected["xlogit"])
    agrees(wald_logit(p, se, df), expected["logit"])
    agrees(wald(p, se, df), expected["mean"])
    agrees(wald_arcsine(p, se, df), expected["asin"])
    agrees(korn_graubard(p, se, n, df), expected["beta"])
    agrees(likelihood(p, se, n, df), expected["likelihood"], relative=5e-5)


@pytest.mark.parametrize("rule", RULES)
def test_quantiles_and_their_woodruff_intervals(
    ours: Estimates, theirs: dict[str, Any], rule: str
) -> None:
    rows = [row(ours, rule, category=str(share)) for share in SHARES]
    expected = theirs["quantile"][rule]
    for name, entry in {"estimate": "q", "ci_low": "lo", "ci_high": "hi", "se": "se"}.items():
        agrees(column(rows, name), expected[entry])


@pytest.mark.parametrize(("entry", "prefix"), [("mean", ""), ("total", "sum of ")])
def test_domains_and_their_joint_covariance(
    ours: Estimates, theirs: dict[str, Any], entry: str, prefix: str
) -> None:
    expected = theirs["svyby"][entry]
    names = [prefix + "api00", prefix + "api99"]
    rows = [row(ours, name, domain=f"stype={kind}") for kind in expected["rows"] for name in names]
    agrees(column(rows, "estimate"), expected["est"])
    agrees(column(rows, "se"), expected["se"])
    joint = ours.covariance(names, by=["stype"])
    agrees(joint.matrix, expected["vcov"])
    assert joint.domains == ("stype=E", "stype=H", "stype=M") * 2


def test_ratios_by_domain(ours: Estimates, theirs: dict[str, Any]) -> None:
    expected = theirs["svyby_ratio"]
    rows = [row(ours, "tested", domain=f"stype={kind}") for kind in expected["rows"]]
    agrees(column(rows, "estimate"), expected["est"])
    agrees(column(rows, "se"), expected["se"])


def test_a_contrast_of_two_domains(ours: Estimates, theirs: dict[str, Any]) -> None:
    found = ours.contrast("api00", {"stype=E": 1, "stype=H": -1})
    expected = theirs["contrast_E_minus_H"]
    agrees([found.estimate, found.se], [expected["est"], expected["se"]])


def test_a_domain_that_is_a_subset(ours: Estimates, theirs: dict[str, Any]) -> None:
    expected = theirs["domain_subset"]
    mean = row(ours, "api00", domain="comp.imp=Yes")
    total = row(ours, "sum of enroll", domain="comp.imp=Yes")
    assert mean["df"] == expected["degf"]
    agrees(mean["estimate"], expected["mean"]["estimate"]["api00"])
    agrees(mean["se"], expected["mean"]["se"])
    agrees(total["estimate"], expected["total"]["estimate"]["enroll"])
    agrees(total["se"], expected["total"]["se"])
