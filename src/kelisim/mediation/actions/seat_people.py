"""Seat those who come later: a second representative, an interpreter, a helper at the desk."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import found_room
from kelisim.mediation.actions.propose_mediator import leave
from kelisim.mediation.models import KeyPair, Seat, Voice
from kelisim.mediation.notices import give_notice
from kelisim.mediation.queries import sitting
from kelisim.mediation.words import Part, Room

BOUND = "bound"
"""The matter on which whoever interprets or helps says that they keep silent and have no tie."""

EARLY = ("triage", "invited", "both_in")
"""States in which a side may still name another representative: the rooms are not founded yet."""

SEATED_BY = {
    Part.INTERPRETER: (Part.MEDIATOR, Part.REGISTRAR),
    Part.HELPER: (Part.PARTY,),
    Part.PARTY: (Part.PARTY,),
}
SYSTEM = SystemClock()
SEATED = declare("mediation.seat", _("%(actor)s gave somebody a place in a case."), facts=("part",))
RELEASED = declare("mediation.release", _("A place in a case ended."), facts=("part",))
PROMISED = declare("mediation.promise_silence", _("%(actor)s promised confidentiality."))


def seat_person(by: Seat, email: str, part: Part, *, clock: Clock = SYSTEM) -> Seat:
    """Return the place of somebody who comes later; no room opens to them by it.

    A representative and a helper sit on the side that named them. A representative has a room for
    the safety questions of their own, and the case waits for their answers as for everybody's.

    Raises
    ------
    StepRefused
        It is not for this place to seat such a person now, or the person cannot be seated.
    """
    case = by.case
    if by.part not in SEATED_BY.get(part, ()):
        raise StepRefused(gettext("This place is not yours to give."))
    if part == Part.PARTY and case.state not in EARLY:
        raise StepRefused(
            gettext("Another representative can be named only before a mediator is proposed."),
            why=gettext("Everybody who speaks for a side is asked the safety questions first."),
            do=gettext("Name a helper instead, or tell the mediator."),
        )
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    key = KeyPair.objects.filter(person=person).exists() if person else False
    if person is None or not key or sitting(case).filter(person=person).exists():
        raise StepRefused(
            gettext("Nobody with this address can be seated."),
            why=gettext(
                "They need an account and a passphrase here, and no other place in the case."
            ),
            do=gettext("Ask them to sign in and choose a passphrase, then try again."),
        )
    side = by.side if by.part == Part.PARTY else ""
    with transaction.atomic():
        made = Seat.objects.create(
            case=case, person=person, part=part, side=side, since=clock.now()
        )
        if part == Part.PARTY:
            registrar = Seat.objects.get(case=case, part=Part.REGISTRAR, until__isnull=True)
            found_room(case, Room.SCREENING, (person, registrar.person), side)
        facts = {"part": part.value}
        record(SEATED, made, by=by.person, organisation=case.centre, clock=clock, facts=facts)
        give_notice([made], now=clock.now())
    return made


def promise_silence(seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """Keep that whoever interprets or helps is bound, and tied to no side but the one they help.

    Raises
    ------
    StepRefused
        Everybody else is bound by the mediation agreement.
    """
    if seat.part not in (Part.INTERPRETER, Part.HELPER):
        raise StepRefused(gettext("This place is not yours to give."))
    with transaction.atomic():
        Voice.objects.update_or_create(
            seat=seat, about=BOUND, defaults={"case": seat.case, "yes": True, "at": clock.now()}
        )
        record(PROMISED, seat, by=seat.person, organisation=seat.case.centre, clock=clock)


def release(by: Seat, seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """End the place of an interpreter or a helper; every key they held goes with it.

    Raises
    ------
    StepRefused
        It was not for this place to give.
    """
    given = by.part in SEATED_BY.get(Part(seat.part), ()) and by.side == seat.side
    if seat.part not in (Part.INTERPRETER, Part.HELPER) or not (given or by.pk == seat.pk):
        raise StepRefused(gettext("This place is not yours to give."))
    with transaction.atomic():
        leave(seat, clock=clock)
        facts = {"part": seat.part}
        record(
            RELEASED, seat, by=by.person, organisation=seat.case.centre, clock=clock, facts=facts
        )
