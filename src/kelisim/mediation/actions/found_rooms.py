"""Found compartments, let people into them, and take their copies away."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.compartment import founded, sealed_to
from kelisim.mediation.models import Case, Compartment, Copy, KeyPair
from kelisim.mediation.words import Room

ROOMS = {"room": named(Room.choices)}
FOUNDED = declare(
    "mediation.found_room", _("A room was opened: %(room)s."), facts=("room",), reads=ROOMS
)
ADMITTED = declare(
    "mediation.admit",
    _("%(actor)s let a member into the room “%(room)s”."),
    facts=("room",),
    reads=ROOMS,
)
DISMISSED = declare(
    "mediation.dismiss", _("A member left the room “%(room)s”."), facts=("room",), reads=ROOMS
)


def found_room(case: Case, room: Room, people: Iterable[User], side: str = "") -> Compartment:
    """Return a new epoch of a room, readable by exactly these people from its first word on."""
    pairs = {str(p.pk): bytes(KeyPair.objects.get(person=p).public) for p in people}
    kept = founded(pairs)
    with transaction.atomic():
        epoch = Compartment.objects.filter(case=case, room=room, side=side).count() + 1
        made = Compartment.objects.create(
            case=case, room=room, side=side, epoch=epoch, public=kept.public
        )
        Copy.objects.bulk_create(
            Copy(compartment=made, person_id=int(person), box=box)
            for person, box in kept.copies.items()
        )
        record(FOUNDED, made, by=None, organisation=case.centre, facts={"room": room.value})
    return made


def admit(compartment: Compartment, person: User, *, keyring: Keyring, by: User) -> None:
    """Let a person into a room, history included: only who holds its key can.

    Raises
    ------
    NotAMember
        Whoever admits has no key of the room.
    """
    key = keyring.key(compartment)
    public = bytes(KeyPair.objects.get(person=person).public)
    with transaction.atomic():
        Copy.objects.update_or_create(
            compartment=compartment, person=person, defaults={"box": sealed_to(public, key)}
        )
        record(
            ADMITTED,
            compartment,
            by=by,
            organisation=compartment.case.centre,
            facts={"room": compartment.room},
        )


def dismiss(case: Case, person: User) -> None:
    """Take every copy of a case's keys from a person who leaves it."""
    with transaction.atomic():
        for copy in Copy.objects.filter(compartment__case=case, person=person):
            record(
                DISMISSED,
                copy.compartment,
                by=None,
                organisation=case.centre,
                facts={"room": copy.compartment.room},
            )
            copy.delete()
