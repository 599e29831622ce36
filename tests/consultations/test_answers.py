"""What was asked of an office is owed, counted in public, and answered with reasons."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from kelisim.accounts.roles import Role
from kelisim.consultations import queries
from kelisim.consultations.actions.answer import answer
from kelisim.consultations.actions.follow import follow
from kelisim.consultations.actions.owe import owe
from kelisim.consultations.actions.prepare import write_clause
from kelisim.consultations.models import Consultation, Owed, Verdict
from kelisim.consultations.report import report_html
from kelisim.core.clock import KAZAKHSTAN_TIME, FixedClock, in_kazakhstan
from tests.consultations.making import asked
from tests.consultations.test_results import worked
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db

ASKED = FixedClock(datetime(2026, 3, 2, 12, tzinfo=KAZAKHSTAN_TIME))
DUE = date(2026, 3, 20)


def at(day: date) -> FixedClock:
    return FixedClock(datetime(day.year, day.month, day.day, 12, tzinfo=KAZAKHSTAN_TIME))


@pytest.fixture
def rows(traffic: Consultation, scene: Cast) -> list[Owed]:
    by = scene.of(Role.RESEARCHER)
    statements = traffic.statements.order_by("number")[:3]
    return owe(traffic, statements, scene.house, DUE, by=by, clock=ASKED)


def test_the_counter_counts_what_was_due(
    traffic: Consultation, scene: Cast, rows: list[Owed]
) -> None:
    by, why = scene.of(Role.CUSTOMER), {"kk": "Себебі бар."}
    answer(rows[0], Verdict.ACCEPTED, why, by=by, clock=at(DUE))
    answer(rows[1], Verdict.REJECTED, why, by=by, clock=at(DUE + timedelta(days=1)))
    before = queries.answers(traffic.owed.all(), at(DUE).now())
    assert (before.on_time, before.due) == (1, 2)
    after = queries.answers(traffic.owed.all(), at(DUE + timedelta(days=2)).now())
    assert (after.on_time, after.due, after.overdue) == (1, 3, [rows[2]])


def test_a_day_ends_when_it_ends_in_kazakhstan(traffic: Consultation, rows: list[Owed]) -> None:
    last = datetime(DUE.year, DUE.month, DUE.day, 23, 59, tzinfo=KAZAKHSTAN_TIME)
    assert queries.answers(traffic.owed.all(), last).overdue == []
    next_day = last + timedelta(minutes=2)
    assert len(queries.answers(traffic.owed.all(), next_day).overdue) == 3


def test_the_report_says_what_is_overdue_late_and_changed(scene: Cast) -> None:
    by = scene.of(Role.CUSTOMER)
    traffic = asked(scene.house, scene.of(Role.RESEARCHER), clause=True)
    clause = traffic.statements.get(number=1).clause
    assert clause is not None
    texts = {"kk": "Кіру ақысы — 300 теңге."}
    after = write_clause(clause.draft, "12", texts, by=scene.of(Role.RESEARCHER))
    asked_of = traffic.statements.order_by("number")[:2]
    rows = owe(traffic, asked_of, scene.house, DUE, by=scene.of(Role.RESEARCHER), clock=ASKED)
    before = clause.texts.get(version=1)
    late = at(DUE + timedelta(days=1))
    why = {"kk": "Ақы азайды."}
    answer(rows[0], Verdict.PARTLY, why, by=by, before=before, after=after, clock=late)
    with translation.override("en"):
        text = report_html(traffic)
    assert '<html lang="en">' in text
    assert '<input type="radio" name="language" id="in-en" autocomplete="off"' in text
    for said in (
        "0 of 2 answers that were due came on time · 1 is overdue",
        "none yet, and it is overdue",
        "Partly accepted, March 21, 2026, after its day",
        "Clause 12, before",
        "Clause 12, after",
        "Кіру ақысы — 300 теңге.",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("days", "said"), [(3, "3 days left"), (0, "last day"), (-1, "1 day late")]
)
def test_an_office_sees_how_many_days_are_left(
    traffic: Consultation, scene: Cast, days: int, said: str
) -> None:
    due = in_kazakhstan(timezone.now()).date() + timedelta(days=days)
    by = scene.of(Role.RESEARCHER)
    owe(traffic, traffic.statements.filter(number=1), scene.house, due, by=by, clock=ASKED)
    with translation.override("en"):
        page = signed_in(scene.of(Role.CUSTOMER)).get(reverse("owed-answers"))
    assert said in page.content.decode()


def test_an_answer_shows_the_clause_before_and_after(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    traffic = asked(scene.house, by, clause=True)
    statement = traffic.statements.get(number=2)
    clause = statement.clause
    assert clause is not None
    after = write_clause(clause.draft, "12", {"kk": "Кіру ақысы — 300 теңге."}, by=by)
    (row,) = owe(traffic, [statement], scene.house, DUE, by=by, clock=ASKED)
    office = signed_in(scene.of(Role.CUSTOMER))
    address = reverse("owed-answer", args=[row.pk])
    first = clause.texts.get(version=1)
    wrong = {"verdict": "partly", "kk": "Ақы азайды.", "before": after.pk, "after": first.pk}
    assert office.post(address, wrong).status_code == 422
    assert office.post(address, wrong | {"after": ""}).status_code == 422
    assert office.post(address, {"verdict": "partly"}).status_code == 422
    right = wrong | {"before": first.pk, "after": after.pk}
    assert office.post(address, right).status_code == 302
    page = signed_in(None).get(reverse("consultation-answers", args=["traffic"])).content.decode()
    assert "<del>Кіру ақысы — 500 теңге.</del>" in page
    assert "<ins>Кіру ақысы — 300 теңге.</ins>" in page
    assert "Ақы азайды." in page


def test_overdue_answers_stand_out(scene: Cast, rows: list[Owed]) -> None:
    page = signed_in(None).get(reverse("consultation-answers", args=["traffic"]))
    assert page.content.decode().count('class="overdue"') == 3
    mine = signed_in(scene.of(Role.CUSTOMER)).get(reverse("owed-answers")).content.decode()
    assert mine.count('class="overdue"') == 3


def test_whoever_follows_is_told_that_there_is_an_answer_and_nothing_of_it(
    traffic: Consultation, scene: Cast, rows: list[Owed]
) -> None:
    follow(traffic, scene.stranger)
    scene.stranger.language = "ru"
    scene.stranger.save()
    follow(traffic, scene.of(Role.CITIZEN))
    assert follow(traffic, scene.of(Role.CITIZEN)) is False
    by = scene.of(Role.CUSTOMER)
    why = {"kk": "Құпия емес."}
    answer(rows[0], Verdict.ACCEPTED, why, by=by, address="https://kelisim.kz", clock=at(DUE))
    worked()
    (letter,) = mail.outbox
    assert letter.to == ["stranger@example.kz"]
    assert "https://kelisim.kz/ru/consultations/traffic/answers/" in letter.body
    assert "Құпия" not in letter.body
    assert "Автобус" not in letter.body


def test_a_statement_is_owed_one_answer(
    traffic: Consultation, scene: Cast, rows: list[Owed]
) -> None:
    by = scene.of(Role.RESEARCHER)
    again = owe(traffic, traffic.statements.all()[:3], scene.other, DUE, by=by, clock=ASKED)
    assert again == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Owed.objects.filter(pk=rows[0].pk).update(verdict="accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Owed.objects.filter(pk=rows[0].pk).update(due_on=date(2020, 1, 1))


def test_an_office_answers_for_itself_alone(scene: Cast, rows: list[Owed]) -> None:
    stranger = signed_in(scene.people["other", Role.CUSTOMER])
    assert stranger.get(reverse("owed-answer", args=[rows[0].pk])).status_code == 404
    assert b"overdue" not in stranger.get(reverse("owed-answers")).content


def test_statements_are_put_before_an_office_on_the_page(
    traffic: Consultation, scene: Cast
) -> None:
    client = signed_in(scene.of(Role.RESEARCHER))
    address = reverse("owe-answers", args=["traffic"])
    due = timezone.localdate() + timedelta(days=30)
    sent = {"owe-office": scene.house.pk, "owe-due": due.isoformat(), "owe-statements": [1, 4]}
    assert client.post(address, sent | {"owe-due": "2020-01-01"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert set(traffic.owed.values_list("statement__number", flat=True)) == {1, 4}
