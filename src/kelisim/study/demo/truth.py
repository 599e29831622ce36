"""The truth of the demo country: every quantity the poll estimates, computed from everybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import polars as pl

from kelisim.engine.frame import Codes, Floats
from kelisim.study.demo.facts import AGES, GROUPS, SETTLEMENTS, SEXES
from kelisim.study.demo.opinions import Opinions
from kelisim.study.demo.population import CLASSES, REGION_CODES, DemoPopulation

DOMAINS: tuple[tuple[str, ...], ...] = (
    ("region",),
    ("settlement",),
    ("sex",),
    ("age",),
    ("group",),
    ("settlement", "sex"),
)
"""The sets of domains the study asks for, beside the nation."""

DISSATISFIED = ("3", "4")
"""The answers about the akim that count as dissatisfaction."""

LABELS = {
    "region": REGION_CODES,
    "settlement": SETTLEMENTS,
    "sex": SEXES,
    "age": AGES,
    "group": GROUPS,
}
"""The columns that describe a person, with their categories."""


def columns_of(population: DemoPopulation) -> dict[str, Codes]:
    """Return the category of every settlement and class in each column of `LABELS`.

    Returns
    -------
    dict
        Column to shape (P, C): codes into the column's categories.
    """
    sex, age, group = np.array(CLASSES, dtype=np.int32).T
    coded = {
        "region": population.region[:, None],
        "settlement": population.settlement[:, None],
        "sex": sex,
        "age": age,
        "group": group,
    }
    return {name: np.broadcast_to(codes, population.counts.shape) for name, codes in coded.items()}


def truth_table(population: DemoPopulation, opinions: Opinions) -> pl.DataFrame:
    """Return the truth of every indicator in the nation and in each domain.

    Returns
    -------
    pl.DataFrame
        Columns indicator, category, domain, truth; categories and domains are written as in
        estimates.csv.
    """
    sets = list(_domain_sets(columns_of(population)))
    return pl.concat(
        pl.DataFrame(
            {
                "indicator": indicator,
                "category": category,
                "domain": names,
                "truth": _means(value, population, codes, len(names)),
            }
        )
        for indicator, category, value in _quantities(opinions)
        for names, codes in sets
    )


def _means(value: Floats, population: DemoPopulation, codes: Codes, size: int) -> Floats:
    """Return the mean of a quantity over the people of each domain."""
    people = np.bincount(codes.ravel(), population.counts.ravel(), size)
    sums = np.bincount(codes.ravel(), (population.counts * value).ravel(), size)
    return sums / people


def _quantities(opinions: Opinions) -> Iterator[tuple[str, str, Floats]]:
    """Yield indicator, category, and their mean in each settlement and class, shape (P, C)."""
    for item, by_mood in opinions.shares.items():
        shares = by_mood.mean(axis=2)
        for answer in range(shares.shape[-1]):
            yield item, str(answer + 1), shares[..., answer]
        if item == "akim":
            yield "dissatisfied", "", sum(shares[..., int(code) - 1] for code in DISSATISFIED)
    yield "income", "", opinions.income.mean(axis=2)


def _domain_sets(columns: dict[str, Codes]) -> Iterator[tuple[list[str], Codes]]:
    """Yield the names of the domains of each set, the nation first, and everyone's domain."""
    yield [""], np.zeros_like(columns["sex"])
    for by in DOMAINS:
        codes = np.ravel_multi_index(
            tuple(columns[name] for name in by), tuple(len(LABELS[name]) for name in by)
        )
        named = product(*([f"{name}={label}" for label in LABELS[name]] for name in by))
        yield [";".join(words) for words in named], codes.astype(np.int32)
