"""Record that interviews took place: a contact with each one's unit, once however often it is sent.

What the interviewer said by hand and what the interview says is one visit: an outcome that is
already there, by the same person and the same, is joined to the interview and counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kelisim.accounts.models import User
from kelisim.auditlog.actions import record
from kelisim.core.clock import Clock, SystemClock
from kelisim.fieldwork.actions.record_contact import CONTACTED, SAME_VISIT
from kelisim.fieldwork.models import Contact, Plan, Unit
from kelisim.fieldwork.outcomes import FINAL, Outcome
from kelisim.surveys.models import Aside, Submission


@dataclass(frozen=True, slots=True)
class Made:
    """An interview made at a unit: which, by whom if that is known, and how it ended."""

    submission: int
    unit: int
    interviewer: int | None
    outcome: Outcome


def record_interviews(made: Sequence[Made], clock: Clock | None = None) -> None:
    """Record the contacts of interviews inside the caller's transaction."""
    if not made:
        return
    now = (clock or SystemClock()).now()
    rows = Unit.objects.select_for_update(of=("self",)).filter(pk__in={one.unit for one in made})
    units = {unit.pk: unit for unit in rows.select_related("survey__organisation").order_by("pk")}
    known = set(
        Contact.objects.filter(submission__in=[one.submission for one in made]).values_list(
            "submission", flat=True
        )
    )
    people = User.objects.in_bulk({one.interviewer for one in made} - {None})
    for one in made:
        if one.submission not in known:
            known.add(one.submission)
            _record(one, units[one.unit], people.get(one.interviewer or 0), now)


def _record(one: Made, unit: Unit, by: User | None, now: datetime) -> None:
    said = unit.contacts.order_by("-at", "-pk").first()
    if said is not None and _is_same_visit(said, one, now):
        Contact.objects.filter(pk=said.pk).update(submission=one.submission)
        return
    unit.attempts += 1
    unit.lease_by = unit.lease_until = None
    contact = Contact.objects.create(
        unit=unit, interviewer=by, at=now, outcome=one.outcome, submission_id=one.submission
    )
    stand(unit, now)
    contact.back_at = unit.due_at
    contact.save(update_fields=["back_at"])
    facts = {"unit": unit.code, "outcome": one.outcome.value}
    record(CONTACTED, unit, by=by, organisation=unit.survey.organisation, facts=facts)


def _is_same_visit(said: Contact, one: Made, now: datetime) -> bool:
    same = said.interviewer_id == one.interviewer and said.outcome == one.outcome
    return same and said.submission_id is None and now - said.at <= SAME_VISIT


def stand(unit: Unit, now: datetime) -> None:
    """Say anew how a unit stands: an interview that counts before all, else the newest contact.

    Contacts whose interview was rejected say nothing; a unit that has no other is to be visited.
    """
    contacts = list(unit.contacts.exclude(submission__aside=Aside.REJECTED).order_by("at", "pk"))
    outcomes = [Outcome(contact.outcome) for contact in contacts]
    newest = outcomes[-1] if outcomes else Outcome.CALL_BACK
    done = _interviewed(contacts)
    unit.outcome = Outcome.COMPLETE if done else newest
    if unit.outcome in FINAL:
        unit.due_at = None
    elif unit.due_at is None or not outcomes:
        plan = Plan.objects.filter(survey=unit.survey_id).first() or Plan()
        unit.due_at = now + timedelta(hours=plan.hours_between if outcomes else 0)
    unit.save()


def _interviewed(contacts: Iterable[Contact]) -> bool:
    return any(one.submission_id and one.outcome == Outcome.COMPLETE for one in contacts)


def unit_of(submission: Submission) -> Unit | None:
    """Return the unit an interview was made at, its row held until the transaction ends."""
    rows = Unit.objects.select_for_update(of=("self",)).select_related("survey__organisation")
    return rows.filter(contacts__submission=submission).first()
