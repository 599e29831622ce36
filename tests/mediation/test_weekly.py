"""Counts for the early warning: in the columns it reads, of finished weeks, none that is small."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from kelisim.mediation.models import Case, Passage
from kelisim.mediation.statistics import weekly
from kelisim.mediation.words import Topic
from tests.mediation.play import person
from tests.mediation.test_pages import Seen
from tests.web import organisation

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 12, 28, 6, 0, tzinfo=UTC)


def brought(count: int, at: datetime, region: str = "KZ-75", topic: Topic = Topic.LAND) -> None:
    centre = organisation(secrets.token_hex(4))
    for _number in range(count):
        code = secrets.token_hex(4).upper()
        case = Case.objects.create(code=code, centre=centre, region=region, topic=topic)
        Passage.objects.create(case=case, step="file", source="draft", target="triage", at=at)


def test_a_week_is_listed_once_it_is_over_and_its_number_is_not_small() -> None:
    brought(6, MONDAY)
    brought(4, MONDAY, region="KZ-10")
    assert weekly(date(2027, 1, 3)) == [], "the week goes on"
    # The last days of 2026 and the first of 2027 are one ISO week.
    assert weekly(date(2027, 1, 4)) == [], "one number kept back would give the other away"
    brought(4, MONDAY, region="KZ-11")
    assert weekly(date(2027, 1, 4)) == [("2026-W53", "KZ-75", "land", 6)]


def test_a_day_is_that_of_kazakhstan() -> None:
    brought(5, datetime(2026, 12, 27, 20, 0, tzinfo=UTC))
    assert [row[0] for row in weekly(date(2027, 2, 1))] == ["2026-W53"]


def test_no_small_number_follows_from_what_is_listed() -> None:
    """Whoever knows the total of a week cannot subtract down to fewer than five cases."""
    for week in range(4):
        for number, region in enumerate(("KZ-10", "KZ-11", "KZ-75")):
            brought(2 + 3 * number + week, MONDAY + timedelta(weeks=week), region=region)
    told = weekly(date(2027, 6, 1))
    assert all(count >= 5 for *_cell, count in told)
    totals = Counter(p.at.isocalendar()[:2] for p in Passage.objects.all())
    for (year, week), total in totals.items():
        listed = [row for row in told if row[0] == f"{year}-W{week:02d}"]
        rest = total - sum(row[3] for row in listed)
        assert len(listed) == 3 or rest >= 5, (week, listed, total)


def test_the_file_has_the_columns_of_the_early_warning() -> None:
    brought(7, datetime(2026, 3, 17, tzinfo=UTC))
    seen = Seen(person("reader"))
    text = seen.client.get("/en/mediation/statistics/disputes.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows == [{"week": "2026-W12", "region": "KZ-75", "topic": "land", "count": "7"}]
    assert "disputes.csv" in seen.get("mediation/statistics/")
