"""Let a newcomer into what was said before: a caucus by its own side, the joint room by both."""

from __future__ import annotations

from django.utils.translation import gettext

from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import admit
from kelisim.mediation.actions.seat_people import BOUND
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Compartment, Seat
from kelisim.mediation.queries import everyone_says, said_by
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
        raise StepRefused(
            gettext("This cannot be handed over."),
            why=gettext("What was said in confidence is given on only by those who said it."),
            do=gettext("Ask the side whose room it is; for the joint room, both."),
        )
    if newcomer.part != Part.MEDIATOR and not said_by(newcomer, BOUND):
        raise StepRefused(
            gettext("%(who)s has not promised confidentiality yet.") % {"who": newcomer.person},
            do=gettext("Ask them to open the case and do so."),
        )
    admit(compartment, newcomer.person, keyring=keyring, by=by.person)
