"""Owe answers: the statements of a slate are put before an office, with a day to answer by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.consultations.models import Consultation, Owed, Statement
from kelisim.consultations.models.words import reading
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.kazakh import date_text


def _office(slug: str) -> str:
    house = Organisation.objects.filter(slug=slug).first()
    return house.name if house else slug


def _day(kept: str) -> str:
    return date_text(date.fromisoformat(kept), reading())


OWED = declare(
    "consultations.owe",
    _("%(actor)s asked %(office)s to answer statement %(number)s by %(due)s."),
    facts=("office", "number", "due"),
    reads={"office": _office, "due": _day},
)


def owe(
    consultation: Consultation,
    statements: Iterable[Statement],
    office: Organisation,
    due: date,
    *,
    by: User,
    clock: Clock | None = None,
) -> list[Owed]:
    """Return the answers an office owes from now on; a statement is put before one office once."""
    today = in_kazakhstan((clock or SystemClock()).now()).date()
    made = []
    with transaction.atomic():
        for statement in statements:
            row, new = Owed.objects.get_or_create(
                statement=statement,
                defaults={
                    "consultation": consultation,
                    "office": office,
                    "asked_on": today,
                    "due_on": due,
                },
            )
            if not new:
                continue
            made.append(row)
            facts = {
                "office": office.slug,
                "number": statement.number,
                "due": due.isoformat(),
            }
            house = consultation.organisation
            record(OWED, row, by=by, organisation=house, clock=clock, facts=facts)
        ring(consultation.channel("answers"))
    return made
