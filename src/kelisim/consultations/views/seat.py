"""Where a reader sits: their consultation, language, voice and votes, read once for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from kelisim.accounts.models import User
from kelisim.consultations import access, queries, tokens, turn
from kelisim.consultations.actions.show_next import show
from kelisim.consultations.models import Consultation, Entry, Participant
from kelisim.consultations.models.words import reading
from kelisim.consultations.shelf import shelf
from kelisim.consultations.turn import FEW, Turn
from kelisim.core.clock import SystemClock

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seat:
    """A reader at a consultation.

    Attributes
    ----------
    token
        From the cookie, or new; a voice has a row from its first vote on.
    """

    house: Consultation
    language: str
    now: datetime
    token: str
    voice: Participant | None
    votes: Mapping[int, int]

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now."""
        return self.house.is_open(self.now)

    @property
    def may_vote(self) -> bool:
        """Whether this reader can vote without doing anything first."""
        return self.is_open and (self.voice is not None or self.house.entry == Entry.OPEN)

    @property
    def has_spoken(self) -> bool:
        """Whether the reader has voted on enough statements to see the results."""
        return len(self.votes) >= min(FEW, len(shelf(self.house).items))

    @property
    def may_read(self) -> bool:
        """Whether the results are shown to this reader now."""
        return access.readable(self.house, self.now, self.has_spoken)

    def turn(self) -> Turn | None:
        """Return what the reader is asked now, or None who cannot vote."""
        if not self.may_vote:
            return None
        if self.voice is None:
            return turn.first_turn(self.house, self.language)
        votes = dict(self.votes)
        item = queries.shown_to(self.voice, votes) or show(
            self.house, self.voice, votes, self.language
        )
        return turn.turn(self.house, votes, item, self.language)


def seat(request: HttpRequest, house: Consultation, token: str | None = None) -> Seat:
    """Return where a reader sits; with a token given, the cookie is not looked at."""
    held = request.COOKIES.get(tokens.cookie(house.slug), "") if token is None else token
    if house.entry == Entry.OPEN and not tokens.LEAST <= len(held) <= tokens.MOST:
        held = tokens.fresh()
    voice = access.voice_of(house, request.user, held)
    if voice is None and house.entry != Entry.OPEN:
        held = ""
    return Seat(house, reading(), SystemClock().now(), held, voice, queries.votes_of(voice))


def kept(request: HttpRequest, answer: HttpResponse, house: Consultation, token: str) -> None:
    """Let the reader's browser keep the token of their voice."""
    if token and request.COOKIES.get(tokens.cookie(house.slug)) != token:
        answer.set_cookie(
            tokens.cookie(house.slug),
            token,
            max_age=YEAR,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )


def person(request: HttpRequest) -> User:
    """Return who is signed in, behind a view that asks for it."""
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user
