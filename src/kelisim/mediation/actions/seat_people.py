"""Seat those who come later: another representative, an interpreter, a helper at the desk."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.draft_agreement import withdraw_papers
from kelisim.mediation.actions.found_rooms import found_room
from kelisim.mediation.actions.propose_mediator import leave
from kelisim.mediation.models import Case, Declared, KeyPair, Seat, Voice
from kelisim.mediation.notices import give_notice
from kelisim.mediation.queries import lacking, outside, sitting
from kelisim.mediation.words import Part, Room

BOUND = "bound"
"""The matter on which whoever interprets or helps says that they keep silent and have no tie."""

EARLY = ("triage", "invited", "both_in")
"""States in which the rooms are not founded yet: the case waits for whoever is named then."""

TALKING = ("mediator_set", "active", "extended")
"""States in which a side opens its rooms itself to whoever it names."""

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
    the safety questions of their own; before the talks the case waits for their answers, later the
    rooms do. During the talks everybody is told, and the mediator owes a declaration anew.

    Raises
    ------
    StepRefused
        It is not for this place to seat such a person now, or the person cannot be seated.
    """
    case = by.case
    if by.part not in SEATED_BY.get(part, ()):
        raise StepRefused(gettext("This place is not yours to give."))
    if part == Part.PARTY:
        _check_time(case)
    side = by.side if by.part == Part.PARTY else ""
    person = _newcomer(case, email, side)
    with transaction.atomic():
        made = Seat.objects.create(
            case=case, person=person, part=part, side=side, since=clock.now()
        )
        if part == Part.PARTY:
            registrar = Seat.objects.get(case=case, part=Part.REGISTRAR, until__isnull=True)
            found_room(case, Room.SCREENING, (person, registrar.person), side)
            _change_of_voice(case, clock)
        facts = {"part": part.value}
        record(SEATED, made, by=by.person, organisation=case.centre, clock=clock, facts=facts)
        told = sitting(case).exclude(pk=by.pk) if case.state in TALKING else [made]
        give_notice(told, now=clock.now())
    return made


def _check_time(case: Case) -> None:
    if case.state not in (*EARLY, *TALKING):
        raise StepRefused(
            gettext("Who speaks for a side cannot be changed now."),
            why=gettext(
                "It can until a mediator is proposed, and again while the agreement is made and "
                "the talks go on. A finished text names those who sign it."
            ),
            do=gettext("Name a helper instead, or wait; a finished text can be reopened."),
        )


def _newcomer(case: Case, email: str, side: str) -> User:
    """Return who is to be seated; whoever had a place elsewhere in the case knows too much."""
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    key = KeyPair.objects.filter(person=person).exists() if person else False
    before = case.seats.filter(person=person)
    known = before.exclude(side=side, part__in=SEATED_BY, until__isnull=False)
    if person is None or not key or known.exists():
        raise StepRefused(
            gettext("Nobody with this address can be seated."),
            why=gettext(
                "They need an account and a passphrase here, and no other place in the case."
            ),
            do=gettext("Ask them to sign in and choose a passphrase, then try again."),
        )
    return person


def _change_of_voice(case: Case, clock: Clock) -> None:
    """Ask the mediator anew for ties, and take back what waits to be signed by those before."""
    if case.state in TALKING:
        Declared.objects.filter(seat__case=case, stage=case.state).delete()
        withdraw_papers(case, clock=clock)


def owes_silence(seat: Seat) -> bool:
    """Return whether somebody is bound by a promise, and not by the mediation agreement."""
    late = seat.part == Part.PARTY and lacking(seat).exists()
    return late or seat.part in (Part.INTERPRETER, Part.HELPER)


def promise_silence(seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """Keep that whoever did not sign the mediation agreement is bound by what it says of silence.

    Raises
    ------
    StepRefused
        Everybody else is bound by the mediation agreement.
    """
    if not owes_silence(seat):
        raise StepRefused(gettext("This place is not yours to give."))
    with transaction.atomic():
        Voice.objects.update_or_create(
            seat=seat, about=BOUND, defaults={"case": seat.case, "yes": True, "at": clock.now()}
        )
        record(PROMISED, seat, by=seat.person, organisation=seat.case.centre, clock=clock)


def may_release(by: Seat, seat: Seat) -> bool:
    """Return whether somebody may end a place: whoever could give it, and whoever has it.

    Of those who speak for a side, who came earlier may end the place of who came later, and each
    their own; somebody to whom the side's rooms are open must stay.
    """
    part = Part(seat.part)
    given = by.part in SEATED_BY.get(part, ()) and by.side == seat.side
    if part == Part.PARTY:
        return given and by.pk <= seat.pk and bool(_staying(seat))
    return part in SEATED_BY and (given or by.pk == seat.pk)


def _staying(seat: Seat) -> list[Seat]:
    """Return who goes on speaking for a side once a place of it ends."""
    pending = {one.pk for one in outside(seat.case)} | {seat.pk}
    others = sitting(seat.case, Part.PARTY).filter(side=seat.side).exclude(pk__in=pending)
    return [one for one in others if is_screened(one)]


def release(by: Seat, seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """End the place of somebody who came later; every key they held goes with it.

    Raises
    ------
    StepRefused
        It was not for this place to give, or a side would be left without a voice: at once, or in
        a round that is open.
    """
    if not may_release(by, seat):
        raise StepRefused(gettext("This place is not yours to give."))
    if seat.part == Part.PARTY:
        _check_time(seat.case)
        _check_rounds(seat)
    with transaction.atomic():
        leave(seat, clock=clock)
        if seat.part == Part.PARTY:
            _change_of_voice(seat.case, clock)
        facts = {"part": seat.part}
        record(
            RELEASED, seat, by=by.person, organisation=seat.case.centre, clock=clock, facts=facts
        )


def _check_rounds(seat: Seat) -> None:
    """Refuse to lose the only one to whom a side's share of an open round was sealed."""
    staying = {str(one.person_id) for one in _staying(seat)}
    for one in seat.case.rounds.filter(closed__isnull=True):
        if not staying & set(one.shares.get(seat.side, {})):
            raise StepRefused(
                gettext("A round is open that nobody else of your side can answer."),
                do=gettext(
                    "Put your side’s numbers in and wait for the answer, or ask the mediator to "
                    "end the round."
                ),
            )
