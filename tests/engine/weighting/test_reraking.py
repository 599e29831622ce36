"""Replicates raked again: like one raking after another, and like R's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import NotConverged
from kelisim.engine.frame import Floats
from kelisim.engine.inference import Design, replicate_weights
from kelisim.engine.weighting import calibrate, rake, recalibrate, rerake
from kelisim.engine.weighting.reraking import LANES, by_lanes, inverse_of
from tests.conftest import Golden

JK1 = Design("pw", psu="dnum", fpc="fpc")


@pytest.fixture(scope="module")
def api(golden: Golden) -> Any:
    return golden("survey/calibration_api.json")["targets"]


@pytest.fixture(scope="module")
def schools(shared: Path) -> pl.DataFrame:
    return pl.read_csv(shared / "golden" / "survey" / "apiclus1.csv", null_values="NA")


def margins(api: Any, *columns: str) -> dict[str, dict[str, float]]:
    return {name: {row[name]: row["Freq"] for row in api[name]} for name in columns}


def by_replicate(weights: Any) -> Floats:
    """Return replicates in an order of their own: by where their first weight of zero is."""
    matrix = np.asarray(weights)
    return matrix[:, np.argsort((matrix == 0).argmax(axis=0))]


@pytest.mark.parametrize("few", [0, 1 << 20], ids=["together", "one by one"])
def test_raked_jackknife_replicates_are_those_of_r(
    api: Any, schools: pl.DataFrame, golden: Golden, few: int
) -> None:
    entry = golden("survey/replicates.json")["results"]["JK1_raked"]
    raked = rake(schools, margins(api, "stype", "sch.wide"), "pw")
    drawn = replicate_weights(schools, JK1, "jk1")
    ours = rerake(raked, drawn.factors, tolerance=1e-10, few=few)
    np.testing.assert_allclose(by_replicate(ours), by_replicate(entry["repweights"]), rtol=1e-7)
    np.testing.assert_allclose(raked.weights, entry["pweights"], rtol=1e-7)


def test_calibrated_jackknife_replicates_are_those_of_r(
    api: Any, schools: pl.DataFrame, golden: Golden
) -> None:
    entry = golden("survey/replicates.json")["results"]["JK1_calibrated"]
    found = calibrate(schools, margins(api, "stype"), {"api99": api["api99"]}, "pw")
    ours = recalibrate(found, replicate_weights(schools, JK1, "jk1").factors)
    np.testing.assert_allclose(by_replicate(ours), by_replicate(entry["repweights"]), rtol=1e-8)
    np.testing.assert_allclose(found.weights, entry["pweights"], rtol=1e-8)


def people(n: int = 400) -> tuple[pl.DataFrame, dict[str, dict[str, float]], Floats]:
    """Return a sample, its margins, and factors of 19 bootstrap replicates of single rows."""
    rng = np.random.default_rng(7)
    frame = pl.DataFrame(
        {
            "region": rng.choice(list("ABCD"), n, p=[0.4, 0.3, 0.2, 0.1]),
            "sex": rng.choice(["f", "m"], n),
            "w": rng.gamma(4, 5, n),
        }
    )
    wanted = {
        "region": {"A": 300.0, "B": 300.0, "C": 250.0, "D": 150.0},
        "sex": {"f": 650.0, "m": 350.0},
    }
    return frame, wanted, rng.multinomial(n, np.full(n, 1 / n), 19).T.astype(np.float64)


@pytest.mark.parametrize("bounds", [None, (0.06, 0.45)])
@pytest.mark.parametrize("few", [0, 1 << 20], ids=["together", "one by one"])
def test_a_replicate_is_what_raking_its_rows_alone_gives(
    few: int, bounds: tuple[float, float] | None
) -> None:
    frame, wanted, factors = people()
    raked = rake(frame, wanted, "w", bounds)
    ours = rerake(raked, factors, bounds=bounds, few=few)
    for replicate in (0, 7, 8, 18):
        drawn = factors[:, replicate] > 0
        weight = frame["w"].to_numpy()[drawn] * factors[drawn, replicate]
        alone = rake(frame.filter(drawn), wanted, weight, bounds)
        np.testing.assert_allclose(ours[drawn, replicate], alone.weights, rtol=1e-6)
        assert not ours[~drawn, replicate].any()


def test_the_compiled_kernel_does_what_it_says_in_python() -> None:
    frame, wanted, factors = people(300)
    raked = rake(frame, wanted, "w")
    known = raked.calibration
    column = np.stack([known.margins[0], known.margins[1] + known.levels[0]], axis=1)
    target = np.array([*wanted["region"].values(), *wanted["sex"].values()])
    inverse = inverse_of(raked.weights, column, 6)
    W = raked.weights[:, None] * factors[:, :LANES]
    assert (by_lanes(W, column, target, inverse, 1e-9) < 1e-9).all()
    reached = np.stack([np.bincount(column[:, k], lane, 6) for k in (0, 1) for lane in W.T])
    reached = reached.reshape(2, LANES, 6).sum(axis=0)
    np.testing.assert_allclose(reached, np.tile(target, (LANES, 1)), rtol=1e-8)


def test_the_kernel_leaves_a_replicate_without_a_category_unmet() -> None:
    frame, wanted, _ = people(60)
    code = rake(frame, wanted, "w").calibration.margins[0].astype(np.int64)
    W = np.where((code == 3)[:, None] & (np.arange(LANES) == 5), 0.0, 1.0)
    full = 9 / np.bincount(code)[code]
    inverse = inverse_of(full, code[:, None], 4)
    error = by_lanes(W, code[:, None], np.full(4, 9.0), inverse, 1e-9)
    assert error[5] == 1.0
    assert (np.delete(error, 5) < 1e-9).all()


@pytest.mark.parametrize("few", [0, 1 << 20], ids=["together", "one by one"])
def test_a_category_that_a_replicate_leaves_out_is_named(few: int) -> None:
    frame, wanted, factors = people()
    factors[(frame["region"] == "D").to_numpy(), 3] = 0.0
    with pytest.raises(NotConverged, match=r"In 1 of 19 replicates nobody is left of 'D'"):
        rerake(rake(frame, wanted, "w"), factors, few=few)


def test_a_replicate_whose_margins_contradict_each_other_is_named() -> None:
    frame, wanted, factors = people()
    # In the third replicate all of D are women, and there are no others: 150 and 650 contradict.
    women, in_d = (frame["sex"] == "f").to_numpy(), (frame["region"] == "D").to_numpy()
    factors[:, 2] = women == in_d
    with pytest.raises(NotConverged, match="Raking replicate 3 did not converge"):
        rerake(rake(frame, wanted, "w"), factors)


def test_a_replicate_that_cannot_be_calibrated_is_named() -> None:
    found = calibrate({"sex": ["f", "f", "m", "m"]}, {"sex": {"f": 6, "m": 4}})
    factors = np.array([[1.0, 1], [1, 1], [1, 0], [1, 0]])
    with pytest.raises(NotConverged, match="Calibrating replicate 2 did not converge"):
        recalibrate(found, factors)
