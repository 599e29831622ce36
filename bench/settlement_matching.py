"""How long mediator matching takes, with its quality: a simulated register.

    .venv/bin/python bench/settlement_matching.py [cases] [mediators] [seed]

Twenty regions, three languages, eight specialisations, 0 to 3 conflicts a case, capacities of 5 to
17. The first call compiles or loads compiled code; it is printed apart.
"""

import sys
import time

import numpy as np

from kelisim.engine.settlement.matching import UNASSIGNED, gini, match
from kelisim.engine.settlement.roster import read_roster

LANGUAGES = ("kk", "ru", "en")
SUBJECTS = [f"subject {k}" for k in range(8)]


def register(cases, mediators, rng):
    regions = [f"KZ-{k}" for k in range(20)]
    capacity = rng.integers(5, 18, mediators)
    some = [rng.choice(LANGUAGES, rng.integers(1, 4), replace=False) for _ in range(mediators)]
    skills = [rng.choice(SUBJECTS, rng.integers(1, 4), replace=False) for _ in range(mediators)]
    against = [rng.choice(mediators, rng.integers(0, 4), replace=False) for _ in range(cases)]
    left = {
        "case": [f"c{k}" for k in range(cases)],
        "region": rng.choice(regions, cases).tolist(),
        "language": rng.choice(["kk", "ru", "kk;ru"], cases).tolist(),
        "specialisation": rng.choice(SUBJECTS, cases).tolist(),
        "conflicts": [";".join(f"m{m}" for m in row) for row in against],
    }
    right = {
        "mediator": [f"m{k}" for k in range(mediators)],
        "region": rng.choice(regions, mediators).tolist(),
        "language": [";".join(words) for words in some],
        "specialisation": [";".join(words) for words in skills],
        "capacity": capacity.tolist(),
    }
    return left, right


def main(cases=10_000, mediators=1_000, seed=1):
    warm = time.perf_counter()
    match(read_roster(*register(20, 5, np.random.default_rng(0))), 0)
    warm = time.perf_counter() - warm
    left, right = register(cases, mediators, np.random.default_rng(seed))
    began, ticks = time.perf_counter(), time.process_time()
    roster = read_roster(left, right)
    result = match(roster, seed)
    wall, cpu = time.perf_counter() - began, time.process_time() - ticks
    given = result.mediator != UNASSIGNED
    pairs = set(map(tuple, roster.conflicts.tolist()))
    violated = sum((k, m) in pairs for k, m in enumerate(result.mediator.tolist()))
    print(
        f"{cases} cases x {mediators} mediators, {int(result.possible.sum())} possible pairs: "
        f"wall {wall:.2f} s, cpu {cpu:.2f} s (first small call {warm:.2f} s); "
        f"assigned {int(given.sum())}, conflicts violated {violated}, "
        f"in the own region {result.same_region.sum() / max(given.sum(), 1):.1%}, "
        f"load Gini {gini(result.load / roster.mediators.capacity):.3f}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
