"""Warming: what pages compute with is loaded before anybody waits for it.

The first call of a compiled function loads the compiler, and compiles where no earlier start has:
seconds in which the first visitor would look at an empty page. A thread makes those calls once on
a few made-up votes and answers, after a pause: the first page has the machine to itself.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import polars as pl

PEOPLE, STATEMENTS = 40, 12

PAUSE = 5.0
"""Seconds between the start and warming, for the first page to be drawn and to be read."""


def keep_compiled(data: Path) -> None:
    """Have what is compiled kept in the data folder, so that it is compiled once and not a start.

    Called before the compiler is loaded. Beside the program's own files it may not be let write.
    """
    os.environ.setdefault("NUMBA_CACHE_DIR", str(data / "compiled"))


def warm_soon(after: float = PAUSE) -> threading.Thread:
    """Warm after a pause in a thread that ends with the process, and return it."""
    thread = threading.Timer(after, warm)
    thread.name, thread.daemon = "warming", True
    thread.start()
    return thread


def warm() -> None:
    """Make the first calls: of the map and the draw of statements, of estimates and raking."""
    _opinions()
    _estimates()


def _opinions() -> None:
    from kelisim.engine.opinion import ideal_point, live_map, own_place, read_votes
    from kelisim.engine.opinion.router import route

    votes = read_votes(
        pl.DataFrame(
            [
                {
                    "participant": str(person),
                    "statement": str(number),
                    "vote": 1 if (person + number) % 2 else -1,
                    "time": float(person * STATEMENTS + number),
                }
                for person in range(PEOPLE)
                for number in range(STATEMENTS)
                if (person * number) % 5
            ]
        )
    )
    found = live_map(votes)
    live_map(votes, before=found, tolerance=1e-4)
    own_place(found, np.array([0, 1], np.int32), np.array([1, -1], np.int8))
    model = ideal_point(votes, 2)
    places = np.arange(len(votes.statements), dtype=np.int64)
    seen = np.bincount(votes.indices, minlength=len(places)).astype(np.float64)
    route(model, None, places, seen)


def _estimates() -> None:
    from kelisim.engine.inference import Design, Indicator, estimate
    from kelisim.engine.weighting.reraking import load_kernel

    load_kernel()
    rows = range(PEOPLE)
    table = pl.DataFrame(
        {
            "w": [1.0 for _row in rows],
            "psu": [str(row % 8) for row in rows],
            "said": [str(row % 3 == 0) for row in rows],
        }
    )
    said = Indicator("said", "categorical", "said", yes=["True"])
    estimate(table, Design(weight="w", psu="psu"), [said], [])
