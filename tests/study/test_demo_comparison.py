"""Estimates stand beside the truth, and the intervals that hold it are counted."""

from __future__ import annotations

import math

import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, ValueRefused
from kelisim.study.demo import Coverage, compare

TRUTH = pl.DataFrame(
    {
        "indicator": ["akim", "akim", "akim", "income"],
        "category": ["1", "1", "1", None],
        "domain": [None, "region=KZ-10", "settlement=urban;sex=male", None],
        "truth": [0.2, 0.3, 0.4, 400_000.0],
    }
)


def estimates() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "indicator": ["income", "akim", "akim", "akim"],
            "category": ["", "1", "1", "1"],
            "domain": ["", "", "region=KZ-10", "settlement=urban;sex=male"],
            "method": ["taylor"] * 4,
            "estimate": [410_000.0, 0.21, 0.25, None],
            "se": [4_000.0, 0.01, 0.02, None],
            "ci_low": [402_000.0, 0.19, 0.21, None],
            "ci_high": [418_000.0, 0.23, 0.29, None],
        }
    )


def test_every_truth_has_its_estimate_beside_it() -> None:
    rows = compare(estimates(), TRUTH).rows
    assert rows.columns == [
        "indicator",
        "category",
        "domain",
        "domains",
        "truth",
        "estimate",
        "se",
        "ci_low",
        "ci_high",
        "covered",
    ]
    assert rows["covered"].to_list() == [True, False, None, False]
    assert rows["estimate"].to_list() == [0.21, 0.25, None, 410_000.0]
    assert rows["domains"].to_list() == ["", "region", "settlement;sex", ""]


def test_intervals_that_hold_the_truth_are_counted_by_set_of_domains() -> None:
    comparison = compare(estimates(), TRUTH)
    assert comparison.coverage == (
        Coverage("", 2, 1),
        Coverage("region", 1, 0),
        Coverage("settlement;sex", 0, 0),
    )
    assert comparison.overall == Coverage("all", 3, 1)
    assert comparison.overall.share == 1 / 3
    assert math.isnan(comparison.coverage[2].share)


def test_an_interval_holds_its_own_ends() -> None:
    touching = estimates().with_columns(ci_low=pl.lit(0.2), ci_high=pl.lit(0.3))
    assert compare(touching, TRUTH.head(2)).overall.covering == 2


def test_estimates_read_back_from_csv_compare_the_same() -> None:
    back = pl.read_csv(estimates().write_csv().encode())
    assert compare(back, TRUTH).coverage == compare(estimates(), TRUTH).coverage


def test_estimates_of_another_study_are_refused() -> None:
    other = estimates().with_columns(indicator=pl.lit("other") + pl.col("indicator"))
    other = other.with_columns(domain=pl.int_range(4).cast(pl.String))
    with pytest.raises(ValueRefused, match=r"whose truth is known.*same study"):
        compare(other, TRUTH)


def test_a_table_without_a_column_is_refused_by_its_name() -> None:
    with pytest.raises(ColumnRefused, match="no column 'ci_low' in the estimates"):
        compare(estimates().drop("ci_low"), TRUTH)
    with pytest.raises(ColumnRefused, match="no column 'truth' in the truth"):
        compare(estimates(), TRUTH.drop("truth"))


def test_estimates_by_two_methods_at_once_are_refused() -> None:
    both = pl.concat([estimates(), estimates().with_columns(method=pl.lit("replicate"))])
    with pytest.raises(ValueRefused, match=r"occurs twice in the estimates.*one method at a time"):
        compare(both, TRUTH)
