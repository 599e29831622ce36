"""How long proved settlements take: simulated disputes, the sizes of the project's goals.

    .venv/bin/python bench/settlement_speed.py [repetitions] [seed]

Prints one line a size: what was asked, the median and the largest seconds of the wall and of the
processor, how many were proved, and the goal. Best options are Dirichlet shares of the scale, the
others uniform below, one of them 0. Wall seconds include whatever else the machine is doing.
"""

import sys
import time
from statistics import median

import numpy as np

from kelisim.engine.settlement.frontier import frontier_of_two
from kelisim.engine.settlement.programme import Patience
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.searched import choices_by_search

LIMIT = 60.0
SIZES = [
    # what, parties, issues, options, scale, goal in seconds
    ("frontier", 2, 40, 5, 1000, 0.020),
    ("nash", 5, 30, 5, 1000, 1.0),
    ("leximin", 5, 30, 5, 1000, 4.0),
    ("nash", 12, 30, 5, 100, None),
    ("leximin", 12, 30, 5, 100, 60.0),
    ("leximin", 12, 30, 5, 1000, None),
]


def dispute(parties, issues, options, scale, rng):
    """Return tables of points, one (parties x options) an issue."""
    tables = np.zeros((issues, parties, options), dtype=np.int64)
    for i in range(parties):
        best = rng.multinomial(scale, rng.dirichlet(np.ones(issues)))
        for j in range(issues):
            row = rng.integers(0, best[j] + 1, options)
            first, second = rng.permutation(options)[:2]
            row[first], row[second] = best[j], 0
            tables[j, i] = row
    return tables


def document(tables):
    """Return the document of the case."""
    parties = [f"P{i}" for i in range(tables.shape[1])]
    names = [f"issue {j}" for j in range(len(tables))]
    options = [f"o{o}" for o in range(tables.shape[2])]
    points = {
        party: {
            name: dict(zip(options, map(int, table[i]), strict=True))
            for name, table in zip(names, tables, strict=True)
        }
        for i, party in enumerate(parties)
    }
    issues = [{"name": name, "options": options} for name in names]
    return {"parties": parties, "issues": issues, "points": points}


def work(what, tables):
    """Return what is to be timed; it returns whether the answer is proved."""
    if what == "frontier":
        return lambda: bool(len(frontier_of_two(list(tables)).packages))
    case = read_case(document(tables))
    patience = Patience.of(LIMIT, time.perf_counter)
    return lambda: choices_by_search(case, patience, (what,))[0].proved


def main(repetitions=5, seed=1):
    for what, parties, issues, options, scale, goal in SIZES:
        wall, cpu, proved = [], [], 0
        for repetition in range(repetitions):
            rng = np.random.default_rng([seed, parties, scale, repetition])
            asked = work(what, dispute(parties, issues, options, scale, rng))
            began, ticks = time.perf_counter(), time.process_time()
            proved += asked()
            wall.append(time.perf_counter() - began)
            cpu.append(time.process_time() - ticks)
        print(
            f"{what:9} {parties:2} x {issues} x {options}, {scale:4} points: "
            f"wall {median(wall):.4f} (largest {max(wall):.4f}) s, "
            f"cpu {median(cpu):.4f} (largest {max(cpu):.4f}) s, "
            f"proved {proved} of {repetitions}, goal {goal or '-'}",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
