"""Calibration beside R `survey`: the weights of calibration_api.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.weighting.calibrate import Calibrated, calibrate
from kelisim.engine.weighting.trim import trim
from tests.conftest import Golden


@pytest.fixture(scope="module")
def api(golden: Golden) -> Any:
    return golden("survey/calibration_api.json")


def schools(shared: Path, name: str = "apiclus1") -> pl.DataFrame:
    return pl.read_csv(shared / "golden" / "survey" / f"{name}.csv", null_values="NA")


def calibrated(api: Any, shared: Path, **settings: Any) -> Calibrated:
    """Calibrate the clustered schools to their kinds and, unless told, to the sum of api99."""
    kinds = {row["stype"]: row["Freq"] for row in api["targets"]["stype"]}
    totals = settings.pop("totals", {"api99": api["targets"]["api99"]})
    return calibrate(schools(shared), {"stype": kinds}, totals, "pw", tolerance=1e-12, **settings)


CASES: dict[str, tuple[dict[str, Any], float]] = {
    "linear": ({"totals": None}, 1e-8),
    "linear_api99": ({}, 1e-8),
    "linear_bounded": ({"bounds": (0.6, 1.6)}, 1e-8),
    "raking": ({"distance": "raking"}, 1e-8),
    "raking_eps": ({"distance": "raking"}, 1e-8),
    "logit": ({"distance": "logit", "bounds": (0.6, 1.6)}, 1e-6),
    "linear_stage1": ({"cluster": "dnum"}, 1e-8),
    "poststrat": ({"totals": None, "distance": "raking"}, 1e-8),
}
"""What each result was calibrated by, and its tolerance in golden/README.md."""


@pytest.mark.parametrize("case", CASES)
def test_weights_are_those_of_r(api: Any, shared: Path, case: str) -> None:
    settings, tolerance = CASES[case]
    found = calibrated(api, shared, **settings)
    np.testing.assert_allclose(found.weights, api["results"][case]["weights"], rtol=tolerance)
    assert found.max_error < 1e-12
    np.testing.assert_array_equal(found.calibration.weights, found.weights)


def test_calibration_to_two_margins_by_the_exponential_is_raking(api: Any, shared: Path) -> None:
    margins = {
        name: {row[name]: row["Freq"] for row in api["targets"][name]}
        for name in ("stype", "sch.wide")
    }
    found = calibrate(schools(shared), margins, weight="pw", distance="raking")
    np.testing.assert_allclose(found.weights, api["results"]["rake"]["weights"], rtol=1e-8)


def test_one_margin_of_unequal_weights_is_poststratification(api: Any, shared: Path) -> None:
    margin = {row["sch.wide"]: row["Freq"] for row in api["targets"]["sch.wide"]}
    found = calibrate(schools(shared, "apistrat"), {"sch.wide": margin}, weight="pw")
    expected = api["results"]["poststrat_strat"]["weights"]
    np.testing.assert_allclose(found.weights, expected, rtol=1e-8)


def test_negative_weights_are_counted_and_kept(api: Any, shared: Path) -> None:
    found = calibrated(api, shared, cluster="dnum")
    expected = np.array(api["results"]["linear_stage1"]["weights"])
    assert found.negative == (expected < 0).sum() == 3
    assert found.weights.min() == pytest.approx(expected.min(), rel=1e-8)
    assert found.min_ratio < 0


@pytest.mark.parametrize(("case", "strict"), [("trim", False), ("trim_strict", True)])
def test_trimmed_weights_are_those_of_r(api: Any, shared: Path, case: str, *, strict: bool) -> None:
    before = calibrated(api, shared).calibration
    found = trim(before, *api["trim"], strict=strict)
    np.testing.assert_allclose(found.weights, api["results"][case]["weights"], rtol=1e-8)
    assert found.untrimmed is before.weights
