"""Tickets: what a page may listen to, signed, and bound to the session it was given to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.core import signing
from django.http import HttpRequest

from kelisim.bells.models import Bell

SALT = "kelisim.bells"
HOURS = 12
"""How long a page may listen before it has to be loaded again."""


def ticket(request: HttpRequest, *channels: str) -> str:
    """Return a ticket for channels that the caller's gatekeeper has already opened.

    Call it before reading what the page shows: the ticket holds the numbers of its channels, and
    whatever changes between this call and the opening of the stream is rung at once.
    """
    told = {"heard": numbers(channels), "session": bound(request.session.session_key)}
    return signing.dumps(told, salt=SALT, compress=True)


def read(text: str, session_key: str | None) -> dict[str, int]:
    """Return the channels of a ticket and the numbers the page has seen.

    Raises
    ------
    django.core.signing.BadSignature
        The ticket is not ours, too old, or was given to another session.
    """
    told = signing.loads(text, salt=SALT, max_age=HOURS * 3600)
    if told["session"] not in ("", bound(session_key)):
        raise signing.BadSignature("The ticket belongs to another session.")
    heard: dict[str, int] = told["heard"]
    return heard


def numbers(channels: Iterable[str]) -> dict[str, int]:
    """Return how often each channel has been rung; one that never was is at 0."""
    asked = list(channels)
    found = dict(Bell.objects.filter(pk__in=asked).values_list("channel", "rung"))
    return {channel: found.get(channel, 0) for channel in asked}


def bound(session_key: str | None) -> str:
    """Return what ties a ticket to a session without naming the session."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32] if session_key else ""
