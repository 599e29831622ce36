"""A new study folder: a small simulated poll that checks and runs, with every setting explained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.random import Generator

from kelisim.core.canonical import canonical_csv
from kelisim.core.rng import stream_seed
from kelisim.study.folder import whole_folder
from kelisim.study.settings import DECLARATION
from kelisim.study.workbook import write_workbook

REGIONS = ("KZ-71", "KZ-75", "KZ-79")
SEXES = ("female", "male")
AGES = ("18-29", "30-49", "50+")
SETTLEMENTS_A_REGION = 12
INTERVIEWS_A_SETTLEMENT = 20

_TOML = """\
# A study: what was asked, of whom, how they were drawn, and what is to be estimated.
# Everything in this folder is SIMULATED. Put your own files in its place, setting by setting.
# Check it with   kelisim poll check FOLDER
# Run it with     kelisim poll run FOLDER --out RESULTS
# A line that begins with # is a comment; take the # away to use the setting.

[study]
# The title in at least one of kk, ru, en. Reports are written in all three.
title = {en = "Example: a simulated poll", ru = "Пример: смоделированный опрос", \
kk = "Мысал: модельденген сауалнама"}
country = "KZ"
fieldwork = {start = 2026-03-02, end = 2026-03-20}
# A published poll says who paid for it, who did it and how people were asked.
sponsor = "Nobody: an example"
conductor = "kelisim poll new"
mode = "simulated"

[interviews]
# One row an interview: .csv (UTF-8), .parquet, .sav (SPSS) or .dta (Stata).
file = "interviews.csv"
# The column that names an interview. Without it, rows are numbered.
id = "case_id"
# Words that mean "no answer" beside the empty cell.
missing = ["NA"]

[design]
# How people were drawn. Leave out what your sample did not have.
weight = "weight"       # how many people an interview stands for before raking
strata = "region"       # the parts that were sampled separately
psu = "settlement"      # the places that were drawn first
nest = true             # true: the codes of places start anew in every stratum
# fpc = "places"        # how many places there are in the stratum
lonely_psu = "fail"     # a stratum with one place: fail, certainty, adjust or average

[questionnaire]
# An XLSForm with the wording of questions and answers in kk, ru, en.
file = "questionnaire.xlsx"

[population]
# Cells of the population with a count, and the margins that weights must reproduce.
file = "population.csv"
count = "people"
rake = ["region", "sex*age"]    # "a*b" is a crossed margin
# bounds = [0.2, 5.0]           # how far a weight may move from its base weight

# What to estimate. Kinds: categorical, mean, total, ratio, quantile.
[[indicator]]
name = "trust"                  # a share of every answer
column = "trust"
kind = "categorical"

[[indicator]]
name = "dissatisfied"           # one share: these answers count as yes
column = "satisfied"
kind = "categorical"
yes = ["rather_not", "not_at_all"]
threshold = {above = 0.30}      # a decision at a threshold: how sure is it that 30 % is exceeded

[[indicator]]
name = "age"
column = "age_years"
kind = "mean"

[[indicator]]
name = "income"                 # the median
column = "income"
kind = "quantile"
at = [0.5]

[domains]
# For which parts of the population: each list is one set of parts.
by = [["region"], ["sex"], ["region", "sex"]]
"""

_SURVEY = (
    ("type", "name", "label::Қазақша (kk)", "label::Русский (ru)", "label::English (en)"),
    (
        "select_one trust",
        "trust",
        "Әкімдікке қаншалықты сенесіз?",
        "Насколько Вы доверяете акимату?",
        "How far do you trust the local administration?",
    ),
    (
        "select_one satisfied",
        "satisfied",
        "Тұрмысыңызға қанағаттанасыз ба?",
        "Довольны ли Вы своей жизнью?",
        "Are you satisfied with your life?",
    ),
    ("integer", "age_years", "Жасыңыз нешеде?", "Сколько Вам лет?", "How old are you?"),
    (
        "integer",
        "income",
        "Отбасыңыздың айлық табысы, теңге",
        "Доход семьи в месяц, тенге",
        "Monthly income of the household, tenge",
    ),
)
_CHOICES = (
    ("list_name", "name", "label::Қазақша (kk)", "label::Русский (ru)", "label::English (en)"),
    ("trust", "fully", "Толық сенемін", "Полностью доверяю", "Fully"),
    ("trust", "rather", "Сенетін сияқтымын", "Скорее доверяю", "Rather"),
    ("trust", "rather_not", "Сенбейтін сияқтымын", "Скорее не доверяю", "Rather not"),
    ("trust", "not_at_all", "Мүлдем сенбеймін", "Совсем не доверяю", "Not at all"),
    ("satisfied", "fully", "Толық қанағаттанамын", "Да, полностью", "Yes, fully"),
    ("satisfied", "rather", "Көбіне қанағаттанамын", "Скорее да", "Rather yes"),
    ("satisfied", "rather_not", "Көбіне қанағаттанбаймын", "Скорее нет", "Rather not"),
    ("satisfied", "not_at_all", "Мүлдем қанағаттанбаймын", "Совсем нет", "Not at all"),
)
_ANSWERS = ("fully", "rather", "rather_not", "not_at_all")


def write_example(folder: Path, seed: int = 0) -> list[str]:
    """Write a study folder that `kelisim poll check` and `kelisim poll run` accept.

    Returns
    -------
    list of str
        The names of the files.

    Raises
    ------
    OutputRefused
        The folder holds something already, or cannot be written; nothing is left behind.
    """
    rng = np.random.default_rng(stream_seed(seed, "scaffold", "interviews"))
    population = _population()
    header = ("region", "sex", "age", "people")
    with whole_folder(folder) as draft:
        (draft / DECLARATION).write_text(_TOML, encoding="utf-8")
        (draft / "population.csv").write_bytes(canonical_csv(header, population))
        (draft / "interviews.csv").write_bytes(canonical_csv(_COLUMNS, _interviews(rng)))
        write_workbook(draft / "questionnaire.xlsx", {"survey": _SURVEY, "choices": _CHOICES})
        return sorted(file.name for file in draft.iterdir())


def _population() -> list[tuple[str, str, str, int]]:
    """Return round, made-up counts: the sizes of the three cities in proportion, no more."""
    size = {"KZ-71": 100_000, "KZ-75": 150_000, "KZ-79": 80_000}
    share = {"18-29": 0.27, "30-49": 0.42, "50+": 0.31}
    half = {"female": 0.53, "male": 0.47}
    return [
        (region, sex, age, round(size[region] * half[sex] * share[age]))
        for region, sex, age in product(REGIONS, SEXES, AGES)
    ]


_COLUMNS = (
    "case_id",
    "region",
    "settlement",
    "weight",
    "sex",
    "age",
    "age_years",
    "trust",
    "satisfied",
    "income",
)


def _interviews(rng: Generator) -> list[Sequence[object]]:
    """Simulate interviews: places differ, women answer more often, some do not say their income."""
    rows: list[Sequence[object]] = []
    for region, place in product(REGIONS, range(1, SETTLEMENTS_A_REGION + 1)):
        mood = rng.normal(0.0, 0.3)
        weight = round(float(rng.uniform(300, 600)), 1)
        for _ in range(INTERVIEWS_A_SETTLEMENT):
            years = int(rng.integers(18, 80))
            income = "NA" if rng.random() < 0.1 else int(rng.lognormal(12.6, 0.5) // 1000 * 1000)
            rows.append(
                (
                    f"S{len(rows) + 1:04}",
                    region,
                    place,
                    weight,
                    SEXES[int(rng.random() < 0.42)],
                    AGES[(years >= 30) + (years >= 50)],
                    years,
                    _answer(rng, mood),
                    _answer(rng, mood + 0.4),
                    income,
                )
            )
    return rows


def _answer(rng: Generator, mood: float) -> str:
    cuts = np.array([0.9, 0.0, -0.9])
    return _ANSWERS[int((mood + rng.logistic() < cuts).sum())]
