"""Votes are taken once, kept for ever, and refused with a sentence when they are not votes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from kelisim.accounts.models import User
from kelisim.accounts.roles import Role
from kelisim.consultations import tokens
from kelisim.consultations.actions.cast_votes import MOST_A_MINUTE, Ballot, cast_votes
from kelisim.consultations.actions.moderate import reject
from kelisim.consultations.models import Consultation, Entry, Event, Kind, Participant, Reason
from kelisim.consultations.refusals import SENTENCES, Refused
from kelisim.core.clock import FixedClock
from tests.consultations.making import asked, refusal, vote, votes_logged
from tests.web import cast

pytestmark = pytest.mark.django_db


def test_a_vote_is_logged_with_the_display_of_the_next_statement(traffic: Consultation) -> None:
    taken = vote(traffic, tokens.fresh(), 1, 1)
    assert votes_logged(traffic) == [(1, 1)]
    shown = Event.objects.get(kind=Kind.DISPLAY)
    assert taken.next is not None
    assert shown.statement_id == taken.next.pk
    assert shown.probability == pytest.approx(1 / 7)
    assert shown.even is True


def test_a_second_thought_is_added_and_the_first_stays(traffic: Consultation) -> None:
    token = tokens.fresh()
    vote(traffic, token, 1, 1)
    vote(traffic, token, 1, -1)
    assert votes_logged(traffic) == [(1, 1), (1, -1)]


def test_the_same_vote_sent_twice_is_one_vote(traffic: Consultation) -> None:
    token = tokens.fresh()
    first = vote(traffic, token, 1, 1)
    again = vote(traffic, token, 1, 1)
    assert votes_logged(traffic) == [(1, 1)]
    assert first.next == again.next
    assert Event.objects.filter(kind=Kind.DISPLAY).count() == 1


@pytest.mark.parametrize("choice", [2, -2, 10**30, 0.5, "1", "", None, True, [1], {"a": 1}])
def test_what_is_no_vote_is_refused_and_leaves_nothing(
    traffic: Consultation, choice: object
) -> None:
    assert refusal(traffic, tokens.fresh(), 1, choice) == "not-a-vote"
    assert not Event.objects.filter(kind=Kind.VOTE).exists()
    assert not Participant.objects.exists()


@pytest.mark.parametrize("number", [0, -1, 99, 10**30, "1", None, 1.5, True, []])
def test_an_unknown_statement_is_refused(traffic: Consultation, number: object) -> None:
    assert refusal(traffic, tokens.fresh(), number, 1) == "no-statement"
    assert not Participant.objects.exists()


def test_a_statement_that_was_taken_out_is_refused(traffic: Consultation) -> None:
    statement = traffic.statements.get(number=2)
    reject(statement, Reason.OFF_TOPIC, by=moderator(traffic))
    assert refusal(Consultation.objects.get(pk=traffic.pk), tokens.fresh(), 2, 1) == "no-statement"


def moderator(traffic: Consultation) -> User:
    return traffic.organisation.memberships.get(role=Role.MODERATOR).person


def test_ten_thousand_votes_a_minute_are_mostly_refused(traffic: Consultation) -> None:
    token, now = tokens.fresh(), timezone.now()
    ballots = [
        Ballot(traffic.slug, token, 1 + n % 8, (-1) ** (n // 8), "kk") for n in range(10_000)
    ]
    taken = [
        one
        for n in range(0, 10_000, 500)
        for one in cast_votes(ballots[n : n + 500], clock=FixedClock(now))
    ]
    refused = [one.code for one in taken if isinstance(one, Refused)]
    assert len(votes_logged(traffic)) == MOST_A_MINUTE
    assert set(refused) == {"too-fast"}
    (later,) = cast_votes([ballots[0]], clock=FixedClock(now + timedelta(seconds=61)))
    assert not isinstance(later, Refused)


def test_votes_are_taken_only_while_it_is_open(traffic: Consultation) -> None:
    for field, moment in (("opens_at", timedelta(days=1)), ("closes_at", timedelta(hours=-1))):
        was = getattr(traffic, field)
        Consultation.objects.filter(pk=traffic.pk).update(**{field: timezone.now() + moment})
        assert refusal(traffic, tokens.fresh(), 1, 1) == "not-open"
        Consultation.objects.filter(pk=traffic.pk).update(**{field: was})


def test_who_needs_a_code_cannot_make_up_a_voice() -> None:
    scene = cast()
    closed = asked(scene.house, scene.of(Role.RESEARCHER), entry=Entry.CODE)
    assert refusal(closed, tokens.fresh(), 1, 1) == "no-voice"
    assert refusal(closed, "", 1, 1) == "no-voice"


def test_a_batch_takes_what_is_good_and_refuses_the_rest(traffic: Consultation) -> None:
    one, two = tokens.fresh(), tokens.fresh()
    batch = [
        Ballot("traffic", one, 1, 1, "kk"),
        Ballot("nowhere", one, 1, 1, "kk"),
        Ballot("traffic", two, 1, 5, "ru"),
        Ballot("traffic", two, 1, -1, "ru"),
        Ballot("traffic", "short", 1, -1, "ru"),
    ]
    taken = cast_votes(batch)
    codes = [one.code if isinstance(one, Refused) else "taken" for one in taken]
    assert codes == ["taken", "no-consultation", "not-a-vote", "taken", "no-voice"]
    assert votes_logged(traffic) == [(1, 1), (1, -1)]
    assert set(Participant.objects.values_list("language", flat=True)) == {"kk", "ru"}


def test_the_table_itself_holds_what_a_vote_is(traffic: Consultation) -> None:
    vote(traffic, tokens.fresh(), 1, 1)
    voice, statement = Participant.objects.get(), traffic.statements.get(number=1)
    common = {"consultation": traffic, "statement": statement, "at": timezone.now()}
    for wrong in (
        {"kind": "vote", "vote": 2, "participant": voice},
        {"kind": "vote", "vote": None, "participant": voice},
        {"kind": "vote", "vote": 1, "participant": None},
        {"kind": "display", "probability": 0.0, "even": True, "participant": voice},
        {"kind": "display", "probability": 1.5, "even": True, "participant": voice},
        {"kind": "moderation", "verdict": ""},
        {"kind": "submission", "vote": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.create(**common, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(consultation=traffic, token=voice.token, language="kk")


def test_the_log_is_never_rewritten(traffic: Consultation) -> None:
    vote(traffic, tokens.fresh(), 1, 1)
    event = Event.objects.first()
    assert event is not None
    with pytest.raises(TypeError, match="never changed"):
        event.save()
    with pytest.raises(TypeError, match="never removed"):
        event.delete()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_refusal_is_a_sentence_in_three_languages(language: str) -> None:
    with translation.override(language):
        for code in SENTENCES:
            assert Refused(code).sentence.endswith(".")
