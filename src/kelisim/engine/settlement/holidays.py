"""Working days of Kazakhstan, by a table of holidays that names its version.

Written from memory and not confirmed: the days moved each year by decree of the Government are not
in it. It says so through ``confirmed``, and refuses years it does not cover.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from kelisim.core.errors import RuleRefused

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days off of some years besides Saturdays and Sundays.

    Attributes
    ----------
    version
        Named in every answer.
    years
        The years the table covers.
    off
        Day to its name.
    """

    version: str
    years: range
    off: Mapping[date, str]
    confirmed: bool = False

    def is_working(self, day: date) -> bool:
        """Return whether a day is a working day.

        Raises
        ------
        RuleRefused
            The table does not cover the year.
        """
        if day.year not in self.years:
            raise RuleRefused(
                f"The holidays of {day.year} are not in the table {self.version}.",
                why="Working days could not be counted.",
                do="Add the year's holidays, with the decree that moves days, to the table.",
            )
        return day.weekday() < _SATURDAY and day not in self.off

    def after(self, start: date, days: int) -> date:
        """Return the last of so many working days, counted from the day after the start.

        >>> KAZAKHSTAN_HOLIDAYS.after(date(2026, 3, 19), 1)
        datetime.date(2026, 3, 20)
        """
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_working(day)
        return day


_MOVABLE = (
    (1, 1, "New Year"),
    (1, 2, "New Year"),
    (3, 8, "International Women's Day"),
    (3, 21, "Nauryz"),
    (3, 22, "Nauryz"),
    (3, 23, "Nauryz"),
    (5, 1, "Day of Unity of the People of Kazakhstan"),
    (5, 7, "Defender of the Fatherland Day"),
    (5, 9, "Victory Day"),
    (7, 6, "Capital Day"),
    (8, 30, "Constitution Day"),
    (10, 25, "Republic Day"),
    (12, 16, "Independence Day"),
)
"""Holidays whose day off moves to the next working day when it falls on a weekend."""

_CHRISTMAS = (1, 7)
_KURBAN_AIT = {
    2023: date(2023, 6, 28),
    2024: date(2024, 6, 16),
    2025: date(2025, 6, 6),
    2026: date(2026, 5, 27),
    2027: date(2027, 5, 16),
}


def _days_off(year: int) -> dict[date, str]:
    off = {date(year, *_CHRISTMAS): "Christmas", _KURBAN_AIT[year]: "Kurban Ait"}
    named = [(date(year, month, day), name) for month, day, name in _MOVABLE]
    off |= dict(named)
    for day, name in named:
        if day.weekday() >= _SATURDAY:
            moved = day
            while moved.weekday() >= _SATURDAY or moved in off:
                moved += _DAY
            off[moved] = f"{name} (moved)"
    return off


KAZAKHSTAN_HOLIDAYS = Holidays(
    version="KZ/memory/2026-11",
    years=range(min(_KURBAN_AIT), max(_KURBAN_AIT) + 1),
    off=MappingProxyType(
        {day: name for year in _KURBAN_AIT for day, name in _days_off(year).items()}
    ),
)
