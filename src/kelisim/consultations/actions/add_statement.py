"""Add a statement: by a participant, who waits for a moderator, or by those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.consultations.likeness import cleaned, likeness, words
from kelisim.consultations.models import (
    Clause,
    Consultation,
    Event,
    Kind,
    Participant,
    State,
    Statement,
    Wording,
)
from kelisim.consultations.models.voices import LONGEST
from kelisim.consultations.refusals import Refused
from kelisim.core.clock import Clock, SystemClock

MOST_OF_A_VOICE = 10

SEEDED = declare(
    "consultations.add_statement", _("%(actor)s added statement %(number)s."), facts=("number",)
)


def checked(text: str) -> str:
    """Return the words of a statement as they are kept.

    Raises
    ------
    Refused
        It is empty, too long, or holds no words.
    """
    clean = cleaned(text)
    if not clean:
        raise Refused("no-words")
    if len(clean) > LONGEST:
        raise Refused("too-long")
    if not words(clean):
        raise Refused("not-text")
    return clean


def propose(
    consultation: Consultation,
    author: Participant,
    text: str,
    language: str,
    *,
    clause: Clause | None = None,
    clock: Clock | None = None,
) -> Statement:
    """Return a participant's statement, which waits for a moderator.

    Raises
    ------
    Refused
        The words are not a statement, the same is there already, or the voice has added enough.
    """
    now = (clock or SystemClock()).now()
    if not consultation.is_open(now):
        raise Refused("not-open")
    if not consultation.takes_statements:
        raise Refused("no-statements")
    clean = checked(text)
    with transaction.atomic():
        if Statement.objects.filter(author=author).count() >= MOST_OF_A_VOICE:
            raise Refused("no-more")
        there = Wording.objects.filter(
            statement__consultation=consultation, likeness=likeness(clean)
        ).exclude(statement__state=State.REJECTED)
        if there.exists():
            raise Refused("same")
        return _added(consultation, {language: clean}, language, now, author, clause)


def seed(
    consultation: Consultation,
    texts: Mapping[str, str],
    *,
    by: User,
    clause: Clause | None = None,
    clock: Clock | None = None,
) -> Statement:
    """Return a statement of those who ask, on the shelf at once; texts by language.

    Raises
    ------
    Refused
        One of the texts is not a statement, or there is none.
    """
    now = (clock or SystemClock()).now()
    clean = {language: checked(text) for language, text in texts.items() if text.strip()}
    if not clean:
        raise Refused("no-words")
    with transaction.atomic():
        made = _added(consultation, clean, next(iter(clean)), now, None, clause)
        record(
            SEEDED,
            made,
            by=by,
            organisation=consultation.organisation,
            clock=clock,
            facts={"number": made.number},
        )
    return made


def _added(
    consultation: Consultation,
    texts: Mapping[str, str],
    origin: str,
    now: datetime,
    author: Participant | None,
    clause: Clause | None,
) -> Statement:
    # The row of the consultation is held, so that two statements never take one number.
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    last = Statement.objects.filter(consultation=locked).aggregate(n=Max("number"))["n"] or 0
    made = Statement.objects.create(
        consultation=locked,
        number=last + 1,
        origin=origin,
        author=author,
        clause=clause,
        state=State.WAITING if author else State.ACCEPTED,
        added_at=now,
        decided_at=None if author else now,
    )
    for language, text in texts.items():
        Wording.objects.create(
            statement=made, language=language, text=text, likeness=likeness(text)
        )
    Event.objects.create(
        consultation=locked,
        kind=Kind.SUBMISSION,
        at=now,
        participant=author,
        statement=made,
        language=origin,
    )
    if author is None:
        Consultation.objects.filter(pk=locked.pk).update(shelf=F("shelf") + 1)
    else:
        ring(locked.channel("queue"))
    return made
