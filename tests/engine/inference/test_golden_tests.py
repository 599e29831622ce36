"""Rao-Scott and Wald tests, t tests and regressions against R `survey` 4.1-1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.inference import Design, association, difference_of_groups, rank_test, regress
from kelisim.engine.inference.influence import covariance_of
from kelisim.engine.inference.regression import Regression
from kelisim.engine.inference.survey import prepare
from tests.conftest import Golden
from tests.engine.inference.reference import DESIGNS, agrees, survey_file
from tests.engine.inference.test_golden_calibration import CASES, calibration
from tests.engine.inference.test_golden_replicates import stored


@pytest.fixture(scope="module", params=list(DESIGNS))
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def schools(shared: Path, case: str) -> pl.DataFrame:
    return survey_file(shared, DESIGNS[case][0])


@pytest.fixture(scope="module")
def theirs(golden: Golden, case: str) -> dict[str, Any]:
    found: dict[str, Any] = golden("survey/taylor_api.json")["results"][case]
    return found


def drawn(case: str) -> Design:
    return DESIGNS[case][1]


def test_association(schools: pl.DataFrame, theirs: dict[str, Any], case: str) -> None:
    ours = association(schools, drawn(case), "sch.wide", "stype")
    expected = theirs["chisq"]
    agrees(ours.second_order.statistic, expected["F"]["stat"])
    agrees([ours.second_order.df1, ours.second_order.df2], expected["F"]["df"])
    agrees(ours.second_order.p, expected["F"]["p"])
    agrees(ours.pearson, expected["Chisq"]["stat"])
    agrees([ours.first_order.df1, ours.first_order.p], [expected["Chisq"][k] for k in ("df", "p")])
    for found, name in ((ours.wald, "Wald"), (ours.adjusted_wald, "adjWald")):
        agrees(found.statistic, expected[name]["stat"])
        agrees([found.df1, found.df2], expected[name]["df"])
        agrees(found.p, expected[name]["p"])


def test_the_difference_of_two_groups(
    schools: pl.DataFrame, theirs: dict[str, Any], case: str
) -> None:
    ours = difference_of_groups(schools, drawn(case), "api00", "comp.imp")
    expected = theirs["ttest"]
    agrees([ours.t, ours.df, ours.p], [expected[k] for k in ("t", "df", "p")])
    agrees(ours.difference, expected["diff"])
    agrees([ours.low, ours.high], expected["ci"])
    assert ours.groups == ("No", "Yes")


@pytest.mark.parametrize(
    ("score", "entry"), [("wilcoxon", "w"), ("van_der_waerden", "v"), ("median", "m")]
)
def test_the_difference_in_ranks(
    schools: pl.DataFrame, theirs: dict[str, Any], case: str, score: str, entry: str
) -> None:
    ours = rank_test(schools, drawn(case), "api00", "comp.imp", score=score)
    agrees([ours.t, ours.df, ours.p], [theirs["ranktest"][entry][k] for k in ("t", "df", "p")])


def compare(ours: Regression, expected: dict[str, Any]) -> None:
    agrees(ours.estimate, list(expected["estimate"].values()))
    agrees(ours.se, expected["se"])
    agrees(ours.matrix, expected["vcov"])


def compare_early(
    ours: Regression, expected: dict[str, Any], schools: pl.DataFrame, design: Design, family: str
) -> None:
    """Compare with R's last step but one, whose working weights its covariance is made of.

    R stops where the deviance changes by less than 1e-8; with epsilon = 1e-15 its standard errors
    are ours to 1e-9. The files hold the early ones: 1.7e-8 (Poisson) and 6e-5 (logit) away.
    """
    columns = list(ours.terms[1:])
    x = np.column_stack([np.ones(schools.height), schools.select(columns).to_numpy()])
    name = {"logit": "met", "poisson": "api.stu"}[family]
    y = schools[name].cast(pl.Float64).to_numpy()
    survey = prepare(schools, design, (), None)
    final, before = early(x, y, survey.sample.weights, family)
    agrees(final, list(expected["estimate"].values()), relative=1e-7)
    mean, slope = curve(x @ final, family)
    working = curve(x @ before, family)[1]
    information = x.T @ (x * (survey.sample.weights * working)[:, None])
    influence = (x * ((y - mean) / slope * working)[:, None]) @ np.linalg.inv(information)
    matrix = covariance_of(lambda w: w, influence, survey)
    agrees(matrix, expected["vcov"])
    agrees(ours.estimate, list(expected["estimate"].values()), relative=1e-7)
    agrees(ours.se, expected["se"], relative={"logit": 2e-4, "poisson": 2e-8}[family])


def curve(eta: Any, family: str) -> tuple[Any, Any]:
    mean = np.exp(eta) if family == "poisson" else 1 / (1 + np.exp(-eta))
    return mean, mean if family == "poisson" else mean * (1 - mean)


def early(x: Any, y: Any, weights: Any, family: str) -> tuple[Any, Any]:
    """Return R's coefficients and those of its step before, from R's start."""
    w = weights / weights.mean()
    mean = y + 0.1 if family == "poisson" else (w * y + 0.5) / (w + 1)
    eta = np.log(mean) if family == "poisson" else np.log(mean / (1 - mean))
    deviance, b, steps = np.inf, np.zeros(x.shape[1]), []
    while True:
        mean, slope = curve(eta, family)
        target = eta + (y - mean) / slope
        W = (w * slope)[:, None]
        b = np.linalg.solve(x.T @ (W * x), x.T @ (W[:, 0] * target))
        steps.append(b)
        eta = x @ b
        mean = curve(eta, family)[0]
        if family == "poisson":
            term = y * np.log(np.where(y > 0, y, 1) / mean) - (y - mean)
        else:
            term = -y * np.log(mean) - (1 - y) * np.log1p(-mean)
        now = 2 * float(w @ term)
        if abs(now - deviance) / (abs(now) + 0.1) < 1e-8:
            return steps[-1], steps[-2]
        deviance = now


def test_regressions(schools: pl.DataFrame, theirs: dict[str, Any], case: str) -> None:
    data = schools.with_columns(met=pl.col("sch.wide") == "Yes")
    poor = ["ell", "meals", "mobility"]
    compare(regress(data, drawn(case), "api00", poor), theirs["glm_gaussian"])
    logit = regress(data, drawn(case), "met", poor, family="logit")
    compare_early(logit, theirs["glm_logit"], data, drawn(case), "logit")
    counts = regress(data, drawn(case), "api.stu", ["ell", "meals"], family="poisson")
    compare_early(counts, theirs["glm_poisson"], data, drawn(case), "poisson")


def test_all_coefficients_of_a_predictor_at_once(
    schools: pl.DataFrame, theirs: dict[str, Any], case: str
) -> None:
    found = regress(schools, drawn(case), "api00", ["stype", "ell", "meals"]).test("stype")
    expected = theirs["glm_termtest"]
    agrees(
        [found.statistic, found.df1, found.df2, found.p],
        [expected[k] for k in ("F", "df", "ddf", "p")],
    )


@pytest.mark.parametrize("calibrated", [one for one in CASES if one != "linear_stage1"])
def test_regressions_on_calibrated_weights(shared: Path, golden: Golden, calibrated: str) -> None:
    expected = golden("survey/calibration_api.json")["results"][calibrated]
    name = "strat" if calibrated == "poststrat_strat" else "clus1"
    frame = survey_file(shared, DESIGNS[name][0])
    known = calibration(calibrated, frame, np.array(expected["weights"]))
    ours = regress(frame, drawn(name), "api00", ["ell", "meals"], calibration=known)
    tolerance = 1e-7 if calibrated == "logit" else 1e-8
    agrees(ours.estimate, list(expected["glm"]["estimate"].values()))
    agrees(ours.se, expected["glm"]["se"], relative=tolerance)
    agrees(ours.matrix, expected["glm"]["vcov"], relative=tolerance)


def test_a_regression_in_every_replicate(shared: Path, golden: Golden) -> None:
    results = golden("survey/replicates.json")["results"]
    file, design = DESIGNS["clus1"]
    weights = stored(results["JK1_clus1"])
    ours = regress(survey_file(shared, file), design, "api00", ["ell", "meals"], replicates=weights)
    compare(ours, results["JK1_glm"])


@pytest.mark.parametrize("option", ["certainty", "adjust", "average"])
def test_regressions_where_a_stratum_has_one_unit(
    shared: Path, golden: Golden, option: str
) -> None:
    frame = survey_file(shared, "apistrat_lonely.csv")
    design = Design("pw", strata="str2", lonely_psu=option)
    ours = regress(frame, design, "api00", ["ell", "meals"])
    compare(ours, golden("survey/lonely_psu.json")["results"][option]["glm"])
