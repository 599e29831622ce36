"""Time is an argument: aware, in UTC inside, in the time of Kazakhstan for a reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.clock import (
    KAZAKHSTAN_TIME,
    Clock,
    FixedClock,
    SystemClock,
    in_kazakhstan,
    in_utc,
)
from kelisim.core.errors import ValueRefused

MOMENTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def test_the_clock_of_the_machine_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_fixed_clock_stands_still() -> None:
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=KAZAKHSTAN_TIME)
    clock: Clock = FixedClock(moment)
    assert clock.now() == clock.now() == moment
    assert clock.now().utcoffset() == timedelta(0)


def test_kazakhstan_keeps_one_time_since_march_2024() -> None:
    before = in_kazakhstan(datetime(2024, 2, 29, 17, 59, tzinfo=UTC))
    after = in_kazakhstan(datetime(2024, 2, 29, 18, 1, tzinfo=UTC))
    assert (before.utcoffset(), after.utcoffset()) == (timedelta(hours=6), timedelta(hours=5))
    assert in_kazakhstan(datetime(2026, 7, 1, tzinfo=UTC)).utcoffset() == timedelta(hours=5)


@given(MOMENTS, st.integers(-14, 14))
@settings(deadline=None, max_examples=50)
def test_a_moment_is_the_same_moment_in_every_zone(moment: datetime, hours: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert in_utc(elsewhere) == in_kazakhstan(elsewhere) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001
    for refused in (FixedClock, in_utc, in_kazakhstan):
        with pytest.raises(ValueRefused, match=r"2026-11-22T09:30:00 has no time zone.*\+05:00"):
            refused(naive)
