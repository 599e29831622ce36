"""What does not fit a model of areas is named with its file and line, by check and run alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kelisim.core.errors import Refusal
from kelisim.study.check import check_study
from kelisim.study.run import run_study
from kelisim.study.settings import read_study
from tests.study.area_study import FAY_HERRIOT, change, write_study

TOML, PEOPLE, CELLS = "study.toml", "interviews.csv", "population.csv"
AREAS, PAIRS = "areas.csv", "pairs.csv"
INCOME, OF_D = pl.col("income"), pl.col("area") == "D"

Spoil = Callable[[Path], None]


def words(file: str, *pairs: tuple[str, str]) -> Spoil:
    return lambda folder: change(folder / file, *pairs)


def column(file: str, **columns: pl.Expr) -> Spoil:
    def spoil(folder: Path) -> None:
        table = pl.read_csv(folder / file)
        table.with_columns(**columns).write_csv(folder / file)

    return spoil


def without(file: str, rows: pl.Expr) -> Spoil:
    def spoil(folder: Path) -> None:
        table = pl.read_csv(folder / file)
        table.filter(~rows).write_csv(folder / file)

    return spoil


def in_turn(*steps: Spoil) -> Spoil:
    def spoil(folder: Path) -> None:
        for step in steps:
            step(folder)

    return spoil


CASES: dict[str, tuple[Spoil, str]] = {
    "no area column": (
        words(TOML, ('area = "area"', 'area = "oblast"')),
        "interviews.csv: There is no column 'oblast' (the small area).",
    ),
    "no cell column": (
        words(TOML, ('["sex", "age"]', '["sex", "agee"]'), ('"sex*age"', '"sex*agee"')),
        "There is no column 'agee' (a cell of the small areas).",
    ),
    "no cell in the population": (
        words(CELLS, ("area,sex,age", "area,sex,ages")),
        "population.csv: There is no column 'age' (a cell variable).",
    ),
    "people of no cell": (
        words(PEOPLE, ("50+", "60+")),
        "interviews.csv, column 'age': The population has no '60+', and the sample does.",
    ),
    "people of no area": (
        words(CELLS, ("\nA,", "\nAA,")),
        "The population has no 'A', and the sample does.",
    ),
    "a cell without its age": (
        words(CELLS, ("B,m,50+", "B,m,")),
        "population.csv, line 13, column 'age': The category is missing",
    ),
    "an interview without its age": (
        column(PEOPLE, age=pl.when(pl.int_range(pl.len()) != 4).then("age")),
        "interviews.csv, line 6, column 'age': 'age' is missing in 1 of 900 interviews.",
    ),
    "an area of nobody": (
        in_turn(column(CELLS, n=pl.when(OF_D).then(0).otherwise("n")), without(PEOPLE, OF_D)),
        "population.csv, column 'area': The population of 'D' is zero.",
    ),
    "no predictor for an area": (
        column(AREAS, income=pl.when(~OF_D).then(INCOME)),
        "areas.csv, column 'income': The predictor 'income' is missing for 'D'.",
    ),
    "no row for an area": (
        without(AREAS, OF_D),
        "areas.csv, column 'area': The predictors of 'D' are missing.",
    ),
    "two rows for an area": (
        words(AREAS, ("\nD,", "\nC,")),
        "areas.csv, line 5, column 'area': The area 'C' occurs more than once.",
    ),
    "no such predictor": (
        words(AREAS, ("income", "incme")),
        "areas.csv: There is no column 'income' (a predictor of areas).",
    ),
    "collinear predictors": (
        in_turn(
            column(AREAS, tenge=INCOME * 450 + 3),
            words(TOML, ('["income", "zone"]', '["income", "zone", "tenge"]')),
        ),
        "areas.csv: The predictor 'tenge' says nothing that 'income' does not say.",
    ),
    "a predictor that is not a number": (
        column(AREAS, income=pl.when(OF_D).then(pl.lit("?")).otherwise(INCOME)),
        "areas.csv, line 5, column 'income': '?' is not a number",
    ),
    "a predictor in words of its own": (
        column(AREAS, zone=pl.col("area") + "x"),
        "areas.csv, column 'zone': The predictor 'zone' is another word in every area",
    ),
    "no predictors file": (
        lambda folder: (folder / AREAS).unlink(),
        "areas.csv: There is no such file.",
    ),
    "a strange neighbour": (
        words(PAIRS, ("E,F", "E,H")),
        "pairs.csv: The population has no area 'H'.",
    ),
    "a neighbour alone": (
        words(PAIRS, ("E,F", "E,")),
        "pairs.csv, line 6, column 'other': A pair of neighbours names one area.",
    ),
    "no such column of neighbours": (
        words(PAIRS, ("one,other", "one,two")),
        "pairs.csv: There is no column 'other' (a neighbour).",
    ),
    "too few draws": (
        words(TOML, ("[smallarea]", "[smallarea]\ndraws = 20")),
        "study.toml, [smallarea], draws: 20 draws are too few for an interval.",
    ),
    "a mean that is no share": (
        words(
            TOML,
            ('name = "helped"', 'name = "years"'),
            ("[smallarea]", '[smallarea]\nindicators = ["years"]'),
        ),
        "The indicator 'years' is a mean of numbers such as 77.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_named_by_check_and_by_run(tmp_path: Path, name: str) -> None:
    spoil, sentence = CASES[name]
    folder = write_study(tmp_path / "s")
    spoil(folder)
    found = [str(one) for one in check_study(folder).refusals]
    assert len(found) == 1, found
    assert sentence in found[0]
    with pytest.raises(Refusal) as refused:
        run_study(read_study(folder))
    assert str(refused.value) == found[0]


def test_too_few_direct_estimates_are_refused_with_the_indicator(tmp_path: Path) -> None:
    text = FAY_HERRIOT.replace('["income"]', '["income", "zone"]')
    folder = write_study(tmp_path / "s", text)
    without(PEOPLE, ~pl.col("area").is_in(["A", "F"]))(folder)
    found = [str(one) for one in check_study(folder).refusals]
    assert "indicator 'agrees', by area: 2 direct estimates do not determine 3" in found[0]


def test_a_predictor_missing_for_an_area_of_direct_estimates_is_named(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", FAY_HERRIOT)
    without(AREAS, OF_D)(folder)
    (refusal,) = check_study(folder).refusals
    assert refusal.where == "areas.csv, column 'income'"
    assert "The predictor 'income' is missing for 'D'." in str(refusal)
