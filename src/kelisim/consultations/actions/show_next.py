"""Show a statement: the next one is drawn, and its display logged with its chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kelisim.consultations import analysis
from kelisim.consultations.models import Consultation, Event, Kind, Participant
from kelisim.consultations.shelf import Item, shelf
from kelisim.core.clock import Clock, SystemClock


def show(
    house: Consultation,
    participant: Participant,
    votes: Mapping[int, int],
    language: str,
    *,
    clock: Clock | None = None,
) -> Item | None:
    """Return the statement that a voice sees now, its display logged."""
    item, events = show_next(house, participant, votes, language, (clock or SystemClock()).now())
    Event.objects.bulk_create(events)
    return item


def show_next(
    house: Consultation,
    participant: Participant,
    votes: Mapping[int, int],
    language: str,
    now: datetime,
    number: int | None = None,
) -> tuple[Item | None, list[Event]]:
    """Draw the statement a voice sees next, and return it with the event of its display.

    The number is that of the newest findings, where it is known already.
    """
    drawn = analysis.draw(house, votes, number)
    if drawn is None:
        return None, []
    item = shelf(house).by_pk[drawn.statement]
    event = Event(
        consultation=house,
        kind=Kind.DISPLAY,
        at=now,
        participant=participant,
        statement_id=item.pk,
        probability=drawn.probability,
        even=drawn.even,
        language=item.words(language).lang,
    )
    return item, [event]
