"""How it was: a link a side, answers joined to no name and no case, counts with intervals."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from kelisim.accounts.models import User
from kelisim.auditlog.models import Entry
from kelisim.mediation.actions.ask_feedback import ask_feedback, forget_when, survey_of
from kelisim.mediation.actions.keep_time import tick
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.feedback.counts import FEWEST, said
from kelisim.mediation.feedback.questionnaire import ANSWERS, ITEMS
from kelisim.mediation.models import Writing
from kelisim.mediation.words import Kind
from kelisim.surveys.answers import compact
from kelisim.surveys.models import Channel, Invitation, Submission, Survey
from kelisim.surveys.queries import form_of
from tests.mediation.play import Play, keyring, person
from tests.mediation.test_pages import Seen
from tests.web import organisation

pytestmark = pytest.mark.django_db


def left(play: Play) -> Play:
    take_step(play.case, "withdraw", by="respondent", seat=play.seat(play.b), clock=play.clock)
    return play


def secret_of(who: User) -> str:
    ring = keyring(who)
    found = Writing.objects.get(kind=Kind.FEEDBACK, compartment__copies__person=who)
    told: str = ring.read(found)["secret"]
    return told


def answered(client: Client, secret: str, choice: str) -> None:
    """Answer as a person does: begin, one screen after another, send."""
    place = client.post(f"/en/q/{secret}/")["Location"]
    for _screen in range(len(ITEMS) + 2):
        given = {"send": "1"} if place.endswith("finish") else {"next": "1"}
        place = client.post(place, given | dict.fromkeys(ITEMS, choice))["Location"]
        if "thanks" in place:
            return
    raise AssertionError(place)


def test_both_sides_are_asked_once_and_only_they_can_open_it() -> None:
    play = left(Play().active())
    assert ask_feedback(clock=play.clock) == 2
    assert ask_feedback(clock=play.clock) == 0
    first, second = secret_of(play.a), secret_of(play.b)
    assert first != second
    home = f"mediation/cases/{play.case.code}/"
    a, m = Seen(play.a), Seen(play.m)
    assert "four questions" in a.get(home)
    assert "four questions" not in m.get(home)
    m.get(f"{home}feedback/", expected=404)
    page = a.client.get(f"/en/{home}feedback/")
    assert page["Location"].endswith(f"/q/{first}/")
    answered(Client(), first, "agree")
    sent = Submission.objects.get()
    assert play.case.code.encode() not in bytes(sent.xml)
    assert Invitation.objects.get(used_on__isnull=False).batch == "2026-03"
    told = " ".join(
        f"{one.action} {one.facts}" for one in Entry.objects.filter(action__startswith="surveys")
    )
    assert play.case.code not in told
    assert Entry.objects.filter(action="surveys.invite", actor__isnull=False).count() == 0


def test_who_never_talked_or_was_stopped_is_not_asked() -> None:
    play = Play().both_in()
    take_step(play.case, "stop", by="registrar", seat=play.seat(play.registrar), clock=play.clock)
    other = Play(name="2").active()
    take_step(other.case, "stop", by="mediator", seat=other.seat(other.m), clock=other.clock)
    assert ask_feedback() == 0
    assert not Survey.objects.exists()


def test_an_answer_keeps_its_month_and_nothing_finer() -> None:
    survey = survey_of(organisation("centre"))
    assert survey_of(survey.organisation) == survey
    # Already the first of April in Almaty.
    sent(survey, "agree", at=datetime(2026, 3, 31, 20, 42, 7, tzinfo=UTC))
    for _twice in range(2):
        forget_when()
        assert Submission.objects.get().received_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert tick.call()["asked"] == 0


def sent(survey: Survey, choice: str, at: datetime, **other: str) -> None:
    questionnaire = survey.questionnaires.get()
    form = form_of(questionnaire)
    cells = "".join(f"<{item}>{other.get(item, choice)}</{item}>" for item in ITEMS)
    raw = f"<{form.root.name}>{cells}</{form.root.name}>".encode()
    Submission.objects.create(
        questionnaire=questionnaire,
        instance_id=secrets.token_hex(8),
        xml=raw,
        digest="x",
        channel=Channel.SELF,
        received_at=at,
        answers=compact(form, raw),
    )


def test_counts_are_shown_with_intervals_once_enough_have_answered() -> None:
    survey = survey_of(organisation("centre"))
    march = datetime(2026, 3, 17, tzinfo=UTC)
    for number in range(FEWEST):
        assert said(date(2026, 4, 2)) == [], number
        sent(survey, "agree" if number < 5 else "rather_not", march, mediator="rather")
    sent(survey, "skip", march, mediator="disagree")
    assert said(date(2026, 3, 31)) == [], "the month goes on"
    told = {one.item: one for one in said(date(2026, 4, 1))}
    fair = told["fair"]
    assert (fair.month, fair.asked, fair.yes) == ("2026-03", 10, 5)
    # R: binom.test(5, 10)$conf.int
    assert (fair.low, fair.high) == pytest.approx((0.187086, 0.812914), abs=1e-6)
    assert told["mediator"].asked == 11
    assert told["mediator"].yes is None, "one of eleven could be told"
    assert told["mediator"].share is None
    page = Seen(person("reader")).get("mediation/statistics/")
    assert "50" in page
    assert "18.7" in page


def test_the_questionnaire_passes_the_checks_and_speaks_three_languages() -> None:
    questionnaire = survey_of(organisation("centre")).questionnaires.get()
    assert [one for one in questionnaire.findings if one["grave"]] == []
    assert all(len(set(words)) == 3 for words in (*ITEMS.values(), *ANSWERS.values()))
