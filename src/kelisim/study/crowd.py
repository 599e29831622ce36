"""Who came to a consultation, laid beside the country: cells, distances, where areas stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.core.errors import (
    ColumnRefused,
    IdRefused,
    ValueRefused,
    VotesRefused,
    listed,
    nearest,
)
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Floats, categories, column, numbers
from kelisim.engine.opinion.crowd import Distance, distance
from kelisim.engine.opinion.votes import Votes

COUNT = "n"
AREA = "region"

LEAST_SPREAD = 1e-6
"""Standard deviation of the areas' places below which an axis tells nothing of them."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody of the vote rows who told who they are, and the population, on one set of names."""

    area: str
    variables: tuple[str, ...]
    people: pl.DataFrame
    population: pl.DataFrame
    standing: pl.DataFrame | None = None


def read_crowd(
    votes: Votes,
    people: pl.DataFrame,
    population: pl.DataFrame,
    variables: Sequence[str] | None,
    area: str | None,
) -> Crowd:
    used = _variables(people, population, variables)
    names = column(people, "participant", role="the participants").cast(pl.String)
    if names.is_duplicated().any():
        twice = names.filter(names.is_duplicated()).unique().sort()
        raise IdRefused(
            f"The participant {listed(twice)} has more than one row.",
            where="the table of people",
            do="Keep one row for each participant.",
        )
    numbered = pl.DataFrame(
        {"participant": votes.participants, "row": np.arange(votes.shape[0])}
    ).filter(pl.Series(votes.n_votes > 0))
    told = [pl.col(name).cast(pl.String).replace("", None) for name in used]
    known = people.select(names.alias("participant"), *told).drop_nulls()
    present = numbered.join(known, on="participant", how="inner").sort("row")
    if present.is_empty():
        raise VotesRefused(
            "Nobody who voted tells who they are.",
            where=f"the table of people, columns {listed(used)}",
            why="Without it nothing can be said of the country.",
            do="Check that the participants are named as in the votes.",
        )
    counts = pl.Series(COUNT, numbers(population, COUNT, role="the count of a cell"))
    whole = population.select(*(pl.col(name).cast(pl.String) for name in used), counts)
    for name in used:
        _check_known(present[name], whole[name])
    sizes = {name: whole[name].n_unique() for name in used}
    chosen = area or (AREA if AREA in used else max(used, key=lambda name: sizes[name]))
    if chosen not in used:
        raise ColumnRefused(f"There is no variable '{chosen}' in both tables.", do=_shared(used))
    return Crowd(chosen, used, present, whole)


def _check_known(told: pl.Series, among: pl.Series) -> None:
    strange = told.filter(~told.is_in(among.drop_nulls().implode())).unique().sort()
    if len(strange):
        raise ValueRefused(
            f"The population has no {listed(strange)}, and the participants do.",
            where=f"column '{told.name}'",
            why="These participants stand for nobody in the population.",
            do=nearest(strange[0], among.drop_nulls().unique()) or "Spell both tables alike.",
        )


def _variables(
    people: pl.DataFrame, population: pl.DataFrame, variables: Sequence[str] | None
) -> tuple[str, ...]:
    if variables is not None:
        for name in variables:
            for frame, role in ((people, "who people are"), (population, "the population")):
                column(frame, name, role=role)
        return tuple(variables)
    shared = [
        c for c in population.columns if c in people.columns and c not in {COUNT, "participant"}
    ]
    if not shared:
        raise ColumnRefused(
            "The table of people and the population have no variable in common.",
            why="Participants can only be carried to cells of the population that both name.",
            do=f"The population has {listed(population.columns, 12)}.",
        )
    return tuple(shared)


def _shared(used: Sequence[str]) -> str:
    return f"Both have {listed(used, 12)}."


def standing_of(cells: Crowd, places: Floats) -> pl.DataFrame | None:
    """Return the mean place of the participants of each area, that of all where there are none."""
    rows = cells.people["row"].to_numpy()
    axes = [f"place_{k}" for k in range(places.shape[1])]
    here = pl.DataFrame(
        {cells.area: cells.people[cells.area], **dict(zip(axes, places[rows].T, strict=True))}
    )
    means = here.group_by(cells.area).mean()
    areas = cells.population.select(cells.area).unique().sort(cells.area)
    found = areas.join(means, on=cells.area, how="left", maintain_order="left")
    found = found.with_columns(pl.col(axes).fill_null(strategy="mean"))
    apart = [axis for axis in axes if float(found[axis].to_numpy().std()) > LEAST_SPREAD]
    return found.select(cells.area, *apart) if len(apart) and len(found) > len(apart) + 1 else None


def distances_of(cells: Crowd, seed: int) -> dict[str, Distance]:
    found = {}
    for name in cells.variables:
        wanted = categories(cells.population, name)
        people = cells.population[COUNT].to_numpy()
        counts = np.bincount(wanted.codes, people, len(wanted.labels)).astype(np.float64)
        place = {label: k for k, label in enumerate(wanted.labels)}
        given = cells.people[name]
        at = np.array([place[v] for v in given], np.int64)
        here = np.bincount(at, minlength=len(wanted.labels)).astype(np.float64)
        rng = np.random.default_rng(stream_seed(seed, "country", "distance", name))
        found[name] = distance(here, counts, rng)
    return found
