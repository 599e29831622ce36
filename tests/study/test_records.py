"""The shape of a CSV file is known exactly: its header, its records, the line of each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import FileRefused
from kelisim.study import records
from kelisim.study.records import Records, line_of_record, scan


def written(folder: Path, content: bytes | str) -> Path:
    file = folder / "x.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.fixture(params=[1, 3, 1 << 23], ids=["tiny blocks", "small blocks", "one block"])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Blocks of several sizes: where one ends must not matter."""
    monkeypatch.setattr(records, "BLOCK", request.param)
    return int(request.param)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a,b\n1,2\n3,4\n", Records(("a", "b"), ",", 2)),
        ("a,b\n1,2\n3,4", Records(("a", "b"), ",", 2)),
        ("a,b\r\n1,2\r\n\r\n", Records(("a", "b"), ",", 1)),
        ("a,b\n1,2\n\n\n", Records(("a", "b"), ",", 1)),
        ("a;b\n1;2,5\n", Records(("a", "b"), ";", 1)),
        ("a\tb\n1\t2\n", Records(("a", "b"), "\t", 1)),
        ('"a, x",b\n"1\n2","say ""no"""\n', Records(("a, x", "b"), ",", 1)),
        ("\ufeffa,b\n1,2\n", Records(("a", "b"), ",", 1)),
        ("a\n1\n\n2\n\n", Records(("a",), ",", 3)),
        ("a,b\n", Records(("a", "b"), ",", 0)),
        ("a,b", Records(("a", "b"), ",", 0)),
        (",b\n,\n", Records(("", "b"), ",", 1)),
    ],
)
def test_header_separator_and_count_are_found(
    tmp_path: Path, block: int, content: str, found: Records
) -> None:
    assert scan(written(tmp_path, content)) == found


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        ("a,b\n1,2\n3\n", "x.csv, line 3", "The line has 1 cell, and the header has 2."),
        ("a,b\n1,2,3\n", "x.csv, line 2", "The line has 3 cells, and the header has 2."),
        ('a,b\n"1\n2",5\n3,4\n5', "x.csv, line 5", "The line has 1 cell"),
        ("a,b\n1,2\n\n3,4\n", "x.csv, line 3", "The line is empty"),
        ('a,b\n1,2\n"3,4\n', "x.csv, line 3", "never closed"),
        ("", "x.csv", "The file is empty."),
        (" \n\n", "x.csv", "The file is empty."),
        ("\na,b\n1,2\n", "x.csv, line 1", "The first line is empty"),
        ("a,b\r1,2\r", "x.csv, line 1", "a bare carriage return"),
        ("a\r,b\n1,2\n", "x.csv, line 1", "a bare carriage return"),
        ("a,b\n1,2\n".encode("utf-16"), "x.csv", "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "x.csv", "UTF-16"),
        (b"PK\x03\x04 and so on", "x.csv", "named .csv but is an Excel workbook"),
        ("ә,b\n1,2\n".encode("kz1048"), "x.csv", "not UTF-8"),
        (b"a,b\n1,2\n\xd0", "x.csv", "not UTF-8"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_line(
    tmp_path: Path, block: int, content: bytes | str, where: str, words: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        scan(written(tmp_path, content))
    assert words in str(refused.value)
    assert refused.value.where.startswith(where)


def test_the_line_of_a_wrong_encoding_far_below_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BLOCK", 16)
    lines = ["a,b", *["1,2"] * 300_000, "Алматы,2"]
    with pytest.raises(FileRefused, match="cp1251") as refused:
        scan(written(tmp_path, "\n".join(lines).encode("cp1251")))
    assert refused.value.where == "x.csv, line 300002"


def test_a_record_is_found_by_its_line_wherever_blocks_end(tmp_path: Path, block: int) -> None:
    file = written(tmp_path, 'a,b\n1,"x\ny"\n2,"\n\n"\n3,4')
    assert [line_of_record(file, row) for row in range(4)] == [2, 4, 7, 8]


CELLS = st.text(alphabet='ab ,;"\n\r\té', max_size=6).filter(lambda cell: cell != "")


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_what_the_csv_module_writes_is_counted_and_located(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str
) -> None:
    text = io.StringIO(newline="")
    starts = []
    writer = csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(("x", "y", "z"))
    for row in rows:
        starts.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    file = written(tmp_path_factory.mktemp("csv"), text.getvalue())
    assert scan(file) == Records(("x", "y", "z"), separator, len(rows))
    assert [line_of_record(file, i) for i in range(len(rows))] == starts
