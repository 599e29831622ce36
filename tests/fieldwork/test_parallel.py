"""Numbers to call and contacts, wanted by many at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from kelisim.accounts.models import User
from kelisim.core.clock import FixedClock
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.actions.take_number import take_number
from kelisim.fieldwork.models import Contact, Psu, Unit
from kelisim.fieldwork.outcomes import Outcome
from tests.fieldwork.field import field

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
NOON = FixedClock(datetime(2026, 3, 2, 7, tzinfo=UTC))
CROWD = 12


def together(work: Callable[[int], T]) -> list[T]:
    """Do a piece of work in many threads that begin at one moment."""
    start = Barrier(CROWD)

    def one(number: int) -> T:
        start.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def test_nobody_is_called_by_two_people_at_once() -> None:
    survey = field().survey
    psu = Psu.objects.create(survey=survey, code="p")
    for n in range(CROWD - 2):
        Unit.objects.create(survey=survey, psu=psu, code=f"{n}", chance=1, weight=1, phone=f"{n}")
    people = [User.objects.create_user(f"{n}@house.kz") for n in range(CROWD)]
    taken = together(lambda n: take_number(survey=survey, by=people[n], clock=NOON))
    numbers = [unit.pk for unit in taken if unit is not None]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) >= 1
    # Rows that somebody was just taking are passed over: those asked again until all have one.
    again = {take_number(survey=survey, by=person, clock=NOON) for person in people}
    assert len(again - {None}) == CROWD - 2


def test_contacts_recorded_at_once_are_all_counted() -> None:
    given = field()
    psu = Psu.objects.create(survey=given.survey, code="p")
    unit = Unit.objects.create(survey=given.survey, psu=psu, code="1", chance=1, weight=1)
    who = User.objects.create_user("who@house.kz")
    together(lambda _n: record_contact(unit=unit, outcome=Outcome.NO_CONTACT, by=who))
    unit.refresh_from_db()
    assert unit.attempts == Contact.objects.count() == CROWD
