"""Cast votes: one or a batch, from the page's script, from a plain form or from paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from kelisim.consultations import tokens
from kelisim.consultations.actions.refresh import ask_refresh
from kelisim.consultations.actions.show_next import show_next
from kelisim.consultations.analysis import Drawn
from kelisim.consultations.models import Consultation, Entry, Event, Kind, Mode, Participant
from kelisim.consultations.queries import shown_to
from kelisim.consultations.refusals import Refused
from kelisim.consultations.shelf import Item, shelf
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.kazakh import LANGUAGES

MOST_A_MINUTE = 50
"""Votes of one voice in a minute: nobody reads faster. The engine calls 60 a burst."""

MINUTE = timedelta(minutes=1)

LARGE = [f"standing__{what}" for what in ("picture", "findings", "picture_state", "findings_state")]
"""What a vote needs of the results are their numbers, not the results."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote as it came: nothing in it is believed yet.

    Attributes
    ----------
    consultation
        Its slug.
    token
        Of the voice, from the cookie.
    statement
        The statement's number.
    vote
        Should be 1, 0 or -1.
    language
        Of the wording that was read.
    drawn
        How the statement was drawn for somebody whose voice had no row yet; None where its display
        is in the log already, or it was not drawn at all.
    mode
        How the vote came in. Paper and phone are entered by staff, and have no limit of speed.
    """

    consultation: str
    token: str
    statement: object
    vote: object
    language: str
    drawn: Drawn | None = None
    mode: Mode = Mode.WEB


@dataclass(slots=True)
class Voice:
    """A voice and its last votes, by statement, with the moments of the newest ones."""

    row: Participant
    votes: dict[int, int] = field(default_factory=dict)
    lately: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote that is on the disk when the transaction is.

    Attributes
    ----------
    votes
        All the voice's last votes, by statement.
    next
        The statement that is shown next, its display logged; None when all were seen.
    """

    consultation: Consultation
    participant: Participant
    votes: Mapping[int, int]
    next: Item | None


def cast_vote(ballot: Ballot, *, clock: Clock | None = None) -> Cast:
    """Cast one vote.

    Raises
    ------
    Refused
        The vote is not taken, and nothing was changed.
    """
    with transaction.atomic():
        (taken,) = cast_votes([ballot], clock=clock)
    if isinstance(taken, Refused):
        raise taken
    return taken


def cast_votes(batch: Sequence[Ballot], *, clock: Clock | None = None) -> list[Cast | Refused]:
    """Cast votes inside the caller's transaction; a ballot that is refused is an answer too.

    A vote that is already the voice's last one on the statement changes nothing and is not logged
    again, so that a page may send it twice.
    """
    now = (clock or SystemClock()).now()
    houses = _consultations(batch)
    voices = _voices(batch, houses, now)
    events: list[Event] = []
    answers: list[Cast | Refused] = []
    for ballot in batch:
        try:
            cast, logged = _taken(ballot, houses, voices, now)
        except Refused as refused:
            answers.append(refused)
        else:
            answers.append(cast)
            events += logged
    Event.objects.bulk_create(events)
    ask_refresh({one.consultation_id for one in events if one.kind == Kind.VOTE}, now)
    return answers


def _taken(
    ballot: Ballot,
    houses: Mapping[str, Consultation],
    voices: Mapping[tuple[int, str], Voice],
    now: datetime,
) -> tuple[Cast, list[Event]]:
    house, item, vote = _checked(ballot, houses, now)
    voice = voices.get((house.pk, tokens.digest(ballot.token)))
    if voice is None:
        raise Refused("no-voice")
    events = _cast(voice, house, item, vote, ballot, now)
    shown = None
    if ballot.mode == Mode.WEB:
        shown = None if events else shown_to(voice.row, voice.votes)
        if shown is None:
            number = house.standing.findings_number
            shown, displayed = show_next(
                house, voice.row, voice.votes, _language(ballot), now, number
            )
            events += displayed
    return Cast(house, voice.row, dict(voice.votes), shown), events


def _consultations(batch: Sequence[Ballot]) -> dict[str, Consultation]:
    asked = {ballot.consultation for ballot in batch}
    rows = Consultation.objects.filter(slug__in=asked, published=True).select_related("standing")
    return {row.slug: row for row in rows.defer(*LARGE)}


def _checked(
    ballot: Ballot, houses: Mapping[str, Consultation], now: datetime
) -> tuple[Consultation, Item, int]:
    house = houses.get(ballot.consultation)
    if house is None:
        raise Refused("no-consultation")
    if not house.is_open(now):
        raise Refused("not-open")
    if isinstance(ballot.vote, bool) or ballot.vote not in (-1, 0, 1):
        raise Refused("not-a-vote")
    known = isinstance(ballot.statement, int) and not isinstance(ballot.statement, bool)
    item = shelf(house).items.get(ballot.statement) if known else None  # type: ignore[call-overload]  # checked just now
    if item is None:
        raise Refused("no-statement")
    return house, item, int(ballot.vote)


def _voices(
    batch: Sequence[Ballot], houses: Mapping[str, Consultation], now: datetime
) -> dict[tuple[int, str], Voice]:
    """Return the voices of a batch with their last votes, new ones made where entry is open."""
    asked: dict[tuple[int, str], list[Ballot]] = defaultdict(list)
    for ballot in batch:
        house = houses.get(ballot.consultation)
        if house is not None and tokens.LEAST <= len(ballot.token) <= tokens.MOST:
            asked[house.pk, tokens.digest(ballot.token)].append(ballot)
    found = _known(asked)
    new = [
        Participant(consultation_id=key[0], token=key[1], language=_language(good[0]))
        for key, ballots in asked.items()
        for good in [[ballot for ballot in ballots if _is_taken(ballot, houses, now)]]
        if key not in found and good and houses[good[0].consultation].entry == Entry.OPEN
    ]
    if new:
        # Another process may be making the same voice at this moment: the first row wins.
        Participant.objects.bulk_create(new, ignore_conflicts=True)
        found = _known(asked)
    voices = {voice.row.pk: voice for voice in found.values()}
    rows = (
        Event.objects.filter(participant__in=voices, kind=Kind.VOTE)
        .order_by("id")
        .values_list("participant_id", "statement_id", "vote", "at")
    )
    for participant, statement, vote, at in rows:
        # The table holds no vote without a side.
        voices[participant].votes[statement] = vote or 0
        if at > now - MINUTE:
            voices[participant].lately.append(at)
    return found


def _is_taken(ballot: Ballot, houses: Mapping[str, Consultation], now: datetime) -> bool:
    """Say whether a ballot is worth making a voice for: what is refused leaves no row behind."""
    try:
        _checked(ballot, houses, now)
    except Refused:
        return False
    return True


def _known(asked: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Voice]:
    wanted: dict[int, list[str]] = defaultdict(list)
    for house, digest in asked:
        wanted[house].append(digest)
    return {
        (row.consultation_id, row.token): Voice(row)
        for house, digests in wanted.items()
        for row in Participant.objects.filter(consultation=house, token__in=digests)
    }


def _language(ballot: Ballot) -> str:
    return ballot.language if ballot.language in LANGUAGES else "kk"


def _cast(
    voice: Voice, house: Consultation, item: Item, vote: int, ballot: Ballot, now: datetime
) -> list[Event]:
    if voice.votes.get(item.pk) == vote:
        return []
    if ballot.mode == Mode.WEB and len(voice.lately) >= MOST_A_MINUTE:
        raise Refused("too-fast")
    language = item.words(_language(ballot)).lang
    shared = {
        "consultation": house,
        "participant": voice.row,
        "statement_id": item.pk,
        "at": now,
        "language": language,
    }
    events = []
    if ballot.drawn is not None and ballot.drawn.statement == item.pk and not voice.votes:
        chances = {"probability": ballot.drawn.probability, "even": ballot.drawn.even}
        events.append(Event(kind=Kind.DISPLAY, **chances, **shared))
    events.append(Event(kind=Kind.VOTE, vote=vote, **shared))
    voice.votes[item.pk] = vote
    voice.lately.append(now)
    return events
