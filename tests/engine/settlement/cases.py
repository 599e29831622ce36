"""Cases for the tests of settlements, and what brute force says about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Table = NDArray[np.int64]


def document(tables: Sequence[Sequence[Sequence[int]]], **more: Any) -> dict[str, Any]:
    """Return the document of a case of options, from one (parties x options) table an issue."""
    parties = [f"P{i + 1}" for i in range(len(tables[0]))]
    issues = [
        {"name": f"issue {j + 1}", "options": [f"o{o + 1}" for o in range(len(table[0]))]}
        for j, table in enumerate(tables)
    ]
    points = {
        party: {
            issue["name"]: dict(zip(issue["options"], map(int, table[i]), strict=True))
            for issue, table in zip(issues, tables, strict=True)
        }
        for i, party in enumerate(parties)
    }
    return {"parties": parties, "issues": issues, "points": points, **more}


def goods(points: Sequence[Sequence[int]], **more: Any) -> dict[str, Any]:
    """Return the document of a case of divisible issues, from one row of points a party."""
    parties = [f"P{i + 1}" for i in range(len(points))]
    names = [f"good {j + 1}" for j in range(len(points[0]))]
    return {
        "parties": parties,
        "issues": [{"name": name, "divisible": True} for name in names],
        "points": {
            party: dict(zip(names, map(int, row), strict=True))
            for party, row in zip(parties, points, strict=True)
        },
        **more,
    }


def dirichlet(
    parties: int, issues: int, options: int, scale: int, rng: np.random.Generator
) -> list[list[list[int]]]:
    """Return tables whose best options sum to the scale: Dirichlet weights, the rest uniform."""
    tables = np.zeros((issues, parties, options), dtype=np.int64)
    for i in range(parties):
        best = rng.multinomial(scale, rng.dirichlet(np.ones(issues)))
        for j in range(issues):
            row = rng.integers(0, best[j] + 1, options)
            first, second = rng.permutation(options)[:2]
            row[first], row[second] = best[j], 0
            tables[j, i] = row
    listed: list[list[list[int]]] = tables.tolist()
    return listed


def tables_of(
    parties: int, *, issues: int = 4, options: int = 3, most: int = 12
) -> st.SearchStrategy[list[list[list[int]]]]:
    """Return small tables in which every party wants something."""
    row = st.lists(st.integers(0, most), min_size=options, max_size=options)
    table = st.lists(row, min_size=parties, max_size=parties)
    tables = st.lists(table, min_size=1, max_size=issues)
    return tables.filter(lambda ts: all(any(any(t[i]) for t in ts) for i in range(parties)))


def every_package(tables: Sequence[Sequence[Sequence[int]]]) -> Iterator[tuple[int, ...]]:
    """Yield the worth of every package of options."""
    for choice in product(*(range(len(table[0])) for table in tables)):
        yield tuple(
            sum(table[i][o] for table, o in zip(tables, choice, strict=True))
            for i in range(len(tables[0]))
        )


def undominated(points: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the points that no other is at least as good as for everyone."""
    distinct = set(points)
    return sorted(
        p
        for p in distinct
        if not any(q != p and all(b >= a for a, b in zip(p, q, strict=True)) for q in distinct)
    )


def satisfied(point: Sequence[int | Fraction], totals: Sequence[int]) -> list[Fraction]:
    """Return points of 100, from the least to the largest."""
    return sorted(Fraction(100 * u, t) for u, t in zip(point, totals, strict=True))


def product_of(point: Sequence[int | Fraction]) -> int | Fraction:
    """Return the product of gains over nothing."""
    return prod(point)
