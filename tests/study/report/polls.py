"""A simulated poll for the report to be written about: design-based by hand, small, repeatable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.core.regions import REGIONS
from kelisim.engine.inference.measure import Note
from kelisim.study.model import (
    DesignSettings,
    IndicatorSettings,
    InterviewFile,
    Labels,
    PollResult,
    PopulationFile,
    Study,
    Text,
    WeightDiagnostics,
)
from kelisim.study.ranks import DECISIONS

UNANIMOUS = str(Note.UNANIMOUS)
EMPTY = str(Note.EMPTY)

ANSWERS: Mapping[str, Text] = {
    "1": {"kk": "Толық сенемін", "ru": "Полностью доверяю", "en": "Trust completely"},
    "2": {"kk": "Көбіне сенемін", "ru": "Скорее доверяю", "en": "Rather trust"},
    "3": {"kk": "Көбіне сенбеймін", "ru": "Скорее не доверяю", "en": "Rather distrust"},
    "4": {"kk": "Мүлдем сенбеймін", "ru": "Совсем не доверяю", "en": "Distrust completely"},
    "9": {"kk": "Жауап беру қиын", "ru": "Затрудняюсь ответить", "en": "Hard to answer"},
}

TITLE: Text = {
    "kk": "Жергілікті билікке сенім: модельденген сауалнама",
    "ru": "Доверие местной власти: смоделированный опрос",
    "en": "Trust in local government: a simulated poll",
}

LABELS = Labels(
    items={
        "trust": {
            "kk": "Облысыңыздың (қалаңыздың) әкімдігіне қаншалықты сенесіз?",
            "ru": "Насколько Вы доверяете акимату Вашей области (города)?",
            "en": "How much do you trust the local government of your region (city)?",
        },
        "life": {
            "kk": "Соңғы бір жылда тұрмысыңыз жақсарды ма?",
            "ru": "Стала ли Ваша жизнь лучше за последний год?",
            "en": "Has your life become better over the last year?",
        },
        "income": {
            "kk": "Отбасының айлық табысы, теңге",
            "ru": "Доход семьи в месяц, тенге",
            "en": "Monthly income of the household, tenge",
        },
        "sex": {"kk": "Жынысы", "ru": "Пол", "en": "Sex"},
        "age": {"kk": "Жас тобы", "ru": "Возраст", "en": "Age group"},
    },
    values={
        "trust": ANSWERS,
        "life": {
            "1": {"kk": "Иә", "ru": "Да", "en": "Yes"},
            "2": {"kk": "Жоқ", "ru": "Нет", "en": "No"},
        },
        "sex": {
            "f": {"kk": "Әйел", "ru": "Женский", "en": "Female"},
            "m": {"kk": "Ер", "ru": "Мужской", "en": "Male"},
        },
    },
)

INDICATORS = (
    IndicatorSettings("trust", "categorical", column="trust"),
    IndicatorSettings("life_better", "categorical", column="life", yes=("1",), threshold=0.3),
    IndicatorSettings("income", "mean", column="income"),
)

COLUMNS = (
    "indicator",
    "category",
    "domain",
    "method",
    "n",
    "n_eff",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "deff",
    "note",
)


def study(**changes: Any) -> Study:
    """Return the declaration of the simulated poll, with some of it changed."""
    given: dict[str, Any] = {
        "folder": Path("study"),
        "title": TITLE,
        "country": "KZ",
        "interviews": InterviewFile(Path("interviews.csv")),
        "design": DesignSettings(weight="w", strata="stratum", psu=("psu",), lonely_psu="adjust"),
        "indicators": INDICATORS,
        "domains": (("region",), ("sex", "age")),
        "population": PopulationFile(
            Path("population.csv"), rake=(("region",), ("sex", "age")), bounds=(0.2, 5.0)
        ),
        "fieldwork": (date(2026, 3, 2), date(2026, 3, 20)),
        "sponsor": "«Келісім» қоры",
        "conductor": "«Демо» зерттеу орталығы",
        "mode": "face-to-face",
    }
    return Study(**(given | changes))


def interviews(n: int = 1200, seed: int = 7) -> pl.DataFrame:
    """Return simulated interviews in twenty regions."""
    rng = np.random.default_rng(seed)
    size = np.array([region.population.count for region in REGIONS], dtype=np.float64)
    region = rng.choice(len(REGIONS), n, p=size / size.sum())
    lean = rng.normal(0, 0.5, len(REGIONS))[region]
    base = np.array([0.5, 1.0, 0.4, -0.5, -0.8])
    slope = np.array([1.0, 0.5, -0.5, -1.0, 0.0])
    shares = np.exp(base + slope * lean[:, None])
    shares /= shares.sum(axis=1, keepdims=True)
    trust = (rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1).clip(max=4)
    life = np.where(rng.random(n) < 0.38 + 0.1 * lean, "1", "2")
    return pl.DataFrame(
        {
            "region": [REGIONS[code].iso for code in region],
            "sex": rng.choice(["f", "m"], n, p=[0.53, 0.47]),
            "age": rng.choice(["18-29", "30-44", "45-59", "60+"], n),
            "trust": np.array(["1", "2", "3", "4", "9"])[trust],
            "life": life,
            "income": np.exp(rng.normal(12.5, 0.5, n)),
            "w": rng.gamma(4, 1 / 4, n) + 0.1,
        }
    )


def estimates(frame: pl.DataFrame, sets: Iterable[tuple[str, ...]]) -> pl.DataFrame:
    """Return estimates in the columns of estimates.csv, as of unequal weights alone."""
    rows = []
    parts = [("", frame)]
    for by in sets:
        for key, part in sorted(frame.partition_by(by, as_dict=True).items()):
            named = ";".join(f"{column}={value}" for column, value in zip(by, key, strict=True))
            parts.append((named, part))
    for domain, part in parts:
        trust = part["trust"]
        rows += [_row("trust", c, domain, part, (trust == c).to_numpy()) for c in ANSWERS]
        rows.append(_row("life_better", "", domain, part, (part["life"] == "1").to_numpy()))
        rows.append(_row("income", "", domain, part, part["income"].to_numpy()))
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row", infer_schema_length=None)


def _row(name: str, category: str, domain: str, part: pl.DataFrame, y: Any) -> tuple[Any, ...]:
    w, y = part["w"].to_numpy(), y.astype(np.float64)
    n, mean = part.height, float((w * y).sum() / w.sum())
    se = float(np.sqrt(((w * (y - mean)) ** 2).sum()) / w.sum())
    plain = float(np.sqrt(y.var() / n))
    deff = (se / plain) ** 2 if plain else None
    note = ""
    if name == "income":
        low, high = mean - 1.96 * se, mean + 1.96 * se
    elif mean in (0.0, 1.0):
        low, high, note = (0.0, 1 - 0.025 ** (1 / n), UNANIMOUS)
    else:
        logit, half = np.log(mean / (1 - mean)), 1.96 * se / (mean * (1 - mean))
        low, high = (float(1 / (1 + np.exp(-(logit + side * half)))) for side in (-1, 1))
    n_eff = n / deff if deff else float(n)
    return (name, category, domain, "taylor", n, n_eff, mean, se, low, high, 51.0, deff, note)


def without(frame: pl.DataFrame, domain: str) -> pl.DataFrame:
    """Return the estimates as they are when nobody in a domain answered."""
    gone = pl.col("domain") == domain
    numbers = ("n_eff", "estimate", "se", "ci_low", "ci_high", "df", "deff")
    return frame.with_columns(
        *(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in numbers),
        pl.when(gone).then(0).otherwise(pl.col("n")).alias("n"),
        pl.when(gone).then(pl.lit(EMPTY)).otherwise(pl.col("note")).alias("note"),
    )


def ranks(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ranks of regions in the columns of ranks.csv, intervals from overlap."""
    rows = frame.filter(
        (pl.col("indicator") == "life_better")
        & pl.col("domain").str.starts_with("region=")
        & pl.col("estimate").is_not_null()
    ).sort("estimate", descending=True)
    low, high = rows["ci_low"].to_numpy(), rows["ci_high"].to_numpy()
    return pl.DataFrame(
        {
            "indicator": rows["indicator"],
            "domain": rows["domain"],
            "estimate": rows["estimate"],
            "rank": np.arange(1, rows.height + 1),
            "rank_low": [int((low > one).sum()) + 1 for one in high],
            "rank_high": [rows.height - int((high < one).sum()) for one in low],
            "p_above_threshold": np.linspace(0.999, 0.02, rows.height),
            "category": rows["category"],
            "note": [""] * rows.height,
        }
    )


def decisions(places: pl.DataFrame) -> pl.DataFrame:
    """Return decisions in the columns of thresholds.csv: the first above, the last below."""
    last = places.height - 1
    return places.select(
        "indicator",
        "domain",
        "estimate",
        method=pl.lit("taylor"),
        threshold=pl.lit(0.3),
        p_above="p_above_threshold",
        decision=pl.Series(
            [{0: "above", last: "below"}.get(i, "undecided") for i in range(places.height)]
        ),
        error_rate=pl.lit(0.05),
        note=pl.lit(""),
    ).select(*DECISIONS)


def no_ranks() -> pl.DataFrame:
    """Return the frame of ranks of a poll that has none."""
    return ranks(estimates(interviews(50), ())).clear()


def poll(n: int = 1200, labels: Labels = LABELS, **changes: Any) -> PollResult:
    """Return the result of the simulated poll."""
    frame = interviews(n)
    found = without(estimates(frame, [("region",), ("sex", "age")]), "region=KZ-62")
    return result(frame, found, study(**changes), labels, ranks(found))


def result(
    frame: pl.DataFrame,
    found: pl.DataFrame,
    declared: Study,
    labels: Labels,
    places: pl.DataFrame | None = None,
) -> PollResult:
    """Return a result of given estimates."""
    w = frame["w"].to_numpy()
    return PollResult(
        study=declared,
        labels=labels,
        estimates=found,
        ranks=no_ranks() if places is None else places,
        decisions=pl.DataFrame() if places is None else decisions(places),
        ids=pl.Series("id", range(frame.height)),
        base_weight=pl.Series("base_weight", np.ones(frame.height)),
        weight=pl.Series("weight", w),
        diagnostics=WeightDiagnostics(
            n=frame.height,
            sum=float(w.sum()),
            kish_deff=float(frame.height * (w**2).sum() / w.sum() ** 2),
            min_ratio=float(w.min()),
            max_ratio=float(w.max()),
            sweeps=7,
            max_error=3e-10,
        ),
        design_df=51.0,
        strata=50,
        psus=101,
        notes=("Column 'trust': 3 values are marked as missing in the file.",),
    )
