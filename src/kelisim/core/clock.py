"""Time as an argument: whoever needs to know the time is given a clock.

Moments are aware and in UTC everywhere inside; `in_kazakhstan` is for what a person reads. All of
Kazakhstan keeps one time, UTC+5, since 1 March 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from kelisim.core.errors import ValueRefused

KAZAKHSTAN_TIME = ZoneInfo("Asia/Almaty")


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that always tells the same moment, for tests and repeatable runs.

    Attributes
    ----------
    moment
        Aware, in any time zone.

    Raises
    ------
    ValueRefused
        The moment has no time zone.

    Examples
    --------
    >>> FixedClock(datetime(2026, 11, 22, 9, 30, tzinfo=KAZAKHSTAN_TIME)).now().isoformat()
    '2026-11-22T04:30:00+00:00'
    """

    moment: datetime

    def __post_init__(self) -> None:
        in_utc(self.moment)

    def now(self) -> datetime:
        """Return the fixed moment, aware, in UTC."""
        return in_utc(self.moment)


def in_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC.

    Raises
    ------
    ValueRefused
        The moment has no time zone.
    """
    return _aware(moment).astimezone(UTC)


def in_kazakhstan(moment: datetime) -> datetime:
    """Return an aware moment in the time of Kazakhstan.

    Raises
    ------
    ValueRefused
        The moment has no time zone.

    Examples
    --------
    >>> in_kazakhstan(datetime(2026, 11, 22, 4, 30, tzinfo=UTC)).isoformat()
    '2026-11-22T09:30:00+05:00'
    """
    return _aware(moment).astimezone(KAZAKHSTAN_TIME)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueRefused(
            f"The moment {moment.isoformat()} has no time zone.",
            why="It would mean another moment on another machine.",
            do="Write the offset after it, such as +05:00.",
        )
    return moment
