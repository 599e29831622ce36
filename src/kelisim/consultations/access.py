"""Gatekeepers: the only way to a consultation, for the public and for those who run it."""

from __future__ import annotations

from datetime import datetime
from secrets import compare_digest

from django.db.models import QuerySet
from django.http import Http404

from kelisim.accounts.access import Visitor, organisations
from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission
from kelisim.consultations import tokens
from kelisim.consultations.models import (
    Appeal,
    Consultation,
    Entry,
    Owed,
    Participant,
    Statement,
)


def public(slug: str) -> Consultation:
    """Return a published consultation, which anybody may read.

    Raises
    ------
    Http404
        There is none of that name, or it is still being prepared.
    """
    found = (
        Consultation.objects.filter(slug=slug, published=True)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own(visitor: Visitor, slug: str, permission: Permission) -> Consultation:
    """Return a consultation, published or not, of an organisation the visitor acts for.

    Raises
    ------
    Http404
        There is none of that name, or the visitor does not hold the permission on it.
    """
    found = (
        Consultation.objects.filter(slug=slug, organisation__in=organisations(visitor, permission))
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_any(visitor: Visitor, slug: str, *permissions: Permission) -> Consultation:
    """Return a consultation on which the visitor holds one of several permissions."""
    for permission in permissions:
        try:
            return own(visitor, slug, permission)
        except Http404:
            continue
    raise Http404


def shared(slug: str, key: str) -> Consultation:
    """Return a published consultation for a reader who holds its reading link.

    Raises
    ------
    Http404
        There is none of that name, or its key is another.
    """
    found = public(slug)
    if not found.reading_key or not compare_digest(found.reading_key, key):
        raise Http404
    return found


def participant(consultation: Consultation, token: str) -> Participant | None:
    """Return the voice that a token belongs to, if it has spoken before."""
    if not tokens.LEAST <= len(token) <= tokens.MOST:
        return None
    return Participant.objects.filter(consultation=consultation, token=tokens.digest(token)).first()


def voice_of(consultation: Consultation, visitor: Visitor, cookie: str) -> Participant | None:
    """Return the voice of whoever looks at the page.

    Where people take part with their account, a cookie that somebody else left on this device is
    nobody's.
    """
    if consultation.entry != Entry.ACCOUNT:
        return participant(consultation, cookie)
    if not isinstance(visitor, User) or cookie != tokens.of_account(consultation, visitor):
        return None
    return participant(consultation, cookie)


def statement(consultation: Consultation, number: int) -> Statement:
    """Return a statement of a consultation that a gatekeeper has opened.

    Raises
    ------
    Http404
        It has none of that number.
    """
    found = Statement.objects.filter(consultation=consultation, number=number).first()
    if found is None:
        raise Http404
    return found


def own_statement(voice: Participant | None, number: int) -> Statement:
    """Return a statement that a voice has added itself.

    Raises
    ------
    Http404
        It is somebody else's, or there is none.
    """
    found = Statement.objects.filter(author=voice, number=number).first() if voice else None
    if found is None:
        raise Http404
    return found


def appeal(consultation: Consultation, pk: int, judge: User) -> Appeal:
    """Return an open appeal that somebody may judge: anyone but the first moderator.

    Raises
    ------
    Http404
        There is none, it is decided, or it is against the judge's own decision.
    """
    found = (
        Appeal.objects.filter(pk=pk, statement__consultation=consultation, decided_at=None)
        .exclude(against=judge)
        .first()
    )
    if found is None:
        raise Http404
    return found


def owed_by(visitor: Visitor) -> QuerySet[Owed]:
    """Return what the offices that the visitor answers for owe."""
    return Owed.objects.filter(office__in=organisations(visitor, Permission.ANSWER_PUBLICLY))


def owed(visitor: Visitor, pk: int) -> Owed:
    """Return an answer that the visitor's office owes.

    Raises
    ------
    Http404
        There is none, or another office owes it.
    """
    found = owed_by(visitor).filter(pk=pk).select_related("consultation", "office").first()
    if found is None:
        raise Http404
    return found


def readable(consultation: Consultation, now: datetime, voted: bool) -> bool:
    """Say whether results may be read: at once, or after one's own votes, or after the end."""
    return not consultation.vote_first or voted or now >= consultation.closes_at
