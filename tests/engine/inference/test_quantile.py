"""Weighted quantiles: three rules, ties, and the interval of Woodruff."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import WeightRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.inference import Design, Indicator, estimate
from kelisim.engine.inference.quantile import Distribution, distribution, quantile
from tests.engine.inference.reference import row

ONE = np.zeros(4, dtype=np.int32)


def sorted_values(values: list[float], weights: list[float]) -> Distribution:
    domain = np.zeros(len(values), dtype=np.int32)
    return distribution(np.array(values), np.array(weights), domain, 1)


def read(found: Distribution, p: float, rule: str) -> float:
    return float(quantile(found, np.array([p]), rule)[0])


@pytest.mark.parametrize(
    ("rule", "p", "expected"),
    [
        ("math", 0.5, 20),
        ("school", 0.5, 25),
        ("math", 0.51, 30),
        ("school", 0.51, 30),
        ("hf7", 0.5, 25),
        ("hf7", 1 / 6, 15),
        ("math", 0.0, 10),
        ("school", 1.0, 40),
        ("hf7", 1.0, 40),
        ("math", 7.0, 40),
        ("hf7", -7.0, 10),
    ],
)
def test_rules_on_four_equal_weights(rule: str, p: float, expected: float) -> None:
    assert read(sorted_values([40, 10, 30, 20], [1] * 4), p, rule) == pytest.approx(expected)


def test_hf7_with_equal_weights_is_numpys_default() -> None:
    values = np.random.default_rng(1).normal(size=37)
    found = sorted_values(values.tolist(), [2.5] * 37)
    for p in (0.03, 0.2, 0.5, 0.77, 0.99):
        assert read(found, p, "hf7") == pytest.approx(np.quantile(values, p), rel=1e-12)


def test_equality_is_not_decided_by_the_last_bit() -> None:
    """Ten weights of 0.1 add up to 0.9999999999999999 in floating point."""
    found = sorted_values(list(range(10)), [0.1] * 10)
    for tenth in range(1, 10):
        assert read(found, tenth / 10, "math") == tenth - 1
        assert read(found, tenth / 10, "school") == tenth - 0.5


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
def test_math_is_the_least_value_whose_share_reaches_p(seed: int, p: float) -> None:
    rng = np.random.default_rng(seed)
    n, domains = 60, 5
    y, w = rng.integers(0, 20, n).astype(np.float64), rng.gamma(2, 1, n)
    domain = rng.integers(-1, domains, n).astype(np.int32)
    found = quantile(distribution(y, w, domain, domains), np.full(domains, p), "math")
    for d in range(domains):
        own, weight = y[domain == d], w[domain == d]
        reached = [x for x in own if weight[own <= x].sum() >= p * weight.sum() * (1 - 1e-12)]
        assert np.isnan(found[d]) if not own.size else found[d] == min(reached)


def test_a_domain_without_values_has_no_quantile() -> None:
    found = distribution(np.arange(4.0), np.ones(4), np.full(4, 2, dtype=np.int32), 3)
    for rule in ("math", "school", "hf7"):
        assert np.isnan(quantile(found, np.full(3, 0.5), rule)).tolist() == [True, True, False]


def test_a_single_value_is_every_quantile() -> None:
    found = sorted_values([7], [3])
    assert {read(found, p, rule) for p in (0.1, 0.9) for rule in ("math", "school", "hf7")} == {7}


def test_rows_are_named_by_their_share_and_missing_answers_leave() -> None:
    frame = pl.DataFrame({"y": [1.0, 2, 3, 4, 5, None] * 20, "d": ["a", "b"] * 60})
    wanted = [Indicator("y", "quantile", "y", at=[0.25, 0.5], rule="school")]
    ours = estimate(frame, Design(), wanted, ["d"])
    assert ours.to_polars()["category"].to_list() == ["0.25", "0.5"] * 3
    median = row(ours, "y", category="0.5")
    assert (median["n"], median["estimate"]) == (100, 3)
    assert median["ci_low"] <= 3 <= median["ci_high"]
    assert median["deff"] == pytest.approx(median["n"] / median["n_eff"])


def test_the_interval_covers_as_often_as_it_says() -> None:
    """A simulation: 200 samples of 80 from a known population, stratified, unequal weights."""
    rng = np.random.default_rng(11)
    population = rng.gamma(2, 10, (2, 100_000))
    covered = 0
    truth = float(np.median(np.concatenate([population[0], np.tile(population[1], 4)])))
    for _ in range(200):
        y = np.concatenate([rng.choice(population[0], 40), rng.choice(population[1], 40)])
        frame = pl.DataFrame({"y": y, "h": [0] * 40 + [1] * 40, "w": [1.0] * 40 + [4.0] * 40})
        wanted = [Indicator("y", "quantile", "y", at=0.5)]
        found = row(estimate(frame, Design("w", strata="h"), wanted), "y", category="0.5")
        covered += found["ci_low"] <= truth <= found["ci_high"]
    assert 0.92 <= covered / 200 <= 0.98


def test_negative_calibrated_weights_have_no_quantiles() -> None:
    weights = np.array([1.0, -0.5, 2.0, 1.0])
    calibration = Calibration(np.ones(4), weights, (ONE,), (1,))
    wanted = [Indicator("y", "quantile", "y", at=0.5)]
    with pytest.raises(WeightRefused, match=r"1 calibrated weights are negative.*by raking"):
        estimate({"y": [1, 2, 3, 4]}, Design(), wanted, calibration=calibration)
