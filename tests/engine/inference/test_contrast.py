"""Covariances and contrasts on request: what is given, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import ColumnRefused, IndicatorRefused
from kelisim.engine.inference import Estimates, Indicator, estimate
from tests.engine.inference.reference import row
from tests.engine.inference.test_estimate import DESIGN, POLL

WANTED = [
    Indicator("age", "mean", "age"),
    Indicator("trust", "categorical", "trust"),
    Indicator("median", "quantile", "age", at=[0.5]),
    Indicator("spread", "variance", "age"),
    Indicator("low", "categorical", "trust", yes=["low"]),
]


@pytest.fixture(scope="module")
def ours() -> Estimates:
    return estimate(POLL, DESIGN, WANTED, [["sex"], ["town"], ["h", "town"]])


def test_a_covariance_is_labelled_by_indicator_category_and_domain(ours: Estimates) -> None:
    joint = ours.covariance(["age", "trust"], by="sex")
    assert joint.indicators == ("age",) * 2 + ("trust",) * 4
    assert joint.categories == ("", "", "high", "high", "low", "low")
    assert joint.domains == ("sex=f", "sex=m") * 3
    assert joint.matrix.shape == (6, 6)
    np.testing.assert_allclose(joint.matrix, joint.matrix.T)
    assert joint.estimate[0] == row(ours, "age", domain="sex=f")["estimate"]
    assert joint.df[0] == row(ours, "age", domain="sex=f")["df"]


def test_shares_of_two_categories_vary_against_each_other(ours: Estimates) -> None:
    joint = ours.covariance("trust")
    np.testing.assert_allclose(joint.matrix, joint.matrix[0, 0] * np.array([[1, -1], [-1, 1]]))


def test_one_category_may_be_chosen(ours: Estimates) -> None:
    joint = ours.covariance("trust", category="low", by=["sex"])
    assert set(joint.categories) == {"low"}
    np.testing.assert_allclose(joint.matrix, ours.covariance("low", by="sex").matrix)


def test_a_population_variance_has_a_covariance_too(ours: Estimates) -> None:
    joint = ours.covariance("spread", by="sex")
    assert np.sqrt(joint.matrix[1, 1]) == pytest.approx(row(ours, "spread", domain="sex=m")["se"])


def test_estimates_without_a_standard_error_are_nan_in_the_covariance(ours: Estimates) -> None:
    joint = ours.covariance("age", by=["h", "town"])
    known = [row(ours, "age", domain=label)["se"] is not None for label in joint.domains]
    assert known == [False, True, False, True]
    assert np.array_equal(~np.isnan(joint.matrix), np.outer(known, known))


def test_a_contrast_may_join_domains_of_several_sets(ours: Estimates) -> None:
    found = ours.contrast("age", {"sex=f": 1, "": -1, "town=south": 0.5})
    expected = (
        row(ours, "age", domain="sex=f")["estimate"]
        - row(ours, "age")["estimate"]
        + row(ours, "age", domain="town=south")["estimate"] / 2
    )
    assert found.estimate == pytest.approx(expected)
    assert found.low < found.estimate < found.high
    assert found.df == 4


def test_a_contrast_of_one_domain_is_that_domain(ours: Estimates) -> None:
    found, own = ours.contrast("low", {"sex=m": 1}), row(ours, "low", domain="sex=m")
    assert (found.estimate, found.df) == (own["estimate"], own["df"])
    assert found.se == pytest.approx(own["se"])


def test_a_contrast_within_one_psu_has_no_standard_error(ours: Estimates) -> None:
    found = ours.contrast("age", {"town=north": 1})
    assert found.estimate == row(ours, "age", domain="town=north")["estimate"]
    assert np.isnan([found.se, found.low, found.high]).all()
    assert found.df == 0


def test_the_empty_domain_beside_does_not_spoil_a_contrast(ours: Estimates) -> None:
    found = ours.contrast("age", {"h=b;town=south": 1})
    assert found.estimate == row(ours, "age", domain="h=b;town=south")["estimate"]


@pytest.mark.parametrize(
    ("name", "category", "by", "words"),
    [
        ("ag", None, (), "no indicator 'ag'. Did you mean 'age'"),
        ("trust", "lo", (), "no category 'lo'. Did you mean 'low'"),
        ("trust", "zzz", (), "Its categories are 'high', 'low'"),
        ("median", None, (), "indicator 'median': Quantiles have no joint covariance"),
    ],
)
def test_what_is_not_there_has_no_covariance(
    ours: Estimates, name: str, category: str | None, by: tuple[str, ...], words: str
) -> None:
    with pytest.raises(IndicatorRefused, match=words):
        ours.covariance(name, category=category, by=by)


def test_a_set_of_domains_that_was_not_estimated_is_refused(ours: Estimates) -> None:
    with pytest.raises(ColumnRefused, match=r"by town x sex.*'sex', 'town', 'h x town'"):
        ours.covariance("age", by=["town", "sex"])
    with pytest.raises(ColumnRefused, match="Estimate by them first"):
        estimate(POLL, DESIGN, WANTED).covariance("age", by="sex")


def test_a_contrast_needs_one_category_and_known_domains(ours: Estimates) -> None:
    with pytest.raises(IndicatorRefused, match=r"several categories\. Choose one of 'high', 'low'"):
        ours.contrast("trust", {"sex=f": 1})
    with pytest.raises(ColumnRefused, match=r"no domain 'sex=g'\. Did you mean 'sex="):
        ours.contrast("age", {"sex=g": 1})
    with pytest.raises(ColumnRefused, match="names no domain"):
        ours.contrast("age", {})
    with pytest.raises(ColumnRefused, match="The domains are 'sex=f'"):
        ours.contrast("age", {"zzzzzz": 1})
