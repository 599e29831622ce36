"""Intervals against scipy's distributions, and where they must not go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kelisim.engine.inference.intervals import (
    clopper_pearson,
    critical,
    korn_graubard,
    likelihood,
    wald_arcsine,
    wald_logit,
)

P = np.array(0.3)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("df", [1.0, 2.0, 39.0, 1e5])
def test_critical_values_are_those_of_t(level: float, df: float) -> None:
    assert critical(level, df) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-10)


def test_without_degrees_of_freedom_there_is_no_critical_value() -> None:
    assert np.isnan(critical(0.95, np.array([0.0, np.nan]))).all()


@pytest.mark.parametrize(("yes", "n"), [(0, 10), (1, 10), (7, 20), (20, 20)])
def test_clopper_pearson_is_the_exact_binomial_interval(yes: int, n: int) -> None:
    exact = stats.binomtest(yes, n).proportion_ci(0.95, "exact")
    low, high = clopper_pearson(np.array(yes / n), np.array(float(n)))
    assert (float(low), float(high)) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_korn_graubard_of_a_simple_sample_is_clopper_pearson() -> None:
    n = np.array(50.0)
    se = np.sqrt(P * (1 - P) / n)
    both = korn_graubard(P, se, n, 49.0), clopper_pearson(P, n)
    np.testing.assert_allclose(both[0], both[1])


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.2), st.floats(2, 500))
def test_intervals_of_shares_hold_the_share_and_stay_within_0_and_1(
    p: float, se: float, df: float
) -> None:
    share, error = np.array(p), np.array(se)
    for low, high in (
        wald_logit(share, error, df),
        wald_arcsine(share, error, df),
        likelihood(share, error, np.array(100.0), df),
        korn_graubard(share, error, np.array(100.0), df),
    ):
        assert 0 <= low <= p <= high <= 1


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0.001, 0.1), st.floats(2, 500))
def test_a_share_and_its_complement_mirror_each_other(p: float, se: float, df: float) -> None:
    n = np.array(200.0)
    yes, no, error = np.array(p), np.array(1 - p), np.array(se)
    for a, b in (
        (wald_logit(yes, error, df), wald_logit(no, error, df)),
        (wald_arcsine(yes, error, df), wald_arcsine(no, error, df)),
        (likelihood(yes, error, n, df), likelihood(no, error, n, df)),
        (korn_graubard(yes, error, n, df), korn_graubard(no, error, n, df)),
    ):
        np.testing.assert_allclose([a[0], a[1]], [1 - b[1], 1 - b[0]], atol=1e-9)


def test_in_a_large_sample_all_methods_agree() -> None:
    se, n = np.array(1e-4), np.array(1e7)
    wald = (0.3 - 1.96e-4, 0.3 + 1.96e-4)
    for found in (
        wald_logit(P, se, np.inf),
        wald_arcsine(P, se, np.inf),
        likelihood(P, se, n, np.inf),
        korn_graubard(P, se, n, 1e6),
    ):
        np.testing.assert_allclose(found, wald, atol=2e-7)


def test_a_share_of_0_or_1_has_no_wald_interval() -> None:
    sure, se = np.array([0.0, 1.0]), np.zeros(2)
    for low, high in (wald_logit(sure, se, 9.0), wald_arcsine(sure, se, 9.0)):
        assert np.isnan(low).all()
        assert np.isnan(high).all()
