"""A study is made, checked and run; what a run writes is whole, right and the same every time."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from kelisim.cli.main import kelisim
from kelisim.study.workbook import write_workbook

FILES = [
    "diagnostics.json",
    "estimates.csv",
    "estimates.json",
    "estimates.parquet",
    "manifest.json",
    "ranks.csv",
    "report.html",
    "report.pdf",
    "thresholds.csv",
    "weights.parquet",
]
COLUMNS = [
    *("indicator", "category", "domain", "method", "n", "n_eff"),
    *("estimate", "se", "ci_low", "ci_high", "df", "deff", "note"),
]


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(kelisim, [str(one) for one in arguments])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the example study, made once."""
    home = tmp_path_factory.mktemp("release")
    invoke("poll", "new", home / "study")
    result = invoke("poll", "run", home / "study", "--out", home / "out")
    assert result.exit_code == 0, result.stderr
    return home / "out"


def test_a_new_study_checks_and_runs_at_once(tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "out"
    made = invoke("poll", "new", study)
    assert made.exit_code == 0
    assert f"kelisim poll check {study}" in made.stdout
    checked = invoke("poll", "check", study)
    assert checked.exit_code == 0
    assert "Nothing is wrong." in checked.stdout
    assert "3 strata, 36 PSUs, 33 degrees of freedom" in checked.stdout
    ran = invoke("poll", "run", study, "--out", out, "--json")
    assert ran.exit_code == 0
    document = json.loads(ran.stdout)
    assert document == {"out": str(out), "files": FILES, "interviews": 720, "estimates": 84}


def test_a_check_tells_a_program_what_the_study_holds(tmp_path: Path) -> None:
    invoke("poll", "new", tmp_path / "study")
    assert json.loads(invoke("poll", "check", tmp_path / "study", "--json").stdout) == {
        "ok": True,
        "findings": [],
        "summary": {
            "interviews": 720,
            "columns": 10,
            "strata": 3,
            "psus": 36,
            "design_df": 33,
            "margins": ["region", "sex*age"],
            "indicators": ["trust", "dissatisfied", "age", "income"],
        },
        "notes": [],
    }


def test_a_new_study_takes_no_place_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    result = invoke("poll", "new", tmp_path)
    assert result.exit_code == 1
    assert "not empty" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_seeds_make_other_examples_and_equal_seeds_the_same(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        invoke("poll", "new", tmp_path / name, "--seed", seed)
    first, same, other = ((tmp_path / n / "interviews.csv").read_bytes() for n in "abc")
    assert first == same != other


def test_the_tables_have_the_columns_of_the_contract(release: Path) -> None:
    assert sorted(file.name for file in release.iterdir()) == FILES
    estimates = rows(release / "estimates.csv")
    assert list(estimates[0]) == COLUMNS
    parquet = pl.read_parquet(release / "estimates.parquet")
    assert parquet.columns == COLUMNS
    lines = json.loads((release / "estimates.json").read_text("utf-8"))
    assert list(lines[0]) == COLUMNS
    assert len(lines) == len(estimates) == parquet.height
    assert lines == parquet.to_dicts()
    assert list(rows(release / "ranks.csv")[0]) == [
        "indicator",
        "domain",
        "estimate",
        "rank",
        "rank_low",
        "rank_high",
        "p_above_threshold",
        "category",
        "note",
    ]
    weights = pl.read_parquet(release / "weights.parquet")
    assert weights.columns == ["id", "base_weight", "weight"]
    assert weights["id"][0] == "S0001"


def test_an_estimate_is_found_by_indicator_category_and_domain(release: Path) -> None:
    keys = {
        (row["indicator"], row["category"], row["domain"]): row
        for row in rows(release / "estimates.csv")
    }
    assert len(keys) == 84
    assert ("trust", "rather", "") in keys
    assert ("age", "", "region=KZ-71;sex=female") in keys
    assert ("income", "0.5", "sex=male") in keys
    one = keys["dissatisfied", "", "region=KZ-75"]
    assert 0 < float(one["ci_low"]) < float(one["estimate"]) < float(one["ci_high"]) < 1
    assert one["method"] == "taylor"


def test_the_weights_reproduce_the_margins(release: Path) -> None:
    study = release.parent / "study"
    sample = pl.read_csv(study / "interviews.csv").select("case_id", "region", "sex", "age")
    weights = pl.read_parquet(release / "weights.parquet")
    joined = sample.join(weights, left_on="case_id", right_on="id")
    population = pl.read_csv(study / "population.csv")
    for by in (["region"], ["sex", "age"]):
        found = joined.group_by(by).agg(pl.col("weight").sum()).sort(by)
        truth = population.group_by(by).agg(pl.col("people").sum()).sort(by)
        assert found["weight"].to_list() == pytest.approx(truth["people"].to_list(), rel=1e-8)
    diagnostics = json.loads((release / "diagnostics.json").read_text("utf-8"))
    assert diagnostics["max_error"] < 1e-8
    w = weights["weight"].to_numpy()
    assert diagnostics["kish_deff"] == pytest.approx(len(w) * (w @ w) / w.sum() ** 2, rel=1e-12)


def test_ranks_are_of_every_single_variable_and_within_their_sets(release: Path) -> None:
    ranks = rows(release / "ranks.csv")
    assert {(row["indicator"], row["domain"].split("=")[0]) for row in ranks} == {
        ("dissatisfied", "region"),
        ("dissatisfied", "sex"),
        ("trust", "region"),
        ("trust", "sex"),
        ("age", "region"),
        ("age", "sex"),
    }
    for row in ranks:
        assert int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"])
        decided = row["indicator"] == "dissatisfied"
        assert bool(row["p_above_threshold"]) == decided


def test_each_answer_of_a_question_is_ranked_on_its_own(release: Path) -> None:
    ranks = [row for row in rows(release / "ranks.csv") if row["indicator"] == "trust"]
    estimates = rows(release / "estimates.csv")
    answers = {row["category"] for row in estimates if row["indicator"] == "trust"}
    assert {row["category"] for row in ranks} == answers
    for answer in answers:
        places = [r for r in ranks if r["category"] == answer and r["domain"].startswith("region")]
        assert sorted(int(row["rank"]) for row in places) == list(range(1, len(places) + 1))
    other = [row for row in rows(release / "ranks.csv") if row["indicator"] != "trust"]
    assert not any(row["category"] for row in other)


def test_the_manifest_names_every_file_by_its_digest(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    named = {one["path"]: one for one in manifest["files"]}
    assert sorted([*named, "manifest.json"]) == FILES
    inputs = {one["path"]: one for one in manifest["inputs"]}
    assert list(inputs) == ["study.toml", "interviews.csv", "population.csv", "questionnaire.xlsx"]
    for folder, described in ((release, named), (release.parent / "study", inputs)):
        for path, one in described.items():
            content = (folder / path).read_bytes()
            assert one["sha256"] == hashlib.sha256(content).hexdigest()
            assert one["bytes"] == len(content)
    assert str(release.parent) not in (release / "manifest.json").read_text("utf-8")


def test_equal_studies_give_equal_bytes(release: Path, tmp_path: Path) -> None:
    invoke("poll", "new", tmp_path / "elsewhere")
    invoke("poll", "run", tmp_path / "elsewhere", "--out", tmp_path / "out")
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (release / name).read_bytes(), name


def test_a_comment_changes_the_file_and_not_the_study(release: Path, folder: Any) -> None:
    folder.change("study.toml", "[study]", "# another comment\n[study]")
    folder.run()
    ours, theirs = (
        json.loads((out / "manifest.json").read_text("utf-8")) for out in (folder.out, release)
    )
    assert ours["study"] == theirs["study"]
    assert ours["inputs"][0] != theirs["inputs"][0]


def test_a_release_takes_no_place_that_is_taken(folder: Any) -> None:
    folder.out.mkdir()
    (folder.out / "mine.txt").touch()
    result = folder.run()
    assert result.exit_code == 1
    assert "The folder exists already and is not empty." in result.stderr
    assert [file.name for file in folder.out.iterdir()] == ["mine.txt"]


def test_a_domain_that_nobody_answered_in_is_a_row_with_a_note(folder: Any) -> None:
    folder.recode(r"^(S\d+,KZ-79,.*),\w+$", r"\1,NA")
    assert folder.run().exit_code == 0
    (row,) = (
        one
        for one in rows(folder.out / "estimates.csv")
        if (one["indicator"], one["domain"]) == ("income", "region=KZ-79")
    )
    assert (row["n"], row["estimate"], row["se"], row["ci_low"]) == ("0", "", "", "")
    assert "no row of the domain answered" in row["note"]


def test_domains_without_an_estimate_have_no_rank_and_that_is_said(folder: Any) -> None:
    folder.recode(r"^(S\d+,KZ-79,.*),\w+(,\w+)$", r"\1,NA\2")
    result = folder.run()
    assert result.exit_code == 0
    ranked = {
        row["domain"]
        for row in rows(folder.out / "ranks.csv")
        if row["indicator"] == "dissatisfied"
    }
    assert "region=KZ-79" not in ranked
    assert "region=KZ-71" in ranked
    assert "Ranks of 'dissatisfied' by region:" in result.stderr
    assert "1 of 3 areas" in result.stderr


def test_a_lonely_psu_is_treated_as_the_study_says(folder: Any) -> None:
    folder.recode(r"^(S\d+,KZ-79),\d+,", r"\1,1,")
    folder.change("study.toml", 'lonely_psu = "fail"', 'lonely_psu = "adjust"')
    assert folder.run().exit_code == 0
    diagnostics = json.loads((folder.out / "diagnostics.json").read_text("utf-8"))
    assert diagnostics["lonely_psu"] == "adjust"
    assert diagnostics["psus"] == 25


def test_an_spss_file_with_user_missing_values_runs_and_says_how_many(tmp_path: Path) -> None:
    frame = pl.DataFrame({"q": [1.0, 2.0, 1.0, 9.0] * 5, "sex": [1.0, 1.0, 2.0, 2.0] * 5})
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "i.sav"),
        variable_value_labels={
            "q": {1: "Иә", 2: "Жоқ", 9: "Refused"},
            "sex": {1: "Male", 2: "Female"},
        },
        missing_ranges={"q": [9]},
        column_labels={"q": "Do you agree?"},
    )
    (tmp_path / "p.csv").write_text("sex,n\n1,60\n2,40\n", encoding="utf-8")
    write_workbook(
        tmp_path / "q.xlsx",
        {
            "survey": [["type", "name", "label::kk"], ["select_one yn", "q", "Келісесіз бе?"]],
            "choices": [["list_name", "name", "label::ru"], ["yn", "1", "Да"], ["yn", "2", "Нет"]],
        },
    )
    (tmp_path / "study.toml").write_text(
        """[study]
title = {en = "x"}
[interviews]
file = "i.sav"
[questionnaire]
file = "q.xlsx"
[population]
file = "p.csv"
rake = ["sex"]
[[indicator]]
name = "q"
[[indicator]]
name = "agree"
column = "q"
yes = [1]
[domains]
by = [["sex"]]
""",
        encoding="utf-8",
    )
    result = invoke("poll", "run", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert "user-missing codes 9 (Refused) count as missing: 5." in result.stderr
    found = {
        (row["indicator"], row["category"], row["domain"]): row
        for row in rows(tmp_path / "out" / "estimates.csv")
    }
    assert found["q", "Иә", ""]["n"] == "15"
    assert float(found["agree", "", "sex=Female"]["estimate"]) == 1.0
    # Men 60 of 100 and half of them agree; of the women, the 20 who answered all do.
    assert float(found["agree", "", ""]["estimate"]) == pytest.approx((30 + 20) / 80)
    diagnostics = json.loads((tmp_path / "out" / "diagnostics.json").read_text("utf-8"))
    assert "user-missing" in diagnostics["notes"][0]


def test_an_interrupt_leaves_nothing_behind(
    folder: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kelisim.study.report.write_pdf", interrupted)
    result = folder.run()
    assert result.exit_code != 0
    assert "Traceback" not in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["study"]


def test_a_sample_drawn_without_replacement_gets_its_weights_from_the_fpc(folder: Any) -> None:
    folder.recode(r"(.)$", r"\1,120")
    folder.change("interviews.csv", "income,120", "income,places")
    folder.change("study.toml", 'weight = "weight"', "")
    folder.change("study.toml", '# fpc = "places"', 'fpc = "places"')
    result = folder.run()
    assert result.exit_code == 0, result.stderr
    weights = pl.read_parquet(folder.out / "weights.parquet")
    assert weights["base_weight"].unique().to_list() == [10.0]
