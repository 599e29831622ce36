"""What happened in a consultation, in order, and never rewritten: votes, moderation, displays."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import polars as pl

from kelisim.core.errors import IdRefused, ValueRefused, nearest
from kelisim.engine.opinion.reading import in_order
from kelisim.engine.opinion.votes import Votes, brief, from_codes


class Verdict(StrEnum):
    """What a moderator decided about a statement."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Cast(NamedTuple):
    """A participant votes, or votes again: 1 agree, 0 pass, -1 disagree."""

    time: float
    participant: str
    statement: str
    vote: int


class Moderated(NamedTuple):
    """A moderator accepts or rejects a statement; the last verdict counts."""

    time: float
    statement: str
    verdict: Verdict


class Displayed(NamedTuple):
    """A statement was shown to a participant, who had this probability of being shown it."""

    time: float
    participant: str
    statement: str
    probability: float


class Submitted(NamedTuple):
    """A statement enters the consultation."""

    time: float
    statement: str


Event = Cast | Moderated | Displayed | Submitted


@dataclass(slots=True)
class VoteLog:
    """An append-only log of events, from which any past state can be read again.

    Examples
    --------
    >>> log = VoteLog()
    >>> log.submit(0.0, "s1")
    >>> log.vote(1.0, "p1", "s1", 1)
    >>> log.vote(2.0, "p1", "s1", -1)
    >>> log.snapshot().signs.tolist(), log.snapshot(at=1.5).signs.tolist()
    ([-1], [1])
    """

    _events: list[Event] = field(default_factory=list)
    _statements: set[str] = field(default_factory=set)

    @property
    def events(self) -> tuple[Event, ...]:
        """Return every event so far, oldest first."""
        return tuple(self._events)

    def submit(self, time: float, statement: str) -> None:
        """Enter a statement of any text or name.

        Raises
        ------
        IdRefused
            A statement of this name is there already.
        ValueRefused
            The name is empty, or the time is before that of the last event.
        """
        if statement in self._statements:
            raise IdRefused(
                f"The statement '{brief(statement)}' is there already.",
                do="Give the new statement a name of its own.",
            )
        if not statement:
            raise ValueRefused("A statement has no name.", do="Give it a name or its text.")
        self._append(Submitted(time, statement))
        self._statements.add(statement)

    def vote(self, time: float, participant: str, statement: str, vote: int) -> None:
        """Append a vote or a re-vote.

        Raises
        ------
        ValueRefused
            The vote is not 1, 0 or -1, the statement is not known, or time runs backwards.
        """
        if vote not in (-1, 0, 1):
            raise ValueRefused(
                f"A vote is {vote}.",
                where=f"participant '{brief(participant)}'",
                why="A vote is 1 (agree), 0 (pass) or -1 (disagree).",
                do="Send one of the three.",
            )
        self._check_known(statement)
        self._append(Cast(time, participant, statement, vote))

    def moderate(self, time: float, statement: str, verdict: Verdict) -> None:
        """Append a verdict about a statement; its votes are kept and come back if it is accepted.

        Raises
        ------
        ValueRefused
            The statement is not known, or time runs backwards.
        """
        self._check_known(statement)
        self._append(Moderated(time, statement, Verdict(verdict)))

    def display(self, time: float, participant: str, statement: str, probability: float) -> None:
        """Append that a statement was shown, with the probability it was drawn with.

        Raises
        ------
        ValueRefused
            The probability is not in (0, 1], the statement is not known, or time runs backwards.
        """
        if not 0 < probability <= 1:
            raise ValueRefused(
                f"The probability of a display is {probability}.",
                why="What was shown had a positive probability, and votes are weighted by it.",
                do="Log the probability with which the router drew the statement.",
            )
        self._check_known(statement)
        self._append(Displayed(time, participant, statement, probability))

    def snapshot(self, at: float = np.inf) -> Votes:
        """Return the last votes as of a time, on the statements not rejected by then.

        A participant appears with the first display or vote, a statement when it is submitted.
        """
        events = [event for event in self._events if event.time <= at]
        rejected = _rejected(events)
        names = {e.statement for e in events if isinstance(e, Submitted)} - rejected
        people = {e.participant for e in events if isinstance(e, Cast | Displayed)}
        last = {
            (e.participant, e.statement): e
            for e in events
            if isinstance(e, Cast) and e.statement in names
        }
        return _as_votes(sorted(people), names, list(last.values()))

    def _check_known(self, statement: str) -> None:
        if statement not in self._statements:
            raise ValueRefused(
                f"There is no statement '{brief(statement)}'.",
                why="A vote on nothing cannot be counted.",
                do=nearest(statement[:60], self._statements) or "Submit the statement first.",
            )

    def _append(self, event: Event) -> None:
        last = self._events[-1].time if self._events else -np.inf
        if not last <= event.time < np.inf:
            raise ValueRefused(
                f"The event has the time {event.time}, and the last one {last}.",
                why="The log is only ever appended to, so that the past stays as it was.",
                do="Append events in the order of their times.",
            )
        self._events.append(event)


def _rejected(events: list[Event]) -> set[str]:
    verdicts = {e.statement: e.verdict for e in events if isinstance(e, Moderated)}
    return {name for name, verdict in verdicts.items() if verdict is Verdict.REJECTED}


def _as_votes(people: list[str], names: set[str], cast: list[Cast]) -> Votes:
    participants = in_order(pl.Series("participant", people, pl.String))
    statements = in_order(pl.Series("statement", sorted(names), pl.String))
    row = {name: i for i, name in enumerate(participants)}
    place = {name: j for j, name in enumerate(statements)}
    return from_codes(
        participants,
        statements,
        np.array([row[e.participant] for e in cast], np.int32),
        np.array([place[e.statement] for e in cast], np.int32),
        np.array([e.vote for e in cast], np.int8),
        times=np.array([e.time for e in cast], np.float64),
    )
