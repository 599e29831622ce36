"""A file of votes becomes the folder of a consultation: read, map, carry to the country, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kelisim.core.errors import ColumnRefused, Refusal, VotesRefused
from kelisim.engine.frame import column
from kelisim.engine.opinion import OpinionMap, Votes, opinion_map, read_votes
from kelisim.study.batch import MEMORY, read_large_votes
from kelisim.study.country import SELECTION, CountryEstimate, country_estimate, echoes
from kelisim.study.progress import Progress
from kelisim.study.votes import (
    read_rejected,
    read_table,
    read_vote_file,
    until,
    write_opinion,
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of `map_votes`.

    Attributes
    ----------
    layer
        As in `opinion_map`.
    batch, memory
        Whether the file is read by DuckDB, and what it may take.
    statements
        A list of statements with the moderators' verdicts.
    at
        Seconds since 1970: later votes are left out.
    people, population
        Tables for the country estimate.
    selection
        As in `country_estimate`; its own when None.
    """

    layer: Literal["model", "live", "polis"] = "model"
    batch: bool = False
    memory: str = MEMORY
    statements: Path | None = None
    at: float | None = None
    people: Path | None = None
    population: Path | None = None
    selection: float | None = None
    slate: int = 8
    language: str = "en"
    seed: int = 0


def map_votes(file: Path, out: Path, wishes: Wishes, report: Progress) -> dict[str, Any]:
    """Write the folder of a consultation, and return what is in it.

    Raises
    ------
    Refusal
        A file cannot be read, or what it holds cannot be counted.
    """
    rejected = () if wishes.statements is None else read_rejected(wishes.statements)
    snapshot = _read(file, wishes, report)
    known = set(snapshot.statements)
    report("map", 0, 1)
    found = opinion_map(
        snapshot,
        layer=wishes.layer,
        rejected=tuple(name for name in rejected if name in known),
        slate=wishes.slate,
    )
    country = None
    if wishes.people is not None and wishes.population is not None:
        country = _country(found, wishes.people, wishes.population, wishes, report)
    files = write_opinion(found, out, wishes.language, country=country)
    return _document(found, country, out, files)


def _read(file: Path, wishes: Wishes, report: Progress) -> Votes:
    if wishes.batch:
        return read_large_votes(file, memory=wishes.memory, report=report)
    if wishes.at is None:
        return read_vote_file(file)
    table = read_table(file)
    if "time" not in table.columns:
        raise ColumnRefused(
            "There is no column 'time' in the votes.",
            where=file.name,
            why="Without it nobody knows what had been voted by then.",
            do="Leave --at out, or give the times of the votes.",
        )
    return read_votes(until(table, wishes.at))


def _country(
    found: OpinionMap, people: Path, population: Path, wishes: Wishes, report: Progress
) -> CountryEstimate:
    """Return the country estimate; of accounts that vote as one, the first alone speaks."""
    table = read_table(people)
    named = column(table, "participant", role="the participants").cast(pl.String)
    try:
        return country_estimate(
            found.votes,
            table.filter(~named.is_in(echoes(found.integrity))),
            read_table(population),
            places=found.participants.select("x", "y").to_numpy(),
            groups=found.participants["group"].to_list(),
            selection=SELECTION if wishes.selection is None else wishes.selection,
            seed=wishes.seed,
            report=report,
        )
    except VotesRefused as refusal:
        refusal.where = f"{people.name}, {refusal.where}"
        raise
    except Refusal as refusal:
        refusal.where = f"{people.name} and {population.name}{_more(refusal.where)}"
        raise


def _more(where: str) -> str:
    return f", {where}" if where else ""


def _document(
    found: OpinionMap, country: CountryEstimate | None, out: Path, files: list[str]
) -> dict[str, Any]:
    groups: Mapping[str, Any] = found.groups
    document = {
        "out": str(out),
        "files": files,
        "layer": found.layer,
        "participants": found.participants.height,
        "statements": found.statements.height,
        "votes": len(found.votes.signs),
        "groups": len(groups["groups"]),
        "reason": groups["reason"],
        "alarm": found.integrity.get("alarm", False),
    }
    return document if country is None else {**document, "crowd": country.document()}
