"""A frame in any format gives one sample; what is written of it is whole and can be checked."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kelisim.core.errors import Refusal
from kelisim.study.sample_design import read_design
from kelisim.study.sampling import DrawnSample, draw_from, public_seed, write_sample

DESIGN = """[sample]
n = 6
method = "systematic"
[frame]
id = "id"
strata = "region"
sort = "house"
"""
UNITS: dict[str, list[Any]] = {
    "id": [f"u{i:02}" for i in range(20)],
    "region": ["a", "b"] * 10,
    "house": [19 - i for i in range(20)],
    "adults": [1.5 + i for i in range(20)],
    "since": [f"20{i:02}-01-01" for i in range(20)],
}


def draw(folder: Path, text: str = DESIGN, frame: str = "frame.csv", seed: int = 1) -> DrawnSample:
    (folder / "sample.toml").write_text(text, encoding="utf-8")
    return draw_from(folder / frame, read_design(folder / "sample.toml"), seed=seed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one frame in two formats."""
    frame = pl.DataFrame(UNITS)
    frame.write_csv(tmp_path / "frame.csv")
    frame.with_columns(pl.col("since").str.to_date()).write_parquet(tmp_path / "frame.parquet")
    return tmp_path


def test_a_frame_gives_the_same_sample_in_every_format(folder: Path) -> None:
    csv, parquet = draw(folder), draw(folder, frame="frame.parquet")
    assert csv.sample.table.equals(parquet.sample.table)
    assert csv.units == 20


def test_numbers_sort_by_size_and_not_as_text(folder: Path) -> None:
    # Every third house of ten: as text, 1 would stand beside 10 and not beside 2.
    table = draw(folder).sample.table
    houses = [UNITS["house"][row] for row in table.filter(pl.col("stratum") == "a")["row"]]
    assert houses == sorted(houses)
    assert max(b - a for a, b in pairwise(houses)) <= 8


def test_a_public_value_is_the_seed_whatever_the_option_says(folder: Path) -> None:
    bound = DESIGN.replace("n = 6", 'n = 6\npublic = "Лотерея: 4 8 15"')
    first, second = draw(folder, bound, seed=1), draw(folder, bound, seed=2)
    assert first.seed == second.seed == public_seed("Лотерея: 4 8 15")
    assert f"{first.seed:064x}" == hashlib.sha256("Лотерея: 4 8 15".encode()).hexdigest()
    assert first.sample.table.equals(second.sample.table)
    assert not draw(folder, seed=1).sample.table.equals(draw(folder, seed=2).sample.table)


@pytest.mark.parametrize("frame", ["frame.csv", "frame.parquet"])
def test_kept_columns_stand_beside_their_units(folder: Path, frame: str) -> None:
    drawn = draw(folder, DESIGN + 'keep = ["since", "adults", "house"]\n', frame)
    write_sample(drawn, folder / "out")
    written = pl.read_csv(folder / "out" / "sample.csv")
    rows = [UNITS["id"].index(unit) for unit in written["unit"]]
    assert written["since"].to_list() == [UNITS["since"][row] for row in rows]
    assert written["adults"].to_list() == [UNITS["adults"][row] for row in rows]
    assert written["house"].to_list() == [UNITS["house"][row] for row in rows]


def test_sizes_may_have_a_decimal_comma_where_cells_end_with_a_semicolon(folder: Path) -> None:
    (folder / "frame.csv").write_text("id;adults\na;1,5\nb;4,5\nc;3,0\n", encoding="utf-8")
    design = '[sample]\nn = 1\nmethod = "pps-brewer"\n[frame]\nid = "id"\nsize = "adults"\n'
    assert draw(folder, design).sample.strata["size"].to_list() == [9.0]


def test_the_report_and_the_manifest_say_what_was_done(folder: Path) -> None:
    text = DESIGN.replace("n = 6\n", 'public = "x"\n') + "[size]\nmargin = 0.4\nresponse = 0.9\n"
    drawn = draw(folder, text)
    files = write_sample(drawn, folder / "out")
    assert files == ["manifest.json", "report.json", "sample.csv"]
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    assert report["public_value"] == "x"
    assert report["seed"] == str(public_seed("x"))
    assert report["design"]["n"] == report["size"]["units"] == 8
    assert [one["drawn"] for one in report["strata"]] == [4, 4]
    assert report["weight_sum"] == pytest.approx(20)
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    for one in (*manifest["files"], *manifest["inputs"]):
        home = folder if one in manifest["inputs"] else folder / "out"
        assert one["sha256"] == hashlib.sha256((home / one["path"]).read_bytes()).hexdigest()
    assert [one["path"] for one in manifest["inputs"]] == ["sample.toml", "frame.csv"]


WRONG = {
    "column missing": ("id", "idd", "frame.csv: There is no column 'id' (the identifier of a unit"),
    "id twice": ("u03,", "u01,", "frame.csv, line 3 and frame.csv, line 5: The identifier 'u01'"),
    "no stratum": ("u03,b", "u03,", "column 'region', frame.csv, line 5: 1 of 20 units have no"),
    "size in words": (",4.5,", ",many,", "frame.csv, line 5, column 'adults': 'many' is not a num"),
    "zero size": (",4.5,", ",0,", "column 'adults', frame.csv, line 5: The measure of size is 0"),
    "empty size": (",4.5,", ",,", "column 'adults', frame.csv, line 5: The measure of size is nan"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_frame_that_cannot_be_used_is_refused_at_its_line(name: str, folder: Path) -> None:
    old, new, words = WRONG[name]
    file = folder / "frame.csv"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        draw(folder, DESIGN + 'size = "adults"\n')
    assert words in str(refused.value)
    assert "[interviews]" not in str(refused.value)


def test_a_missing_code_is_an_empty_cell(folder: Path) -> None:
    with pytest.raises(Refusal, match="10 of 20 units have no value"):
        draw(folder, DESIGN + 'missing = ["b"]\n')


def test_a_contradiction_between_design_and_frame_names_the_design(folder: Path) -> None:
    with pytest.raises(Refusal) as refused:
        draw(folder, DESIGN.replace("n = 6", "n = 21"))
    assert str(refused.value).startswith("sample.toml: 21 units are asked for, and there are 20.")
    with pytest.raises(Refusal, match="There is no such frame"):
        draw(folder, frame="none.csv")
