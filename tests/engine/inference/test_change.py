"""Change between waves: identities, the stacked file as the other road, and what has no number."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.inference import Design, Indicator, estimate
from kelisim.engine.inference.change import chosen, independent, overlapping, square_and_add
from kelisim.engine.weighting import rake
from tests.engine.inference.waves import DESIGN, Waves, joined, places, wave

INDICATORS = (
    Indicator("yes", "categorical", "yes"),
    Indicator("income", "mean", "income"),
    Indicator("money", "total", "income"),
    Indicator("spread", "variance", "income"),
    Indicator("ratio", "ratio", numerator="income", denominator="w"),
)
QUICK = settings(deadline=None, max_examples=20)
SEEDS = st.integers(0, 2**32 - 1)


def stacked(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([first.with_columns(wave=pl.lit("1")), second.with_columns(wave=pl.lit("2"))])


def drawn(seed: int, kept: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return two waves that share so many of six places a stratum; the others are new."""
    rng = np.random.default_rng(seed)
    where, others = places(rng), places(rng)
    stays = pl.col("psu") < kept
    moved = pl.concat([where.filter(stays), others.filter(~stays).with_columns(pl.col("psu") + 10)])
    return wave(rng, where), wave(rng, moved)


@given(SEEDS)
@QUICK
def test_a_wave_compared_with_itself_has_not_changed_and_that_is_certain(seed: int) -> None:
    frame, _ = drawn(seed, 6)
    raked = rake(frame, {"sex": {"f": 100.0, "m": 90.0}}, weight="w").calibration
    for calibrations in ((None, None), (raked, raked)):
        waves = joined(frame, frame, calibrations=calibrations)
        for indicator in INDICATORS:
            for place in (0, 1):
                found = waves.change(indicator, place)
                assert not found.change.any()
                assert not found.se.any()
                assert np.isnan(found.p).all()


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.name)
@given(seed=SEEDS, kept=st.integers(1, 6))
@QUICK
def test_the_change_is_the_contrast_of_waves_on_the_stacked_file(
    indicator: Indicator, seed: int, kept: int
) -> None:
    first, second = drawn(seed, kept)
    waves = joined(first, second)
    other = estimate(stacked(first, second), DESIGN, [indicator], [["wave"], ["wave", "sex"]])
    for place, domains in enumerate([("",), (";sex=f", ";sex=m")]):
        found = waves.change(indicator, place)
        keys = [(c, d) for c in categories(other) for d in domains]
        for k, (category, domain) in enumerate(keys):
            names = {f"wave=1{domain}": -1.0, f"wave=2{domain}": 1.0}
            contrast = other.contrast(indicator.name, names, category=category)
            assert found.change[k] == pytest.approx(contrast.estimate, rel=1e-9, abs=1e-12)
            assert found.se[k] == pytest.approx(contrast.se, rel=1e-9)
            assert found.df[k] == contrast.df
            assert found.low[k] == pytest.approx(contrast.low, rel=1e-8, abs=1e-12)
            assert found.high[k] == pytest.approx(contrast.high, rel=1e-8, abs=1e-12)


def categories(estimates: object) -> list[str]:
    assert hasattr(estimates, "to_polars")
    return list(estimates.to_polars()["category"].unique(maintain_order=True))


def test_waves_that_were_raked_apart_are_one_file_raked_within_waves() -> None:
    first, second = drawn(7, 4)
    sex, age = {"f": 100.0, "m": 90.0}, {"old": 80.0, "young": 110.0}
    apart = [
        rake(one, {"sex": sex, "age": age}, weight="w", tolerance=1e-12).calibration
        for one in (first, second)
    ]
    both = stacked(first, second)
    within = {
        ("wave", name): {(w, value): n for w in "12" for value, n in margin.items()}
        for name, margin in (("sex", sex), ("age", age))
    }
    whole = rake(both, within, weight="w", tolerance=1e-12).calibration
    waves = joined(first, second, calibrations=(apart[0], apart[1]))
    for indicator in INDICATORS[1:3]:
        other = estimate(both, DESIGN, [indicator], [["wave"]], calibration=whole)
        contrast = other.contrast(indicator.name, {"wave=1": -1.0, "wave=2": 1.0})
        found = waves.change(indicator)
        assert found.change[0] == pytest.approx(contrast.estimate, rel=1e-9)
        assert found.se[0] == pytest.approx(contrast.se, rel=1e-9)


def test_a_panel_of_respondents_is_the_paired_difference() -> None:
    """Equal weights, one stratum, the same people: the standard error of a paired t-test."""
    rng = np.random.default_rng(3)
    before = rng.normal(0, 1, 50)
    after = before + rng.normal(0.2, 0.3, 50)
    one, two = (pl.DataFrame({"y": y, "who": np.arange(50)}) for y in (before, after))
    found = joined(one, two, design=Design(), domains=()).change(Indicator("y", "mean", "y"))
    paired = stats.ttest_rel(after, before)
    assert found.df[0] == paired.df == 49
    assert found.change[0] / found.se[0] == pytest.approx(paired.statistic)
    assert found.p[0] == pytest.approx(paired.pvalue)
    interval = paired.confidence_interval()
    assert (found.low[0], found.high[0]) == (
        pytest.approx(interval.low),
        pytest.approx(interval.high),
    )


def test_separate_samples_add_their_variances_as_welch_does() -> None:
    rng = np.random.default_rng(5)
    one, two = rng.normal(0, 1, 30), rng.normal(0.5, 3, 12)
    mean, se = ([one.mean()], [two.mean()]), ([stats.sem(one)], [stats.sem(two)])
    found = independent(np.array(mean), np.array(se), np.array([[29.0], [11.0]]))
    welch = stats.ttest_ind(two, one, equal_var=False)
    assert found.se[0] == pytest.approx(np.sqrt(se[0][0] ** 2 + se[1][0] ** 2))
    assert found.df[0] == pytest.approx(welch.df)
    assert found.p[0] == pytest.approx(welch.pvalue)
    assert found.low[0] == pytest.approx(welch.confidence_interval().low)


def test_a_change_without_a_standard_error_is_told_and_not_made_up() -> None:
    estimates = np.array([[0.2, 0.2, np.nan], [0.3, 0.2, 0.5]])
    se = np.array([[0.1, 0.0, np.nan], [np.nan, 0.0, 0.1]])
    found = independent(estimates, se, np.full((2, 3), 9.0))
    np.testing.assert_allclose(found.change, [0.1, 0, np.nan])
    assert np.isnan(found.se).tolist() == [True, False, True]
    assert np.isnan(found.p).all()
    one_psu = independent(estimates[:, :1], np.full((2, 1), 0.1), np.array([[0.0], [9.0]]))
    assert np.isnan(one_psu.low).all()


def test_the_places_that_are_shared_make_a_change_better_known() -> None:
    first, second = drawn(11, 6)
    found = joined(first, second).change(INDICATORS[0])
    alone = [estimate(one, DESIGN, INDICATORS[:1]).to_polars() for one in (first, second)]
    estimates, se, df = (
        np.array([one[name].to_numpy() for one in alone]) for name in ("estimate", "se", "df")
    )
    apart = independent(estimates, se, df)
    np.testing.assert_allclose(found.change, apart.change)
    assert (found.se < 0.9 * apart.se).all()


@given(SEEDS)
@QUICK
def test_where_all_places_are_shared_the_covariance_is_that_of_the_two_waves(seed: int) -> None:
    """V(d) = V1 + V2 - 2 C, with C written out by stratum."""
    first, second = drawn(seed, 6)
    waves = joined(first, second, domains=())
    parts = [Waves.part(one, INDICATORS[1]) for one in waves.both]
    C = 0.0
    for h in range(4):
        z = [part.totals[6 * h : 6 * h + 6, 0] for part in parts]
        C += 6 * float(np.cov(z[0], z[1])[0, 1])
    V = [
        float(estimate(one, DESIGN, INDICATORS[1:2]).to_polars()["se"][0]) ** 2
        for one in (first, second)
    ]
    assert waves.change(INDICATORS[1]).se[0] ** 2 == pytest.approx(sum(V) - 2 * C)


def test_the_order_of_rows_and_waves_changes_nothing_but_the_sign() -> None:
    first, second = drawn(2, 3)
    found = joined(first, second).change(INDICATORS[0], 1)
    shuffled = joined(first.sample(fraction=1, shuffle=True, seed=1), second)
    np.testing.assert_allclose(shuffled.change(INDICATORS[0], 1).se, found.se)
    back = joined(second, first).change(INDICATORS[0], 1)
    np.testing.assert_allclose(back.change, -found.change)
    np.testing.assert_allclose(back.se, found.se)
    np.testing.assert_allclose(back.p, found.p)


def test_some_of_the_estimates_may_be_chosen() -> None:
    waves = joined(*drawn(4, 5))
    parts = [Waves.part(one, INDICATORS[0], 1) for one in waves.both]
    whole = overlapping(parts[0], parts[1], waves.union)
    some = np.array([3, 0])
    found = overlapping(chosen(parts[0], some), chosen(parts[1], some), waves.union)
    np.testing.assert_allclose(found.se, whole.se[some])


def test_a_quantile_has_no_linearised_variable() -> None:
    waves = joined(*drawn(4, 5))
    with pytest.raises(IndicatorRefused, match="no joint covariance"):
        waves.change(Indicator("median", "quantile", "income", at=[0.5]))


def test_square_and_add_gives_the_interval_newcombe_published() -> None:
    """Newcombe (1998), table II, method 10: 56/70 less 48/80, and 10/10 less 0/10."""
    p, low, high = (np.empty((2, 2)) for _ in range(3))
    for place, pairs in enumerate([((48, 80), (56, 70)), ((0, 10), (10, 10))]):
        for w, (yes, n) in enumerate(pairs):
            wilson = stats.binomtest(yes, n).proportion_ci(method="wilson")
            p[w, place], low[w, place], high[w, place] = yes / n, wilson.low, wilson.high
    below, above = square_and_add(p, low, high)
    np.testing.assert_allclose(below, [0.0524, 0.6075], atol=5e-5)
    np.testing.assert_allclose(above, [0.3339, 1.0000], atol=5e-5)


def test_intervals_of_a_change_hold_it_as_often_as_they_promise() -> None:
    """Simulated: 24 places with lasting leanings, 120 pairs of waves, half or all of them kept."""
    truth, held = 0.0, {3: 0, 6: 0}
    for seed in range(120):
        for kept in held:
            found = joined(*drawn(seed, kept), domains=()).change(INDICATORS[0])
            held[kept] += bool(found.low[1] <= truth <= found.high[1])
    assert 0.9 <= held[6] / 120 <= 0.99
    assert held[3] / 120 >= 0.9
