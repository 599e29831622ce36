"""Statutory dates over leap years, holidays, extensions, silence and withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import RuleRefused, ValueRefused
from kelisim.engine.settlement.deadlines import Deadline, Events, deadlines, read_events
from kelisim.engine.settlement.holidays import KAZAKHSTAN_HOLIDAYS, Holidays
from kelisim.engine.settlement.law import KAZAKHSTAN, TERM, LegalProfile, profile_on


def dates(today: str, **events: Any) -> list[Deadline]:
    return list(deadlines(read_events(events), date.fromisoformat(today)))


def told(found: list[Deadline]) -> list[tuple[str, str, str]]:
    return [(d.rule.key, d.last_day.isoformat(), d.state) for d in found]


@pytest.mark.parametrize(
    ("concluded", "last"),
    [
        ("2024-01-31", "2024-03-01"),  # a leap year
        ("2023-01-31", "2023-03-02"),
        ("2028-02-01", "2028-03-02"),
        ("2100-01-31", "2100-03-02"),  # no leap year
        ("2025-12-15", "2026-01-14"),
    ],
)
def test_thirty_days_over_the_end_of_february(concluded: str, last: str) -> None:
    assert told(dates(concluded, agreement_concluded=concluded)) == [("term", last, "open")]


@pytest.mark.parametrize(
    ("concluded", "agreed", "last"),
    [("2024-01-15", "2024-02-14", "2024-03-15"), ("2023-01-15", "2023-02-14", "2023-03-16")],
)
def test_an_extension_on_day_thirty_makes_sixty_days(
    concluded: str, agreed: str, last: str
) -> None:
    found = dates(agreed, agreement_concluded=concluded, extended={"on": agreed, "days": 30})
    assert told(found) == [("extension", last, "open")]
    assert date.fromisoformat(last) - date.fromisoformat(concluded) == timedelta(days=60)


def test_an_extension_on_day_thirty_one_is_too_late() -> None:
    with pytest.raises(RuleRefused, match="after the term had ended on 2024-02-14"):
        dates(
            "2024-02-15",
            agreement_concluded="2024-01-15",
            extended={"on": "2024-02-15", "days": 30},
        )


def test_an_extension_may_not_exceed_the_whole_term() -> None:
    with pytest.raises(RuleRefused, match="31 days is longer than the 30 days allowed"):
        dates(
            "2024-02-01",
            agreement_concluded="2024-01-15",
            extended={"on": "2024-02-01", "days": 31},
        )


def test_ten_days_of_silence_are_a_refusal() -> None:
    assert told(dates("2026-03-12", proposal_sent="2026-03-02")) == [
        ("silence", "2026-03-12", "open")
    ]
    assert told(dates("2026-03-13", proposal_sent="2026-03-02"))[0][2] == "passed"
    answered = dates("2026-05-01", proposal_sent="2026-03-02", proposal_answered="2026-03-12")
    assert answered[0].state == "met"
    late = dates("2026-05-01", proposal_sent="2026-03-02", agreement_concluded="2026-03-13")
    assert told(late)[0] == ("silence", "2026-03-12", "passed")


def test_ten_working_days_of_a_court_skip_weekends_and_nauryz() -> None:
    found = dates("2026-03-16", court_suspended="2026-03-13")
    # 16-20 March, then Nauryz on 21-23 with two days moved to 24 and 25, then 26, 27, 30, 31, 1.
    assert told(found) == [("court", "2026-04-01", "open")]
    assert dates("2026-04-02", court_suspended="2026-03-13")[0].state == "passed"
    resumed = dates("2026-04-02", court_suspended="2026-03-13", court_resumed="2026-03-20")
    assert resumed[0].state == "met"


def test_a_party_that_leaves_on_day_fifty_nine_closes_the_term() -> None:
    found = dates(
        "2026-05-01",
        agreement_concluded="2026-01-05",
        extended={"on": "2026-02-04", "days": 30},
        withdrawn="2026-03-05",
    )
    assert date(2026, 3, 5) - date(2026, 1, 5) == timedelta(days=59)
    assert told(found) == [("extension", "2026-03-06", "closed")]
    on_time = dates("2026-05-01", agreement_concluded="2026-01-05", settled="2026-02-04")
    assert on_time[0].state == "met"
    late = dates("2026-05-01", agreement_concluded="2026-01-05", settled="2026-02-05")
    assert late[0].state == "passed"


def test_a_last_day_on_a_holiday_is_said_and_not_moved() -> None:
    (found,) = dates("2026-02-20", agreement_concluded="2026-02-06")
    assert found.last_day == date(2026, 3, 8)
    assert found.working_day is False
    (unknown,) = dates("2031-01-01", agreement_concluded="2031-01-01")
    assert unknown.working_day is None


def test_a_moment_counts_on_its_day_in_almaty() -> None:
    evening = read_events({"proposal_sent": "2026-03-01T20:30:00+00:00"})
    assert evening.on["proposal_sent"] == date(2026, 3, 2)
    with pytest.raises(ValueRefused, match="has no time zone"):
        read_events({"proposal_sent": "2026-03-01T20:30:00"})


def test_every_date_names_its_article_and_that_nobody_confirmed_it() -> None:
    for found in dates(
        "2026-03-16",
        proposal_sent="2026-03-01",
        agreement_concluded="2026-03-02",
        court_suspended="2026-03-13",
    ):
        assert found.rule.article
        assert found.rule.source
        assert not found.rule.confirmed


def test_a_case_keeps_the_profile_of_its_day() -> None:
    shorter = tuple(
        replace(r, days=20, reviewer="A lawyer", reviewed_on=date(2026, 5, 1))
        if r.key == TERM
        else r
        for r in KAZAKHSTAN.rules
    )
    new = LegalProfile("KZ", "KZ-test/2027", date(2027, 1, 1), shorter)
    profiles = (new, KAZAKHSTAN)
    assert profile_on(date(2026, 12, 31), profiles) is KAZAKHSTAN
    assert profile_on(date(2027, 1, 1), profiles) is new
    assert new.rule(TERM).confirmed
    events = Events({"agreement_concluded": date(2027, 1, 1)})
    (found,) = deadlines(events, date(2027, 1, 2), profile=new)
    assert found.last_day == date(2027, 1, 21)


def test_a_day_or_a_rule_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(RuleRefused, match="No rules on mediation are known for 1999-01-01"):
        dates("1999-01-01", agreement_concluded="1999-01-01")
    with pytest.raises(RuleRefused, match="There is no rule 'tea'"):
        KAZAKHSTAN.rule("tea")
    with pytest.raises(RuleRefused, match="The holidays of 2040 are not in the table"):
        dates("2040-01-01", court_suspended="2040-01-01")


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ({}, "Nothing has happened"),
        ({"agreement_conclude": "2026-01-01"}, "Did you mean 'agreement_concluded'?"),
        ({"withdrawn": "2026-02-30"}, "'2026-02-30' is not a day"),
        ({"withdrawn": 5}, "'5' is not a day"),
        ({"extended": "2026-02-03"}, "does not say on which day"),
        ({"extended": {"on": "2026-02-03", "days": 0}}, "does not say on which day"),
        ({"extended": {"on": "2026-02-03", "days": 9}}, "no mediation agreement was concluded"),
        (
            {"proposal_sent": "2026-02-03", "agreement_concluded": "2026-02-02"},
            "is before 'proposal_sent'",
        ),
        (
            {"agreement_concluded": "2026-02-03", "settled": "2026-02-02"},
            "is before 'agreement_concluded'",
        ),
    ],
)
def test_events_that_make_no_sense_are_refused(events: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        deadlines(read_events(events), date(2026, 3, 1))
    assert words in str(refused.value)
    assert refused.value.do


@given(st.dates(date(2023, 1, 1), date(2027, 10, 1)), st.integers(1, 10))
def test_so_many_working_days_lie_after_the_start(start: date, days: int) -> None:
    last = KAZAKHSTAN_HOLIDAYS.after(start, days)
    between = [start + timedelta(days=k) for k in range(1, (last - start).days + 1)]
    assert sum(map(KAZAKHSTAN_HOLIDAYS.is_working, between)) == days
    assert KAZAKHSTAN_HOLIDAYS.is_working(last)


def test_the_table_of_holidays_can_be_another() -> None:
    bare = Holidays("test", range(2026, 2027), {}, confirmed=True)
    events = read_events({"court_suspended": "2026-03-13"})
    (found,) = deadlines(events, date(2026, 3, 13), holidays=bare)
    assert found.last_day == date(2026, 3, 27)
