"""Do 90 % intervals of MRP cover the truth nine times in ten? Samples from a known country.

The respondents of CES 2018 are taken as the whole population: its cells and the true share of each
state are counted from the file. Samples of 2,000 are drawn without replacement, each is estimated
with `kelisim.mrp`, and the share of intervals that hold the truth is printed, averaged over states
with at least 500 people, with its standard error over samples.

    .venv/bin/python bench/coverage_mrp.py ../shared/data/polls/ces2018 --json
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.engine.smallarea import mrp

CELLS = ["eth", "male", "age", "educ"]
INTERACTIONS = [("male", "eth"), ("educ", "age"), ("educ", "eth")]
ENOUGH = 500


def options() -> argparse.Namespace:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("folder", type=Path, help="the folder of ces2018")
    reader.add_argument("--samples", type=int, default=200)
    reader.add_argument("--size", type=int, default=2000)
    reader.add_argument("--level", type=float, default=0.90)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument(
        "--workers", type=int, default=os.cpu_count(), help="processes, a thread each"
    )
    reader.add_argument("--rows", type=Path, help="also write every estimate to this .parquet")
    reader.add_argument("--json", action="store_true")
    return reader.parse_args()


def truth(everyone: pl.DataFrame) -> pl.DataFrame:
    return everyone.group_by("state").agg(
        share=pl.col("abortion").mean(), people=pl.len()
    ).sort("state")  # fmt: skip


@cache
def read(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    everyone = pl.read_csv(folder / "interviews.csv")
    population = everyone.group_by("state", *CELLS).agg(n=pl.len())
    return everyone, population, pl.read_csv(folder / "states.csv")


def one_sample(given: argparse.Namespace, number: int) -> pl.DataFrame:
    everyone, population, states = read(given.folder)
    rng = np.random.default_rng([given.seed, number])
    people = everyone[np.sort(rng.choice(len(everyone), given.size, replace=False))]
    found = mrp(people, population, "abortion", "state", CELLS, interactions=INTERACTIONS,
                area_predictors=states, level=given.level, seed=number)  # fmt: skip
    areas = found.estimates.filter(pl.col("domain") != "")
    return areas.with_columns(state=pl.col("domain").str.strip_prefix("state="), sample=number)


def samples(given: argparse.Namespace) -> Iterator[pl.DataFrame]:
    for threads in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # read when a worker loads the libraries
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(one_sample, given), range(given.samples))


def report(rows: pl.DataFrame, level: float) -> dict[str, Any]:
    held = pl.col("share").is_between("ci_low", "ci_high")
    miss = pl.col("estimate") - pl.col("share")
    by_sample = rows.group_by("sample").agg(held.mean())["share"]
    by_state = rows.group_by("state").agg(
        covered=held.mean(), bias=miss.mean(), se=pl.col("se").mean()
    )
    return {
        "level": level,
        "samples": len(by_sample),
        "states": len(by_state),
        "coverage": by_sample.mean(),
        "coverage_se": by_sample.std() / len(by_sample) ** 0.5,
        "coverage_state_min": by_state["covered"].min(),
        "coverage_state_max": by_state["covered"].max(),
        "rms_error": rows.select((miss**2).mean().sqrt()).item(),
        "mean_se": rows["se"].mean(),
        "worst_bias": by_state.sort(pl.col("bias").abs(), descending=True).head(3).to_dicts(),
    }


def main() -> None:
    given = options()
    begin = time.perf_counter()
    rows = pl.concat(samples(given))
    rows = rows.join(truth(read(given.folder)[0]), on="state").filter(pl.col("people") >= ENOUGH)
    if given.rows:
        rows.write_parquet(given.rows)
    result = report(rows, given.level) | {"seconds": round(time.perf_counter() - begin, 1)}
    print(json.dumps(result, indent=1) if given.json else result)


if __name__ == "__main__":
    main()
