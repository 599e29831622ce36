"""Interviews are read by the columns a study uses, and refused by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from kelisim.core.errors import (
    ColumnRefused,
    FileRefused,
    IdRefused,
    Refusal,
    ValueRefused,
    WeightRefused,
)
from kelisim.study.interviews import interviews_of, lines_of, read_interviews, with_line
from kelisim.study.model import (
    DesignSettings,
    IndicatorSettings,
    InterviewFile,
    Interviews,
    PopulationFile,
    Study,
)

TEXT = """case,w,town,q,age,sex,extra
a1,1.5,01,yes,30,f,x
a2,2,02,no,NA,m,x
a3,2.5,02,,50,f,x
"""


def study(folder: Path, text: str = TEXT, **changes: Any) -> Study:
    file = folder / "interviews.csv"
    file.write_text(text, encoding="utf-8")
    settings: dict[str, Any] = {
        "folder": folder,
        "title": {"en": "x"},
        "country": "",
        "interviews": InterviewFile(file, id="case", missing=("NA",)),
        "design": DesignSettings(weight="w", psu=("town",)),
        "indicators": (
            IndicatorSettings("q", "categorical", "q"),
            IndicatorSettings("age", "mean", "age"),
        ),
        "domains": (("sex",),),
    }
    return Study(**{**settings, **changes})


def test_the_columns_in_use_are_read_as_numbers_and_categories(tmp_path: Path) -> None:
    read = read_interviews(study(tmp_path))
    assert read.frame.to_dict(as_series=False) == {
        "w": [1.5, 2.0, 2.5],
        "age": [30.0, None, 50.0],
        "town": ["01", "02", "02"],
        "q": ["yes", "no", None],
        "sex": ["f", "m", "f"],
    }
    assert read.ids.to_list() == ["a1", "a2", "a3"]
    assert read.columns == 7
    assert read.place(2) == "interviews.csv, line 4"


def test_interviews_without_a_name_are_numbered_from_one(tmp_path: Path) -> None:
    plain = study(tmp_path, interviews=InterviewFile(tmp_path / "interviews.csv", missing=("NA",)))
    assert read_interviews(plain).ids.to_list() == [1, 2, 3]


def test_a_study_that_uses_no_column_still_counts_its_interviews(tmp_path: Path) -> None:
    bare = study(
        tmp_path,
        interviews=InterviewFile(tmp_path / "interviews.csv"),
        design=DesignSettings(),
        indicators=(),
        domains=(),
    )
    assert read_interviews(bare).ids.len() == 3


def test_every_missing_column_is_named_with_its_use_and_the_nearest(tmp_path: Path) -> None:
    wrong = study(
        tmp_path,
        design=DesignSettings(weight="W", strata="region"),
        interviews=InterviewFile(tmp_path / "interviews.csv", interviewer="int", missing=("NA",)),
        population=PopulationFile(tmp_path / "p.csv", rake=(("sex", "ages"),)),
    )
    _, refusals = interviews_of(wrong)
    assert [str(one) for one in refusals] == [
        "interviews.csv: There is no column 'W' (the weight). "
        "The columns are 'case', 'w', 'town', 'q', 'age', 'sex', 'extra'.",
        "interviews.csv: There is no column 'region' (the stratum). "
        "The columns are 'case', 'w', 'town', 'q', 'age', 'sex', 'extra'.",
        "interviews.csv: There is no column 'ages' (the margin 'sex*ages'). Did you mean 'age'?",
        "interviews.csv: There is no column 'int' (the interviewer). "
        "The columns are 'case', 'w', 'town', 'q', 'age', 'sex', 'extra'.",
    ]
    with pytest.raises(ColumnRefused, match="'W'"):
        read_interviews(wrong)


def test_text_in_a_number_is_refused_at_its_line_though_lines_break_inside_cells(
    tmp_path: Path,
) -> None:
    text = TEXT.replace("yes", '"yes\nindeed"').replace("50", "fifty")
    with pytest.raises(ValueRefused) as refused:
        read_interviews(study(tmp_path, text))
    assert refused.value.where == "interviews.csv, line 5, column 'age'"
    assert "'fifty' is not a number" in refused.value.what
    assert "the indicator 'age', of the kind mean" in refused.value.why


def test_a_file_without_interviews_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no interviews below it"):
        read_interviews(study(tmp_path, "case,w,town,q,age,sex\n"))


def test_ids_that_repeat_are_named_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(IdRefused) as refused:
        read_interviews(study(tmp_path, TEXT.replace("a3", "a1")))
    assert "'case' occurs more than once: 'a1'." in refused.value.what
    assert refused.value.where == "interviews.csv, line 2, interviews.csv, line 4"


def test_an_id_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IdRefused, match="'case' is missing") as refused:
        read_interviews(study(tmp_path, TEXT.replace("a2", "NA")))
    assert refused.value.where == "interviews.csv, line 3"


def spss(folder: Path, **changes: Any) -> Study:
    frame = pl.DataFrame(
        {
            "case": [1.0, 2, 3, 4],
            "w": [1.0, 1, 1, 1],
            "town": [1.0, 1, 2, 2],
            "q": [1.0, 2, 3, 9],
            "age": [30.0, 40, 99, 50],
            "sex": [1.0, 2, 1, 2],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(folder / "i.sav"),
        variable_value_labels={
            "q": {1: "Yes", 2: "No", 9: "Refused"},
            "age": {99: "Not told"},
            "sex": {1: "Male", 2: "Female"},
        },
        missing_ranges={"q": [9], "age": [99]},
        column_labels={"q": "Do you agree?"},
    )
    return study(folder, interviews=InterviewFile(folder / "i.sav", id="case"), **changes)


def test_named_codes_are_categories_by_name_and_numbers_by_code(tmp_path: Path) -> None:
    read = read_interviews(spss(tmp_path))
    assert read.frame["q"].to_list() == ["Yes", "No", "3", None]
    assert read.frame["sex"].to_list() == ["Male", "Female", "Male", "Female"]
    assert read.frame["age"].to_list() == [30.0, 40.0, None, 50.0]
    assert read.names["sex"] == {"1": "Male", "2": "Female"}
    assert read.labels.items == {"q": {"und": "Do you agree?"}}
    assert [note.split(":")[0] for note in read.notes] == ["Column 'age'", "Column 'q'"]
    assert read.ids.to_list() == [1, 2, 3, 4]
    assert read.ids.dtype == pl.Int64


def test_a_column_that_is_a_number_and_a_domain_keeps_its_codes(tmp_path: Path) -> None:
    read = read_interviews(
        spss(tmp_path, indicators=(IndicatorSettings("sex", "mean", "sex"),), domains=(("sex",),))
    )
    assert read.frame["sex"].to_list() == [1.0, 2.0, 1.0, 2.0]


def test_the_engine_counts_rows_and_a_person_is_told_lines(tmp_path: Path) -> None:
    read = read_interviews(study(tmp_path))

    def refuse() -> None:
        raise WeightRefused("The weight is zero.", where="column 'w', row 2")

    with pytest.raises(WeightRefused) as refused, lines_of(read):
        refuse()
    assert refused.value.where == "column 'w', interviews.csv, line 3"
    elsewhere = Refusal("x", where="margin 'sex'")
    assert with_line(elsewhere, read) is elsewhere


def test_a_semicolon_file_with_decimal_commas_is_read(tmp_path: Path) -> None:
    text = TEXT.replace(".", "|").replace(",", ";").replace("|", ",")
    assert isinstance(read := read_interviews(study(tmp_path, text)), Interviews)
    assert read.frame["w"].to_list() == [1.5, 2.0, 2.5]


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    frame = pl.read_csv(TEXT.encode(), null_values=["NA"])
    frame.write_parquet(tmp_path / "i.parquet")
    read = read_interviews(
        study(tmp_path, interviews=InterviewFile(tmp_path / "i.parquet", id="case"))
    )
    assert read.frame["age"].to_list() == [30.0, None, 50.0]
    assert read.place(0) == "i.parquet, row 1"
