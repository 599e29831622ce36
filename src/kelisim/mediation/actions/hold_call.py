"""Hold a call in a room: open it, let its members in, end it for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import ROOMS
from kelisim.mediation.actions.write import channel, check_open
from kelisim.mediation.calls.janus import (
    CallsAbsent,
    RoomKeys,
    answers,
    make_room,
    present,
    take_down,
)
from kelisim.mediation.calls.service import Service, service_of
from kelisim.mediation.calls.tokens import entrance, for_room, password
from kelisim.mediation.models import Call, Compartment, Seat
from kelisim.mediation.queries import readers
from kelisim.mediation.words import Room

CALLED = (Room.JOINT, Room.CAUCUS)
"""Rooms that a call can be held in, each in a room of Janus of its own."""

LIFE = timedelta(hours=4)
"""How long what lets somebody in is good for, and how long a call may last."""

GLANCE = timedelta(minutes=5)
"""How often it is looked whether anybody is still there."""

SYSTEM = SystemClock()
OPENED = declare(
    "mediation.open_call",
    _("%(actor)s opened a call in the room “%(room)s”."),
    facts=("room",),
    reads=ROOMS,
)
JOINED = declare(
    "mediation.join_call",
    _("%(actor)s came to the call in the room “%(room)s”."),
    facts=("room",),
    reads=ROOMS,
)
ENDED = declare(
    "mediation.end_call", _("The call in the room “%(room)s” ended."), facts=("room",), reads=ROOMS
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a browser needs to come to a call."""

    room: str
    pin: str
    who: str
    entrance: str
    token: str
    relay: list[dict[str, object]]
    names: Mapping[str, str]


def service() -> Service | None:
    """Return the service of calls, if one was started and answers."""
    found = service_of(settings.ENVIRONMENT.data)
    return found if found and answers(found) else None


def keys_of(call: Call) -> RoomKeys:
    """Return what opens a call's room: nobody can guess it, and no table has it."""

    def made(what: str) -> str:
        return salted_hmac(f"kelisim.call.{what}", str(call.pk), algorithm="sha256").hexdigest()[
            :32
        ]

    return RoomKeys(made("room"), made("pin"), made("secret"))


def join_call(compartment: Compartment, seat: Seat, *, clock: Clock = SYSTEM) -> Ticket:
    """Return what lets a member into the call of a room; the first to come opens it.

    Raises
    ------
    StepRefused
        The room is closed, no call is held in such a room, or no service of calls answers.
    """
    check_open(compartment, seat)
    found = service()
    if compartment.room not in CALLED or found is None:
        raise _absent()
    now = clock.now()
    with transaction.atomic():
        locked = Compartment.objects.select_for_update().get(pk=compartment.pk)
        call, new = Call.objects.get_or_create(
            compartment=locked, ended__isnull=True, defaults={"opened": now}
        )
        record(
            OPENED if new else JOINED,
            compartment,
            by=seat.person,
            organisation=compartment.case.centre,
            clock=clock,
            facts={"room": compartment.room},
        )
        if new:
            transaction.on_commit(_mind)
            ring(channel(compartment))
    try:
        make_room(found, keys_of(call), clock=clock)
    except CallsAbsent as cause:
        if new:  # one that was open before may have people in it: `mind_calls` looks
            end_call(call, clock=clock)
        raise _absent() from cause
    return _ticket(found, compartment, call, seat, int((now + LIFE).timestamp()))


def _ticket(found: Service, compartment: Compartment, call: Call, seat: Seat, until: int) -> Ticket:
    room = keys_of(call)
    name, word = password(found.relay_secret, until=until)
    return Ticket(
        room=room.name,
        pin=room.pin,
        who=f"{seat.pk}-{secrets.token_hex(4)}",
        entrance=entrance(found.token_secret, until=until),
        token=for_room(found.token_secret, room.name, until=until),
        relay=[{"urls": list(found.relay), "username": name, "credential": word}]
        if found.relay
        else [],
        names={str(one.pk): str(one.person) for one in readers(compartment)},
    )


def _absent() -> StepRefused:
    return StepRefused(
        gettext("A call cannot be held here now."),
        do=gettext("Go on in writing; nothing else depends on the call."),
    )


def in_call(compartment: Compartment) -> list[Seat]:
    """Return who is in the call of a room now."""
    call = Call.objects.filter(compartment=compartment, ended__isnull=True).first()
    if call is None:
        return []
    seats = {who.partition("-")[0] for who in _present(call, service())}
    return [seat for seat in readers(compartment) if str(seat.pk) in seats]


def _present(call: Call, found: Service | None) -> list[str]:
    try:
        return (present(found, keys_of(call)) if found else None) or []
    except CallsAbsent:
        return []


def end_call(call: Call, *, seat: Seat | None = None, clock: Clock = SYSTEM) -> None:
    """End a call for everybody, and take its room down."""
    with transaction.atomic():
        ended = Call.objects.filter(pk=call.pk, ended__isnull=True).update(ended=clock.now())
        if not ended:
            return
        room = call.compartment
        record(
            ENDED,
            room,
            by=seat.person if seat else None,
            organisation=room.case.centre,
            clock=clock,
            facts={"room": room.room},
        )
        ring(channel(room))
    found = service()
    if found is not None:
        with suppress(CallsAbsent):  # a Janus that has ended has no rooms
            take_down(found, keys_of(call), clock=clock)


def end_empty_calls(*, clock: Clock = SYSTEM) -> int:
    """End the calls that nobody is in, that are too long, or whose room is closed.

    Returns
    -------
    int
        How many go on.
    """
    found, stay = service(), 0
    for call in Call.objects.filter(ended__isnull=True).select_related("compartment__case"):
        there = _present(call, found)
        young = clock.now() - call.opened < LIFE
        try:
            check_open(call.compartment, None)
        except StepRefused:
            young = False
        if there and young:
            stay += 1
        else:
            end_call(call, clock=clock)
    return stay


@task
def mind_calls() -> int:
    """Look whether anybody is still in a call, and look again later if so."""
    stay = end_empty_calls()
    if stay:
        _mind()
    return stay


def _mind() -> None:
    mind_calls.using(run_after=timezone.now() + GLANCE).enqueue()
