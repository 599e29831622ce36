"""Standard errors of calibrated estimates against R `survey`: calibration_api.json."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import Codes, Floats, categories
from kelisim.engine.inference import Design, Estimates, Indicator, estimate
from tests.conftest import Golden
from tests.engine.inference.reference import DESIGNS, agrees, column, row, survey_file

INDICATORS = [
    Indicator("total_enroll", "total", "enroll"),
    Indicator("mean_api00", "mean", "api00"),
    Indicator("ratio", "ratio", numerator="api.stu", denominator="enroll"),
]
KINDS = Indicator("stype", "categorical", "stype")


def codes(frame: pl.DataFrame, name: str) -> Codes:
    return categories(frame, name).codes


def numbers(frame: pl.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy().astype(np.float64)


def district_means(frame: pl.DataFrame) -> Floats:
    """The covariates of a calibration with one weight a district: means over the district."""
    kinds = [(codes(frame, "stype") == kind) * 1.0 for kind in range(3)]
    columns = pl.DataFrame([*kinds, numbers(frame, "api99")], schema=list("abcd"))
    return columns.select(pl.all().mean().over(frame["dnum"])).to_numpy()


def calibration(case: str, frame: pl.DataFrame, weights: Floats) -> Calibration:
    """What the case of calibration_api.json was calibrated to, as golden/README.md says."""
    base, stype = numbers(frame, "pw"), codes(frame, "stype")
    if case in ("linear", "poststrat"):
        return Calibration(base, weights, (stype,), (3,))
    if case == "poststrat_strat":
        return Calibration(base, weights, (codes(frame, "sch.wide"),), (2,))
    if case == "rake":
        return Calibration(base, weights, (stype, codes(frame, "sch.wide")), (3, 2))
    if case == "linear_stage1":
        return Calibration(base, weights, (), (), district_means(frame))
    return Calibration(base, weights, (stype,), (3,), numbers(frame, "api99")[:, None])


def sample(shared: Path, case: str) -> tuple[pl.DataFrame, Design]:
    file, design = DESIGNS["strat" if case == "poststrat_strat" else "clus1"]
    return survey_file(shared, file), design


CASES = (
    "linear",
    "linear_api99",
    "linear_bounded",
    "raking",
    "raking_eps",
    "linear_stage1",
    "poststrat",
    "poststrat_strat",
    "rake",
    "logit",
)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_after_calibration(shared: Path, golden: Golden, case: str) -> None:
    expected = golden("survey/calibration_api.json")["results"][case]
    frame, design = sample(shared, case)
    calibrated = calibration(case, frame, np.array(expected["weights"]))
    ours = estimate(frame, design, [*INDICATORS, KINDS], calibration=calibrated)
    tolerance = 1e-7 if case == "logit" else 1e-8
    for indicator in INDICATORS:
        found, entry = row(ours, indicator.name), expected[indicator.name]
        agrees(found["estimate"], list(entry["estimate"].values()))
        agrees(found["se"], entry["se"], relative=tolerance)
    compare_shares(ours, expected["prop_stype"])


def compare_shares(ours: Estimates, expected: dict[str, Any]) -> None:
    """The shares calibrated to have no variance: 1e-8 absolute, as golden/README.md says."""
    rows = [row(ours, "stype", category=kind) for kind in "EHM"]
    agrees(column(rows, "estimate"), list(expected["estimate"].values()))
    agrees(column(rows, "se"), expected["se"])


@pytest.mark.parametrize("case", CASES)
def test_the_joint_covariance_is_that_of_the_residuals_too(
    shared: Path, golden: Golden, case: str
) -> None:
    expected = golden("survey/calibration_api.json")["results"][case]
    frame, design = sample(shared, case)
    calibrated = calibration(case, frame, np.array(expected["weights"]))
    ours = estimate(frame, design, INDICATORS, calibration=calibrated)
    for indicator in INDICATORS:
        covariance = ours.covariance(indicator.name).matrix
        contrast = ours.contrast(indicator.name, {"": 1})
        for se in (np.sqrt(covariance), contrast.se):
            agrees(se, expected[indicator.name]["se"], relative=1e-7 if case == "logit" else 1e-8)


@pytest.mark.parametrize("case", ["trim", "trim_strict"])
def test_trimmed_weights_keep_the_residuals_of_their_calibration(
    shared: Path, golden: Golden, case: str
) -> None:
    """R regresses u times (trimmed over calibrated weight) and multiplies by the calibrated one."""
    results = golden("survey/calibration_api.json")["results"]
    frame, design = sample(shared, case)
    met = np.array(results["linear_api99"]["weights"])
    trimmed = calibration(case, frame, np.array(results[case]["weights"]))
    kept = replace(trimmed, untrimmed=met)
    ours = estimate(frame, design, [*INDICATORS, KINDS], calibration=kept)
    for indicator in INDICATORS:
        found, entry = row(ours, indicator.name), results[case][indicator.name]
        agrees(found["estimate"], list(entry["estimate"].values()))
        agrees(found["se"], entry["se"])
        agrees(ours.contrast(indicator.name, {"": 1}).se, entry["se"])
    compare_shares(ours, results[case]["prop_stype"])
