"""Say yes or no on a matter that waits for it; when the last needed yes is there, it happens."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, named, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import found_room
from kelisim.mediation.actions.make_promises import agree_anew
from kelisim.mediation.actions.propose_mediator import leave
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.models import Case, Declared, Seat, Voice
from kelisim.mediation.queries import everyone_says, sitting
from kelisim.mediation.words import Part, Room, Side

SYSTEM = SystemClock()
MATTERS = {
    "mediator": _("the mediator who is proposed"),
    "extend": _("a longer term"),
    "waive": _("a declared conflict of interest"),
    "cooling": _("a day to think the text over"),
    "handover": _("whether a new person may read the joint room"),
    "anew": _("a new day for a promise"),
}
SPOKE = declare(
    "mediation.speak",
    _("%(actor)s gave an answer on: %(about)s."),
    facts=("about",),
    reads={"about": named(MATTERS.items())},
)


def speak(seat: Seat, about: str, *, yes: bool, clock: Clock = SYSTEM) -> Voice:
    """Keep a voice and do what follows from all voices together.

    Parameters
    ----------
    about
        ``mediator:N`` (a place), ``extend:N`` (days), ``waive`` (a declared conflict), ``cooling``,
        ``handover:N`` (a place that may read the joint room), ``anew:N:DAY`` (a promise).
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=seat.case_id)
        voice, _new = Voice.objects.update_or_create(
            seat=seat, about=about, defaults={"case": case, "yes": yes, "at": clock.now()}
        )
        matter = about.partition(":")[0]
        record(
            SPOKE,
            case,
            by=seat.person,
            organisation=case.centre,
            clock=clock,
            facts={"about": matter},
        )
        if matter == "mediator":
            _on_mediator(case, int(about.partition(":")[2]), yes=yes, clock=clock)
        elif matter == "extend" and everyone_says(case, about):
            take_step(case, "extend", by="house", days=int(about.partition(":")[2]), clock=clock)
        elif matter == "waive" and everyone_says(case, about):
            take_step(case, "waive_conflict", by="house", clock=clock)
            Voice.objects.filter(case=case, about="waive").delete()
        elif matter == "anew" and everyone_says(case, about):
            _matter, number, day = about.split(":")
            promise = case.promises.get(pk=int(number))
            agree_anew(promise, date.fromisoformat(day), clock=clock)
    seat.case.refresh_from_db()
    return voice


def _on_mediator(case: Case, number: int, *, yes: bool, clock: Clock) -> None:
    proposed = list(sitting(case, Part.MEDIATOR))
    asked = [seat for seat in proposed if seat.pk == number]
    if not asked or case.state != "mediator_proposed":
        raise StepRefused(gettext("This mediator is not proposed any more."))
    if not yes:
        leave(asked[0], clock=clock)
    else:
        seat_mediators(case, clock=clock)


def seat_mediators(case: Case, *, clock: Clock = SYSTEM) -> bool:
    """Open the rooms if every mediator proposed is free of conflict and accepted by every side.

    A mediator who comes later than the first finds new rooms: what was said before in confidence to
    another stays with those it was said to.
    """
    mediators = list(sitting(case, Part.MEDIATOR))
    free = Declared.objects.filter(seat__in=mediators, stage="mediator_proposed", clear=True)
    if not mediators or free.count() < len(mediators):
        return False
    if not all(everyone_says(case, f"mediator:{seat.pk}") for seat in mediators):
        return False
    with transaction.atomic():
        take_step(case, "agree_on_mediator", by="house", clock=clock)
        open_rooms(case)
    return True


def open_rooms(case: Case) -> None:
    """Found the rooms of a mediation for those who sit in it now."""
    parties = list(sitting(case, Part.PARTY))
    people = [seat.person for seat in parties]
    mediators = [seat.person for seat in sitting(case, Part.MEDIATOR)]
    found_room(case, Room.JOINT, [*people, *mediators])
    found_room(case, Room.SETTLEMENT, [*people, *mediators])
    for mediator in mediators:
        found_room(case, Room.NOTES, [mediator])
    for side in Side:
        own = [seat.person for seat in parties if seat.side == side]
        found_room(case, Room.CAUCUS, [*own, *mediators], side)
        kept = case.compartments.filter(room=Room.PREFERENCES, side=side).order_by("epoch").last()
        held = set(kept.copies.values_list("person", flat=True)) if kept else set()
        if not held or held < {person.pk for person in own}:
            found_room(case, Room.PREFERENCES, own, side)
