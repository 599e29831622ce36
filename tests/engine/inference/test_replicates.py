"""Replicate weights: what they are in every design, and designs they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import DesignRefused, Refusal, SettingRefused, WeightRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.inference import Design, Indicator, estimate, replicates
from kelisim.engine.inference.measure import Note
from kelisim.engine.inference.replicates import METHODS, replicate_weights
from tests.engine.inference.populations import Drawn, samples

PAIRS = pl.DataFrame(
    {
        "h": np.repeat(np.arange(5), 4),
        "psu": np.tile([1, 1, 2, 2], 5),
        "N": np.repeat([10, 2, 8, 30, 5], 4),
        "w": np.arange(1.0, 21.0),
        "y": np.arange(20.0) ** 1.5 % 7,
        "x": np.arange(20.0) % 3 + 1,
        "g": ["a", "b", "b", "a"] * 5,
    }
)
"""Five strata of two units; of the second, all units of the population."""

PAIRED = Design("w", strata="h", psu="psu", fpc="N")
TOTALS = [Indicator("y", "total", "y"), Indicator("x", "total", "x")]
MEANS = [
    Indicator("mean", "mean", "y"),
    Indicator("ratio", "ratio", numerator="y", denominator="x"),
    Indicator("g", "categorical", "g"),
    Indicator("variance", "variance", "y"),
]


@pytest.mark.parametrize("method", ["jkn", "brr", "fay"])
@pytest.mark.parametrize("design", [PAIRED, replace(PAIRED, fpc=None)], ids=["fpc", "no fpc"])
def test_totals_have_exactly_the_variance_of_linearisation(method: str, design: Design) -> None:
    """For what is linear in the weights, balanced replicates are an identity."""
    taylor = estimate(PAIRS, design, TOTALS, [["g"]])
    made = replicate_weights(PAIRS, design, method, mse=True)
    ours = estimate(PAIRS, design, TOTALS, [["g"]], replicates=made)
    for name in ("estimate", "se", "ci_low", "ci_high", "df", "deff"):
        np.testing.assert_allclose(
            ours.to_polars()[name].to_numpy(), taylor.to_polars()[name].to_numpy(), rtol=1e-10
        )
    np.testing.assert_allclose(
        ours.covariance(["y", "x"], by="g").matrix,
        taylor.covariance(["y", "x"], by="g").matrix,
        rtol=1e-9,
        atol=1e-9,
    )
    difference = {"g=a": 1.0, "g=b": -1.0, "": 0.5}
    assert ours.contrast("y", difference).se == pytest.approx(
        taylor.contrast("y", difference).se, rel=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(samples(gaps=False))
def test_the_jackknife_of_a_total_is_that_of_linearisation(drawn: Drawn) -> None:
    if len(drawn.design.corrections) > 1:
        return
    wanted = [Indicator("y", "total", "y"), Indicator("yes", "total", "yes")]
    made = replicate_weights(drawn.frame, drawn.design, "jkn", mse=True)
    ours = estimate(drawn.frame, drawn.design, wanted, ["sex"], replicates=made).to_polars()
    taylor = estimate(drawn.frame, drawn.design, wanted, ["sex"]).to_polars()
    known = taylor["se"].is_not_null().to_numpy()
    np.testing.assert_allclose(
        ours["se"].to_numpy()[known], taylor["se"].to_numpy()[known], rtol=1e-7, atol=1e-7
    )


@settings(max_examples=20, deadline=None)
@given(samples(), st.integers(0, 5))
def test_replicates_are_the_estimates_of_samples_with_their_weights(
    drawn: Drawn, chosen: int
) -> None:
    """A replicate's estimate is what the same data give with that weight column."""
    design = replace(drawn.design, fpc=None)
    made = replicate_weights(drawn.frame, design, "bootstrap", count=6, seed=chosen)
    weight = made.weights[:, chosen]
    items = [Indicator("y", "mean", "y"), Indicator("r", "ratio", numerator="y", denominator="x")]
    single = replace(made, weights=weight[:, None], rscales=np.ones(1), scale=1.0, mse=True)
    found = estimate(drawn.frame, design, items, replicates=single).to_polars()
    alone = drawn.frame.with_columns(w=weight).filter(pl.col("w") > 0)
    if alone["y"].null_count() == alone.height:
        return
    theirs = estimate(alone, Design("w"), items).to_polars()
    moved = (theirs["estimate"] - found["estimate"]).abs().to_numpy()
    np.testing.assert_allclose(found["se"].to_numpy(), moved, rtol=1e-7, atol=1e-9)


def test_the_bootstrap_draws_one_unit_fewer_than_there_are() -> None:
    frame = pl.DataFrame({"h": np.repeat([1, 2], [4, 7]), "w": np.full(11, 2.0)})
    made = replicate_weights(frame, Design("w", strata="h"), count=50, seed=3)
    times = made.factors * np.repeat([3 / 4, 6 / 7], [4, 7])[:, None]
    np.testing.assert_allclose(times, times.round(), atol=1e-12)
    assert (times[:4].sum(axis=0).round() == 3).all()
    assert (times[4:].sum(axis=0).round() == 6).all()
    assert (made.scale, made.weights.shape) == (1 / 50, (11, 50))


def test_the_bootstrap_is_repeatable_by_its_seed_and_keeps_the_fpc() -> None:
    first, again, other = (
        replicate_weights(PAIRS, PAIRED, count=40, seed=seed).weights for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    enumerated = (PAIRS["h"] == 1).to_numpy()
    assert (first[enumerated] == PAIRS["w"].to_numpy()[enumerated, None]).all()


@pytest.mark.parametrize("design", [PAIRED, replace(PAIRED, fpc=None)], ids=["fpc", "no fpc"])
def test_the_bootstrap_has_the_variance_of_linearisation_on_average(design: Design) -> None:
    taylor = estimate(PAIRS, design, TOTALS).to_polars()["se"].to_numpy()
    made = replicate_weights(PAIRS, design, count=20_000)
    ours = estimate(PAIRS, design, TOTALS, replicates=made).to_polars()["se"].to_numpy()
    np.testing.assert_allclose(ours, taylor, rtol=0.03)


@pytest.mark.parametrize("method", METHODS)
def test_every_kind_of_indicator_is_near_its_linearised_error(method: str) -> None:
    design = Design("w", psu="psu") if method == "jk1" else replace(PAIRED, fpc=None)
    rng = np.random.default_rng(5)
    size = 1200
    frame = pl.DataFrame(
        {
            "h": np.repeat(np.arange(60), 20),
            "psu": np.arange(size) // 10 if method == "jk1" else np.arange(size) // 10 % 2,
            "w": rng.uniform(1, 2, size),
            "y": rng.gamma(3, 1, size),
            "x": rng.gamma(5, 1, size),
            "g": rng.choice(["a", "b"], size),
        }
    )
    ours = estimate(frame, design, MEANS, replicates=replicate_weights(frame, design, method))
    taylor = estimate(frame, design, MEANS)
    np.testing.assert_allclose(
        ours.to_polars()["se"].to_numpy(), taylor.to_polars()["se"].to_numpy(), rtol=0.15
    )
    joint = ours.covariance("variance").matrix
    assert np.sqrt(joint[0, 0]) == pytest.approx(ours.to_polars()["se"][-1])
    assert ours.to_polars()["method"].unique().to_list() == ["replicate"]


def test_a_domain_that_a_replicate_leaves_out_has_no_standard_error() -> None:
    frame = PAIRS.with_columns(g=pl.Series(["a"] * 2 + ["b"] * 18))
    design = Design("w", strata="h", psu="psu")
    made = replicate_weights(frame, design, "brr")
    found = estimate(frame, design, [Indicator("y", "mean", "y")], ["g"], replicates=made)
    row = found.to_polars().filter(domain="g=b").row(0, named=True)
    assert row["se"] > 0
    frame = PAIRS.with_columns(g=pl.Series(["a", "b", "a", "b"] + ["b"] * 16))
    by_row = Design("w", strata="h")
    made = replicate_weights(frame, by_row, count=60)
    found = estimate(frame, by_row, [Indicator("y", "mean", "y")], ["g"], replicates=made)
    row = found.to_polars().filter(domain="g=a").row(0, named=True)
    assert row["estimate"] is not None
    assert (row["se"], row["ci_low"], row["note"]) == (None, None, str(Note.LEFT_OUT))


def test_a_stratum_of_one_unit_without_variance_has_no_replicate() -> None:
    frame = PAIRS.filter((pl.col("h") > 0) | (pl.col("psu") == 1))
    design = Design("w", strata="h", psu="psu", lonely_psu="certainty")
    for method, count in {"jkn": 8, "brr": 8, "bootstrap": 500}.items():
        made = replicate_weights(frame, design, method)
        assert made.weights.shape[1] == count
        np.testing.assert_array_equal(made.weights[:2], np.repeat([[1.0], [2.0]], count, axis=1))


def test_where_everything_is_enumerated_nothing_varies() -> None:
    design = Design("w", strata="h", psu="psu", fpc="all")
    frame = PAIRS.with_columns(all=pl.lit(2))
    made = replicate_weights(frame, design, "jkn")
    assert estimate(frame, design, TOTALS, replicates=made).to_polars()["se"].to_list() == [0, 0]


UNFIT: list[tuple[str, Design, dict[str, Any], type[Refusal], str]] = [
    ("bootstrp", PAIRED, {}, SettingRefused, "Did you mean 'bootstrap'"),
    ("bootstrap", PAIRED, {"count": 1}, SettingRefused, "1 replicates show no variation"),
    ("jk1", PAIRED, {}, DesignRefused, "knows no strata, and the design has 5"),
    ("jkn", PAIRED, {"count": 500}, SettingRefused, "has 10 replicates, not 500"),
    ("brr", Design("w", strata="h"), {}, DesignRefused, "5 of 5 strata have other numbers, such"),
    ("brr", PAIRED, {"count": 9}, SettingRefused, "the next number at hand is 12"),
    ("fay", PAIRED, {"rho": 1.0}, SettingRefused, "Fay's rho is 1"),
    (
        "bootstrap",
        Design("w", strata="h", psu=["psu", "y"], fpc=["N", "N"]),
        {},
        DesignRefused,
        "later stages with a finite population correction",
    ),
    (
        "jkn",
        Design("w", strata="y", psu="x", lonely_psu="adjust"),
        {},
        DesignRefused,
        "strata hold one unit",
    ),
]


@pytest.mark.parametrize(("method", "design", "more", "kind", "words"), UNFIT)
def test_what_does_not_fit_is_refused(
    method: str, design: Design, more: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind, match=words):
        replicate_weights(PAIRS, design, method, **more)


@pytest.mark.parametrize("method", METHODS)
def test_more_weights_than_memory_holds_are_refused(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicates, "MOST", 30)
    design = Design("w", psu="psu") if method == "jk1" else PAIRED
    with pytest.raises(SettingRefused, match="replicates of 20 rows do not fit into memory"):
        replicate_weights(PAIRS, design, method)


def test_replicates_take_other_weights() -> None:
    made = replicate_weights(PAIRS, PAIRED, "brr")
    twice = made.reweighted(2 * made.full, 2 * made.weights)
    np.testing.assert_allclose(twice.factors, made.factors)
    once, double = (
        estimate(PAIRS, PAIRED, TOTALS, replicates=one).to_polars() for one in (made, twice)
    )
    assert (2 * once["se"]).to_list() == pytest.approx(double["se"].to_list())


def test_replicates_of_other_rows_and_a_calibration_beside_them_are_refused() -> None:
    made = replicate_weights(PAIRS, PAIRED, "brr")
    with pytest.raises(WeightRefused, match="The replicates are of 20 rows, the data have 19"):
        estimate(PAIRS.head(19), replace(PAIRED, lonely_psu="certainty"), TOTALS, replicates=made)
    known = Calibration(made.full, made.full, (np.zeros(20, dtype=np.int32),), (1,))
    with pytest.raises(SettingRefused, match="Both a calibration and replicates"):
        estimate(PAIRS, PAIRED, TOTALS, calibration=known, replicates=made)
