"""Let a newcomer into what was said before: a caucus by its own side, the joint room by both.

Whoever comes to speak for a side is let in by that side alone: who speaks for it is its own affair.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.found_rooms import admit, found_room
from kelisim.mediation.actions.seat_people import BOUND
from kelisim.mediation.actions.write import CLOSED
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Compartment, Seat
from kelisim.mediation.queries import everyone_says, lacking, outside, said_by, sitting
from kelisim.mediation.words import Part, Room

NEWCOMERS = (Part.MEDIATOR, Part.INTERPRETER, Part.HELPER)


def hand_over(compartment: Compartment, newcomer: Seat, *, by: Seat, keyring: Keyring) -> None:
    """Give a mediator, an interpreter or a helper the key of a room, its history with it.

    Raises
    ------
    StepRefused
        Whoever gives it may not: the mediator gives nothing of a caucus, one side alone nothing of
        the joint room, nobody anything of the notes or the safety questions. Or the newcomer has
        not promised silence, or helps the other side.
    """
    shared = compartment.room == Room.JOINT and everyone_says(
        compartment.case, f"handover:{newcomer.pk}"
    )
    own = compartment.room == Room.CAUCUS and by.part == Part.PARTY and by.side == compartment.side
    theirs = newcomer.side and compartment.side and newcomer.side != compartment.side
    if not (shared or own) or theirs or newcomer.part not in NEWCOMERS:
        raise _not_theirs()
    if newcomer.part != Part.MEDIATOR:
        _check_bound(newcomer)
    admit(compartment, newcomer.person, keyring=keyring, by=by.person)


def let_in(newcomer: Seat, *, by: Seat, keyring: Keyring) -> None:
    """Give another voice of a side the joint room, its papers and the caucus, history with them.

    Preferences begin anew for those who speak for the side now: what one of them said about what
    matters to them is not the others' to read.

    Raises
    ------
    StepRefused
        They are of another side, the mediation has ended, there is nothing to give, or they have
        not answered the safety questions or not promised silence.
    """
    case = by.case
    same = by.part == newcomer.part == Part.PARTY and by.side == newcomer.side
    given = list(lacking(newcomer).filter(copies__person=by.person))
    if not same or not given or case.state in CLOSED:
        raise _not_theirs()
    if not is_screened(newcomer):
        raise StepRefused(
            gettext("%(who)s has not answered the safety questions yet.")
            % {"who": newcomer.person},
            do=gettext("Ask them to open the case and answer them."),
        )
    _check_bound(newcomer)
    with transaction.atomic():
        for room in given:
            admit(room, newcomer.person, keyring=keyring, by=by.person)
        waiting = {one.pk for one in outside(case)}
        voices = sitting(case, Part.PARTY).filter(side=by.side).exclude(pk__in=waiting)
        found_room(case, Room.PREFERENCES, [one.person for one in voices], by.side)


def _check_bound(newcomer: Seat) -> None:
    if not said_by(newcomer, BOUND):
        raise StepRefused(
            gettext("%(who)s has not promised confidentiality yet.") % {"who": newcomer.person},
            do=gettext("Ask them to open the case and do so."),
        )


def _not_theirs() -> StepRefused:
    return StepRefused(
        gettext("This cannot be handed over."),
        why=gettext("What was said in confidence is given on only by those who said it."),
        do=gettext("Ask the side whose room it is; for the joint room, both."),
    )
