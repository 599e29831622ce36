"""Does an independent mixed-integer programme find the same? Random disputes of 2 to 6 parties.

    .venv/bin/python bench/settlement_milp.py [instances] [seed]

The programme is written here anew, in other forms than the product's: leximin by saturating one
party after another, trying every party at each level (epigraph form); the Nash product by one
binary variable for every value of every party's worth, with its exact logarithm. Worths are whole
numbers and compared as such. Prints the number of disagreements; the instances are simulated.
"""

import math
import sys
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from kelisim.engine.settlement.solve import solve


def dispute(rng):
    """Return tables whose best options sum to 20 for every party."""
    parties, issues, options = (int(rng.integers(a, b)) for a, b in ((2, 7), (2, 6), (2, 5)))
    tables = np.zeros((issues, parties, options), dtype=np.int64)
    for i in range(parties):
        best = rng.multinomial(20, rng.dirichlet(np.ones(issues)))
        for j in range(issues):
            tables[j, i] = rng.integers(0, best[j] + 1, options)
            tables[j, i, int(rng.integers(options))] = best[j]
    return tables


def document(tables):
    parties = [f"P{i}" for i in range(tables.shape[1])]
    points = {
        party: {
            f"i{j}": {f"o{o}": int(u) for o, u in enumerate(t[i])} for j, t in enumerate(tables)
        }
        for i, party in enumerate(parties)
    }
    options = [f"o{o}" for o in range(tables.shape[2])]
    issues = [{"name": f"i{j}", "options": options} for j in range(len(tables))]
    return {"parties": parties, "issues": issues, "points": points}


def best(objective, rows, low, high, whole, upper):
    """Return the largest objective and its point."""
    found = milp(
        -np.asarray(objective, dtype=float),
        constraints=LinearConstraint(np.array(rows, dtype=float), low, high),
        integrality=whole,
        bounds=Bounds(0, upper),
        options={"mip_rel_gap": 0},
    )
    return (-found.fun, found.x) if found.status == 0 else (-np.inf, None)


def base(tables, extra):
    """Return the rows that take one option an issue, and the worth of each party."""
    issues, parties, options = tables.shape
    size = issues * options
    rows = np.zeros((issues, size + extra))
    for j in range(issues):
        rows[j, j * options : (j + 1) * options] = 1
    worth = np.zeros((parties, size + extra))
    worth[:, :size] = tables.transpose(1, 0, 2).reshape(parties, size)
    return rows, worth, size


def leximin(tables):
    """Return the sorted worths: at each level try which party to hold at it, keep all that can."""
    parties = tables.shape[1]
    rows, worth, size = base(tables, 1)
    whole = np.append(np.ones(size), 0)
    upper = np.append(np.ones(size), np.inf)
    held_sets, levels = [{}], []
    while len(levels) < parties:
        reached = []
        for held in held_sets:
            free = [i for i in range(parties) if i not in held]
            constraints = [*rows, *(worth[i] for i in held)]
            low = [1.0] * len(rows) + [float(v) for v in held.values()]
            for i in free:
                row = worth[i].copy()
                row[-1] = -1
                constraints.append(row)
                low.append(0.0)
            high = [1.0] * len(rows) + [np.inf] * (len(constraints) - len(rows))
            value, _ = best(np.eye(size + 1)[-1], constraints, low, high, whole, upper)
            reached.append(round(value) if np.isfinite(value) else -1)
        level = max(reached)
        kept = [held for held, value in zip(held_sets, reached, strict=True) if value == level]
        levels.append(level)
        grown = [{**held, i: level} for held in kept for i in range(parties) if i not in held]
        held_sets = list({tuple(sorted(h.items())): h for h in grown}.values())
    return levels


def nash(tables):
    """Return the largest product of worths, by choosing the value of every worth."""
    parties = tables.shape[1]
    tops = [int(tables[:, i].max(axis=1).sum()) for i in range(parties)]
    rows, worth, size = base(tables, sum(tops))
    objective = np.zeros(size + sum(tops))
    constraints, low, high = [*rows], [1.0] * len(rows), [1.0] * len(rows)
    at = size
    for i, top in enumerate(tops):
        values = np.arange(1, top + 1)
        one, tie = np.zeros(size + sum(tops)), worth[i].copy()
        one[at : at + top], tie[at : at + top] = 1, -values
        objective[at : at + top] = 1000 * np.log(values)
        constraints += [one, tie]
        low += [1.0, 0.0]
        high += [1.0, 0.0]
        at += top
    size_all = size + sum(tops)
    _, x = best(objective, constraints, low, high, np.ones(size_all), np.ones(size_all))
    return 0 if x is None else math.prod(round(u) for u in worth @ np.round(x))


def main(instances=1000, seed=1):
    rng = np.random.default_rng(seed)
    wrong = {"leximin": 0, "nash": 0, "not proved": 0}
    for _ in range(instances):
        tables = dispute(rng)
        solution = solve(document(tables))
        offered = {s.method: s for s in solution.settlements}
        wrong["not proved"] += any(s.status != "proved" for s in solution.settlements)
        found = sorted(offered["leximin"].points)
        wrong["leximin"] += found != [Fraction(u) for u in leximin(tables)]
        product = math.prod(offered["nash"].points) if "nash" in offered else 0
        wrong["nash"] += product != nash(tables)
    told = ", ".join(f"{name} {count}" for name, count in wrong.items())
    print(f"{instances} simulated instances; disagreements: {told}")
    return sum(wrong.values())


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
