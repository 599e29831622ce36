"""Batteries of a study, from study.toml to the report. The answers are simulated."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

BATTERY = """
[[battery]]
name = "care"
items = ["c1", "c2", "c3", "c4"]
ends = [1, 5]
reverse = ["c4"]
language = "lang"
wave = "year"
cohort = "born"
width = 20

[[battery]]
name = "values"
kind = "pvq21"
items = [{portraits}]
ends = [1, 6]
reverse = ["all"]
wave = "year"

[domains]"""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def with_batteries(folder: Any) -> None:
    """Add a trait that rises by half a point a wave, with one item easier in Kazakh."""
    file = folder.path / "interviews.csv"
    people = pl.read_csv(file, infer_schema=False)
    rng, n = np.random.default_rng(1), people.height
    year, kazakh = rng.choice([1996, 2011, 2026], n), rng.random(n) < 0.5
    trait = rng.normal(size=n) + 0.5 * np.searchsorted([1996, 2011, 2026], year)
    items = trait[:, None] + rng.normal(scale=0.7, size=(n, 4))
    items[:, 3] = -items[:, 3]
    items[kazakh, 1] += 1.5
    columns = {
        f"c{k + 1}": np.clip(np.round(2.7 + items[:, k]), 1, 5).astype(int) for k in range(4)
    }
    portraits = {f"p{k:02d}": rng.integers(1, 7, n) for k in range(1, 22)}
    people.with_columns(
        *(pl.Series(name, values) for name, values in (columns | portraits).items()),
        pl.Series("year", year),
        pl.Series("born", rng.integers(1940, 1990, n)),
        pl.Series("lang", np.where(kazakh, "kk", "ru")),
    ).write_csv(file)
    named = ", ".join(f'"{name}"' for name in portraits)
    folder.change("study.toml", "[domains]", BATTERY.format(portraits=named))


def test_scores_move_over_waves_with_their_doubt(folder: Any) -> None:
    with_batteries(folder)
    assert folder.check().exit_code == 0, folder.check().output
    result = folder.run()
    assert result.exit_code == 0, result.stderr
    scores = [row for row in rows(folder.out / "scales.csv") if row["score"] == "care"]
    waves = {row["wave"]: row for row in scores if row["wave"] and not row["cohort"]}
    assert list(waves) == ["1996", "2011", "2026"]
    means = [float(row["estimate"]) for row in waves.values()]
    assert means == sorted(means)
    assert means[2] - means[0] > 0.4
    assert all(
        float(r["ci_low"]) < float(r["estimate"]) < float(r["ci_high"]) for r in waves.values()
    )
    assert {row["cohort"] for row in scores} == {"", "1940–1959", "1960–1979", "1980–1999"}
    values = [row for row in rows(folder.out / "scales.csv") if row["battery"] == "values"]
    assert len({row["score"] for row in values}) == 14
    page = (folder.out / "report.html").read_text("utf-8")
    for words in ("care: generations over time", "Открытость изменениям", "Сенімділік"):
        assert words in page


def test_reliability_and_the_item_that_differs_by_language(folder: Any) -> None:
    with_batteries(folder)
    folder.run()
    whole = next(r for r in rows(folder.out / "reliability.csv") if r["score"] == "care")
    assert 0.6 < float(whole["alpha_low"]) < float(whole["alpha"]) < float(whole["omega_high"])
    biased = {row["item"]: row for row in rows(folder.out / "item_bias.csv")}
    assert set(biased) == {"c1", "c2", "c3", "c4"}
    assert biased["c2"]["grade"] == "C"
    assert {biased[name]["grade"] for name in ("c1", "c3", "c4")} <= {"A", "B"}
    assert (biased["c2"]["first"], biased["c2"]["second"]) == ("kk", "ru")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('reverse = ["c4"]', 'reverse = ["c9"]', "is no item of the battery"),
        ('kind = "pvq21"\nitems = [', 'kind = "pvq21"\nitems = ["c1", ', "22 items are named"),
        ('name = "values"', 'name = "care"', "There are two batteries 'care'"),
        ("ends = [1, 5]", "ends = [5, 1]", "the lowest and the highest answer"),
        ("ends = [1, 5]", "ends = [1, 4]", "is not between 1 and 4"),
    ],
)
def test_refusals(folder: Any, old: str, new: str, words: str) -> None:
    with_batteries(folder)
    folder.change("study.toml", old, new)
    result = folder.check()
    assert result.exit_code == 1
    assert words in result.output


def test_a_battery_that_is_one_table_is_refused(folder: Any) -> None:
    folder.change("study.toml", "[domains]", '[battery]\nname = "a"\n\n[domains]')
    assert "Write its heading as [[battery]]" in folder.check().output


def test_without_waves_a_battery_is_a_table(folder: Any) -> None:
    with_batteries(folder)
    folder.change("study.toml", 'wave = "year"\ncohort = "born"\nwidth = 20\n', "")
    assert folder.run().exit_code == 0
    assert all(not row["wave"] for row in rows(folder.out / "scales.csv") if row["score"] == "care")
