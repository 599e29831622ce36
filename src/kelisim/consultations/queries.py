"""Reads: lists of consultations, a voice and its votes, the moderators' queue, what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from kelisim.accounts.models import Organisation, User
from kelisim.consultations.models import (
    About,
    Appeal,
    Clause,
    ClauseText,
    Consultation,
    Draft,
    Event,
    Kind,
    Owed,
    Participant,
    Population,
    Reason,
    Standing,
    State,
    Statement,
    Wording,
)
from kelisim.consultations.shelf import Item, shelf
from kelisim.core.clock import in_kazakhstan

LATELY = timedelta(days=120)


def listed(now: datetime) -> tuple[list[Consultation], list[Consultation]]:
    """Return the published consultations that are open or to be opened, and those closed lately."""
    rows = Consultation.objects.filter(published=True).select_related("organisation")
    present = rows.filter(closes_at__gt=now).order_by("closes_at")
    past = rows.filter(closes_at__lte=now, closes_at__gt=now - LATELY).order_by("-closes_at")
    return list(present), list(past)


def votes_of(voice: Participant | None) -> dict[int, int]:
    """Return the last votes of a voice, by statement."""
    if voice is None:
        return {}
    rows = Event.objects.filter(participant=voice, kind=Kind.VOTE).order_by("id")
    pairs = rows.values_list("statement_id", "vote")
    return {statement: vote for statement, vote in pairs if vote is not None}


def shown_to(voice: Participant, votes: Mapping[int, int]) -> Item | None:
    """Return the statement that was shown to a voice last and still waits for a vote."""
    last = (
        Event.objects.filter(participant=voice, kind=Kind.DISPLAY)
        .order_by("-id")
        .values_list("statement_id", flat=True)
        .first()
    )
    return None if last is None or last in votes else shelf(voice.consultation).by_pk.get(last)


def with_words(rows: QuerySet[Statement]) -> QuerySet[Statement]:
    """Return statements with their wordings at hand."""
    return rows.select_related("clause", "consultation").prefetch_related("wordings")


def statements_of(voice: Participant | None) -> Sequence[Statement]:
    """Return what a voice has added, with what became of it."""
    if voice is None:
        return []
    rows = with_words(voice.statements.all()).select_related("appeal")
    return list(rows.order_by("number"))


def queue(consultation: Consultation) -> Sequence[Statement]:
    """Return the statements that wait for a moderator, the oldest first."""
    rows = consultation.statements.filter(state=State.WAITING)
    return list(with_words(rows).order_by("added_at", "number"))


def appeals(consultation: Consultation, judge: User) -> Sequence[Appeal]:
    """Return the open appeals that somebody may judge, the oldest first."""
    rows = (
        Appeal.objects.filter(statement__consultation=consultation, decided_at=None)
        .exclude(against=judge)
        .select_related("statement")
        .prefetch_related("statement__wordings")
        .order_by("made_at")
    )
    return list(rows)


def wordings(consultation: Consultation) -> QuerySet[Wording]:
    """Return every wording of what was not rejected."""
    return (
        Wording.objects.filter(statement__consultation=consultation)
        .exclude(statement__state=State.REJECTED)
        .select_related("statement")
        .prefetch_related("statement__wordings")
    )


def drafts(consultation: Consultation) -> Sequence[Draft]:
    """Return the drafts of a consultation with their clauses, each with its versions."""
    texts = Prefetch("texts", ClauseText.objects.order_by("-version"))
    clauses = Prefetch("clauses", Clause.objects.order_by("place").prefetch_related(texts))
    return list(consultation.drafts.order_by("pk").prefetch_related(clauses))


@dataclass(frozen=True, slots=True)
class Moderation:
    """How statements were moderated: public, for every consultation."""

    added: int
    waiting: int
    accepted: int
    rejected: list[tuple[str, int]]
    appealed: int
    upheld: int
    dismissed: int
    hours: float | None


def moderation(consultation: Consultation) -> Moderation:
    """Return the public statistics of moderation; hours is the median wait of a decision."""
    rows = consultation.statements.exclude(author=None)
    counts = rows.aggregate(
        added=Count("pk"),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
    )
    reasons = dict(rows.filter(state=State.REJECTED).values_list("reason").annotate(n=Count("pk")))
    outcomes = list(
        Appeal.objects.filter(statement__consultation=consultation).values_list("upheld", flat=True)
    )
    waits = [
        (decided - added).total_seconds() / 3600
        for added, decided in rows.values_list("added_at", "decided_at")
        if decided is not None
    ]
    rejected = [
        (str(reason.label), reasons[reason.value]) for reason in Reason if reason.value in reasons
    ]
    return Moderation(
        rejected=rejected,
        appealed=len(outcomes),
        upheld=outcomes.count(True),
        dismissed=outcomes.count(False),
        hours=round(median(waits), 1) if waits else None,
        **counts,
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """What offices owed and paid: the public counter and the list behind it."""

    rows: Sequence[Owed]
    today: date

    @property
    def due(self) -> int:
        """How many answers were due by today or are given already."""
        return sum(1 for row in self.rows if row.answered_on or row.due_on < self.today)

    @property
    def on_time(self) -> int:
        """How many of those were given by their day."""
        return sum(1 for row in self.rows if row.is_on_time)

    @property
    def overdue(self) -> list[Owed]:
        """Those whose day has passed without an answer, the longest overdue first."""
        late = [row for row in self.rows if row.is_overdue(self.today)]
        return sorted(late, key=lambda row: row.due_on)

    @property
    def waiting(self) -> list[Owed]:
        """Those whose day is still to come."""
        ahead = [row for row in self.rows if row.answered_on is None and row.due_on >= self.today]
        return sorted(ahead, key=lambda row: row.due_on)

    @property
    def given(self) -> list[Owed]:
        """Those that are answered, the newest first."""
        paid = [row for row in self.rows if row.answered_on is not None]
        return sorted(paid, key=lambda row: (row.answered_on or date.min, row.pk), reverse=True)


def answers(rows: QuerySet[Owed], now: datetime) -> Answers:
    """Return what is owed, with everything a page says of it on this day of Kazakhstan."""
    full = (
        rows.select_related(
            "office", "consultation", "statement", "before__clause", "after__clause"
        )
        .prefetch_related("statement__wordings")
        .order_by("due_on", "pk")
    )
    return Answers(list(full), in_kazakhstan(now).date())


def slate(consultation: Consultation) -> list[int]:
    """Return the statements of both slates, what is shared and what is not, by number."""
    found = Standing.objects.values_list("findings", flat=True).get(pk=consultation.pk)
    return sorted({row["statement"] for row in found.get("slate", ())})


def of_organisation(organisation: Organisation) -> Sequence[Consultation]:
    """Return an organisation's consultations, the newest first, with how much waits in each."""
    waiting = Count("statements", filter=Q(statements__state=State.WAITING))
    rows = Consultation.objects.filter(organisation=organisation).annotate(waiting=waiting)
    return list(rows.order_by("-created_at"))


def told_by(voice: Participant) -> About | None:
    """Return what a voice told about itself."""
    return About.objects.filter(pk=voice.pk).first()


def population(consultation: Consultation) -> Population | None:
    """Return the population that was set, if one was."""
    return Population.objects.filter(pk=consultation.pk).first()


def found(consultation: Consultation, part: str) -> Any:
    """Return a part of the newest findings: ``routing``, ``wordings``; empty before any."""
    value = Standing.objects.values_list(f"findings__{part}", flat=True).get(pk=consultation.pk)
    return value or {}
