"""A simulated study of seven areas with known shares, in files, for the tests of small areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

AREAS = tuple("ABCDEFG")
ISLAND = "G"
"""Nobody of it is asked, and it touches no other area."""

TOML = """[study]
title = {en = "Seven areas"}
[interviews]
file = "interviews.csv"
missing = ["NA"]
[population]
file = "population.csv"
[[indicator]]
name = "agrees"
column = "answer"
yes = ["yes", "rather"]
threshold = {above = 0.5}
[[indicator]]
name = "answer"
[[indicator]]
name = "helped"
kind = "mean"
[smallarea]
area = "area"
cells = ["sex", "age"]
interactions = ["sex*age"]
area_predictors = {file = "areas.csv", columns = ["income", "zone"]}
neighbours = {file = "pairs.csv", columns = ["one", "other"]}
"""

FAY_HERRIOT = (
    TOML[: TOML.index("[smallarea]")]
    + """[smallarea]
method = "fay_herriot"
area = "area"
area_predictors = {file = "areas.csv", columns = ["income"]}
"""
)

PAIRS = "one,other\nA,B\nB,C\nC,D\nD,E\nE,F\n"


def write_study(folder: Path, text: str = TOML, *, people: int = 900, seed: int = 1) -> Path:
    """Write the study and return its folder; shares rise with the income of the area."""
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(seed)
    income = np.linspace(1.0, 4.0, len(AREAS)) + rng.normal(0, 0.3, len(AREAS))
    area = rng.integers(0, len(AREAS) - 1, people)
    sex, age = rng.integers(0, 2, people), rng.integers(0, 3, people)
    eta = 0.7 * (income[area] - income.mean()) + 0.5 * sex - 0.4 * age
    word = np.array(["no", "rather", "yes"])
    picked = (rng.random(people) < 1 / (1 + np.exp(-eta))) * (1 + rng.integers(0, 2, people))
    interviews = pl.DataFrame(
        {
            "area": np.array(AREAS)[area],
            "sex": np.array(["f", "m"])[sex],
            "age": np.array(["18-29", "30-49", "50+"])[age],
            "answer": word[picked],
            "helped": rng.integers(0, 2, people),
            "years": 18 + rng.integers(0, 60, people),
        }
    )
    interviews.write_csv(folder / "interviews.csv")
    cells = [(a, s, g, 100 + 10 * i) for i, a in enumerate(AREAS) for s in "fm"
             for g in ("18-29", "30-49", "50+")]  # fmt: skip
    pl.DataFrame(cells, schema=["area", "sex", "age", "n"], orient="row").write_csv(
        folder / "population.csv"
    )
    pl.DataFrame(
        {"area": AREAS, "income": income.round(2), "zone": ["n", "n", "n", "s", "s", "s", "s"]}
    ).write_csv(folder / "areas.csv")
    (folder / "pairs.csv").write_text(PAIRS, encoding="utf-8")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def change(file: Path, *pairs: tuple[str, str]) -> None:
    """Replace words of a file that it holds."""
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
