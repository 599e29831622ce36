"""Regressions and tests of tables: identities, refusals, and rows that miss something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import IndicatorRefused, NotConverged, Refusal, SettingRefused
from kelisim.engine.inference import (
    Design,
    Indicator,
    association,
    difference_of_groups,
    estimate,
    rank_test,
    regress,
    replicate_weights,
)


@contextmanager
def refused(kind: type[Refusal], *words: str) -> Iterator[None]:
    with pytest.raises(kind) as caught:
        yield
    for word in words:
        assert word in str(caught.value)


def people(seed: int, n: int = 120) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "w": rng.gamma(4, 0.25, n),
            "psu": rng.integers(0, 15, n),
            "sex": rng.choice(["f", "m"], n),
            "region": rng.choice(["a", "b", "c"], n),
            "age": rng.integers(18, 80, n),
            "yes": rng.integers(0, 2, n),
        }
    )


CLUSTERED = Design("w", psu="psu")


@given(st.integers(0, 10_000))
def test_a_regression_on_a_group_is_the_difference_of_its_domains(seed: int) -> None:
    data = people(seed)
    found = difference_of_groups(data, CLUSTERED, "age", "sex")
    domains = estimate(data, CLUSTERED, [Indicator("age", "mean", "age")], [["sex"]])
    expected = domains.contrast("age", {"sex=m": 1, "sex=f": -1})
    assert found.difference == pytest.approx(expected.estimate, rel=1e-9, abs=1e-9)
    assert found.se == pytest.approx(expected.se, rel=1e-9)


@given(st.integers(0, 10_000))
def test_the_constant_alone_is_the_mean_or_its_logit(seed: int) -> None:
    data = people(seed)
    mean = estimate(data, CLUSTERED, [Indicator("y", "mean", "yes")]).to_polars().row(0, named=True)
    found = regress(data, CLUSTERED, "yes", [], family="logit")
    p = mean["estimate"]
    assert found.estimate[0] == pytest.approx(np.log(p / (1 - p)), abs=1e-9)
    assert found.se[0] == pytest.approx(mean["se"] / (p * (1 - p)), rel=1e-8)


@given(st.integers(0, 10_000))
def test_a_table_does_not_know_which_question_is_the_row(seed: int) -> None:
    data = people(seed)
    one = association(data, CLUSTERED, "sex", "region")
    other = association(data, CLUSTERED, "region", "sex")
    np.testing.assert_allclose(one.shares, other.shares.T)
    np.testing.assert_allclose(one.deffs, other.deffs, rtol=1e-8)
    assert one.second_order.p == pytest.approx(other.second_order.p, rel=1e-8)
    assert one.wald.statistic == pytest.approx(other.wald.statistic, rel=1e-6)


def test_rows_that_miss_an_answer_are_a_domain_outside() -> None:
    data = people(1)
    holed = data.with_columns(
        pl.when(pl.col("psu") > 11).then(None).otherwise(pl.col("sex")).alias("sex"),
        pl.when(pl.col("psu") > 11).then(None).otherwise(pl.col("age")).alias("age"),
    )
    table = association(holed, CLUSTERED, "sex", "region")
    assert table.n == data.filter(pl.col("psu") <= 11).height
    assert table.second_order.df2 == pytest.approx(11 * table.second_order.df1)
    assert regress(holed, CLUSTERED, "age", ["sex"]).df == 11 + 1 - 2


def test_a_table_over_replicates_is_near_the_linearised_one() -> None:
    data = people(2, 600)
    replicates = replicate_weights(data, CLUSTERED, "jk1")
    taylor = association(data, CLUSTERED, "sex", "region")
    ours = association(data, CLUSTERED, "sex", "region", replicates=replicates)
    np.testing.assert_allclose(ours.deffs, taylor.deffs, rtol=0.15)
    np.testing.assert_array_equal(ours.shares, taylor.shares)


def test_a_single_unit_leaves_no_test() -> None:
    data = people(3).with_columns(psu=pl.lit(1))
    everyone = Design("w", psu="psu", lonely_psu="certainty")
    assert np.isnan(association(data, everyone, "sex", "region").second_order.p)
    fitted = regress(data, everyone, "age", ["sex", "region"])
    assert np.isnan(fitted.se).all()
    assert np.isnan(fitted.test("region").p)


def test_a_table_of_coefficients() -> None:
    found = regress(people(4), CLUSTERED, "age", ["sex", "region"]).to_polars()
    assert found["term"].to_list() == ["(constant)", "sex=m", "region=b", "region=c"]
    assert (found["ci_low"] < found["ci_high"]).all()


def test_true_and_false_are_one_and_nought() -> None:
    data = people(5).with_columns(happy=pl.col("yes") == 1)
    a = regress(data, CLUSTERED, "happy", ["age"], family="logit")
    b = regress(data, CLUSTERED, "yes", ["age"], family="logit")
    np.testing.assert_array_equal(a.estimate, b.estimate)


def test_predictors_that_say_the_same_are_named() -> None:
    data = people(6).with_columns(twice=2 * pl.col("age") + 1)
    with refused(IndicatorRefused, "'twice'", "Leave one"):
        regress(data, CLUSTERED, "yes", ["age", "twice"])
    few = data.head(2).with_columns(psu=pl.Series([1, 2]))
    with refused(IndicatorRefused, "says nothing"):
        regress(few, CLUSTERED, "yes", ["age", "w", "psu"])


def test_refusals() -> None:
    data = people(7)
    with refused(SettingRefused, "no family 'probit'", "logit"):
        regress(data, CLUSTERED, "yes", ["age"], family="probit")
    with refused(IndicatorRefused, "Code it 0 and 1"):
        regress(data, CLUSTERED, "age", ["sex"], family="logit")
    with refused(IndicatorRefused, "Counts are 0 or more"):
        regress(data.with_columns(y=-pl.col("age")), CLUSTERED, "y", ["sex"], family="poisson")
    with refused(NotConverged, "decides the outcome"):
        regress(
            data.with_columns(y=(pl.col("age") > 40).cast(pl.Int8)),
            CLUSTERED, "y", ["age"], family="logit",
        )  # fmt: skip
    nobody = data.with_columns(y=pl.when(pl.col("sex") == "m").then(0).otherwise(pl.col("age")))
    with refused(NotConverged, "decides the outcome"):
        regress(nobody, CLUSTERED, "y", ["sex"], family="poisson")
    with refused(IndicatorRefused, "no predictor 'sexx'", "Did you mean 'sex'?"):
        regress(data, CLUSTERED, "age", ["sex"]).test("sexx")
    with refused(IndicatorRefused, "3 categories"):
        difference_of_groups(data, CLUSTERED, "age", "region")
    with refused(SettingRefused, "'savage'", "wilcoxon"):
        rank_test(data, CLUSTERED, "age", "sex", score="savage")
    with refused(IndicatorRefused, "says the same"):
        association(data.with_columns(one=pl.lit("x")), CLUSTERED, "one", "sex")


def test_a_fit_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kelisim.engine.inference.regression.STEPS", 1)
    with refused(NotConverged, "no solution"):
        regress(people(8), CLUSTERED, "yes", ["age"], family="logit")


def test_ranks_say_how_often_one_is_above_the_other() -> None:
    rng = np.random.default_rng(9)
    first, second = rng.integers(0, 8, 40), rng.integers(2, 10, 50)
    data = pl.DataFrame({"y": [*first, *second], "g": ["a"] * 40 + ["b"] * 50})
    above = np.subtract.outer(second, first)
    expected = (above > 0).mean() + (above == 0).mean() / 2 - 0.5
    found = rank_test(data, Design(), "y", "g")
    assert found.difference == pytest.approx(expected, rel=1e-12)
