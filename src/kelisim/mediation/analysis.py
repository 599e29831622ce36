"""Rows become arrays and back: which mediator is nearest to a case, by the engine's matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kelisim.engine.settlement import match, read_roster
from kelisim.mediation.credentials import entitled
from kelisim.mediation.models import Case, Mediator, Seat
from kelisim.mediation.words import Part


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator who may be proposed, and what speaks for them."""

    mediator: Mediator
    open_cases: int
    same_region: bool
    speaks: bool
    knows_topic: bool
    drawn: bool


def candidates(case: Case, today: date, seed: int) -> list[Candidate]:
    """Return who may be proposed, the one drawn by the matching first.

    Whoever sits in the case, or has sat in another with one of its parties, is in conflict and left
    out. Of equals the seed draws, so that the draw can be repeated.
    """
    seated = case.seats.values("person")
    parties = case.seats.filter(part=Part.PARTY).values("person")
    shared = Seat.objects.filter(person__in=parties).exclude(case=case).values("case")
    tied = Seat.objects.filter(case__in=shared).values("person")
    free = list(
        entitled(today)
        .filter(centre=case.centre, person__key_pair__isnull=False)
        .exclude(person__in=seated)
        .exclude(person__in=tied)
        .select_related("person")
        .order_by("pk")
    )
    load = {
        m.pk: Seat.objects.filter(person=m.person, part=Part.MEDIATOR, until__isnull=True).count()
        for m in free
    }
    drawn = _drawn(case, free, load, seed) if free else None
    found = [
        Candidate(
            mediator=m,
            open_cases=load[m.pk],
            same_region=case.region in m.regions,
            speaks=case.language in m.languages,
            knows_topic=case.topic in m.topics,
            drawn=m.pk == drawn,
        )
        for m in free
    ]
    return sorted(
        found,
        key=lambda c: (
            not c.drawn,
            not c.speaks,
            not c.knows_topic,
            not c.same_region,
            c.open_cases,
        ),
    )


def _drawn(case: Case, free: list[Mediator], load: dict[int, int], seed: int) -> int | None:
    cases = pl.DataFrame(
        {
            "case": [case.code],
            "region": [case.region],
            "language": [case.language],
            "specialisation": [case.topic],
        }
    )
    mediators = pl.DataFrame(
        {
            "mediator": [str(m.pk) for m in free],
            "region": [m.regions[0] if m.regions else "" for m in free],
            "language": [";".join(m.languages) for m in free],
            "specialisation": [";".join(m.topics) for m in free],
            "capacity": [m.capacity for m in free],
            "load": [load[m.pk] for m in free],
        }
    )
    found = match(read_roster(cases, mediators), seed)
    position = int(found.mediator[0])
    return free[position].pk if position >= 0 else None
