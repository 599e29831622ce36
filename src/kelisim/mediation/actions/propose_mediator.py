"""Propose one mediator, or a team of two; those proposed before leave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.found_rooms import dismiss
from kelisim.mediation.actions.hold_call import end_call
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.credentials import entitled
from kelisim.mediation.models import Call, Case, Copy, KeyPair, Mediator, Seat
from kelisim.mediation.queries import sitting
from kelisim.mediation.words import Part

LARGEST_TEAM = 2
SYSTEM = SystemClock()


def propose_mediator(
    registrar: Seat, mediators: Sequence[Mediator], *, clock: Clock = SYSTEM
) -> list[Seat]:
    """Return the places of those proposed.

    Raises
    ------
    StepRefused
        A side was not screened, or somebody proposed may not or cannot mediate the case.
    """
    case, now = registrar.case, clock.now()
    if not all(is_screened(seat) for seat in sitting(case, Part.PARTY)):
        raise StepRefused(
            gettext("Not every side has answered the safety questions."),
            why=gettext("Nobody meets before it is known that it is safe for both."),
            do=gettext("Wait for the answers, or call."),
        )
    if not 1 <= len(mediators) <= LARGEST_TEAM:
        raise StepRefused(gettext("Choose one mediator, or a team of two."))
    for mediator in mediators:
        _check(case, mediator, clock)
    with transaction.atomic():
        take_step(case, "propose_mediator", by="registrar", seat=registrar, clock=clock)
        for seat in sitting(case, Part.MEDIATOR):
            leave(seat, clock=clock)
        return [
            Seat.objects.create(case=case, person=m.person, part=Part.MEDIATOR, since=now)
            for m in mediators
        ]


def leave(seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """End a place in a case; every copy of its keys goes with it, and every call they may be in.

    What lets somebody into a call is good for hours: the others come together in a new one.
    """
    with transaction.atomic():
        held = Copy.objects.filter(compartment__case=seat.case, person=seat.person)
        within = held.values_list("compartment", flat=True)
        for call in Call.objects.filter(compartment__in=list(within), ended__isnull=True):
            transaction.on_commit(partial(end_call, call, clock=clock))
        Seat.objects.filter(pk=seat.pk).update(until=clock.now())
        dismiss(seat.case, seat.person)


def _check(case: Case, mediator: Mediator, clock: Clock) -> None:
    day = in_kazakhstan(clock.now()).date()
    if not entitled(day).filter(pk=mediator.pk).exists():
        raise StepRefused(
            gettext("%(who)s has no confirmed credential that holds today.") % {"who": mediator},
            do=gettext("Confirm the evidence in the register, or choose somebody else."),
        )
    if not KeyPair.objects.filter(person=mediator.person).exists():
        raise StepRefused(
            gettext("%(who)s has set up no key yet.") % {"who": mediator},
            do=gettext("Ask them to sign in and choose a passphrase."),
        )
    if sitting(case).filter(person=mediator.person).exclude(part=Part.MEDIATOR).exists():
        raise StepRefused(
            gettext("%(who)s already sits in this case.") % {"who": mediator},
            why=gettext("A mediator is nobody’s party and has seen nobody’s safety answers."),
            do=gettext("Choose somebody else."),
        )
