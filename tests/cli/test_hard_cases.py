"""The hard cases of survey estimation through the command line, each by its name.

Six of them, and the last ones of small areas, are those that the anchors of the field list; the
rest are files as people send them. What is refused says what, where and what to do; what is let
through says what was done.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kelisim.engine.smallarea.table import EMPTY as UNSEEN
from kelisim.study.report.remarks import spoken_remark
from kelisim.study.report.wording import wording
from tests.cli.conftest import Folder, invoke
from tests.study.area_study import AREAS, change, write_study

RAKE = 'rake = ["region", "sex*age"]'
ROW = pl.int_range(pl.len())
LONELY = (pl.col("region") != "KZ-75") | (pl.col("settlement") == "1")

Spoil = Callable[[Folder], None]


def people(folder: Folder) -> pl.DataFrame:
    return pl.read_csv(folder.path / "interviews.csv", infer_schema=False)


def kept(rows: pl.Expr | int) -> Spoil:
    """Leave out the interviews of other rows; a number keeps the first ones."""

    def spoil(folder: Folder) -> None:
        table = people(folder)
        table = table.head(rows) if isinstance(rows, int) else table.filter(rows)
        table.write_csv(folder.path / "interviews.csv")

    return spoil


def column(file: str = "interviews.csv", **columns: pl.Expr) -> Spoil:
    return changed(file, columns)


def changed(file: str, columns: dict[str, pl.Expr]) -> Spoil:
    def spoil(folder: Folder) -> None:
        table = pl.read_csv(folder.path / file, infer_schema=False)
        table.with_columns(**columns).write_csv(folder.path / file)

    return spoil


def fifth(name: str, value: str) -> Spoil:
    """Write a value into line 6, which is row 5."""
    return changed("interviews.csv", {name: pl.when(ROW == 4).then(pl.lit(value)).otherwise(name)})


def words(old: str, new: str, file: str = "study.toml") -> Spoil:
    return lambda folder: folder.change(file, old, new)


def in_turn(*steps: Spoil) -> Spoil:
    def spoil(folder: Folder) -> None:
        for step in steps:
            step(folder)

    return spoil


def in_cp1251(folder: Folder) -> None:
    file = folder.path / "interviews.csv"
    file.write_bytes(file.read_bytes().replace(b"fully", "полностью".encode("cp1251")))


REFUSED: dict[str, tuple[Spoil, str]] = {
    "1. a lonely PSU": (
        kept(LONELY),
        "Stratum 'KZ-75' of column 'region' (n = 20) holds a single sampled unit.",
    ),
    "3. a category of the population that nobody is in": (
        words("KZ-71,female,18-29", "KZ-10,female,18-29", "population.csv"),
        "Nobody in the sample is 'KZ-10', 4.34% of the population.",
    ),
    "3. a count of zero for people who are there": (
        column(
            "population.csv",
            people=pl.when(pl.col("region") == "KZ-71").then(pl.lit("0")).otherwise("people"),
        ),
        "The population has 0 of 'KZ-71', and the sample has 240 such rows.",
    ),
    "3. a category that the population lacks": (
        column(age=pl.when(ROW < 7).then(pl.lit("17-")).otherwise("age")),
        "'male*17-' (7 rows), and the population does not.",
    ),
    "4. margins that contradict each other": (
        in_turn(
            column(
                sex=pl.when(pl.col("region") == "KZ-71")
                .then(pl.lit("female"))
                .otherwise(pl.lit("male"))
            ),
            words(RAKE, 'rake = ["region", "sex"]'),
        ),
        "every row with sex 'female' also has region 'KZ-71', but the population has 174,900",
    ),
    "4. bounds that raking cannot keep, with those it can": (
        words(RAKE, f"{RAKE}\nbounds = [0.99, 1.01]"),
        "Widen the bounds to [0.466, 2.15], which can be kept",
    ),
    "5. bounds that calibration cannot keep, with those it can": (
        words(RAKE, f'{RAKE}\nmethod = "linear"\nbounds = [0.99, 1.01]'),
        "The nearest bounds of the same shape that can be met are 0.174 and 1.83.",
    ),
    "5. a quantile of negative weights": (
        words(RAKE, f'{RAKE}\nmethod = "linear"\ntotals = {{age_years = 24000000}}'),
        "283 calibrated weights are negative.",
    ),
    "6. trimming that pushes others out": (
        words(RAKE, f"{RAKE}\ntrim = [0.9, 1.02]"),
        "the last are outside by",
    ),
    "a header and nothing below": (kept(0), "The file has a header and no interviews below it."),
    "one interview alone": (kept(1), "Nobody in the sample is 'KZ-75', 'KZ-79', 69.70%"),
    "a weight of zero": (
        fifth("weight", "0"),
        "interviews.csv, line 6: The weight is 0",
    ),
    "a weight below zero": (
        fifth("weight", "-3"),
        "interviews.csv, line 6: The weight is -3",
    ),
    "a weight in words": (
        fifth("weight", "heavy"),
        "interviews.csv, line 6, column 'weight': 'heavy' is not a number",
    ),
    "an identifier twice": (
        fifth("case_id", "S0001"),
        "interviews.csv, line 2, interviews.csv, line 6: The identifier 'case_id' occurs more",
    ),
    "a column of another name": (
        words("settlement", "setlement", "interviews.csv"),
        "There is no column 'settlement' (the primary sampling unit). Did you mean 'setlement'?",
    ),
    "a number without end": (
        fifth("income", "inf"),
        "interviews.csv, line 6, column 'income': 'inf' is not a number",
    ),
    "a population below zero": (
        column("population.csv", people=pl.when(ROW == 2).then(pl.lit("-5")).otherwise("people")),
        "population.csv, line 4, column 'people': The count -5 is negative.",
    ),
    "a file of Windows": (in_cp1251, "it seems to be in the encoding Windows-1251 (cp1251)"),
    "an answer that nobody gave counts as yes": (
        words('yes = ["rather_not", "not_at_all"]', 'yes = ["rather_not", "never"]'),
        "No row of column 'satisfied' says 'never'.",
    ),
    "no answer where weights need one": (
        fifth("sex", ""),
        "interviews.csv, line 6: 1 of 720 rows have no value.",
    ),
    "more drawn than there are": (
        in_turn(words("# fpc =", "fpc ="), column(places=pl.lit("3"))),
        "is said to be 3, and 12 units were sampled there.",
    ),
    "a column named twice": (
        words("age_years", "age", "interviews.csv"),
        "The header names 'age' more than once.",
    ),
    "a cell too many": (
        words("S0003,", "S0003,x,", "interviews.csv"),
        "interviews.csv, line 4: The line has 11 cells, and the header has 10.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_let_through_is_named(folder: Folder, name: str) -> None:
    spoil, sentence = REFUSED[name]
    spoil(folder)
    result = folder.check()
    assert result.exit_code == 1
    assert sentence in result.output


def rows(out: Path, file: str = "estimates.csv") -> list[dict[str, str]]:
    with (out / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def ran(folder: Folder) -> Path:
    result = folder.run()
    assert result.exit_code == 0, result.stderr
    return folder.out


@pytest.mark.parametrize("option", ["certainty", "adjust", "average"])
def test_a_lonely_psu_is_treated_only_as_asked_and_the_result_says_how(
    folder: Folder, option: str
) -> None:
    kept(LONELY)(folder)
    folder.change("study.toml", 'lonely_psu = "fail"', f'lonely_psu = "{option}"')
    out = ran(folder)
    assert json.loads((out / "diagnostics.json").read_text("utf-8"))["lonely_psu"] == option
    assert all(float(row["se"]) > 0 for row in rows(out) if not row["domain"])


def test_an_empty_domain_is_no_number_and_the_rest_keeps_the_whole_design(folder: Folder) -> None:
    """All 36 PSUs stay in the variance of women, though no man of one city was asked."""
    kept((pl.col("region") != "KZ-71") | (pl.col("sex") != "male"))(folder)
    folder.change("study.toml", RAKE, 'rake = ["region", "age"]')
    column(income=pl.lit("NA"))(folder)
    found = rows(ran(folder))
    empty = [row for row in found if row["domain"] == "region=KZ-71;sex=male"]
    assert not empty or all(
        row["n"] == "0" and not row["estimate"] and row["note"] for row in empty
    )
    unasked = [row for row in found if row["indicator"] == "income"]
    assert unasked
    assert all(row["n"] == "0" and not row["estimate"] and row["note"] for row in unasked)
    women = next(r for r in found if r["indicator"] == "age" and r["domain"] == "sex=female")
    assert float(women["df"]) == 33


def test_negative_weights_are_kept_counted_and_said(folder: Folder) -> None:
    folder.change(
        "study.toml", RAKE, f'{RAKE}\nmethod = "linear"\ntotals = {{age_years = 24000000}}'
    )
    text = (folder.path / "study.toml").read_text("utf-8")
    start, end = text.index('[[indicator]]\nname = "income"'), text.index("[domains]")
    (folder.path / "study.toml").write_text(text[:start] + text[end:], "utf-8")
    out = ran(folder)
    weights = pl.read_parquet(out / "weights.parquet")["weight"]
    negative = int((weights < 0).sum())
    assert negative == 283
    notes = json.loads((out / "diagnostics.json").read_text("utf-8"))["notes"]
    assert any(note.startswith("283 of 720 weights are negative") for note in notes)
    assert any("Give bounds to avoid it" in note for note in notes)
    assert not any(span.language for note in notes for span in spoken_remark(note, wording("kk")))


def test_trimmed_weights_lie_inside_whatever_the_trimming_moved(folder: Folder) -> None:
    folder.change("study.toml", RAKE, f"{RAKE}\ntrim = [0.3, 2.5]")
    weights = pl.read_parquet(ran(folder) / "weights.parquet")["weight"].to_numpy()
    relative = weights / weights.mean()
    assert relative.min() >= 0.3 * (1 - 1e-6)
    assert relative.max() <= 2.5 * (1 + 1e-6)


def areas(home: Path, spoil: Callable[[Path], None] = lambda _: None) -> tuple[Path, Path]:
    study = write_study(home / "areas")
    spoil(study)
    return study, home / "out"


def estimated(home: Path, spoil: Callable[[Path], None] = lambda _: None) -> Path:
    study, out = areas(home, spoil)
    result = invoke("poll", "run", str(study), "--out", str(out))
    assert result.exit_code == 0, result.stderr
    return out


def modelled(out: Path, indicator: str = "agrees") -> dict[str, dict[str, str]]:
    return {
        row["domain"]: row
        for row in rows(out)
        if row["method"] == "mrp" and row["indicator"] == indicator
    }


def answering(**columns: pl.Expr) -> Callable[[Path], None]:
    def spoil(study: Path) -> None:
        table = pl.read_csv(study / "interviews.csv")
        table.with_columns(**columns).write_csv(study / "interviews.csv")

    return spoil


def test_an_area_with_no_respondent_has_the_estimate_of_the_model_and_a_flag(
    tmp_path: Path,
) -> None:
    found = modelled(estimated(tmp_path))
    assert set(found) == {"", *(f"area={area}" for area in AREAS)}
    unseen = found["area=G"]
    assert unseen["n"] == "0"
    assert UNSEEN in unseen["note"]
    assert all(not row["note"] for name, row in found.items() if name != "area=G")
    widths = {name: float(row["se"]) for name, row in found.items()}
    assert widths["area=G"] == max(widths.values())


def test_a_region_where_all_say_yes_is_a_share_with_doubt(tmp_path: Path) -> None:
    all_yes = pl.when(pl.col("area") == "C").then(pl.lit("yes")).otherwise("answer")
    found = modelled(estimated(tmp_path, answering(answer=all_yes)))["area=C"]
    assert 0.8 < float(found["estimate"]) < 1
    assert float(found["se"]) > 0
    assert float(found["ci_low"]) < float(found["ci_high"]) < 1


def test_one_region_only_is_the_nation(tmp_path: Path) -> None:
    def alone(study: Path) -> None:
        for file in ("interviews.csv", "population.csv", "areas.csv"):
            table = pl.read_csv(study / file)
            table.filter(pl.col("area") == "A").write_csv(study / file)
        change(
            study / "study.toml",
            ('area_predictors = {file = "areas.csv", columns = ["income", "zone"]}\n', ""),
            ('neighbours = {file = "pairs.csv", columns = ["one", "other"]}\n', ""),
        )

    found = modelled(estimated(tmp_path, alone))
    numbers = ("estimate", "se", "ci_low", "ci_high")
    assert [found[""][key] for key in numbers] == [found["area=A"][key] for key in numbers]


def test_two_answers_that_nobody_chose_do_no_harm(tmp_path: Path) -> None:
    """The questionnaire offers them, and nobody took them: there is nothing to model."""
    from kelisim.study.workbook import write_workbook

    def offered(study: Path) -> None:
        choices = [("a", name, name.title()) for name in ("no", "rather", "yes", "never", "ever")]
        write_workbook(
            study / "questions.xlsx",
            {
                "survey": [("type", "name", "label"), ("select_one a", "answer", "Do you agree?")],
                "choices": [("list_name", "name", "label"), *choices],
            },
        )
        change(
            study / "study.toml",
            ("[population]", '[questionnaire]\nfile = "questions.xlsx"\n[population]'),
        )

    out = estimated(tmp_path, offered)
    shares = [row for row in rows(out) if row["indicator"] == "answer" and row["method"] == "mrp"]
    assert {row["category"] for row in shares} == {"no", "rather", "yes"}
    nation = [float(row["estimate"]) for row in shares if not row["domain"]]
    assert sum(nation) == pytest.approx(1)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            {"income": pl.when(pl.col("area") != "D").then("income")},
            "areas.csv, column 'income': The predictor 'income' is missing for 'D'.",
        ),
        (
            {"income": pl.col("income"), "zone": pl.col("income") * 450 + 3},
            "areas.csv: The predictor 'zone' says nothing that 'income' does not say.",
        ),
    ],
    ids=["missing for one area", "perfectly collinear"],
)
def test_a_predictor_that_does_not_serve_is_named(
    tmp_path: Path, columns: dict[str, pl.Expr], sentence: str
) -> None:
    def spoil(study: Path) -> None:
        table = pl.read_csv(study / "areas.csv")
        table.with_columns(**columns).write_csv(study / "areas.csv")

    study, out = areas(tmp_path, spoil)
    for result in (
        invoke("poll", "check", str(study)),
        invoke("poll", "run", str(study), "--out", str(out)),
    ):
        assert result.exit_code == 1
        assert sentence in result.output
    assert not out.exists()
