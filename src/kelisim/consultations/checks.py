"""What the worker looks at beside the model: the country, the wordings, the routing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from kelisim.consultations import states
from kelisim.consultations.models import About, Consultation, Event, Kind, Population
from kelisim.consultations.population import VARIABLES, as_table, cells_of
from kelisim.engine.opinion import monitor_routing, translation_effects, vote_told
from kelisim.engine.opinion.answer import OpinionMap
from kelisim.engine.opinion.router import WINDOW
from kelisim.engine.opinion.visit import Standing
from kelisim.study.country import CountryEstimate, country_estimate, echoes

LEAST_TOLD = 30
"""People who told who they are below which nothing is said of the country."""

STATEMENTS_A_DIMENSION = 6
"""Statements below which a second dimension would take one ill wording for an opinion."""


def told_mark(consultation: Consultation) -> int:
    """Return what tells one state of who told what, and of the population, from another."""
    rows = About.objects.filter(participant__consultation=consultation).order_by("pk")
    beside = Population.objects.filter(pk=consultation.pk).values_list("set_at", flat=True)
    return crc32(repr((list(rows.values_list("pk", *VARIABLES)), list(beside))).encode())


def country(consultation: Consultation, found: OpinionMap) -> dict[str, Any]:
    """Return what the country would say, and how far the crowd is from it; ``told`` alone if few.

    A person counts who told everything the population is cut by, and lives in it.
    """
    population = as_table(cells_of(consultation))
    used = [
        name for name in VARIABLES if name in population.columns and population[name].n_unique() > 1
    ]
    people = _people(consultation, found, population)
    if not used or people.height < LEAST_TOLD:
        return {"told": people.height}
    estimate = country_estimate(
        found.votes,
        people,
        population,
        places=found.participants.select("x", "y").to_numpy(),
        groups=found.participants["group"].to_list(),
        variables=used,
    )
    return _document(estimate)


def _people(
    consultation: Consultation, found: OpinionMap, population: pl.DataFrame
) -> pl.DataFrame:
    """Return who told enough, lives in the population and voted; of accounts as one, the first."""
    rows = About.objects.filter(participant__consultation=consultation).order_by("pk")
    table = pl.DataFrame(
        list(rows.values_list("participant__alias", *VARIABLES)),
        schema=dict.fromkeys(("participant", *VARIABLES), pl.String),
        orient="row",
    )
    voted = found.votes.participants.filter(pl.Series(found.votes.n_votes > 0))
    table = table.filter(
        pl.col("participant").is_in(voted.implode())
        & ~pl.col("participant").is_in(echoes(found.integrity))
    )
    for name in (name for name in VARIABLES if name in population.columns):
        table = table.filter(pl.col(name).is_in(population[name].unique().implode()))
    return table


def _document(found: CountryEstimate) -> dict[str, Any]:
    bounds = ("voices", "country", "country_low", "country_high")
    return {
        **found.document(),
        "statements": {
            row["statement"]: {name: row[name] for name in (*bounds, "n", "majority")}
            for row in found.statements.iter_rows(named=True)
        },
        "groups": {
            row["group"]: {name: row[name] for name in bounds}
            for row in found.groups.iter_rows(named=True)
        },
    }


def wordings(found: OpinionMap, languages: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the statements whose wording in one language changes the vote, with the effects.

    Parameters
    ----------
    languages
        ``participant, statement, language``: in which wording each vote was cast.
    """
    if languages["language"].n_unique() < 2:
        return []
    dimensions = max(1, min(2, found.votes.shape[1] // STATEMENTS_A_DIMENSION))
    effects = translation_effects(found.votes, languages, dimensions=dimensions)
    differing = effects.statements.filter(pl.col("differs").fill_null(value=False))
    by_statement = effects.effects.partition_by("statement", as_dict=True)
    return [
        {
            "statement": int(row["statement"]),
            "q_value": round(row["q_value"], 6),
            "languages": [
                {
                    "language": one["language"],
                    "n": one["n"],
                    **{name: round(one[name], 6) for name in ("effect", "low", "high")},
                }
                for one in by_statement[row["statement"],].iter_rows(named=True)
            ],
        }
        for row in differing.iter_rows(named=True)
    ]


def routing(consultation: Consultation, state: states.ModelState) -> dict[str, Any]:
    """Return whether the latest displays that were routed told more than those drawn evenly."""
    standing = Standing(pl.Series([str(n) for n in state.numbers], dtype=pl.String), state.model)
    outcomes, even = _outcomes(consultation, standing)
    report = monitor_routing(np.array(outcomes), np.array(even, np.bool_))
    return {
        "displays": len(outcomes),
        "even": sum(even),
        "judged": bool(np.isfinite(report.p_value)),
        "alarm": report.alarm,
        "routed": round(report.routed, 6) if len(outcomes) > sum(even) else None,
        "control": round(report.control, 6) if any(even) else None,
    }


def _outcomes(consultation: Consultation, standing: Standing) -> tuple[list[float], list[bool]]:
    """Return what each of the latest displays told about its reader, and whether it was even.

    A display that no vote followed told nothing: it is the outcome that is watched.
    """
    shown = Event.objects.filter(consultation=consultation, kind=Kind.DISPLAY).order_by("-id")
    latest = list(shown.values_list("id", "participant_id", "statement__number", "even")[:WINDOW])
    voted = Event.objects.filter(
        consultation=consultation,
        kind=Kind.VOTE,
        participant__in={participant for _id, participant, _number, _even in latest},
    ).order_by("id")
    votes: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for event, participant, number, vote in voted.values_list(
        "id", "participant_id", "statement__number", "vote"
    ):
        votes[participant or 0].append((event, str(number), vote or 0))
    outcomes = [
        _told(votes[participant or 0], event, str(number), standing)
        for event, participant, number, _even in latest
    ]
    return outcomes, [bool(even) for *_row, even in latest]


def _told(
    votes: list[tuple[int, str, int]], shown: int, statement: str, standing: Standing
) -> float:
    before = {name: vote for event, name, vote in votes if event < shown}
    after = [vote for event, name, vote in votes if event > shown and name == statement]
    return vote_told(standing, before, statement, after[0]) if after else 0.0
