"""Record how a contact with a unit ended, and when to come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.fieldwork import channels
from kelisim.fieldwork.models import Contact, Plan, Unit
from kelisim.fieldwork.outcomes import FINAL, Outcome

SAME_VISIT = timedelta(hours=12)
"""An outcome said by hand and an interview that says the same are one visit within this time."""

CONTACTED = declare(
    "fieldwork.record_contact",
    _("%(actor)s was at the unit %(unit)s: “%(outcome)s”."),
    facts=("unit", "outcome"),
    reads={"outcome": named(Outcome.choices)},
)


def record_contact(
    *,
    unit: Unit,
    outcome: Outcome,
    by: User,
    back_at: datetime | None = None,
    note: str = "",
    clock: Clock | None = None,
) -> Contact:
    """Return the contact. The newest outcome is the unit's; a final one ends its call-backs.

    Without an appointment an unfinished unit is due again after the hours of the survey's plan.
    Contacts of one unit queue for its row, so that none is counted twice; what the interviewer says
    of a visit whose interview has said the same adds a note and an appointment to it.
    """
    now = (clock or SystemClock()).now()
    with transaction.atomic():
        held = Unit.objects.select_for_update().get(pk=unit.pk)
        said = held.contacts.order_by("-at", "-pk").first()
        if (
            said is not None
            and said.submission_id is not None
            and (said.interviewer_id, said.outcome) == (by.pk, outcome)
            and now - said.at <= SAME_VISIT
        ):
            return _added(said, held, back_at, note)
        plan = Plan.objects.filter(survey=held.survey_id).first() or Plan()
        held.outcome = outcome
        held.attempts += 1
        held.lease_by = held.lease_until = None
        held.due_at = (
            None if outcome in FINAL else back_at or now + timedelta(hours=plan.hours_between)
        )
        held.save()
        made = Contact.objects.create(
            unit=held, interviewer=by, at=now, outcome=outcome, back_at=held.due_at, note=note
        )
        record(
            CONTACTED,
            held,
            by=by,
            organisation=unit.survey.organisation,
            facts={"unit": held.code, "outcome": outcome.value},
        )
        ring(channels.fieldwork(held.survey_id))
    return made


def _added(said: Contact, held: Unit, back_at: datetime | None, note: str) -> Contact:
    """Return an interview's contact with what no interview says: when to come back, and a note."""
    said.note = note or said.note
    if back_at is not None and held.outcome not in FINAL:
        said.back_at = held.due_at = back_at
        held.save(update_fields=["due_at"])
    said.save(update_fields=["note", "back_at"])
    return said
