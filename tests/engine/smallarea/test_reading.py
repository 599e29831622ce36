"""Sample and population in the same codes, and each way in which they do not fit."""

from __future__ import annotations

import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, IndicatorRefused, ValueRefused
from kelisim.engine.smallarea.reading import read_outcome, read_population, read_sample
from tests.engine.smallarea.cases import country, people

CELLS = ["sex", "age"]


def test_rows_of_the_same_cell_are_added_up_in_any_order() -> None:
    once = read_population(country(), "region", CELLS, "n")
    halves = country().with_columns(n=pl.col("n") / 2)
    twice = read_population(
        pl.concat([halves, halves.reverse().with_columns(extra=None)], how="diagonal"),
        "region", CELLS, "n",
    )  # fmt: skip
    assert twice.labels == once.labels == (tuple("ABCDEF"), ("f", "m"), ("mid", "old", "young"))
    assert twice.cells.variables.tolist() == once.cells.variables.tolist()
    assert twice.cells.counts.tolist() == once.cells.counts.tolist()
    assert once.cells.counts.min() == 0


def test_respondents_have_the_codes_of_the_population() -> None:
    population = read_population(country(), "region", CELLS, "n")
    sample = people(50).with_columns(pl.col("sex").cast(pl.Categorical))
    codes = read_sample(sample, population)
    back = [population.labels[2][code] for code in codes[:, 2]]
    assert back == sample["age"].to_list()


@pytest.mark.parametrize(
    ("count", "words"),
    [(-3, "The count is negative: -3"), (None, "The count is missing")],
)
def test_a_count_that_counts_nobody_is_refused(count: int | None, words: str) -> None:
    table = country().with_row_index().with_columns(
        n=pl.when(pl.col("index") == 7).then(pl.lit(count)).otherwise(pl.col("n"))
    )  # fmt: skip
    with pytest.raises(ValueRefused, match=rf"column 'n', row 8: {words}"):
        read_population(table, "region", CELLS, "n")


def test_an_area_without_people_is_named() -> None:
    table = country().with_columns(n=pl.col("n") * (pl.col("region") != "C"))
    with pytest.raises(ValueRefused, match="population of 'C' is zero"):
        read_population(table, "region", CELLS, "n")


def test_an_empty_population_is_refused() -> None:
    with pytest.raises(ValueRefused, match="no rows"):
        read_population(country().head(0), "region", CELLS, "n")


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(ColumnRefused, match="'sex' is named twice"):
        read_population(country(), "region", ["sex", "age", "sex"], "n")


def test_a_category_that_the_population_lacks_is_named() -> None:
    population = read_population(country(), "region", CELLS, "n")
    sample = people(20).with_columns(age=pl.lit("yung"))
    with pytest.raises(ValueRefused, match=r"no 'yung'.*stand for nobody.*mean 'young'"):
        read_sample(sample, population)


def test_a_respondent_without_a_cell_is_refused_with_the_row() -> None:
    population = read_population(country(), "region", CELLS, "n")
    sample = people(20).with_row_index().with_columns(
        sex=pl.when(pl.col("index") == 4).then(None).otherwise(pl.col("sex"))
    )  # fmt: skip
    with pytest.raises(ValueRefused, match=r"column 'sex', row 5: .* missing in 1 rows"):
        read_sample(sample, population)


@pytest.mark.parametrize("values", [[1, 0, None, 1], [True, False, None, True], [1.0, 0, None, 1]])
def test_zero_and_one_are_yes_and_no(values: list[object]) -> None:
    outcome = read_outcome(pl.DataFrame({"q": values}, strict=False), "q", ())
    assert outcome.binary
    assert outcome.codes.tolist() == [1, 0, -1, 1]
    assert outcome.splits.tolist() == [0, 1, 0]  # yes is split off first


def test_chosen_answers_count_as_yes() -> None:
    outcome = read_outcome(pl.DataFrame({"q": ["a", "b", "c", None]}), "q", ["a", "c"])
    assert outcome.codes.tolist() == [1, 0, 1, -1]


def test_several_answers_are_split_off_from_the_most_frequent_on() -> None:
    outcome = read_outcome(pl.DataFrame({"q": ["a", "b", "c", "c", None, "b", "c"]}), "q", ())
    assert outcome.categories == ("a", "b", "c")
    assert outcome.order == [2, 1, 0]
    assert outcome.splits.tolist() == [2, 1, 0, 0, 1, 0]
    assert outcome.shown == [2, 1, 0]


def test_answers_that_tell_nothing_are_refused() -> None:
    with pytest.raises(IndicatorRefused, match="Nobody answered"):
        read_outcome(pl.DataFrame({"q": [None, None]}, schema={"q": pl.String}), "q", ())
    with pytest.raises(IndicatorRefused, match="Everybody answered 'a'"):
        read_outcome(pl.DataFrame({"q": ["a", "a"]}), "q", ())
    with pytest.raises(IndicatorRefused, match=r"Nobody answered 'Yess'.*mean 'Yes'"):
        read_outcome(pl.DataFrame({"q": ["Yes", "No"]}), "q", ["Yess"])


def test_zero_and_one_can_be_answers_like_any_other() -> None:
    frame = pl.DataFrame({"y": [0, 1, 1, None]})
    read = read_outcome(frame, "y", (), every=True)
    assert read.categories == ("0", "1")
    assert not read.binary
