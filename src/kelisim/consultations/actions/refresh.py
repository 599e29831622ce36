"""Compute a consultation anew in the background: the picture at once, the findings when due."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kelisim.bells.ring import ring
from kelisim.consultations import analysis, checks, states
from kelisim.consultations.models import Consultation, Standing
from kelisim.engine.opinion import Votes
from kelisim.jobs.worker import JobContext, background

PAUSE = timedelta(seconds=2)
"""Between the first new vote and the new picture: the votes of that time come along, and an open
page has rest between two pictures."""

FORGOTTEN = timedelta(minutes=2)
"""After which a refreshing that was asked for and did not begin is asked for again."""

REST = 4.0
"""The model rests this many times as long as it last worked, so that pictures come between."""


@background
def refresh(context: JobContext, pk: int) -> str:
    """Compute the picture of a consultation, and the model's findings if they are due."""
    row = Consultation.objects.get(pk=pk)
    # Cleared before the votes are read: whatever comes from here on asks for another refreshing.
    Standing.objects.filter(pk=pk).update(asked_at=None)
    standing = Standing.objects.get(pk=pk)
    last = analysis.last_votes(row)
    votes = analysis.counted(last)
    if not len(votes.signs):
        return "no votes"
    _draw(row, standing, votes)
    mark = _mark(votes, checks.told_mark(row))
    if standing.findings.get("votes_seen") == mark:
        return "picture"
    wait = _rest_left(standing)
    if wait > timedelta():
        ask_refresh([pk], timezone.now(), after=wait)
        return "picture"
    context.progress(1, 2)
    _find(row, standing, last, mark)
    return "picture and findings"


def ask_refresh(consultations: Iterable[int], now: datetime, *, after: timedelta = PAUSE) -> None:
    """Enqueue a refreshing of each consultation that does not already wait for one."""
    for pk in sorted(consultations):
        waiting = Q(asked_at=None) | Q(asked_at__lte=now - FORGOTTEN)
        if Standing.objects.filter(waiting, consultation=pk).update(asked_at=now):
            refresh.using(run_after=now + after).enqueue(pk)


def _draw(row: Consultation, standing: Standing, votes: Votes) -> None:
    drawn = analysis.picture(votes, bytes(standing.picture_state), bytes(standing.findings_state))
    with transaction.atomic():
        Standing.objects.filter(pk=row.pk).update(
            picture=drawn.document,
            picture_state=drawn.state,
            picture_number=F("picture_number") + 1,
            pictured_at=timezone.now(),
        )
        ring(row.channel("map"))


def _mark(votes: Votes, told: int) -> list[int]:
    """Return what tells one state of the votes from another well enough to rest."""
    people, statements = votes.shape
    return [people, statements, len(votes.signs), int(votes.signs.astype(int).sum()), told]


def _rest_left(standing: Standing) -> timedelta:
    if standing.found_at is None:
        return timedelta()
    rest = timedelta(seconds=REST * float(standing.findings.get("seconds", 0.0)))
    return standing.found_at + rest - timezone.now()


def _find(row: Consultation, standing: Standing, last: pl.DataFrame, mark: list[int]) -> None:
    start = time.perf_counter()
    votes = analysis.counted(last)
    found = analysis.findings(votes)
    document = found.document | {
        "country": checks.country(row, found.map),
        "wordings": checks.wordings(found.map, last),
        "routing": checks.routing(row, found.state),
        "votes_seen": mark,
        "seconds": round(time.perf_counter() - start, 3),
    }
    state = states.pack_model(found.state)
    drawn = analysis.picture(votes, bytes(standing.picture_state), state)
    with transaction.atomic():
        Standing.objects.filter(pk=row.pk).update(
            findings=document,
            findings_state=state,
            findings_number=F("findings_number") + 1,
            found_at=timezone.now(),
            picture=drawn.document,
            picture_state=drawn.state,
            picture_number=F("picture_number") + 1,
            pictured_at=timezone.now(),
        )
        ring(row.channel("map"))
