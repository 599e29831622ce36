"""A case takes a step: the machine says whether it may, the log keeps that it did."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.engine.settlement.procedure import Actor, target_of
from kelisim.mediation.actions.hold_call import mind_calls
from kelisim.mediation.law_table import due_of, profile_of
from kelisim.mediation.models import Call, Case, Passage, Seat
from kelisim.mediation.notices import give_notice
from kelisim.mediation.path import NAMES
from kelisim.mediation.words import Part, Side

SYSTEM = SystemClock()
STEPPED = declare(
    "mediation.take_step",
    _("%(actor)s moved the case on: %(state)s."),
    facts=("step", "state"),
    reads={"state": named(NAMES.items())},
)


def take_step(
    case: Case,
    step: str,
    *,
    by: Actor,
    seat: Seat | None = None,
    days: int = 0,
    clock: Clock = SYSTEM,
) -> Passage:
    """Return the passage; the case stands where it leads, with the day it must be left by.

    Raises
    ------
    StepRefused
        The step is not possible now, or not for whoever asks.
    """
    now = clock.now()
    today = in_kazakhstan(now).date()
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        before = list(locked.passages.order_by("at", "pk").values_list("target", flat=True))
        target = target_of(step, locked.state, by, before)
        passage = Passage.objects.create(
            case=locked,
            step=step,
            source=locked.state,
            target=target,
            at=now,
            seat=seat,
            days=days,
        )
        if step == "conclude" and not locked.profile:
            locked.profile = profile_of(locked, today).version
        locked.state, locked.since = target, now
        found = due_of(locked, today)
        locked.due = found.last_day if found else None
        locked.save()
        person = seat.person if seat else None
        record(
            STEPPED,
            locked,
            by=person,
            organisation=locked.centre,
            clock=clock,
            facts={"step": step, "state": target},
        )
        others = locked.seats.filter(until__isnull=True)
        give_notice(others.exclude(pk=seat.pk) if seat else others, now=now)
        if Call.objects.filter(compartment__case=locked, ended__isnull=True).exists():
            transaction.on_commit(mind_calls.enqueue)
        ring(channel(locked))
    for name in ("state", "since", "due", "profile"):
        setattr(case, name, getattr(locked, name))
    return passage


def channel(case: Case) -> str:
    """Return the bell of a case."""
    return f"mediation:case:{case.pk}"


def actor_of(seat: Seat) -> Actor:
    """Return what the machine knows a seat as."""
    if seat.part == Part.MEDIATOR:
        return "mediator"
    if seat.part == Part.REGISTRAR:
        return "registrar"
    return "applicant" if seat.side == Side.A else "respondent"


def person_of(seat: Seat) -> User:
    """Return who sits there."""
    found: User = seat.person
    return found
