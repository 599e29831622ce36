"""Gatekeepers: the only way to a case, its rooms and what is in them.

A room opens by the visitor's own copy of its key, not by a role: without the copy there is nothing
to read, whatever a query says. Absent and forbidden answer alike.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from kelisim.accounts.access import Visitor, organisations
from kelisim.accounts.models import Organisation, User
from kelisim.accounts.roles import Permission
from kelisim.mediation.models import (
    Case,
    Compartment,
    Mediator,
    Meeting,
    Paper,
    Promise,
    Round,
    Seat,
    Writing,
)
from kelisim.mediation.words import Kind, Part, Room


def seats(visitor: Visitor) -> QuerySet[Seat]:
    """Return every open place of a visitor."""
    if not isinstance(visitor, User) or not visitor.is_active:
        return Seat.objects.none()
    return Seat.objects.filter(person=visitor, until__isnull=True).select_related("case", "person")


def seat(visitor: Visitor, code: str, *parts: Part) -> Seat:
    """Return the visitor's place in a case, of one of some parts if any are named.

    Raises
    ------
    Http404
        There is no such case, or the visitor has no such place in it.
    """
    found = seats(visitor).filter(case__code=code)
    if parts:
        found = found.filter(part__in=parts)
    one = found.first()
    if one is None:
        raise Http404
    return one


def rooms(visitor: Visitor, code: str) -> list[Compartment]:
    """Return the rooms of a case that the visitor has the keys of, newest epoch of each."""
    own = seat(visitor, code)
    found = Compartment.objects.filter(
        case=own.case, copies__person=own.person, destroyed__isnull=True
    ).order_by("epoch")
    newest = {(one.room, one.side): one for one in found}
    return list(newest.values())


def room(visitor: Visitor, code: str, name: Room, side: str = "") -> tuple[Seat, list[Compartment]]:
    """Return the visitor's place and a room, its epochs oldest first.

    Raises
    ------
    Http404
        There is none, or the visitor has no key of it.
    """
    own = seat(visitor, code)
    found = Compartment.objects.filter(
        case=own.case,
        room=name,
        side=side,
        copies__person=own.person,
        destroyed__isnull=True,
    ).order_by("epoch")
    if not found:
        raise Http404
    return own, list(found)


def writing(visitor: Visitor, code: str, pk: int, *kinds: Kind) -> tuple[Seat, Writing]:
    """Return a writing in a room the visitor has the key of.

    Raises
    ------
    Http404
        There is none of the kinds asked for, or the visitor has no key.
    """
    own = seat(visitor, code)
    found = (
        Writing.objects.filter(
            pk=pk,
            kind__in=kinds,
            compartment__case=own.case,
            compartment__copies__person=own.person,
            compartment__destroyed__isnull=True,
        )
        .select_related("compartment", "author__person")
        .first()
    )
    if found is None:
        raise Http404
    return own, found


def paper(visitor: Visitor, code: str, pk: int) -> tuple[Seat, Paper]:
    """Return a paper that the visitor has the key of, for whoever may read or sign it.

    Raises
    ------
    Http404
        There is none, or the visitor has no key.
    """
    own, text = writing(visitor, code, pk, Kind.TEXT, Kind.AGREEMENT)
    found = Paper.objects.filter(writing=text).first()
    if found is None:
        raise Http404
    return own, found


def round_of(visitor: Visitor, code: str, pk: int, part: Part) -> tuple[Seat, Round]:
    """Return a round, open or over, of a case in which the visitor has such a part.

    Raises
    ------
    Http404
        There is none, or the visitor has no such place.
    """
    own = seat(visitor, code, part)
    found = Round.objects.filter(pk=pk, case=own.case).first()
    if found is None:
        raise Http404
    return own, found


def promise(visitor: Visitor, code: str, pk: int) -> tuple[Seat, Promise]:
    """Return a promise of a case in which the visitor is a party or the mediator.

    Raises
    ------
    Http404
        There is none, or the visitor sits elsewhere.
    """
    own = seat(visitor, code, Part.PARTY, Part.MEDIATOR)
    found = Promise.objects.filter(pk=pk, case=own.case).first()
    if found is None:
        raise Http404
    return own, found


def meeting(visitor: Visitor, code: str, uid: UUID) -> Meeting:
    """Return a meeting that the visitor is asked to: one of a room they have the key of.

    Raises
    ------
    Http404
        There is none, or it is in a room of others.
    """
    open_to = {(one.room, one.side) for one in rooms(visitor, code)}
    found = Meeting.objects.filter(case__code=code, uid=uid).first()
    if found is None or (found.room, found.side) not in open_to:
        raise Http404
    return found


def centre(visitor: Visitor, slug: str) -> Organisation:
    """Return a centre for those who mediate there.

    Raises
    ------
    Http404
        There is none, or the visitor does not mediate in it.
    """
    found = organisations(visitor, Permission.MEDIATE).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def register_of(visitor: Visitor, slug: str) -> Organisation:
    """Return a centre for those who keep its register: they manage its people.

    Raises
    ------
    Http404
        There is none, or the visitor does not manage its people.
    """
    found = organisations(visitor, Permission.MANAGE_PEOPLE).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def mediator_of(visitor: Visitor, slug: str, pk: int) -> Mediator:
    """Return an entry of a centre's register, for those who keep it.

    Raises
    ------
    Http404
        There is none there, or the visitor does not keep the register.
    """
    found = Mediator.objects.filter(pk=pk, centre=register_of(visitor, slug)).first()
    if found is None:
        raise Http404
    return found


def cases(visitor: Visitor) -> QuerySet[Case]:
    """Return the cases in which the visitor has a place."""
    return Case.objects.filter(seats__in=seats(visitor)).distinct()
