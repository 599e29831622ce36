"""A small invented country with known shares, and models written out in full."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl

from kelisim.engine.frame import Codes, Floats
from kelisim.engine.smallarea.terms import Term, Terms

AREAS = list("ABCDEF")
SEXES = ["f", "m"]
AGES = ["old", "mid", "young"]


def country() -> pl.DataFrame:
    """Population cells, unequal, one of them empty."""
    cells = [(a, s, g) for a in AREAS for s in SEXES for g in AGES]
    counts = np.random.default_rng(3).integers(50, 5000, len(cells))
    counts[4] = 0
    table = pl.DataFrame(cells, schema=["region", "sex", "age"], orient="row")
    return table.with_columns(n=pl.Series(counts))


def people(size: int = 600, seed: int = 5) -> pl.DataFrame:
    """Respondents: the share of yes rises with the region's place and falls with age."""
    rng = np.random.default_rng(seed)
    region, sex, age = (rng.integers(0, k, size) for k in (6, 2, 3))
    eta = -0.5 + 0.3 * (region - 2.5) + 0.4 * sex + 0.3 * (age - 1)
    return pl.DataFrame(
        {
            "region": [AREAS[k] for k in region],
            "sex": [SEXES[k] for k in sex],
            "age": [AGES[k] for k in age],
            "yes": (rng.uniform(size=size) < 1 / (1 + np.exp(-eta))).astype(int),
            "party": rng.choice(["red", "blue", "grey"], size, p=[0.2, 0.5, 0.3]),
        }
    )


def terms() -> Terms:
    """Return a model with every kind of column: 4 areas, a contrast, 3 ages, two crossings."""
    fixed = np.column_stack([np.ones(4), [-1.0, 0.5, 0.2, 0.3]])
    return Terms(
        fixed,
        (1,),
        (
            Term("area", (0,), (4,)),
            Term("age", (2,), (3,)),
            Term("sex:age", (1, 2), (2, 3)),
            Term("area:age", (0, 2), (4, 3)),
        ),
    )


def variables() -> Codes:
    """All 24 cells of that model."""
    return np.array(list(product(range(4), range(2), range(3))), dtype=np.int32)


def dense_matrix(model: Terms, cells: Codes) -> Floats:
    """Return the model matrix entry by entry."""
    matrix = np.zeros((len(cells), model.columns))
    for row, cell in enumerate(cells):
        q = model.fixed.shape[1]
        matrix[row, :q] = model.fixed[cell[0]]
        for k, variable in enumerate(model.contrasts):
            matrix[row, q + k] = (-0.5, 0.5)[cell[variable]]
        for start, term in zip(model.starts, model.random, strict=False):
            place = int(np.ravel_multi_index([cell[v] for v in term.variables], term.sizes))
            matrix[row, start + place] = 1
    return matrix
