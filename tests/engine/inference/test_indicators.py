"""Indicators and domains as a study writes them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, IndicatorRefused
from kelisim.engine.inference import Indicator
from kelisim.engine.inference.answers import read_answers
from kelisim.engine.inference.domains import MOST, read_domains
from kelisim.engine.inference.indicators import read_indicators

FRAME = pl.DataFrame({"sex": ["f", "m", None], "age": [3, 1, 2], "trust": ["low", "high", "low"]})


def test_mappings_and_objects_say_the_same() -> None:
    written = {"name": "t", "kind": "categorical", "column": "trust", "yes": ["low"]}
    (read,) = read_indicators([{**written, "threshold": {"above": 0.3}}])
    assert read == Indicator("t", "categorical", "trust", yes=("low",), threshold=0.3)
    assert read_indicators([read]) == (read,)
    assert read_indicators([{**written, "threshold": 0.3}]) == (read,)


def test_a_number_may_be_a_yes_and_a_single_quantile_may_stand_alone() -> None:
    assert Indicator("t", "categorical", "x", yes=[1, 2.0, True]).accepted == ("1", "2", "true")
    assert Indicator("t", "categorical", "x", yes=3).accepted == ("3",)
    assert Indicator("m", "quantile", "x", at=0.5).quantiles == (0.5,)


ITEM = {"name": "x", "kind": "mean", "column": "age"}
BOTH = {"numerator": "age", "denominator": "age"}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([ITEM, ITEM], "'x' is defined twice"),
        ([{**ITEM, "kind": "meen"}], "'meen' is not a kind.*Did you mean 'mean'"),
        ([{**ITEM, "kind": "zzz"}], "Choose one of categorical, mean"),
        ([{**ITEM, "kolumn": "age"}], "no key 'kolumn'.*Did you mean 'column'"),
        ([{**ITEM, "qqq": 1}], "no key 'qqq'.*The keys are name, kind"),
        ([{"kind": "mean", "column": "age"}], "has no name"),
        ([{"name": "x", "column": "age"}], "'x': The indicator has no kind"),
        ([{"name": "x", "kind": "mean"}], "kind mean names a column, and no other"),
        ([{**ITEM, "kind": "ratio"}], "kind ratio names a numerator and a denominator"),
        ([{**ITEM, **BOTH}], "kind mean names a column, and no other"),
        ([{"name": "x", "kind": "ratio", **BOTH, "yes": ["1"]}], "ratio has no categories"),
        ([{**ITEM, "kind": "quantile"}], r"says at which shares.*at = \[0.5\]"),
        ([{**ITEM, "at": [0.5]}], "A quantile, and nothing else"),
        ([{**ITEM, "kind": "quantile", "at": [0.5, 1.0]}], "strictly between 0 and 1"),
        ([{**ITEM, "kind": "quantile", "at": "0.5"}], "a number strictly between"),
        (["age"], "written as a str"),
        ([{**ITEM, "kind": "quantile", "at": 0.5, "rule": "mat"}], "Did you mean 'math'"),
        ([{**ITEM, "kind": "quantile", "at": 0.5, "rule": "x"}], "Choose one of math, school, hf7"),
        ([{**ITEM, "threshold": {"over": 0.3}}], "has the key 'above' and no other"),
    ],
)
def test_an_indicator_that_makes_no_sense_is_refused(written: Any, words: str) -> None:
    with pytest.raises(IndicatorRefused, match=words):
        read_indicators(written)


@pytest.mark.parametrize(
    ("value", "words"), [("Low", "Did you mean 'low'"), ("x", "The answers are 'high', 'low'")]
)
def test_a_yes_that_no_row_says_is_refused(value: str, words: str) -> None:
    with pytest.raises(IndicatorRefused, match=f"'trust' says '{value}'.*{words}"):
        read_answers(FRAME, Indicator("t", "categorical", "trust", yes=[value]))


def test_an_item_that_is_not_there_is_refused() -> None:
    with pytest.raises(ColumnRefused, match=r"no column 'agee'.*Did you mean 'age'"):
        read_answers(FRAME, Indicator("x", "mean", "agee"))


def test_domains_are_the_nation_and_every_crossing() -> None:
    nation, sex, both = read_domains(FRAME, ["sex", ["trust", "sex"]])
    assert (nation.labels, nation.codes.tolist()) == (("",), [0, 0, 0])
    assert (sex.labels, sex.codes.tolist()) == (("sex=f", "sex=m"), [0, 1, -1])
    assert both.codes.tolist() == [2, 1, -1]
    assert both.labels[2] == "trust=low;sex=f"


def test_a_set_without_columns_is_the_nation_that_is_always_there() -> None:
    assert len(read_domains(FRAME, [[]])) == 1


def test_a_single_column_may_stand_alone() -> None:
    assert read_domains(FRAME, "sex")[1].columns == ("sex",)


@pytest.mark.parametrize(
    "by", [[["sex", "sex"]], [["sex"], "sex"], [["sex", "age"], ["age", "sex"]]]
)
def test_a_crossing_named_twice_is_refused(by: Any) -> None:
    with pytest.raises(ColumnRefused, match="twice"):
        read_domains(FRAME, by)


def test_a_domain_that_is_no_column_is_refused() -> None:
    with pytest.raises(ColumnRefused, match=r"no column 'gender' \(a domain\)"):
        read_domains(FRAME, [["sex", "gender"]])


def test_a_crossing_with_an_identifier_is_refused() -> None:
    n = 1000
    frame = pl.DataFrame({"id": range(n), "other": range(n)})
    assert n * n > MOST
    with pytest.raises(ColumnRefused, match="id and other makes 1000000 domains"):
        read_domains(frame, [["id", "other"]])
