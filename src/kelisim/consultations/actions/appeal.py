"""Appeal: an author asks another moderator to look at a rejection."""

from __future__ import annotations

from django.db import transaction

from kelisim.bells.ring import ring
from kelisim.consultations.likeness import cleaned
from kelisim.consultations.models import Appeal, Event, Kind, State, Statement
from kelisim.consultations.refusals import Refused
from kelisim.core.clock import Clock, SystemClock

LONGEST = 600


def appeal(statement: Statement, words: str, *, clock: Clock | None = None) -> Appeal:
    """Return the appeal of an author, who wrote why; one rejection is appealed once.

    Raises
    ------
    Refused
        The statement was not rejected by a person, or the appeal was made before.
    """
    now = (clock or SystemClock()).now()
    with transaction.atomic():
        row = Statement.objects.select_for_update().get(pk=statement.pk)
        if row.state != State.REJECTED or row.decided_by is None:
            raise Refused("appealed")
        made, new = Appeal.objects.get_or_create(
            statement=row,
            defaults={
                "words": cleaned(words)[:LONGEST],
                "against": row.decided_by,
                "made_at": now,
            },
        )
        if not new:
            raise Refused("appealed")
        Event.objects.create(
            consultation=row.consultation,
            kind=Kind.MODERATION,
            at=now,
            statement=row,
            verdict="appealed",
        )
        ring(row.consultation.channel("queue"))
    return made
