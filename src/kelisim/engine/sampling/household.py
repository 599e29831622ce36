"""One person of a household: Kish's tables and the rule of the last birthday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.random import Generator

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.sampling.asked import known_word, whole

KISH_MOST = 6

KISH_TABLES = MappingProxyType(
    {
        "A": (1, 1, 1, 1, 1, 1),
        "B1": (1, 1, 1, 1, 2, 2),
        "B2": (1, 1, 1, 2, 2, 2),
        "C": (1, 1, 2, 2, 3, 3),
        "D": (1, 2, 2, 3, 4, 4),
        "E1": (1, 2, 3, 3, 3, 5),
        "E2": (1, 2, 3, 4, 5, 5),
        "F": (1, 2, 3, 4, 5, 6),
    }
)
"""Who is asked in households of one to six adults (Kish 1949, table 1)."""

KISH_TWELFTHS = MappingProxyType(
    {"A": 2, "B1": 1, "B2": 1, "C": 2, "D": 2, "E1": 1, "E2": 1, "F": 2}
)
"""How many of every twelve addresses get each table."""


def kish_tables(n: int, rng: Generator) -> list[str]:
    """Deal Kish's tables to n addresses, each twelve in a row getting all twelve in random order.

    Raises
    ------
    DesignRefused
        n is no whole number.

    Examples
    --------
    >>> kish_tables(4, np.random.default_rng(1))
    ['E2', 'B1', 'C', 'D']
    """
    twelve = [table for table, times in KISH_TWELFTHS.items() for _ in range(times)]
    dealt: list[str] = []
    while len(dealt) < whole(n, "The number of addresses"):
        dealt += [twelve[place] for place in np.argsort(rng.random(12), kind="stable")]
    return dealt[:n]


def kish_person(table: str, adults: int) -> int:
    """Return the number of the person to be asked, counted from 1.

    Adults are numbered men first, then women, each from the oldest to the youngest.

    Raises
    ------
    DesignRefused
        There is no such table, the number of adults is not whole, or exceeds six.

    Examples
    --------
    >>> kish_person("D", 3)
    2
    """
    known_word(table, KISH_TABLES, "table of Kish")
    return KISH_TABLES[table][_kish_size(adults) - 1]


def kish_probability(person: int, adults: int) -> Fraction:
    """Return the probability that Kish's tables choose a person; in households of five it varies.

    Raises
    ------
    DesignRefused
        A number is not whole, there are more than six adults, or fewer than ``person``.

    Examples
    --------
    >>> kish_probability(2, 3), kish_probability(3, 5)
    (Fraction(1, 3), Fraction(1, 4))
    """
    size = _kish_size(adults)
    if whole(person, "The number of the person") > size:
        raise DesignRefused(
            f"There is no person {person} in a household of {adults} adults.",
            do="Number the adults from 1.",
        )
    chosen = (t for t, people in KISH_TABLES.items() if people[size - 1] == person)
    return Fraction(sum(KISH_TWELFTHS[table] for table in chosen), 12)


def _kish_size(adults: int) -> int:
    if whole(adults, "The number of adults") > KISH_MOST:
        raise DesignRefused(
            f"Kish's tables end at {KISH_MOST} adults, and the household has {adults}.",
            why="The seventh adult would never be asked.",
            do="Number the adults and draw one with random_person.",
        )
    return adults


def random_person(adults: int, rng: Generator) -> int:
    """Draw one of any number of adults with equal probabilities; return the number, from 1.

    Raises
    ------
    DesignRefused
        The number of adults is not whole.

    Examples
    --------
    >>> random_person(9, np.random.default_rng(1))
    5
    """
    return int(rng.random() * whole(adults, "The number of adults")) + 1


def last_birthday(birthdays: Sequence[tuple[int, int]], on: date) -> int:
    """Return the number of the adult who had a birthday last, counted from 1.

    Parameters
    ----------
    birthdays
        (month, day) of each adult; the 29th of February counts as that day in every year.
    on
        The day of the visit. A birthday on this day is the last one.

    Raises
    ------
    ValueRefused
        There is no such day in a year, nobody is listed, or two share the last birthday.

    Examples
    --------
    >>> last_birthday([(12, 31), (3, 5), (3, 7)], date(2026, 3, 6))
    2
    """
    days = [_checked_day(month, day) for month, day in birthdays]
    if not days:
        raise ValueRefused("No adult is listed.", do="List every adult with a birthday.")
    today = (on.month, on.day)
    latest = max(days, key=lambda day: (day <= today, day))
    if days.count(latest) > 1:
        raise ValueRefused(
            f"{days.count(latest)} adults share the last birthday ({latest[1]:02}.{latest[0]:02}).",
            why="The rule does not say which of them is to be asked.",
            do="Draw one of them with random_person.",
        )
    return days.index(latest) + 1


def _checked_day(month: int, day: int) -> tuple[int, int]:
    try:
        date(2024, month, day)  # a leap year has every day there is
    except ValueError as cause:
        raise ValueRefused(
            f"There is no day {day} in month {month}.", do="Give a birthday as (month, day)."
        ) from cause
    return month, day


def person_weights(household_weight: Floats, adults: Floats, asked: int = 1) -> Floats:
    """Return weights of persons: the household's weight times adults for each one asked.

    Parameters
    ----------
    household_weight
        Shape (n,).
    adults
        Shape (n,): how many adults each household has.
    asked
        How many of them are asked in each.

    Raises
    ------
    DesignRefused
        A household has fewer adults than are asked, or ``asked`` is not whole.

    Examples
    --------
    >>> person_weights(np.array([10.0, 10.0]), np.array([1.0, 3.0]))
    array([10., 30.])
    """
    few = np.flatnonzero(~(adults >= whole(asked, "The number of persons asked")))
    if few.size:
        raise DesignRefused(
            f"{asked} persons are asked for, and the household has {adults[few[0]]:g} adults.",
            where=f"row {int(few[0]) + 1}",
            do="Correct the number of adults, or leave such households to the next visit.",
        )
    return household_weight * adults / asked
