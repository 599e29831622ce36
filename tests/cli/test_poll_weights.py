"""How a study asks for weights: nonresponse, calibration, trimming, volunteers."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.study.report.remarks import spoken_remark
from kelisim.study.report.wording import wording

RAKE = 'rake = ["region", "sex*age"]'


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def ran(folder: Any) -> Path:
    result = folder.run()
    assert result.exit_code == 0, result.stderr
    out: Path = folder.out
    return out


def margin(folder: Any, out: Path) -> dict[str, float]:
    """Return the weights of the release by region."""
    people = pl.read_csv(folder.path / "interviews.csv", infer_schema=False)
    weights = pl.read_parquet(out / "weights.parquet")
    joined = people.with_columns(weight=weights["weight"])
    return dict(joined.group_by("region").agg(pl.col("weight").sum()).iter_rows())


def population(folder: Any) -> dict[str, float]:
    cells = pl.read_csv(folder.path / "population.csv", schema_overrides={"region": pl.String})
    return dict(cells.group_by("region").agg(pl.col("people").sum()).iter_rows())


@pytest.mark.parametrize(
    "settings",
    [
        'method = "linear"',
        'method = "linear"\nbounds = [0.3, 3.0]',
        'method = "logit"\nbounds = [0.2, 5.0]',
        "trim = [0.2, 4.0]",
    ],
)
def test_every_method_meets_the_margins(folder: Any, settings: str) -> None:
    folder.change("study.toml", RAKE, f"{RAKE}\n{settings}")
    out = ran(folder)
    assert margin(folder, out) == pytest.approx(population(folder), rel=1e-6)
    weights = pl.read_parquet(out / "weights.parquet")
    if "trim" in settings:
        relative = weights["weight"].to_numpy() / weights["weight"].to_numpy().mean()
        assert relative.min() > 0.2 * (1 - 1e-5)
        assert relative.max() < 4.0 * (1 + 1e-5)
    if "bounds" in settings:
        ratio = (weights["weight"] / weights["base_weight"]).to_numpy()
        scale = ratio.mean()
        assert ratio.min() > 0.19 * min(scale, 1)
        assert ratio.max() < 5.01 * max(scale, 1)


def national_age(out: Path) -> dict[str, str]:
    return next(
        row
        for row in rows(out / "estimates.csv")
        if row["indicator"] == "age" and not row["domain"]
    )


def test_a_total_of_numbers_is_met(folder: Any) -> None:
    raked = float(national_age(ran(folder))["estimate"])
    people = sum(population(folder).values())
    settings = f'method = "linear"\ntotals = {{age_years = {people * (raked + 0.3)}}}'
    folder.change("study.toml", RAKE, f"{RAKE}\n{settings}")
    shutil.rmtree(folder.out)
    age = national_age(ran(folder))
    assert float(age["estimate"]) == pytest.approx(raked + 0.3, rel=1e-8)
    assert float(age["se"]) < 1e-6


def test_replicates_are_calibrated_by_the_method_of_the_study(folder: Any) -> None:
    folder.change("study.toml", RAKE, f'{RAKE}\nmethod = "linear"')
    folder.change(
        "study.toml", "[domains]", '[replicates]\nmethod = "jkn"\nrerake = true\n\n[domains]'
    )
    estimates = rows(ran(folder) / "estimates.csv")
    assert {row["method"] for row in estimates} == {"replicate"}


def gross(folder: Any) -> pl.DataFrame:
    """Write a file of those drawn: 40 of the first region and 5 of each other did not answer."""
    people = pl.read_csv(folder.path / "interviews.csv", infer_schema=False)
    regions = people["region"].unique(maintain_order=True).to_list()
    silent = [where for k, where in enumerate(regions) for _ in range(5 if k else 40)]
    absent = pl.DataFrame({"case": [f"X{i}" for i in range(len(silent))], "where": silent})
    answered = people.select(case=people.columns[0], where="region")
    drawn = pl.concat([answered, absent]).with_columns(w=pl.lit("10"))
    drawn.write_csv(folder.path / "drawn.csv")
    return drawn


def without_weight(folder: Any) -> None:
    text = (folder.path / "study.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("weight =")]
    (folder.path / "study.toml").write_text("\n".join(kept) + "\n", "utf-8")


@pytest.mark.parametrize("how", ['classes = ["where"]', 'predictors = ["where"]'])
def test_those_who_answered_take_over_the_weight_of_those_who_did_not(
    folder: Any, how: str
) -> None:
    without_weight(folder)
    drawn = gross(folder)
    section = f'[nonresponse]\nfile = "drawn.csv"\nid = "case"\nweight = "w"\n{how}\n\n[population]'
    folder.change("study.toml", "[population]", section)
    out = ran(folder)
    people = pl.read_csv(folder.path / "interviews.csv", infer_schema=False)
    base = pl.read_parquet(out / "weights.parquet")["base_weight"].to_numpy()
    assert base.sum() == pytest.approx(10 * drawn.height)
    if "classes" in how:
        everybody = dict(drawn.group_by("where").len().iter_rows())
        answered = dict(people.group_by("region").len().iter_rows())
        expected = [10 * everybody[r] / answered[r] for r in people["region"]]
        np.testing.assert_allclose(base, expected, rtol=1e-9)
    notes = json.loads((out / "diagnostics.json").read_text("utf-8"))["notes"]
    assert any("who were drawn answered" in note for note in notes)
    assert not any(span.language for note in notes for span in spoken_remark(note, wording("kk")))


def test_an_interview_of_nobody_who_was_drawn_is_refused(folder: Any) -> None:
    without_weight(folder)
    drawn = gross(folder)
    drawn[1:].write_csv(folder.path / "drawn.csv")
    section = '[nonresponse]\nfile = "drawn.csv"\nid = "case"\nclasses = ["where"]\n\n[population]'
    folder.change("study.toml", "[population]", section)
    result = folder.run()
    assert result.exit_code == 1
    assert "1 interviews are of nobody who was drawn: 'S0001'" in result.stderr
    pl.concat([drawn, drawn[:1]]).write_csv(folder.path / "drawn.csv")
    assert "occurs more than once: 'S0001'" in folder.run().stderr
    assert not folder.out.exists()


def volunteers(folder: Any, more: str = "") -> None:
    without_weight(folder)
    text = (folder.path / "study.toml").read_text("utf-8")
    kept = [
        line for line in text.splitlines() if not line.startswith(("strata", "psu", "fpc", "nest"))
    ]
    (folder.path / "study.toml").write_text("\n".join(kept) + "\n", "utf-8")
    section = f'[nonprobability]\npredictors = ["region", "sex*age"]\n{more}\n[population]'
    folder.change("study.toml", "[population]", section)


def test_volunteers_are_marked_on_every_number(folder: Any) -> None:
    volunteers(folder)
    out = ran(folder)
    estimates = rows(out / "estimates.csv")
    assert all(row["note"].startswith("not a probability sample") for row in estimates)
    assert json.loads((out / "diagnostics.json").read_text("utf-8"))["probability_sample"] is False
    page = (out / "report.html").read_text("utf-8")
    assert "This is not a probability sample: people decided themselves" in page
    assert "a sample that was not drawn has no margin of error" in page
    figures = page.count("<figure")
    assert figures > 0
    marks = page.count("(volunteers, not a probability sample)")
    assert marks >= figures // 3


def test_selection_is_bounded_for_every_share(folder: Any) -> None:
    volunteers(folder)
    out = ran(folder)
    shares = [r for r in rows(out / "selection.csv") if r["indicator"] == "dissatisfied"]
    nation = next(row for row in shares if not row["domain"])
    p, other = float(nation["estimate"]), float(nation["other"])
    assert other == 0.30
    assert float(nation["low_1.1"]) < p < float(nation["high_1.1"])
    assert float(nation["low_3"]) < float(nation["low_1.1"])
    odds = [share / (1 - share) for share in (p, other)]
    assert float(nation["ratio_to_other"]) == pytest.approx(max(odds) / min(odds))
    assert "selection.csv" in {one["path"] for one in json.loads(
        (out / "manifest.json").read_text("utf-8"))["files"]}  # fmt: skip


NONRESPONSE = '[nonresponse]\nfile = "d.csv"\nid = "c"\n'
VOLUNTEERS = '[nonprobability]\npredictors = ["sex"]\n'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (RAKE, f'{RAKE}\nmethod = "logit"', "The logit method needs bounds"),
        (RAKE, f"{RAKE}\ntotals = {{age_years = 1.0}}", "not totals of numbers"),
        (RAKE, f'{RAKE}\nmethod = "linear"\ntrim = [0.2, 5.0]', "Trimming is for raking"),
        (RAKE, 'method = "linear"\ntotals = {age_years = 1.0}', "no margin, which says how many"),
        (RAKE, f"{RAKE}\ntotals = 3", "a table of sums over the population"),
        ("[population]", f"{NONRESPONSE}[population]", "Give either classes"),
        ("[population]", f"{NONRESPONSE}[population]", "is a weight in [design] too"),
        ("[population]", f"{VOLUNTEERS}[population]", "volunteers were not drawn with one"),
        *(
            ("[population]", f"{VOLUNTEERS}phi = {phi}\n[population]", "rising numbers from 0 to 1")
            for phi in ("[]", "0.5", "[0.5, 0.5]", "[1, 0]", "[-0.1, 1]", "[0, 1.5]")
        ),
        (
            "[domains]",
            f'{VOLUNTEERS}[replicates]\nmethod = "jkn"\n[domains]',
            "is for samples that were drawn",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    folder: Any, old: str, new: str, words: str
) -> None:
    folder.change("study.toml", old, new)
    result = folder.check()
    assert result.exit_code == 1
    assert words in result.output
