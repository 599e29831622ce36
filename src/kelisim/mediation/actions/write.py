"""Write something in a room: numbered without gaps, once however often it is sent, encrypted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.keyring import place_of
from kelisim.mediation.keys.compartment import sealed
from kelisim.mediation.models import Compartment, Copy, Seat, Writing
from kelisim.mediation.notices import give_notice
from kelisim.mediation.words import WRITINGS, Kind, Room

LONGEST = 10_000
"""Characters of one message."""

TALKS = ("mediator_set", "active", "extended", "text_frozen", "signing", "performance", "breached")
"""States in which the rooms that both sides and the mediator share are open."""

SHARED = (Room.JOINT, Room.CAUCUS, Room.SETTLEMENT)
OF_ONE = (Room.NOTES, Room.SCREENING)
"""Rooms of one person each, of which a later one closes no earlier one."""

SYSTEM = SystemClock()
WROTE = declare(
    "mediation.write",
    _("%(actor)s wrote in the room “%(room)s”: %(kind)s."),
    facts=("room", "kind"),
    reads={"room": named(Room.choices), "kind": named(WRITINGS.items())},
)


def write(
    compartment: Compartment,
    kind: Kind,
    content: Mapping[str, Any],
    *,
    seat: Seat | None,
    client: uuid.UUID | None = None,
    clock: Clock = SYSTEM,
    afterwards: bool = False,
) -> Writing:
    """Return the writing; a sending that arrived before is returned as it was kept.

    Parameters
    ----------
    afterwards
        The house writes in a case that has ended.

    Raises
    ------
    StepRefused
        The room is closed, or the text is longer than `LONGEST`.
    """
    check_length(content)
    made = client or uuid.uuid4()
    with transaction.atomic():
        locked = (
            Compartment.objects.select_for_update().select_related("case").get(pk=compartment.pk)
        )
        earlier = Writing.objects.filter(compartment=locked, client=made).first()
        if earlier is not None:
            return earlier
        if not afterwards:
            check_open(locked, seat)
        writing = Writing(
            compartment=locked,
            seq=locked.last + 1,
            client=made,
            kind=kind,
            author=seat,
            at=clock.now(),
        )
        writing.box = sealed(bytes(locked.public), place_of(writing), content)
        writing.save(force_insert=True)
        Compartment.objects.filter(pk=locked.pk).update(last=writing.seq)
        record(
            WROTE,
            locked,
            by=seat.person if seat else None,
            organisation=locked.case.centre,
            clock=clock,
            facts={"room": locked.room, "kind": kind.value},
        )
        give_notice(_readers(locked, seat), now=writing.at)
        ring(channel(locked))
    return writing


def _readers(compartment: Compartment, author: Seat | None) -> QuerySet[Seat]:
    members = compartment.copies.values("person")
    seats = compartment.case.seats.filter(until__isnull=True, person__in=members)
    return seats.exclude(pk=author.pk) if author else seats


def channel(compartment: Compartment) -> str:
    """Return the bell of a room."""
    return f"mediation:room:{compartment.pk}"


def check_length(content: Mapping[str, Any]) -> None:
    """Refuse a text that nobody could read in one go.

    Raises
    ------
    StepRefused
        It is longer than `LONGEST` characters.
    """
    longest = max((len(text) for text in content.values() if isinstance(text, str)), default=0)
    if content.get("data") is None and longest > LONGEST:
        raise StepRefused(
            gettext("The text has %(n)d characters; at most %(most)d can be sent at once.")
            % {"n": longest, "most": LONGEST},
            do=gettext("Send it in parts, or add it as a document."),
        )


def check_open(compartment: Compartment, seat: Seat | None) -> None:
    """Refuse to write where nobody may any more.

    Raises
    ------
    StepRefused
        The room is closed in the state the case is in, or the writer is no member of it.
    """
    state = compartment.case.state
    closed = compartment.destroyed or state in CLOSED
    if compartment.room in SHARED and state not in TALKS:
        closed = True
    if seat is not None and (seat.until or not _member(compartment, seat)):
        closed = True
    newer = Compartment.objects.filter(
        case=compartment.case,
        room=compartment.room,
        side=compartment.side,
        epoch__gt=compartment.epoch,
    )
    if compartment.room not in OF_ONE and newer.exists():
        closed = True
    if closed:
        raise StepRefused(
            gettext("Nothing can be written here now."),
            do=gettext("Look at the case: it says what comes next."),
        )


CLOSED = (
    "fulfilled",
    "referred",
    "stopped_safety",
    "closed_no_consent",
    "closed_withdrawn",
    "closed_expired",
    "closed_by_mediator",
    "closed_enforcement",
    "keys_destroyed",
)


def _member(compartment: Compartment, seat: Seat) -> bool:
    return Copy.objects.filter(compartment=compartment, person_id=seat.person_id).exists()
