"""Reads about cases: who sits where, what was said on a matter, what stands in a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kelisim.accounts.models import Organisation
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Case, Compartment, Copy, Mediator, Seat, Voice, Writing
from kelisim.mediation.safety import ITEMS, NEVER
from kelisim.mediation.words import Kind, Part, Room


@dataclass(frozen=True, slots=True)
class Line:
    """A writing as its reader sees it."""

    writing: Writing
    content: dict[str, Any]
    own: bool


def sitting(case: Case, *parts: Part) -> QuerySet[Seat]:
    """Return the open places of a case, of some parts if any are named."""
    found = case.seats.filter(until__isnull=True).select_related("person").order_by("side", "pk")
    return found.filter(part__in=parts) if parts else found


def everyone_says(case: Case, about: str, *parts: Part) -> bool:
    """Return whether every open place of the parts (the parties, if none are named) said yes."""
    asked = {seat.pk for seat in sitting(case, *(parts or (Part.PARTY,)))}
    said = Voice.objects.filter(case=case, about=about, yes=True).values_list("seat", flat=True)
    return bool(asked) and asked <= set(said)


def lacking(seat: Seat) -> QuerySet[Compartment]:
    """Return the rooms of a side that one who speaks for it has no key of, having come later."""
    of_side = Q(room__in=(Room.JOINT, Room.SETTLEMENT)) | Q(room=Room.CAUCUS, side=seat.side)
    found = seat.case.compartments.filter(of_side, destroyed__isnull=True)
    return found.exclude(copies__person=seat.person).order_by("pk")


def outside(case: Case) -> list[Seat]:
    """Return who speaks for a side and cannot open the papers yet: they came during the talks."""
    papers = case.compartments.filter(room=Room.SETTLEMENT).order_by("epoch").last()
    if papers is None:
        return []
    return list(sitting(case, Part.PARTY).exclude(person__in=papers.copies.values("person")))


def said_by(seat: Seat, about: str) -> bool | None:
    """Return what a place said on a matter, None if nothing yet."""
    return Voice.objects.filter(seat=seat, about=about).values_list("yes", flat=True).first()


def lines(
    rooms: Sequence[Compartment], keyring: Keyring, *kinds: Kind, after: int = 0
) -> list[Line]:
    """Return what stands in a room, oldest first, opened with the reader's key.

    Parameters
    ----------
    after
        Of the newest epoch, only what has a higher number; earlier epochs are left out then.
    """
    wanted = rooms[-1:] if after else rooms
    rows = Writing.objects.filter(compartment__in=wanted, seq__gt=after)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    ordered = rows.select_related("compartment", "author__person").order_by("compartment", "seq")
    return [
        Line(row, keyring.read(row), bool(row.author and row.author.person_id == keyring.person))
        for row in ordered
    ]


@dataclass(frozen=True, slots=True)
class Screened:
    """A side's safety answers, as the registrar reads them."""

    side: str
    verdict: str
    happened: list[str]


def screenings(case: Case, keyring: Keyring) -> list[Screened]:
    """Return the safety answers that a reader holds the keys of: what happened, in its words."""
    rooms = Compartment.objects.filter(
        case=case, room=Room.SCREENING, copies__person_id=keyring.person
    )
    questions = {item.key: str(item.question) for item in ITEMS}
    told = []
    for room in rooms.order_by("side", "epoch"):
        for line in lines([room], keyring, Kind.ANSWERS):
            answers = line.content["answers"]
            happened = [questions[key] for key in questions if answers.get(key) != NEVER]
            told.append(Screened(room.get_side_display(), line.content["verdict"], happened))
    return told


def readers(compartment: Compartment) -> list[Seat]:
    """Return who can read a room: those who hold a copy of its key."""
    people = Copy.objects.filter(compartment=compartment).values("person")
    return list(sitting(compartment.case).filter(person__in=people))


def newest(case: Case, room: Room, side: str = "") -> Compartment:
    """Return the epoch of a room in which is written now."""
    return Compartment.objects.filter(case=case, room=room, side=side).latest("epoch")


def notes_of(seat: Seat) -> Compartment:
    """Return a mediator's own notes."""
    return Compartment.objects.filter(
        case=seat.case, room=Room.NOTES, copies__person=seat.person
    ).latest("epoch")


def register(centre: Organisation) -> QuerySet[Mediator]:
    """Return the register of a centre."""
    return Mediator.objects.filter(centre=centre).select_related("person").order_by("pk")
