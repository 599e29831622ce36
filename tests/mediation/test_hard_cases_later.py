"""The hard cases of mediation, 15 to 28."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kelisim.core.errors import StepRefused
from kelisim.mediation.actions import deposit as deposits
from kelisim.mediation.actions.deposit import deposit, take_back
from kelisim.mediation.actions.destroy_keys import destroy_keys
from kelisim.mediation.actions.draft_clause import draft_clause
from kelisim.mediation.actions.freeze_text import clauses_of, faults_of, freeze_text, open_signing
from kelisim.mediation.actions.hand_over import hand_over
from kelisim.mediation.actions.keep_time import keep_time
from kelisim.mediation.actions.make_promises import break_promise
from kelisim.mediation.actions.open_round import open_round
from kelisim.mediation.actions.seat_people import promise_silence
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.apart import run_apart
from kelisim.mediation.keys.errors import KeyRefused
from kelisim.mediation.models import Compartment, Round, Seat
from kelisim.mediation.queries import lines, newest, notes_of
from kelisim.mediation.scope import answers_to
from kelisim.mediation.words import Kind, Part, Purpose, Room
from tests.mediation.play import Play, keyring, person

pytestmark = pytest.mark.django_db

POINTS = {"house": {"A": 60, "B": 0, "sell": 35}, "savings": 40}
OTHERS = {"house": {"A": 0, "B": 50, "sell": 45}, "savings": 50}


def mapped(play: Play) -> Play:
    room = newest(play.case, Room.JOINT)
    for name, options in (("house", ["A", "B", "sell"]), ("savings", [])):
        content = {"issue": name, "name": name, "options": options, "interests": {}}
        write(room, Kind.ISSUE, content, seat=play.seat(play.m), clock=play.clock)
    return play


def opened(play: Play, purpose: Purpose = Purpose.SUGGESTION, *, for_all: bool = False) -> Round:
    return open_round(
        play.seat(play.m), purpose, for_all=for_all, keyring=keyring(play.m), clock=play.clock
    )


def gives(play: Play, who: object, to: Round, **numbers: object) -> object:
    return deposit(
        play.seat(who),  # type: ignore[arg-type]  # somebody of the play
        to,
        numbers,
        keyring=keyring(who),  # type: ignore[arg-type]
        clock=play.clock,
    )


def test_15_an_incapable_person_is_referred() -> None:
    assert [rule.key for rule in answers_to({"incapable"})[0]] == ["incapable"]


def test_16_corruption_is_out_of_scope_and_found_out_later_is_referred() -> None:
    assert [rule.key for rule in answers_to({"corruption", "court"})[0]] == ["corruption"]
    play = Play().filed()
    take_step(play.case, "refer", by="registrar", seat=play.seat(play.registrar), clock=play.clock)
    assert play.state() == "referred"


def test_17_the_weaker_side_gets_a_day_to_ask_a_lawyer() -> None:
    play = Play().active()
    play.frozen()
    speak(play.seat(play.b), "cooling", yes=True, clock=play.clock)
    with pytest.raises(StepRefused):
        open_signing(play.mediators()[0], clock=play.clock)
    play.clock.on(1)
    open_signing(play.mediators()[0], clock=play.clock)
    assert play.state() == "signing"


def test_18_copied_and_lopsided_points_are_told_to_the_mediator_alone() -> None:
    play = mapped(Play().active())
    one = opened(play)
    lopsided = {"house": {"A": 100, "B": 0, "sell": 0}, "savings": 0}
    assert gives(play, play.a, one, points=lopsided, disagreement=0) is None
    gives(play, play.b, one, points=lopsided, disagreement=0)
    own = notes_of(play.mediators()[0])
    told = lines([own], keyring(play.m), Kind.SUGGESTION)[0].content
    assert {"same_points", "all_on_one_issue"} <= set(told["remarks"])
    assert not lines([newest(play.case, Room.JOINT)], keyring(play.a), Kind.SUGGESTION)
    with pytest.raises(KeyRefused):
        keyring(play.a).key(own)


def test_18_who_takes_the_numbers_back_while_they_are_computed_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    play = mapped(Play().active())
    one = opened(play, for_all=True)
    gives(play, play.a, one, points=POINTS, disagreement=0)

    def meanwhile(*told: object) -> object:
        take_back(play.seat(play.a), one)
        return run_apart(*told)  # type: ignore[arg-type]

    with monkeypatch.context() as slow:
        slow.setattr(deposits, "run_apart", meanwhile)
        assert gives(play, play.b, one, points=OTHERS, disagreement=0) is None
    joint = newest(play.case, Room.JOINT)
    assert not lines([joint], keyring(play.b), Kind.SUGGESTION)
    assert [kept.side for kept in one.deposits.all()] == ["b"]
    assert gives(play, play.a, one, points=POINTS, disagreement=0) is not None
    assert len(lines([joint], keyring(play.b), Kind.SUGGESTION)) == 1


def test_18_numbers_changed_while_the_old_ones_are_computed_give_one_suggestion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    play = mapped(Play().active())
    one = opened(play, for_all=True)
    gives(play, play.a, one, points=POINTS, disagreement=0)

    def meanwhile(*told: object) -> object:
        slow.undo()
        take_back(play.seat(play.a), one)
        assert gives(play, play.a, one, points=OTHERS, disagreement=0) is not None
        return run_apart(*told)  # type: ignore[arg-type]

    with monkeypatch.context() as slow:
        slow.setattr(deposits, "run_apart", meanwhile)
        assert gives(play, play.b, one, points=OTHERS, disagreement=0) is None
    assert len(lines([newest(play.case, Room.JOINT)], keyring(play.b), Kind.SUGGESTION)) == 1


def test_18_a_suggestion_needs_both_and_keeps_nobodys_points() -> None:
    play = mapped(Play().active())
    one = opened(play, for_all=True)
    assert gives(play, play.a, one, points=POINTS, disagreement=0) is None
    with pytest.raises(StepRefused):
        gives(play, play.a, one, points=POINTS, disagreement=0)
    gives(play, play.b, one, points=OTHERS, disagreement=0)
    told = lines([newest(play.case, Room.JOINT)], keyring(play.b), Kind.SUGGESTION)[0].content
    assert told["status"] == "found"
    assert {s["method"] for s in told["solutions"]} >= {"nash", "leximin"}
    assert all(s["status"] in ("proved", "bound") for s in told["solutions"])
    assert "points" not in told["solutions"][0]
    assert all(0 <= row["bits"] <= row["most_bits"] for row in told["reveals"])
    one.refresh_from_db()
    assert one.closed
    assert one.shares == {}
    assert not one.deposits.exists()
    with pytest.raises(KeyRefused):
        keyring(play.m).key(newest(play.case, Room.PREFERENCES, "a"))


def test_19_no_zone_of_agreement_reveals_nothing_but_not_yet() -> None:
    play = Play().active()
    one = opened(play, Purpose.BIDS, for_all=True)
    gives(play, play.a, one, limit=110.0)
    gives(play, play.b, one, limit=90.0)
    told = lines([newest(play.case, Room.JOINT)], keyring(play.b), Kind.SUGGESTION)[0].content
    assert told == {"purpose": "bids", "status": "not_yet"}
    two = opened(play, Purpose.BIDS, for_all=True)
    gives(play, play.a, two, limit=90.0)
    gives(play, play.b, two, limit=110.0)
    told = lines([newest(play.case, Room.JOINT)], keyring(play.a), Kind.SUGGESTION)[1].content
    assert told == {"purpose": "bids", "status": "agreed", "amount": 100.0}


def test_20_texts_that_disagree_cannot_be_signed_and_the_paper_says_which_prevails() -> None:
    play = Play().active().clauses()
    draft_clause(
        play.seat(play.b),
        clause="",
        section="other",
        texts={"kk": "500 теңге.", "ru": "500 тенге.", "en": "5,000 tenge."},
        clock=play.clock,
    )
    with pytest.raises(StepRefused) as refused:
        freeze_text(play.mediators()[0], keyring=keyring(play.m), clock=play.clock)
    assert "5000" in refused.value.why
    wrong = clauses_of(play.case, keyring(play.a))[-1]
    assert len(faults_of(play.case, [wrong])) == 4 + 4  # what is missing, and two ways each
    draft_clause(
        play.seat(play.a),
        clause=wrong.key,
        section="other",
        texts={},
        gone=True,
        clock=play.clock,
    )
    paper = freeze_text(play.mediators()[0], keyring=keyring(play.m), clock=play.clock)
    assert keyring(play.b).read(paper.writing)["language"] == "kk"


def test_21_a_signature_under_another_text_is_refused() -> None:
    play = Play().active()
    paper = play.signing()
    paper.digest = "0" * 64
    with pytest.raises(StepRefused):
        play.sign(paper, play.a)
    # Keys that were lent or revoked: tests/mediation/documents/test_papers.py.


def test_22_a_court_that_asks_for_caucus_records_can_be_given_no_more_than_boxes() -> None:
    play = Play().active()
    play.say(play.a, Room.CAUCUS, "In confidence", "a")
    room = newest(play.case, Room.CAUCUS, "a")
    assert b"confidence" not in bytes(room.writings.get().box)
    for who in (play.b, play.registrar):
        with pytest.raises(KeyRefused):
            keyring(who).read(room.writings.get())


def test_23_erasure_leaves_the_settlement() -> None:
    play = Play().active().settled()
    from kelisim.mediation.actions.make_promises import keep_promise

    keep_promise(play.seat(play.b), play.case.promises.get(), clock=play.clock)
    play.case.refresh_from_db()
    destroy_keys(play.case, reason="asked for", clock=play.clock)
    alive = Compartment.objects.filter(case=play.case, destroyed__isnull=True)
    assert [one.room for one in alive] == [Room.SETTLEMENT]
    assert lines(list(alive), keyring(play.b), Kind.TEXT)[0].content["clauses"]


def test_24_a_broken_promise_is_reminded_of_then_agreed_anew_or_enforced() -> None:
    play = Play().active().settled()
    promise = play.case.promises.get()
    play.clock.on((promise.due - date(2026, 3, 2)).days)
    assert keep_time(clock=play.clock)["reminded"] == 1
    break_promise(play.seat(play.a), promise, clock=play.clock)
    assert play.state() == "breached"
    about = f"anew:{promise.pk}:{(promise.due + timedelta(days=30)).isoformat()}"
    speak(play.seat(play.a), about, yes=True, clock=play.clock)
    assert play.state() == "breached"
    speak(play.seat(play.b), about, yes=True, clock=play.clock)
    assert play.state() == "performance"
    promise.refresh_from_db()
    assert promise.due == date(2026, 5, 31)
    break_promise(play.seat(play.a), promise, clock=play.clock)
    play.clock.on(15)
    keep_time(clock=play.clock)
    assert play.state() == "closed_enforcement"


def test_25_an_interpreter_comes_by_consent_of_both_and_an_error_reopens_the_text() -> None:
    play = Play().active()
    play.say(play.a, Room.JOINT, "Before the interpreter came")
    interpreter = person("interpreter")
    seat = Seat.objects.create(case=play.case, person=interpreter, part=Part.INTERPRETER)
    joint = newest(play.case, Room.JOINT)
    with pytest.raises(StepRefused):
        hand_over(joint, seat, by=play.seat(play.a), keyring=keyring(play.a))
    for who in (play.a, play.b):
        speak(play.seat(who), f"handover:{seat.pk}", yes=True, clock=play.clock)
    with pytest.raises(StepRefused, match="құпия"):
        hand_over(joint, seat, by=play.seat(play.a), keyring=keyring(play.a))
    promise_silence(seat, clock=play.clock)
    hand_over(joint, seat, by=play.seat(play.a), keyring=keyring(play.a))
    assert lines([joint], keyring(interpreter))
    caucus = newest(play.case, Room.CAUCUS, "a")
    with pytest.raises(StepRefused):
        hand_over(caucus, seat, by=play.mediators()[0], keyring=keyring(play.m))
    paper = play.signing()
    play.sign(paper, play.a)
    from kelisim.mediation.actions.freeze_text import reopen_text

    reopen_text(play.seat(play.b), by_party=True, clock=play.clock)
    assert play.state() == "active"
    with pytest.raises(StepRefused):
        play.sign(paper, play.b)


def test_26_recording_is_a_rule_and_no_technical_promise() -> None:
    from tests.house.inventory import ROOT

    told = (ROOT / "docs" / "mediation.md").read_text(encoding="utf-8")
    assert "recorded" in told


def test_27_after_the_death_of_a_party_the_mediator_ends_the_case() -> None:
    play = Play().active()
    take_step(play.case, "close", by="mediator", seat=play.mediators()[0], clock=play.clock)
    assert play.state() == "closed_by_mediator"


def test_28_a_dispute_in_court_or_mediated_before_is_warned_of_and_goes_on() -> None:
    out, warned = answers_to({"court", "again"})
    assert out == []
    assert {rule.key for rule in warned} == {"court", "again"}
