"""Cells of a population add up to margins, and a wrong cell is refused at its line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, FileRefused, MarginRefused, Refusal, ValueRefused
from kelisim.study.model import PopulationFile
from kelisim.study.population import margins_of, read_margins

TEXT = """sex,age,n
f,18-29,10
f,30+,20.5
m,18-29,30
m,30+,0
"""


def population(
    folder: Path, text: str = TEXT, *margins: tuple[str, ...], count: str = "n"
) -> PopulationFile:
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return PopulationFile(folder / "p.csv", count, margins or (("sex",), ("sex", "age")))


def test_cells_add_up_to_margins_and_crossed_margins(tmp_path: Path) -> None:
    assert read_margins(population(tmp_path)) == {
        "sex": {"f": 30.5, "m": 30.0},
        ("sex", "age"): {
            ("f", "18-29"): 10.0,
            ("f", "30+"): 20.5,
            ("m", "18-29"): 30.0,
            ("m", "30+"): 0.0,
        },
    }


def test_categories_that_are_numbers_print_as_the_interviews_print_them(tmp_path: Path) -> None:
    text = "male,n\n-0.50,10\n0.5,20\n1.0,5\n"
    assert read_margins(population(tmp_path, text, ("male",))) == {
        "male": {"-0.5": 10.0, "0.5": 20.0, "1": 5.0}
    }


def test_codes_are_translated_where_the_interviews_hold_names(tmp_path: Path) -> None:
    names = {"sex": {"1": "Male", "2": "Female"}}
    coded = population(tmp_path, "sex,n\n1,10\n2,20\n", ("sex",))
    assert read_margins(coded, names) == {"sex": {"Male": 10.0, "Female": 20.0}}
    named = population(tmp_path, "sex,n\nMale,10\nFemale,20\n", ("sex",))
    assert read_margins(named, names) == {"sex": {"Male": 10.0, "Female": 20.0}}


def test_other_formats_are_read_too(tmp_path: Path) -> None:
    pl.DataFrame({"sex": ["f", "m"], "n": [1, 2]}).write_parquet(tmp_path / "p.parquet")
    given = PopulationFile(tmp_path / "p.parquet", "n", (("sex",),))
    assert read_margins(given) == {"sex": {"f": 1.0, "m": 2.0}}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (TEXT.replace("20.5", "-1"), ValueRefused, "p.csv, line 3, column 'n': The count -1 is"),
        (TEXT.replace("20.5", ""), ValueRefused, "p.csv, line 3, column 'n': The count is missing"),
        (TEXT.replace("20.5", "many"), ValueRefused, "p.csv, line 3, column 'n': 'many' is not a"),
        (TEXT.replace("m,30+", ",30+"), MarginRefused, "p.csv, line 5, column 'sex': The category"),
        (TEXT.replace("sex", "gender"), ColumnRefused, "There is no column 'sex' (a margin)."),
        (TEXT.replace(",n", ",N"), ColumnRefused, "There is no column 'n' (the count of people)."),
        ("sex,age,n\nf,x,0\n", MarginRefused, "The counts of the population add up to 0."),
        ("sex,age,n\n", MarginRefused, "The counts of the population add up to 0."),
        (TEXT + "f,30+\n", FileRefused, "p.csv, line 6: The line has 2 cells"),
    ],
)
def test_a_wrong_population_is_refused(
    tmp_path: Path, text: str, kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind) as refused:
        read_margins(population(tmp_path, text))
    assert words in str(refused.value)


def test_one_look_finds_everything_and_keeps_the_margins_that_are_right(tmp_path: Path) -> None:
    text = TEXT.replace("m,30+", "m,")
    margins, refusals = margins_of(population(tmp_path, text, ("sex",), ("age",), ("home",)))
    assert list(margins) == ["sex"]
    assert [one.what[:20] for one in refusals] == ["There is no column '", "The category is miss"]
    margins, refusals = margins_of(population(tmp_path, TEXT.replace("10", "x")))
    assert (margins, len(refusals)) == ({}, 1)
