"""Do the axioms hold? Random disputes, checked with whole numbers and fractions.

    .venv/bin/python bench/settlement_axioms.py [instances] [seed]

Half of the instances are disputes of two parties over options: every rule's package must be
undominated (checked by enumeration), swapping the parties must swap the set of packages that the
rule finds equally good, and multiplying a party's points must change nothing but its points. The
other half are divisions of goods: adjusted winner must be equitable, envy-free and efficient, with
at most one good split. Prints the number of failures of each; the instances are simulated.
"""

import sys
from fractions import Fraction
from itertools import product

import numpy as np

from kelisim.engine.settlement.adjusted_winner import adjusted_winner
from kelisim.engine.settlement.listed import choices_from
from kelisim.engine.settlement.model import Case, Issue, worth
from kelisim.engine.settlement.reach import reach_of

HALF = (Fraction(1, 2),) * 2


def case_of(tables):
    """Return the case of tables of two parties, without a document."""
    issues = tuple(Issue(f"{j}", tuple(map(str, range(t.shape[1])))) for j, t in enumerate(tables))
    return Case(("A", "B"), issues, tuple(tables), (Fraction(1),) * 2, HALF, (0, 0))


def picked(tables):
    """Return, rule by rule, the points of 100 of all packages that it finds best."""
    case = case_of(tables)
    return {
        c.method: {case.of_hundred(u) for u in (worth(case, c.package), *c.ties)}
        for c in choices_from(reach_of(case))
    }


def undominated(tables, point):
    """Whether enumeration finds no package as good for both and better for one."""
    for choice in product(*(range(t.shape[1]) for t in tables)):
        other = [sum(int(t[i, o]) for t, o in zip(tables, choice, strict=True)) for i in (0, 1)]
        if other[0] >= point[0] and other[1] >= point[1] and tuple(other) != point:
            return False
    return True


def dispute(rng):
    issues = int(rng.integers(1, 5))
    while True:
        tables = [rng.integers(0, 13, (2, int(rng.integers(2, 4)))) for _ in range(issues)]
        if all(sum(t[i].max() for t in tables) for i in (0, 1)):
            return tables


def check_dispute(rng, failures):
    tables = dispute(rng)
    totals = [sum(int(t[i].max()) for t in tables) for i in (0, 1)]
    plain = picked(tables)
    for points in plain.values():
        for share in points:
            units = tuple(int(s * t / 100) for s, t in zip(share, totals, strict=True))
            failures["efficiency"] += not undominated(tables, units)
    swapped = picked([t[::-1] for t in tables])
    failures["symmetry"] += plain != {
        rule: {share[::-1] for share in points} for rule, points in swapped.items()
    }
    factor = rng.integers(1, 1000, (2, 1))
    failures["scale"] += plain != picked([t * factor for t in tables])


def check_goods(rng, failures):
    while True:
        rows = rng.integers(0, 51, (2, int(rng.integers(1, 9)))).tolist()
        if all(map(any, rows)):
            break
    result = adjusted_winner(rows)
    totals = [sum(row) for row in rows]
    value = [
        [
            sum(p * share[k] for p, share in zip(rows[i], result.shares, strict=True)) / totals[i]
            for k in (0, 1)
        ]
        for i in (0, 1)
    ]
    failures["equitable"] += value[0][0] != value[1][1]
    failures["envy-free"] += value[0][0] < value[0][1] or value[1][1] < value[1][0]
    failures["one split"] += sum(share[0] not in (0, 1) for share in result.shares) > 1
    held = list(zip(*rows, result.shares, strict=True))
    failures["efficient"] += any(
        x > 0 and y > 0 and a * d < c * b for a, b, (x, _) in held for c, d, (_, y) in held
    )


def main(instances=100_000, seed=1):
    rng = np.random.default_rng(seed)
    names = ["efficiency", "symmetry", "scale", "equitable", "envy-free", "efficient"]
    failures = dict.fromkeys([*names, "one split"], 0)
    for k in range(instances):
        (check_dispute if k % 2 else check_goods)(rng, failures)
    told = ", ".join(f"{name} {count}" for name, count in failures.items())
    print(f"{instances} simulated instances; failures: {told}")
    return sum(failures.values())


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
