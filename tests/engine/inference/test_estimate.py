"""What the rows of the estimates say: shape, order, missing answers, empty domains, doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim import estimate as public_estimate
from kelisim.core.errors import IndicatorRefused, SettingRefused, ValueRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.inference import Design, Indicator, Note, estimate
from kelisim.engine.inference.intervals import clopper_pearson
from tests.engine.inference.reference import row

POLL = pl.DataFrame(
    {
        "h": ["a"] * 6 + ["b"] * 6,
        "psu": [1, 1, 2, 2, 3, 3] * 2,
        "w": [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 3.0, 1.0, 3.0, 1.0, 3.0, 1.0],
        "sex": ["f", "m", "f", "m", "f", "m", "f", "m", "f", None, "f", "m"],
        "town": ["north"] * 2 + ["south"] * 10,
        "age": [20, 30, 40, 50, 60, 70, 25, 35, 45, 55, 65, 75],
        "trust": [
            "low",
            "high",
            "low",
            None,
            "high",
            "low",
            "low",
            "low",
            None,
            "high",
            "low",
            "low",
        ],
        "vote": ["yes"] * 12,
    }
)
DESIGN = Design("w", strata="h", psu="psu")
TRUST = {"name": "trust", "kind": "categorical", "column": "trust"}
AGE = {"name": "age", "kind": "mean", "column": "age"}
COLUMNS = [
    *("indicator", "category", "domain", "method", "n", "n_eff", "estimate", "se"),
    *("ci_low", "ci_high", "df", "deff", "note"),
]


def test_the_table_has_the_columns_of_estimates_csv() -> None:
    table = public_estimate(POLL, DESIGN, [TRUST, AGE], [["sex"]]).to_polars()
    assert table.columns == COLUMNS
    assert table["method"].unique().to_list() == ["taylor"]
    text = ["indicator", "category", "domain", "method", "note"]
    assert all(table[name].dtype == pl.String and table[name].null_count() == 0 for name in text)
    assert table["n"].dtype == pl.Int64
    assert table["se"].dtype == pl.Float64


def test_rows_are_ordered_by_indicator_domain_and_category_with_the_nation_first() -> None:
    table = estimate(POLL, DESIGN, [TRUST, AGE], [["sex"], ["town", "sex"]]).to_polars()
    crossed = [f"town={t};sex={s}" for t in ("north", "south") for s in ("f", "m")]
    domains = ["", "sex=f", "sex=m", *crossed]
    expected = [("trust", d, c) for d in domains for c in ("high", "low")]
    expected += [("age", d, "") for d in domains]
    assert list(table.select("indicator", "domain", "category").iter_rows()) == expected


def test_data_may_be_a_dict_a_pandas_or_an_arrow_table() -> None:
    expected = estimate(POLL, DESIGN, [TRUST, AGE], [["sex"]]).to_polars()
    for data in (POLL.to_dict(as_series=False), POLL.to_pandas(), POLL.to_arrow(), POLL.lazy()):
        assert estimate(data, DESIGN, [TRUST, AGE], [["sex"]]).to_polars().equals(expected)


def test_an_item_that_is_missing_leaves_its_own_estimate_and_no_other() -> None:
    ours = estimate(POLL, DESIGN, [TRUST, AGE], [["sex"]])
    assert row(ours, "trust", category="low")["n"] == 10
    assert row(ours, "age")["n"] == 12
    alone = estimate(POLL, DESIGN, [AGE]).to_polars().row(0)
    assert ours.to_polars().filter(indicator="age", domain="").row(0) == alone


def test_a_row_without_its_domain_variable_is_in_no_domain_of_the_set() -> None:
    ours = estimate(POLL, DESIGN, [AGE], [["sex"]])
    assert row(ours, "age", domain="sex=f")["n"] + row(ours, "age", domain="sex=m")["n"] == 11


def test_categories_count_as_yes_together() -> None:
    either = Indicator("either", "categorical", "trust", yes=["low", "high"])
    low = Indicator("low", "categorical", "trust", yes="low")
    people = Indicator("people", "total", "trust", yes=["low"])
    ours = estimate(POLL, DESIGN, [either, low, TRUST, people])
    assert row(ours, "either")["estimate"] == 1
    assert row(ours, "low")["se"] == row(ours, "trust", category="low")["se"]
    assert row(ours, "people")["estimate"] == POLL.filter(trust="low")["w"].sum()


def test_a_crossing_that_no_row_has_is_a_row_with_nothing_but_its_reason() -> None:
    ours = estimate(POLL, DESIGN, [AGE, TRUST], [["town", "vote", "h"]])
    empty = row(ours, "age", domain="town=north;vote=yes;h=b")
    assert empty["n"] == 0
    assert empty["note"] == Note.EMPTY
    numbers = ("n_eff", "estimate", "se", "ci_low", "ci_high", "df", "deff")
    assert all(empty[name] is None for name in numbers)


def test_an_item_that_nobody_answered_is_told_and_not_refused() -> None:
    silent = POLL.with_columns(silent=pl.lit(None, dtype=pl.String))
    wanted: list[Any] = [
        {"name": "category", "kind": "categorical", "column": "silent"},
        {"name": "share", "kind": "categorical", "column": "silent", "yes": ["x"]},
        {"name": "mean", "kind": "mean", "column": "silent"},
        {"name": "total", "kind": "total", "column": "silent"},
        {"name": "median", "kind": "quantile", "column": "silent", "at": [0.5]},
        {"name": "variance", "kind": "variance", "column": "silent"},
        {"name": "ratio", "kind": "ratio", "numerator": "silent", "denominator": "age"},
        AGE,
    ]
    table = estimate(silent, DESIGN, wanted, [["sex"]]).to_polars()
    nothing = table.filter(pl.col("indicator") != "age")
    assert nothing.height == 7 * 3
    assert nothing["n"].sum() == 0
    assert nothing["note"].unique().to_list() == [Note.EMPTY]
    assert nothing["estimate"].null_count() == nothing.height


def test_a_domain_with_one_psu_is_estimated_without_a_standard_error() -> None:
    ours = estimate(POLL, DESIGN, [AGE, TRUST], [["town"]])
    north = row(ours, "age", domain="town=north")
    assert (north["n"], north["estimate"], north["df"]) == (2, pytest.approx(80 / 3), 0)
    assert north["note"] == Note.ONE_PSU
    assert all(north[name] is None for name in ("se", "ci_low", "ci_high", "deff", "n_eff"))


def test_a_share_of_0_or_1_has_an_exact_interval_and_says_so() -> None:
    wanted = [{"name": "vote", "kind": "categorical", "column": "vote"}, TRUST]
    ours = estimate(POLL, DESIGN, wanted, [["psu", "sex"]])
    sure = row(ours, "vote", category="yes")
    assert (sure["estimate"], sure["n_eff"], sure["note"]) == (1, 12, Note.UNANIMOUS)
    assert sure["ci_low"] == pytest.approx(0.025 ** (1 / 12))
    assert (sure["ci_high"], sure["deff"]) == (1, None)
    none = row(ours, "trust", category="high", domain="psu=2;sex=f")
    assert (none["estimate"], none["note"]) == (None if none["n"] == 0 else 0, none["note"])


def test_the_interval_of_no_yes_is_the_rule_of_three() -> None:
    low, high = clopper_pearson(np.array(0.0), np.array(300.0), 0.90)
    assert low == 0
    assert high == pytest.approx(3 / 300, rel=0.01)


def test_a_zero_denominator_in_a_domain_is_told_and_in_the_nation_refused() -> None:
    frame = POLL.with_columns(zero=pl.lit(0), some=pl.when(pl.col("h") == "a").then(1).otherwise(0))
    some = {"name": "r", "kind": "ratio", "numerator": "age", "denominator": "some"}
    ours = estimate(frame, DESIGN, [some], [["h"]])
    undivided = row(ours, "r", domain="h=b")
    assert (undivided["n"], undivided["estimate"]) == (6, None)
    assert undivided["note"] == Note.UNDIVIDED
    with pytest.raises(IndicatorRefused, match="'zero' sums to zero"):
        estimate(frame, DESIGN, [{**some, "denominator": "zero"}])


def test_a_share_that_negative_weights_take_below_0_has_no_interval() -> None:
    weights = np.where(POLL["trust"] == "high", -0.5, 2.0)
    calibration = Calibration(np.ones(12), weights, (np.zeros(12, dtype=np.int32),), (1,))
    ours = row(estimate(POLL, DESIGN, [TRUST], calibration=calibration), "trust", category="high")
    assert (ours["estimate"] < 0, ours["ci_low"], ours["note"]) == (True, None, Note.OUTSIDE)


def test_intervals_widen_with_the_level() -> None:
    widths = []
    for level in (0.5, 0.9, 0.99):
        found = row(estimate(POLL, DESIGN, [AGE], level=level), "age")
        widths.append(found["ci_high"] - found["ci_low"])
    assert widths == sorted(widths)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_a_level_outside_0_and_1_is_refused(level: float) -> None:
    with pytest.raises(SettingRefused, match=r"between 0 and 1.*Write 0.95"):
        estimate(POLL, DESIGN, [AGE], level=level)


def test_data_without_rows_are_refused() -> None:
    with pytest.raises(ValueRefused, match="no rows"):
        estimate(POLL.clear(), DESIGN, [AGE])


def test_nothing_to_estimate_is_refused() -> None:
    with pytest.raises(IndicatorRefused, match="nothing to estimate"):
        estimate(POLL, DESIGN, [])


def test_text_in_a_numeric_item_is_refused_with_its_row() -> None:
    frame = POLL.with_columns(age=pl.Series(["20"] * 4 + ["old"] + ["30"] * 7))
    with pytest.raises(ValueRefused, match=r"column 'age', row 5: 'old' is not a number"):
        estimate(frame, DESIGN, [AGE])


def test_an_estimate_knows_its_design() -> None:
    ours = estimate(POLL, DESIGN, [AGE])
    assert (ours.psus, ours.strata, ours.df) == (6, 2, 4)
    assert repr(ours).startswith("Estimates(indicators=(Indicator(name='age'")


def test_many_categories_and_indicators_are_estimated_in_blocks() -> None:
    """More columns than fit in one block give what each gives alone."""
    rng = np.random.default_rng(3)
    n = 1 << 17
    frame = pl.DataFrame({"w": rng.gamma(4, 1, n), "c": rng.integers(0, 12, n)})
    frame = frame.with_columns(y=pl.col("c") * 2.0, h=pl.Series(rng.integers(0, 5, n)))
    wanted = [Indicator("c", "categorical", "c"), Indicator("y", "mean", "y")]
    ours = estimate(frame, Design("w", strata="h"), wanted)
    third = Indicator("third", "categorical", "c", yes=[3])
    alone = row(estimate(frame, Design("w", strata="h"), [third]), "third")
    assert row(ours, "c", category="3")["se"] == pytest.approx(alone["se"], rel=1e-12)
    assert ours.to_polars().height == 13
