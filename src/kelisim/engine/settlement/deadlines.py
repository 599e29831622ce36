"""The statutory dates of a case, from its events and a legal profile: reproducible, with articles.

Days are days of the calendar in Asia/Almaty. A term of n days that an event begins ends with the
n-th day after it. A last day that is not a working day is reported and never moved: the earlier day
is the safe one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kelisim.core.clock import in_kazakhstan
from kelisim.core.errors import RuleRefused, listed, nearest
from kelisim.engine.settlement.holidays import KAZAKHSTAN_HOLIDAYS, Holidays
from kelisim.engine.settlement.law import (
    COURT,
    EXTENSION,
    SILENCE,
    TERM,
    WHOLE,
    LegalProfile,
    Rule,
    profile_on,
)

State = Literal["open", "met", "passed", "closed"]

EVENTS = (
    "proposal_sent",
    "proposal_answered",
    "agreement_concluded",
    "extended",
    "court_suspended",
    "court_resumed",
    "withdrawn",
    "settled",
)
"""What can happen to a case that the law counts days from or to."""


@dataclass(frozen=True, slots=True)
class Events:
    """When things happened, as days in Asia/Almaty.

    Attributes
    ----------
    on
        Event to its day.
    extended_by
        The days the parties agreed to extend the term by; 0 if they have not.
    """

    on: Mapping[str, date]
    extended_by: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A statutory date.

    Attributes
    ----------
    last_day
        The last day on which the thing can still be done.
    state
        ``open``; ``met`` if it was done in time; ``passed`` if not; ``closed`` if the case ended
        first.
    working_day
        Whether the last day is a working day; None where the holidays of the year are not known.
    """

    rule: Rule
    last_day: date
    state: State
    working_day: bool | None


def deadlines(
    events: Events,
    today: date,
    *,
    profile: LegalProfile | None = None,
    holidays: Holidays = KAZAKHSTAN_HOLIDAYS,
) -> tuple[Deadline, ...]:
    """Return the statutory dates of a case.

    Parameters
    ----------
    profile
        The rules of the case's own day; by default the wording in force when the mediation
        agreement was concluded, else on the day of the first event.

    Raises
    ------
    RuleRefused
        Nothing has happened, an event comes before the one it needs, the extension was agreed
        after the term had ended or is longer than the law allows, or no rule covers the day.

    Examples
    --------
    >>> events = read_events({"agreement_concluded": "2024-01-31"})
    >>> [(d.rule.key, d.last_day.isoformat()) for d in deadlines(events, date(2024, 2, 1))]
    [('term', '2024-03-01')]
    """
    if not events.on:
        raise RuleRefused(
            "Nothing has happened in the case yet.",
            where="events",
            why="A term begins with an event.",
            do=f"Write when something happened: {listed(EVENTS, len(EVENTS))}.",
        )
    started = events.on.get("agreement_concluded") or min(events.on.values())
    rules = profile or profile_on(started)
    return tuple(_dates(events, today, rules, holidays))


def _dates(
    events: Events, today: date, profile: LegalProfile, holidays: Holidays
) -> Iterator[Deadline]:
    on = events.on
    ended = min((on[e] for e in ("withdrawn", "settled") if e in on), default=None)
    if "proposal_sent" in on:
        rule = profile.rule(SILENCE)
        answered = on.get("proposal_answered", on.get("agreement_concluded"))
        yield _deadline(rule, on["proposal_sent"], answered, ended, today, holidays)
    if "agreement_concluded" in on:
        rule = profile.rule(EXTENSION if events.extended_by else TERM)
        last = _term_ends(events, profile)
        state = _state(last, on.get("settled"), ended, today)
        yield Deadline(rule, last, state, _working(last, holidays))
    if "court_suspended" in on:
        rule = profile.rule(COURT)
        resumed = on.get("court_resumed", on.get("settled"))
        yield _deadline(rule, on["court_suspended"], resumed, ended, today, holidays)


def _deadline(
    rule: Rule,
    start: date,
    done: date | None,
    ended: date | None,
    today: date,
    holidays: Holidays,
) -> Deadline:
    if rule.unit == "working":
        last = holidays.after(start, rule.days)
    else:
        last = start + timedelta(days=rule.days)
    return Deadline(rule, last, _state(last, done, ended, today), _working(last, holidays))


def _state(last: date, done: date | None, ended: date | None, today: date) -> State:
    if done is not None:
        return "met" if done <= last else "passed"
    if ended is not None and ended <= last:
        return "closed"
    return "open" if today <= last else "passed"


def _working(day: date, holidays: Holidays) -> bool | None:
    return holidays.is_working(day) if day.year in holidays.years else None


def _term_ends(events: Events, profile: LegalProfile) -> date:
    """Return the last day of the term, with the extension if there is a lawful one."""
    concluded = events.on["agreement_concluded"]
    term, most = profile.rule(TERM), profile.rule(EXTENSION)
    last = concluded + timedelta(days=term.days)
    if not events.extended_by:
        return last
    agreed = events.on["extended"]
    if agreed > last:
        raise RuleRefused(
            f"The extension was agreed on {agreed.isoformat()}, after the term had ended on "
            f"{last.isoformat()}.",
            where=f"events, {most.article}",
            why="A term that has ended cannot be extended.",
            do="Close the case; the parties may conclude a new mediation agreement.",
        )
    longest = min(most.days, profile.rule(WHOLE).days - term.days)
    if events.extended_by > longest:
        raise RuleRefused(
            f"An extension by {events.extended_by} days is longer than the {longest} days allowed.",
            where=f"events, {most.article}",
            why=f"The whole term may not exceed {profile.rule(WHOLE).days} days.",
            do="Agree on a shorter extension.",
        )
    return last + timedelta(days=events.extended_by)


def read_events(document: Mapping[str, object]) -> Events:
    """Return events from a document: ISO days or moments; ``extended`` is ``{"on", "days"}``.

    A moment with an offset counts on the day it is in Asia/Almaty.

    Raises
    ------
    RuleRefused
        An event is unknown or its day cannot be read, or events are in an impossible order.
    """
    unknown = [key for key in document if key not in EVENTS]
    if unknown:
        raise RuleRefused(
            f"There is no event {listed(unknown)}.",
            where="events",
            do=nearest(unknown[0], EVENTS) or f"The events are {listed(EVENTS, len(EVENTS))}.",
        )
    on, days = {}, 0
    for event, given in document.items():
        if event == "extended":
            given, days = _extension(given)
        on[event] = _day(event, given)
    _in_order(on)
    return Events(on, days)


def _extension(given: object) -> tuple[object, int]:
    days = given.get("days") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(days, int) or days < 1:
        raise RuleRefused(
            "The extension does not say on which day it was agreed and for how many days.",
            where="events, 'extended'",
            do='Write {"on": "2026-03-30", "days": 30}.',
        )
    return given.get("on"), days


def _day(event: str, given: object) -> date:
    try:
        text = str(given)
        return date.fromisoformat(text) if len(text) == 10 else _of_moment(text)
    except ValueError as cause:
        raise RuleRefused(
            f"'{given}' is not a day.",
            where=f"events, '{event}'",
            do="Write a day as 2026-03-02, or a moment as 2026-03-02T18:30:00+05:00.",
        ) from cause


def _of_moment(text: str) -> date:
    return in_kazakhstan(datetime.fromisoformat(text)).date()


def _in_order(on: Mapping[str, date]) -> None:
    for first, then in (
        ("proposal_sent", "proposal_answered"),
        ("proposal_sent", "agreement_concluded"),
        ("agreement_concluded", "extended"),
        ("agreement_concluded", "settled"),
        ("court_suspended", "court_resumed"),
    ):
        if then in on and first in on and on[then] < on[first]:
            raise RuleRefused(
                f"'{then}' on {on[then].isoformat()} is before '{first}' on "
                f"{on[first].isoformat()}.",
                where="events",
                do="Correct the dates.",
            )
    if "extended" in on and "agreement_concluded" not in on:
        raise RuleRefused(
            "The term was extended, but no mediation agreement was concluded.",
            where="events",
            do="Write the day of the agreement under 'agreement_concluded'.",
        )
