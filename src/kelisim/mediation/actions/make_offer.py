"""Make an offer to the other side in the open, counter one, and answer one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.write import write
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Compartment, Seat, Writing
from kelisim.mediation.offers import ANSWERS, Offer, offers
from kelisim.mediation.queries import lines
from kelisim.mediation.words import Kind, Part

LONGEST = timedelta(days=30)
SYSTEM = SystemClock()


def make_offer(
    room: Compartment,
    seat: Seat,
    *,
    choices: Mapping[str, str],
    words: str,
    until: date,
    keyring: Keyring,
    counter: str = "",
    client: uuid.UUID | None = None,
    clock: Clock = SYSTEM,
) -> Writing:
    """Return the offer; a counter-offer ends the one it answers.

    Parameters
    ----------
    choices
        What is decided of each issue of the map that the offer is about.
    counter
        The key of the offer it answers.

    Raises
    ------
    StepRefused
        A side makes offers, of something, until a day within thirty days; and only an open offer of
        the other side can be countered.
    """
    today = in_kazakhstan(clock.now()).date()
    if seat.part != Part.PARTY:
        raise StepRefused(gettext("Offers are made by the sides."))
    if not choices and not words.strip():
        raise StepRefused(gettext("The offer is empty."), do=gettext("Say what you offer."))
    if not today <= until <= today + LONGEST:
        raise StepRefused(
            gettext("The day until which the offer holds is not within thirty days."),
            do=gettext("Choose a day from today on."),
        )
    with transaction.atomic():
        sent = client is not None and room.writings.filter(client=client).exists()
        if counter and not sent:
            _still_open(room, counter, seat, keyring, today, own=False)
        content = {
            "choices": dict(choices),
            "words": words,
            "until": until.isoformat(),
            "counter": counter,
        }
        return write(room, Kind.OFFER, content, seat=seat, client=client, clock=clock)


def answer_offer(
    room: Compartment,
    seat: Seat,
    key: str,
    answer: str,
    *,
    keyring: Keyring,
    clock: Clock = SYSTEM,
) -> Writing:
    """Return the answer: the other side accepts or declines, one's own side takes back.

    Raises
    ------
    StepRefused
        The offer is not open any more, or it is not for this side to answer so.
    """
    today = in_kazakhstan(clock.now()).date()
    if seat.part != Part.PARTY or answer not in ANSWERS:
        raise StepRefused(gettext("Offers are made by the sides."))
    with transaction.atomic():
        _still_open(room, key, seat, keyring, today, own=answer == "withdraw")
        told = {"answer": answer, "offer": key}
        return write(room, Kind.OFFER, told, seat=seat, clock=clock)


def _still_open(
    room: Compartment, key: str, seat: Seat, keyring: Keyring, today: date, *, own: bool
) -> Offer:
    """Return an open offer, with the room held: of two answers at once the second is refused.

    An offer stays open when another mediator comes, and the room with them: every epoch is read.
    """
    Compartment.objects.select_for_update().get(pk=room.pk)
    epochs = Compartment.objects.filter(
        case=room.case, room=room.room, copies__person_id=keyring.person
    ).order_by("epoch")
    made = offers(lines(list(epochs), keyring, Kind.OFFER), today)
    found = {one.key: one for one in made}.get(key)
    if found is None or found.state != "open" or (found.side == seat.side) != own:
        raise StepRefused(
            gettext("This offer is not open any more, or not yours to answer so."),
            do=gettext("Look at the offers again; you can make one of your own."),
        )
    return found
