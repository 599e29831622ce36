"""Replicate weights and their variances against R `survey`: replicates.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.inference import Design, Estimates, Indicator, Replicates, estimate
from kelisim.engine.inference.replicates import replicate_weights
from tests.conftest import Golden
from tests.engine.inference.reference import DESIGNS, agrees, column, row, survey_file

AMBULANCES = pl.DataFrame(
    {
        "ESA": [1, 1, 2, 2, 3, 3],
        "ambulance": [1, 2, 1, 2, 1, 2],
        "arrests": [120, 78, 185, 228, 670, 530],
        "alive": [25, 24, 30, 49, 80, 70],
        "w": [1.0] * 6,
    }
)
"""R's `scd`, printed in golden/README.md."""

SCD = Design("w", strata="ESA", psu="ambulance")

STORED = {
    "JK1_clus1": "clus1",
    "JKn_strat": "strat_nofpc",
    "BRR_scd": "scd",
    "Fay_scd": "scd",
    "JKn_scd": "scd",
    "subboot_strat": "strat_nofpc",
    "bootstrap_clus1": "clus1",
    "mrb_clus2": "clus2",
    "JK1_calibrated": "clus1",
    "JK1_raked": "clus1",
}
"""The replicate designs of the file, and the design each was made from."""

NAMES = {"scd": ("alive", "arrests"), "clus1": ("api.stu", "enroll")}
"""Numerator and denominator of the ratio; elsewhere api00 over api99."""


def sample(shared: Path, design: str) -> tuple[pl.DataFrame, Design]:
    if design == "scd":
        return AMBULANCES, SCD
    file, drawn = DESIGNS[design]
    return survey_file(shared, file), drawn


def stored(entry: dict[str, Any], *, mse: bool = False) -> Replicates:
    weights = np.array(entry["repweights"])
    rscales = np.broadcast_to(np.asarray(entry["rscales"], dtype=np.float64), weights.shape[1])
    return Replicates("stored", np.array(entry["pweights"]), weights, entry["scale"], rscales, mse)


def estimated(
    frame: pl.DataFrame, design: Design, indicators: list[Indicator], replicates: Replicates
) -> Estimates:
    return estimate(frame, design, indicators, replicates=replicates)


def compare(ours: Estimates, kind: str, expected: dict[str, Any]) -> None:
    rows = [row(ours, f"{kind} {name}") for name in expected["estimate"]]
    agrees(column(rows, "estimate"), list(expected["estimate"].values()))
    agrees(column(rows, "se"), expected["se"])
    matrix = ours.covariance([f"{kind} {name}" for name in expected["estimate"]]).matrix
    agrees(matrix, np.reshape(expected["vcov"], matrix.shape))


@pytest.mark.parametrize("case", STORED)
def test_estimates_from_stored_replicates(shared: Path, golden: Golden, case: str) -> None:
    entry = golden("survey/replicates.json")["results"][case]
    frame, design = sample(shared, STORED[case])
    above, below = NAMES.get(STORED[case], ("api00", "api99"))
    indicators = [
        *(Indicator(f"mean {name}", "mean", name) for name in entry["mean"]["estimate"]),
        *(Indicator(f"total {name}", "total", name) for name in entry["total"]["estimate"]),
        Indicator("ratio", "ratio", numerator=above, denominator=below),
    ]
    ours = estimated(frame, design, indicators, stored(entry))
    compare(ours, "mean", entry["mean"])
    compare(ours, "total", entry["total"])
    found = row(ours, "ratio")
    agrees(found["estimate"], list(entry["ratio"]["estimate"].values()))
    agrees(found["se"], entry["ratio"]["se"])
    agrees(ours.contrast("ratio", {"": 1}).se, entry["ratio"]["se"])
    around_full = estimated(frame, design, indicators, stored(entry, mse=True))
    compare(around_full, "mean", entry["mean_mse"])


@pytest.mark.parametrize(
    ("case", "method"),
    [("JK1_clus1", "jk1"), ("JKn_strat", "jkn"), ("JKn_scd", "jkn")],
)
def test_the_jackknives_leave_out_what_r_leaves_out(
    shared: Path, golden: Golden, case: str, method: str
) -> None:
    entry = golden("survey/replicates.json")["results"][case]
    ours = replicate_weights(*sample(shared, STORED[case]), method)
    np.testing.assert_allclose(in_order(ours.weights), in_order(entry["repweights"]), rtol=1e-12)
    agrees(ours.full, entry["pweights"])
    variances = np.sort(ours.scale * ours.rscales)
    agrees(variances, np.sort(entry["scale"] * np.broadcast_to(entry["rscales"], variances.size)))


@pytest.mark.parametrize(("case", "method"), [("BRR_scd", "brr"), ("Fay_scd", "fay")])
def test_half_samples_are_those_of_r_up_to_their_order(
    golden: Golden, case: str, method: str
) -> None:
    entry = golden("survey/replicates.json")["results"][case]
    ours = replicate_weights(AMBULANCES, SCD, method, rho=0.3)
    np.testing.assert_allclose(in_order(ours.weights), in_order(entry["repweights"]), rtol=1e-12)
    assert ours.scale == pytest.approx(entry["scale"], rel=1e-12)
    assert ours.rscales.tolist() == entry["rscales"]


def in_order(weights: Any) -> Any:
    """Return replicates (columns) in lexicographic order."""
    matrix = np.asarray(weights)
    return matrix[:, np.lexsort(matrix.round(9))]


@pytest.mark.parametrize("case", ["JK1_clus1", "JKn_strat", "BRR_scd", "Fay_scd", "JKn_scd"])
def test_degrees_of_freedom_are_those_of_the_replicates(
    shared: Path, golden: Golden, case: str
) -> None:
    """R takes the rank of the replicate weights less one, which is PSUs less strata here."""
    entry = golden("survey/replicates.json")["results"][case]
    frame, design = sample(shared, STORED[case])
    item = Indicator("y", "mean", next(iter(entry["mean"]["estimate"])))
    assert estimated(frame, design, [item], stored(entry)).df == entry["degf"]


def test_quantiles_take_their_interval_from_replicated_shares(shared: Path, golden: Golden) -> None:
    results = golden("survey/replicates.json")["results"]
    frame, design = sample(shared, "clus1")
    wanted = Indicator("api00", "quantile", "api00", at=[0.25, 0.5, 0.75])
    ours = estimated(frame, design, [wanted], stored(results["JK1_clus1"])).to_polars()
    expected = results["JK1_quantile"]
    for name, held in {"q": "estimate", "lo": "ci_low", "hi": "ci_high", "se": "se"}.items():
        agrees(ours[held].to_numpy(), expected[name])
    assert ours["method"].unique().to_list() == ["replicate"]
