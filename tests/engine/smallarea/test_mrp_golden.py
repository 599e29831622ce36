"""CES 2018, 20,000 respondents: the same posterior as a long run of NUTS.

The reference and its script are in bench/golden; it was recorded once, by NumPyro alone. None of
its 24,000 draws diverged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.engine.smallarea import SmallAreas, mrp

RECORD = Path(__file__).resolve().parents[3] / "bench" / "golden" / "ces2018_mrp.json"


@pytest.fixture(scope="module")
def nuts() -> Any:
    return json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def laplace(shared: Path, nuts: Any) -> SmallAreas:
    folder = shared / "data" / "polls" / "ces2018"
    everyone = pl.read_csv(folder / "interviews.csv")
    rng = np.random.default_rng(nuts["seed"])
    chosen = rng.choice(len(everyone), nuts["respondents"], replace=False)
    return mrp(
        everyone[np.sort(chosen)],
        pl.read_csv(folder / "population.csv"),
        "abortion",
        "state",
        ["eth", "male", "age", "educ"],
        interactions=[("male", "eth"), ("educ", "age"), ("educ", "eth")],
        area_predictors=pl.read_csv(folder / "states.csv"),
        seed=1,
    )


def test_the_reference_knows_its_areas_and_its_spreads_well(nuts: Any) -> None:
    assert nuts["divergences"] == 0
    assert nuts["min_ess_areas"] > 4000
    assert nuts["min_ess_spreads"] > 4000
    assert nuts["max_rhat"] < 1.005


def test_area_means_are_within_a_tenth_of_a_posterior_sd(laplace: SmallAreas, nuts: Any) -> None:
    mean, sd = np.array(nuts["mean"]), np.array(nuts["sd"])
    assert list(laplace.areas) == nuts["areas"][:-1]
    assert np.max(np.abs(laplace.draws.mean(axis=0) - mean[:-1]) / sd[:-1]) < 0.1
    assert abs(laplace.national.mean() - mean[-1]) / sd[-1] < 0.1
    assert laplace.effective_points > 32


def test_area_standard_deviations_are_within_seven_percent(laplace: SmallAreas, nuts: Any) -> None:
    sd = np.array(nuts["sd"])
    ratio = laplace.draws.std(axis=0, ddof=1) / sd[:-1]
    assert np.all((ratio > 0.93) & (ratio < 1.07))
    assert laplace.national.std(ddof=1) / sd[-1] == pytest.approx(1, abs=0.07)


def test_interval_ends_are_where_nuts_has_them(laplace: SmallAreas, nuts: Any) -> None:
    """Within a quarter of a posterior sd: 1,000 draws know a 2.5 % quantile to 0.085 sd."""
    areas, sd = laplace.estimates[1:], np.array(nuts["sd"])[:-1]
    for mine, theirs in (("ci_low", "low"), ("ci_high", "high")):
        apart = (areas[mine].to_numpy() - np.array(nuts[theirs])[:-1]) / sd
        assert np.max(np.abs(apart)) < 0.25
        assert abs(np.mean(apart)) < 0.05


def test_spreads_of_effects_are_those_of_nuts(laplace: SmallAreas, nuts: Any) -> None:
    for term, mean in zip(laplace.spreads["term"], laplace.spreads["mean"], strict=True):
        name = ":".join(sorted(term.split(":")))
        theirs = {":".join(sorted(k.split(":"))): k for k in nuts["sigma_mean"]}[name]
        assert abs(mean - nuts["sigma_mean"][theirs]) < 0.2 * nuts["sigma_sd"][theirs]
