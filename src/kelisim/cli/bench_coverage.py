"""``kelisim bench coverage``: one demo country polled a thousand times; what it says, judged."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from io import StringIO
from math import isfinite
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kelisim.study.demo.repeated import Country, Held, Judged
    from kelisim.study.progress import Progress

NAME = "coverage"
ABOUT = (
    "The demo country (SIMULATED) polled again and again: how often 95 % intervals hold the truth, "
    "rank sets hold all true ranks at once, and how many decisions at a threshold are wrong."
)
MEANING = {
    "interval": "95 % intervals that hold the truth",
    "ranks": "polls whose rank sets hold every true rank",
    "wrong above": "wrong among those called above",
    "wrong below": "wrong among those called below",
}


def coverage(repetitions: int, seed: int, workers: int, report: Progress) -> dict[str, Any]:
    """Poll the country of a seed and return what held, as a document."""
    from kelisim.study.demo.repeated import held

    begin = time.perf_counter()
    found = []
    for done, poll in enumerate(_polls(repetitions, seed, workers)):
        report(f"{NAME}: polls", done, repetitions)
        found.append(poll)
    rows = held(found)
    return {
        "name": NAME,
        "about": ABOUT,
        "work": {"repetitions": repetitions, "seed": seed},
        "held": [_plain(one) for one in rows],
        "seconds": round(time.perf_counter() - begin, 1),
        "text": table(rows, repetitions, seed),
    }


def _polls(repetitions: int, seed: int, workers: int) -> Iterator[list[Judged]]:
    """Yield the judged polls in the order of their seeds, whoever computed them."""
    ask = partial(_poll, seed)
    seeds = range(seed, seed + repetitions)
    if workers == 1:
        yield from map(ask, seeds)
        return
    # Workers keep to a thread each; the libraries read these when they are loaded.
    for threads in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(ask, seeds, chunksize=5)


def _poll(country: int, seed: int) -> list[Judged]:
    from kelisim.study.demo.repeated import judge

    return judge(_country(country), seed)


@cache
def _country(seed: int) -> Country:
    from kelisim.study.demo.repeated import found_country

    return found_country(seed)


def _plain(held: Held) -> dict[str, Any]:
    """Return a row for JSON, which knows no NaN: one poll has no Monte-Carlo error."""
    return {**asdict(held), "error": held.error if isfinite(held.error) else None}


def table(held: Sequence[Held], repetitions: int, seed: int) -> str:
    """Return what held as a table for a person."""
    from rich.console import Console
    from rich.table import Table

    size = f"repetitions {repetitions:,}, seed {seed}"
    grid = Table(title=f"{NAME}: {ABOUT}", caption=size)
    for heading in ("what", "of"):
        grid.add_column(heading, no_wrap=True)
    for heading in ("cases", "rate", "± s.e."):
        grid.add_column(heading, justify="right")
    for one in held:
        grid.add_row(
            MEANING[one.what],
            one.of,
            f"{one.cases:,}",
            f"{100 * one.rate:.2f} %",
            f"{100 * one.error:.2f}" if isfinite(one.error) else "",
        )
    page = StringIO()
    Console(file=page, width=120).print(grid)
    return page.getvalue().rstrip()
