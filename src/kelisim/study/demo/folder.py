"""The demo country as an ordinary study folder, with the truth beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from kelisim.core.canonical import canonical_csv
from kelisim.core.rng import stream_seed
from kelisim.study.demo.declaration import declaration
from kelisim.study.demo.opinions import simulate_opinions
from kelisim.study.demo.paradata import Paradata, simulate_paradata, strata_of, units_of
from kelisim.study.demo.population import DemoPopulation, simulate_population
from kelisim.study.demo.questionnaire import sheets
from kelisim.study.demo.sample import Respondents, draw_poll
from kelisim.study.demo.truth import LABELS, columns_of, truth_table
from kelisim.study.folder import whole_folder
from kelisim.study.workbook import write_workbook

TRUTH = "truth.csv"


def build_demo(folder: Path, seed: int) -> None:
    """Write the demo country as a study folder that ``poll run`` reads, with its ``truth.csv``.

    Equal seeds give equal bytes. SIMULATED: see `kelisim.study.demo.facts` for the few facts.

    Raises
    ------
    OutputRefused
        The folder is taken or cannot be written; nothing is left behind.
    """
    country = np.random.default_rng(stream_seed(seed, "demo", "country"))
    poll = np.random.default_rng(stream_seed(seed, "demo", "poll"))
    fieldwork = np.random.default_rng(stream_seed(seed, "demo", "paradata"))
    population = simulate_population(country)
    opinions = simulate_opinions(country, population)
    respondents = draw_poll(poll, population, opinions)
    paradata = simulate_paradata(fieldwork, population, respondents)
    with whole_folder(folder) as draft:
        (draft / "study.toml").write_text(declaration(), encoding="utf-8")
        _write(draft / "interviews.csv", interview_table(population, respondents, paradata))
        _write(draft / "population.csv", population_table(population))
        _write(draft / TRUTH, truth_table(population, opinions))
        write_workbook(draft / "questionnaire.xlsx", sheets())


def _write(file: Path, table: pl.DataFrame) -> None:
    plain = table.with_columns(
        pl.col(pl.String).replace("", None), pl.col(pl.Float64).fill_nan(None)
    )
    file.write_bytes(canonical_csv(plain.columns, plain.iter_rows()))


def interview_table(
    population: DemoPopulation, respondents: Respondents, paradata: Paradata
) -> pl.DataFrame:
    """Return interviews.csv: paradata, design, description, answers."""
    return pl.DataFrame(
        {
            "case_id": paradata.case,
            "interviewer": paradata.interviewer,
            "start": paradata.start,
            "end": paradata.end,
            "language": paradata.language,
        }
    ).hstack(answer_table(population, respondents))


def answer_table(population: DemoPopulation, respondents: Respondents) -> pl.DataFrame:
    """Return what a poll is estimated from: design, description, answers."""
    people = {
        name: np.array(LABELS[name])[codes[respondents.place, respondents.people]]
        for name, codes in columns_of(population).items()
    }
    return pl.DataFrame(
        {
            "stratum": strata_of(population, respondents),
            "psu": units_of(respondents),
            "base_weight": respondents.base_weight,
            **people,
            **{item: codes + 1 for item, codes in respondents.answers.items()},
            "income": respondents.income,
        }
    )


def population_table(population: DemoPopulation) -> pl.DataFrame:
    """Return population.csv: adults by region, settlement, sex, age and group."""
    cells = {
        name: np.array(LABELS[name])[codes.ravel()]
        for name, codes in columns_of(population).items()
    }
    return (
        pl.DataFrame({**cells, "n": population.counts.ravel()})
        .group_by(list(LABELS), maintain_order=True)
        .agg(pl.col("n").sum())
    )
