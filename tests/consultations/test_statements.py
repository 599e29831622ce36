"""Statements: what is one, what is said twice, who decides, who is asked again, and why."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.consultations import access, queries, tokens
from kelisim.consultations.actions.add_statement import MOST_OF_A_VOICE, propose
from kelisim.consultations.actions.appeal import appeal
from kelisim.consultations.actions.join import voice
from kelisim.consultations.actions.moderate import accept, judge, reject
from kelisim.consultations.actions.word import word
from kelisim.consultations.likeness import near
from kelisim.consultations.models import (
    Appeal,
    Consultation,
    Event,
    Kind,
    Participant,
    Reason,
    State,
    Statement,
)
from kelisim.consultations.refusals import Refused
from tests.consultations.making import vote
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(traffic: Consultation) -> Participant:
    return voice(traffic, tokens.fresh(), "ru")[0]


def said(traffic: Consultation, author: Participant, text: str) -> str:
    """Return the code of a refusal, or the words as they are kept."""
    try:
        return propose(traffic, author, text, "ru").words.text
    except Refused as refused:
        return refused.code


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("   ", "no-words"),
        ("!!! … —", "not-text"),
        ("😀🎉👍🏽", "not-text"),
        ("а" * 10_000, "too-long"),
        ("а" * 281, "too-long"),
        ("Больше деревьев 🌳 у дома", "Больше деревьев 🌳 у дома"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("المزيد من الأشجار", "المزيد من الأشجار"),
        ("Тихие\u202e улицы\u0000\n\nнужны", "Тихие улицы нужны"),
        ("автобусы ДОЛЖНЫ ходить чаще!", "same"),
    ],
)
def test_what_is_a_statement_and_what_is_not(
    traffic: Consultation, author: Participant, text: str, kept: str
) -> None:
    assert said(traffic, author, text) == kept
    assert traffic.statements.count() == 8 + (kept == " ".join(text.split()) or " улицы" in kept)


def test_a_script_in_a_statement_is_words_on_the_page(
    traffic: Consultation, author: Participant, scene: Cast
) -> None:
    made = propose(traffic, author, "<script>alert('1')</script> керек", "kk")
    page = signed_in(scene.of(Role.MODERATOR)).get(reverse("consultation-queue", args=["traffic"]))
    assert b"<script>alert" not in page.content
    assert "&lt;script&gt;alert" in page.content.decode()
    accept(made, by=scene.of(Role.MODERATOR))
    Statement.objects.exclude(pk=made.pk).update(state=State.REJECTED, reason=Reason.ADVERT)
    Consultation.objects.update(shelf=99)
    page = signed_in(None).get(reverse("consultation", args=["traffic"]))
    assert b"<script>alert" not in page.content
    assert "&lt;script&gt;alert" in page.content.decode()


def test_what_comes_close_is_shown_before_it_is_added(traffic: Consultation) -> None:
    client, address = signed_in(None), reverse("add-statement", args=["traffic"])
    text = "Автобусы должны ходить намного чаще"
    first = client.post(address, {"text": text})
    assert first.status_code == 422
    assert [one.number for one in first.context["alike"]] == [1]
    assert text in first.content.decode()
    assert client.post(address, {"text": text, "sure": "on"}).status_code == 302
    assert traffic.statements.get(number=9).state == State.WAITING


def test_near_finds_nothing_where_nothing_is_near(traffic: Consultation) -> None:
    assert near("Совсем другое дело", queries.wordings(traffic)) == []


def test_one_voice_adds_so_many_and_no_more(traffic: Consultation, author: Participant) -> None:
    for n in range(MOST_OF_A_VOICE):
        propose(traffic, author, f"Улица номер {n} должна быть тихой", "ru")
    assert said(traffic, author, "Ещё одна улица") == "no-more"


def test_a_decision_is_an_event_an_entry_and_a_reason_the_author_reads(
    traffic: Consultation, scene: Cast
) -> None:
    client = signed_in(None)
    client.get(reverse("consultation", args=["traffic"]))
    client.post(reverse("add-statement", args=["traffic"]), {"text": "Позвоните мне: 123"})
    statement = traffic.statements.get(number=9)
    moderator = signed_in(scene.of(Role.MODERATOR))
    decide = reverse("decide-statement", args=["traffic", 9])
    assert moderator.post(decide, {"reason": "because"}).status_code == 302
    statement.refresh_from_db()
    assert statement.state == State.WAITING
    moderator.post(decide, {"reason": "personal"})
    statement.refresh_from_db()
    assert (statement.state, statement.reason) == (State.REJECTED, Reason.PERSONAL)
    assert Event.objects.get(kind=Kind.MODERATION).verdict == "personal"
    assert Entry.objects.filter(action="consultations.moderate").count() == 1
    page = client.get(reverse("consultation", args=["traffic"])).content.decode()
    assert str(Reason.PERSONAL.label) in page
    other = signed_in(None).get(reverse("consultation", args=["traffic"])).content.decode()
    assert "Позвоните мне" not in other


def test_an_appeal_is_judged_by_somebody_else(
    traffic: Consultation, author: Participant, scene: Cast
) -> None:
    first, second = scene.of(Role.MODERATOR), scene.people["other", Role.MODERATOR]
    statement = propose(traffic, author, "Тихие дворы нужны всем", "ru")
    reject(statement, Reason.UNCLEAR, by=first)
    case = appeal(statement, "Что тут неясного?")
    with pytest.raises(Refused):
        appeal(statement, "И ещё раз")
    with pytest.raises(Http404):
        access.appeal(traffic, case.pk, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(decided_by=first, decided_at=statement.added_at, upheld=True)
    judge(access.appeal(traffic, case.pk, second), upheld=True, by=second)
    statement.refresh_from_db()
    assert statement.state == State.ACCEPTED
    told = queries.moderation(traffic)
    assert (told.added, told.accepted, told.appealed, told.upheld, told.dismissed) == (
        1,
        1,
        1,
        1,
        0,
    )
    assert [e.verdict for e in Event.objects.filter(kind=Kind.MODERATION).order_by("id")] == [
        "unclear",
        "appealed",
        "accepted",
    ]


def test_an_appeal_that_is_lost_leaves_the_decision(
    traffic: Consultation, author: Participant, scene: Cast
) -> None:
    statement = propose(traffic, author, "Купите мои шины", "ru")
    reject(statement, Reason.ADVERT, by=scene.of(Role.MODERATOR))
    judge(appeal(statement, "Хорошие!"), upheld=False, by=scene.people["other", Role.MODERATOR])
    statement.refresh_from_db()
    assert statement.state == State.REJECTED
    told = queries.moderation(traffic)
    assert (told.rejected, told.dismissed) == ([(str(Reason.ADVERT.label), 1)], 1)


def test_only_the_author_appeals(traffic: Consultation, author: Participant, scene: Cast) -> None:
    statement = propose(traffic, author, "Тихие дворы нужны всем", "ru")
    reject(statement, Reason.UNCLEAR, by=scene.of(Role.MODERATOR))
    address = reverse("appeal-statement", args=["traffic", statement.number])
    assert signed_in(None).post(address, {"words": "?"}).status_code == 404


def test_votes_of_a_rejected_statement_stay_and_come_back(
    traffic: Consultation, scene: Cast
) -> None:
    from kelisim.consultations import analysis

    statement, by = traffic.statements.get(number=3), scene.of(Role.MODERATOR)
    vote(traffic, tokens.fresh(), 3, 1)
    reject(statement, Reason.OFF_TOPIC, by=by)
    assert len(analysis.snapshot(traffic).signs) == 0
    accept(statement, by=by)
    assert len(analysis.snapshot(traffic).signs) == 1


def test_a_wording_is_a_variant_and_the_authors_words_stay(
    traffic: Consultation, author: Participant, scene: Cast
) -> None:
    statement, by = (
        propose(traffic, author, "Тихие дворы нужны всем", "ru"),
        scene.of(Role.MODERATOR),
    )
    word(statement, "kk", "Тыныш аулалар бәріне керек", by=by)
    word(statement, "kk", "Тыныш аула бәріне керек", by=by)
    assert statement.words_in("kk").text == "Тыныш аула бәріне керек"
    assert statement.words_in("en").lang == "ru"
    with pytest.raises(ValueError, match="never changed"):
        word(statement, "ru", "Другое", by=by)
