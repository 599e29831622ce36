"""Everything that can be wrong with a study is refused in a sentence, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Spoil = Callable[[Any], None]


def unlink(file: str) -> Spoil:
    return lambda folder: (folder.path / file).unlink()


def write(file: str, content: str | bytes) -> Spoil:
    data = content.encode() if isinstance(content, str) else content

    def spoil(folder: Any) -> None:
        (folder.path / file).write_bytes(data)

    return spoil


def change(file: str, old: str, new: str, times: int = 1) -> Spoil:
    return lambda folder: folder.change(file, old, new, times)


def recode(pattern: str, replacement: str) -> Spoil:
    return lambda folder: folder.recode(pattern, replacement)


def encode(encoding: str) -> Spoil:
    def spoil(folder: Any) -> None:
        file = folder.path / "interviews.csv"
        text = file.read_text("utf-8").replace("KZ-71", "Астана")
        file.write_bytes(text.encode(encoding))

    return spoil


def divide_the_sexes(folder: Any) -> None:
    """Only women in KZ-71 and only men elsewhere: no weights give each region and sex its share."""
    folder.recode(r"^(S\d+,KZ-71,.*?),male,", r"\1,female,")
    folder.recode(r"^(S\d+,KZ-7[59],.*?),female,", r"\1,male,")
    folder.change("study.toml", '"sex*age"', '"sex"')


def divide_by_zero(folder: Any) -> None:
    """A ratio to a column of zeros."""
    folder.recode("(.)$", r"\1,0")
    folder.change("interviews.csv", "income,0", "income,zero")
    ratio = 'kind = "ratio"\nnumerator = "income"\ndenominator = "zero"'
    folder.change("study.toml", 'column = "age_years"\nkind = "mean"', ratio)


TOML, CSV, POP = "study.toml", "interviews.csv", "population.csv"

CASES: dict[str, tuple[Spoil, str]] = {
    "no study": (unlink(TOML), "There is no study.toml in the folder"),
    "no toml": (change(TOML, 'file = "interviews.csv"', "file ="), "not valid TOML"),
    "two settings a line": (
        change(TOML, 'country = "KZ"', 'country = "KZ"  mode = "web"'),
        "study.toml, line 10: The file is not valid TOML",
    ),
    "wrong key": (change(TOML, "nest = true", "nets = true"), "Did you mean 'nest'?"),
    "wrong section": (change(TOML, "[domains]", "[domain]"), "Did you mean 'domains'?"),
    "wrong kind": (change(TOML, "nest = true", "nest = 1"), "must be true or false, and is the"),
    "no title": (change(TOML, "title =", "# title ="), "[study] has no 'title'"),
    "two of one name": (
        change(TOML, 'name = "age"', 'name = "trust"'),
        "Two indicators have the name 'trust'; the other stands at study.toml, line 47.",
    ),
    "no file": (unlink(CSV), "interviews.csv: There is no such file."),
    "other kind of file": (
        change(TOML, '"interviews.csv"', '"study.toml"'),
        "'.toml' is not a kind of file that can be read.",
    ),
    "no column": (change(CSV, "trust", "trst"), "interviews.csv: There is no column 'trust'"),
    "no rows": (recode(r"^S.*\n", ""), "The file has a header and no interviews below it."),
    "empty file": (write(CSV, ""), "interviews.csv: The file is empty."),
    "workbook named csv": (write(CSV, b"PK\x03\x04..."), "is an Excel workbook"),
    "cp1251": (encode("cp1251"), "Windows-1251 (cp1251)"),
    "utf-16": (encode("utf-16"), "UTF-16"),
    "two headers of one name": (change(CSV, ",sex,", ",region,"), "names 'region' more than once"),
    "a cell too many": (
        recode(r"^S0003,", "S0003,,"),
        "interviews.csv, line 4: The line has 11 cells, and the header has 10.",
    ),
    "open quotes": (recode(r"^S0720,", '"S0720,'), "interviews.csv, line 721: A quotation mark"),
    "two of one id": (
        recode(r"^S0003,", "S0001,"),
        "interviews.csv, line 2, interviews.csv, line 4: The identifier 'case_id' occurs more than "
        "once: 'S0001'.",
    ),
    "text in numbers": (
        recode(r"^(S0009,.*),\d+,(\w+,\w+,\w+)$", r"\1,forty,\2"),
        "interviews.csv, line 10, column 'age_years': 'forty' is not a number",
    ),
    "text in weights": (
        recode(r"^(S0009,KZ-71,1),[\d.]+,", r"\1,heavy,"),
        "interviews.csv, line 10, column 'weight': 'heavy' is not a number",
    ),
    "zero weight": (recode(r"^(S0009,KZ-71,1),[\d.]+,", r"\1,0,"), "interviews.csv, line 10: The"),
    "negative weight": (
        recode(r"^(S0009,KZ-71,1),[\d.]+,", r"\1,-2,"),
        "column 'weight', interviews.csv, line 10: The weight is -2",
    ),
    "missing weight": (
        recode(r"^(S0009,KZ-71,1),[\d.]+,", r"\1,NA,"),
        "column 'weight', interviews.csv, line 10: The weight is missing",
    ),
    "missing stratum": (
        recode(r"^S0009,KZ-71,", "S0009,,"),
        "column 'region', interviews.csv, line 10",
    ),
    "missing margin": (
        recode(r"^(S0009,.*),(fe)?male,", r"\1,,"),
        "column 'sex', interviews.csv, line 10: 1 of 720 rows have no value.",
    ),
    "lonely psu": (recode(r"^(S\d+,KZ-79),\d+,", r"\1,1,"), "Stratum 'KZ-79' of column 'region'"),
    "psu in two strata": (change(TOML, "nest = true", "nest = false"), "is in 3 strata"),
    "margin nobody is in": (
        change(POP, "KZ-79,male,50+", "KZ-99,male,50+"),
        "Nobody in the sample is 'KZ-99'",
    ),
    "margin nobody counted": (
        recode(r"^S0009,KZ-71,", "S0009,KZ-70,"),
        "The sample has 'KZ-70' (1 rows), and the population does not.",
    ),
    "margin of none": (recode(r",18-29,", ",30-49,"), "Nobody in the sample is"),
    "margins in conflict": (divide_the_sexes, "sex"),
    "bounds too narrow": (
        change(TOML, "# bounds = [0.2, 5.0]", "bounds = [0.999, 1.001]"),
        "bounds",
    ),
    "negative count": (change(POP, ",14310", ",-5"), "population.csv, line 2, column 'people'"),
    "no count": (change(POP, "people", "person"), "There is no column 'people' (the count of"),
    "no population": (unlink(POP), "population.csv: There is no such file."),
    "answer nobody gave": (change(TOML, '"rather_not", ', '"rathr_not", '), "says 'rathr_not'"),
    "no domain": (change(TOML, '[["region"], ["sex"]', '[["regionn"], ["sex"]'), "'regionn' (a"),
    "threshold without number": (
        change(TOML, 'yes = ["rather_not", "not_at_all"]', ""),
        "A threshold needs one number a domain",
    ),
    "zero denominator": (divide_by_zero, "The denominator 'zero' sums to zero."),
    "no questionnaire": (
        unlink("questionnaire.xlsx"),
        "questionnaire.xlsx: There is no such file.",
    ),
    "broken questionnaire": (write("questionnaire.xlsx", "?"), "cannot be read as a workbook"),
    "no area": (
        change(TOML, "[domains]", '[smallarea]\narea = "oblast"\ncells = ["sex"]\n[domains]'),
        "There is no column 'oblast' (the small area).",
    ),
    "half-samples of many": (
        change(TOML, "[domains]", '[replicates]\nmethod = "brr"\n[domains]'),
        "Half-samples need two units in every stratum",
    ),
}


@pytest.fixture(params=CASES, ids=str)
def spoiled(request: pytest.FixtureRequest, folder: Any) -> tuple[Any, str]:
    """A study folder with one thing wrong, and the words that must say so."""
    spoil, words = CASES[request.param]
    spoil(folder)
    return folder, words


def test_a_run_is_refused_in_a_sentence_and_leaves_nothing_behind(
    spoiled: tuple[Any, str], tmp_path: Path
) -> None:
    folder, words = spoiled
    result = folder.run()
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert "fault of its own" not in result.stderr
    assert result.exit_code == 1
    assert result.stdout == ""
    assert [one.name for one in tmp_path.iterdir()] == ["study"]


def test_a_check_finds_what_a_run_refuses(spoiled: tuple[Any, str], tmp_path: Path) -> None:
    folder, words = spoiled
    result = folder.check("--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not document["ok"]
    sentences = [
        f"{one['where']}: {one['what']} {one['why']} {one['do']}" for one in document["findings"]
    ]
    assert any(words in sentence for sentence in sentences), sentences
    assert words in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["study"]


def test_a_refusal_is_one_json_document_for_a_program(folder: Any) -> None:
    folder.change(TOML, "nest = true", "nets = true")
    result = folder.run("--json")
    assert json.loads(result.stdout) == {
        "refused": {
            "code": "setting",
            "what": "There is no setting 'nets' in [design].",
            "where": "study.toml, line 30",
            "why": "",
            "do": "Did you mean 'nest'?",
        }
    }
    assert "Did you mean 'nest'?" in result.stderr
    assert result.exit_code == 1
