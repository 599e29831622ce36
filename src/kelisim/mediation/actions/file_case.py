"""File the application: its subject and the way to the other side, for the registrar alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Compartment, Seat
from kelisim.mediation.words import Channel, Kind, Room

SYSTEM = SystemClock()


def file_case(
    seat: Seat,
    *,
    subject: str,
    other: str,
    contact: str,
    channel: Channel,
    greeting: str,
    clock: Clock = SYSTEM,
) -> None:
    """Put the application before the registrar.

    Parameters
    ----------
    other, contact
        Whom to ask, and at which number or address.
    greeting
        How the applicant wants to be named to the other side.

    Raises
    ------
    StepRefused
        The safety questions were not answered first.
    """
    if not is_screened(seat):
        raise StepRefused(
            gettext("The safety questions come first."),
            why=gettext("Nobody is asked to come before it is known that it is safe."),
            do=gettext("Answer them; it takes three minutes."),
        )
    room = Compartment.objects.filter(case=seat.case, room=Room.APPLICATION).latest("epoch")
    content = {
        "subject": subject,
        "other": other,
        "contact": contact,
        "channel": channel.value,
        "greeting": greeting,
    }
    with transaction.atomic():
        write(room, Kind.SUBJECT, content, seat=seat, clock=clock)
        take_step(seat.case, "file", by="applicant", seat=seat, clock=clock)
