"""A workbook is read back by other programs, and is the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from kelisim.study.workbook import write_workbook

SHEETS = {"survey": [["type", "имя"], ["", ' <a> & "b" '], ["01", ""]], "b & c": [["x"]]}


def test_other_programs_read_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "w.xlsx"
    write_workbook(file, SHEETS)
    by_calamine = CalamineWorkbook.from_path(str(file))
    by_openpyxl = openpyxl.load_workbook(file)
    assert by_calamine.sheet_names == by_openpyxl.sheetnames == list(SHEETS)
    for name, rows in SHEETS.items():
        cells = by_calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert [[str(cell) for cell in row] for row in cells] == rows
        read = [[cell.value or "" for cell in row] for row in by_openpyxl[name].rows]
        assert [row[: len(rows[0])] for row in read] == rows


def test_equal_sheets_give_equal_bytes(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", SHEETS)
    write_workbook(tmp_path / "b.xlsx", SHEETS)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
