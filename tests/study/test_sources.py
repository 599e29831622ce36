"""CSV, Parquet, SPSS and Stata files are read by column, with missing values as null."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from kelisim.core.errors import ColumnRefused, FileRefused
from kelisim.study.report.remarks import spoken_remark
from kelisim.study.report.wording import wording
from kelisim.study.sources import open_source


def csv(folder: Path, text: str) -> Path:
    file = folder / "x.csv"
    file.write_text(text, encoding="utf-8")
    return file


def sav(folder: Path, frame: pl.DataFrame, name: str = "x.sav", **about: Any) -> Path:
    file = folder / name
    pyreadstat.write_sav(frame, str(file), **about)
    return file


def test_only_the_columns_asked_for_are_read_in_their_order(tmp_path: Path) -> None:
    source = open_source(csv(tmp_path, ',b,"c\nd"\n1,2,3\n4,5,6\n'))
    assert source.columns == ("", "b", "c\nd")
    assert source.read(["c\nd", "b"]).frame.to_dict(as_series=False) == {
        "c\nd": ["3", "6"],
        "b": ["2", "5"],
    }


def test_empty_cells_and_missing_codes_are_null(tmp_path: Path) -> None:
    source = open_source(csv(tmp_path, 'a,b\n1,\n"",NA\nNA,x\n\n'))
    table = source.read(["a", "b"], ["NA"])
    assert table.frame.rows() == [("1", None), (None, None), (None, "x")]


def test_rows_are_found_by_line_in_text_and_by_number_elsewhere(tmp_path: Path) -> None:
    assert open_source(csv(tmp_path, 'a,b\n"1\n2",3\n4,5\n')).place(1) == "x.csv, line 4"
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "x.parquet")
    assert open_source(tmp_path / "x.parquet").place(1) == "x.parquet, row 2"
    assert open_source(sav(tmp_path, pl.DataFrame({"a": [1.0]}))).place(0) == "x.sav, row 1"


def test_a_path_with_brackets_is_a_path_and_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "wave [1] *"
    folder.mkdir()
    assert open_source(csv(folder, "a\n1\n")).read(["a"]).frame.height == 1


def test_a_header_that_names_a_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnRefused, match="names 'b' more than once"):
        open_source(csv(tmp_path, "a,b,b,,\n1,2,3,4,5\n"))


@pytest.mark.parametrize("text", ['a,b\n1"2,5\n3,4"\n', 'a,b\n"1"2,5\n'])
def test_a_quotation_mark_out_of_place_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused):
        open_source(csv(tmp_path, text)).read(["a", "b"])


def test_a_missing_file_and_an_unknown_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        open_source(tmp_path / "x.csv")
    (tmp_path / "x.xlsx").touch()
    with pytest.raises(FileRefused, match=r"'.xlsx' is not a kind of file") as refused:
        open_source(tmp_path / "x.xlsx")
    assert "'.csv', '.parquet', '.sav'" in refused.value.do


@pytest.mark.parametrize("name", ["x.parquet", "x.sav", "x.dta"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FileRefused):
        open_source(tmp_path / name)


def test_parquet_keeps_types_and_drops_missing_codes(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    frame = pl.DataFrame({"q": [1, -9, None], "s": ["a", "", "NA"], "f": [1.5, float("nan"), -9.0]})
    frame.write_parquet(file)
    table = open_source(file).read(["q", "s", "f"], ["-9", "NA"])
    assert table.frame.rows() == [(1, "a", 1.5), (None, None, None), (None, None, None)]


def test_parquet_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pl.DataFrame({"q": range(1000)}).write_parquet(file, compression="uncompressed")
    source = open_source(file)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(FileRefused, match="not a readable Parquet file"):
        source.read(["q"])


def test_parquet_with_lists_in_a_column_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"q": [[1], [2]]}).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(ColumnRefused, match="'q' holds lists"):
        open_source(tmp_path / "x.parquet").read(["q"])


def test_user_missing_values_of_spss_are_missing_and_counted(tmp_path: Path) -> None:
    frame = pl.DataFrame({"q": [1.0, 2, 99, 5, 6], "s": ["a", "b", "zz", "", "a"]})
    file = sav(
        tmp_path,
        frame,
        missing_ranges={"q": [99, {"lo": 5, "hi": 6}], "s": ["zz"]},
        variable_value_labels={"q": {1: "Yes", 99: "Refused"}},
        column_labels={"q": "Do you agree?"},
    )
    table = open_source(file).read(["q", "s"])
    assert table.frame["q"].to_list() == [1.0, 2.0, None, None, None]
    assert table.frame["s"].to_list() == ["a", "b", None, None, "a"]
    assert table.notes == (
        "Column 'q': cells with the user-missing codes 5, 6, 99 (Refused) count as missing: 3.",
        "Column 's': cells with the user-missing codes zz count as missing: 1.",
    )
    said = [spoken_remark(note, wording("kk")) for note in table.notes]
    assert not any(span.language for remark in said for span in remark)
    assert table.wording == {"q": "Do you agree?"}


def test_a_missing_code_may_be_given_by_its_name(tmp_path: Path) -> None:
    file = sav(
        tmp_path,
        pl.DataFrame({"q": [1.0, 8, 9]}),
        variable_value_labels={"q": {1: "Yes", 8: "Don't know", 9: "Refused"}},
    )
    table = open_source(file).read(["q"], ["Don't know", "9"])
    assert table.frame["q"].to_list() == [1.0, None, None]


def test_two_codes_of_one_name_stay_apart(tmp_path: Path) -> None:
    file = sav(
        tmp_path,
        pl.DataFrame({"q": [1.0, 2, 3]}),
        variable_value_labels={"q": {1: "Yes", 2: "Other", 3: "Other"}},
    )
    assert open_source(file).read(["q"]).names == {
        "q": {"1": "Yes", "2": "Other (2)", "3": "Other (3)"}
    }


def test_stata_files_are_read_with_their_names(tmp_path: Path) -> None:
    file = tmp_path / "x.dta"
    pyreadstat.write_dta(
        pl.DataFrame({"q": [1.0, 2, None]}), str(file), variable_value_labels={"q": {1: "Yes"}}
    )
    table = open_source(file).read(["q"])
    assert table.frame["q"].to_list() == [1.0, 2.0, None]
    assert table.names == {"q": {"1": "Yes"}}
