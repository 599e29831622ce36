"""Who speaks for a side may change during the talks: what opens to whom then, and what does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from kelisim.accounts.models import User
from kelisim.auditlog.models import Entry
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_screening import answer_screening
from kelisim.mediation.actions.ask_feedback import ask_feedback
from kelisim.mediation.actions.declare import declare, owes_declaration
from kelisim.mediation.actions.deposit import deposit
from kelisim.mediation.actions.draft_agreement import draft_agreement
from kelisim.mediation.actions.freeze_text import freeze_text, open_signing
from kelisim.mediation.actions.hand_over import let_in
from kelisim.mediation.actions.open_round import open_round
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.seat_people import (
    may_release,
    promise_silence,
    release,
    seat_person,
)
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.keys.errors import KeyRefused
from kelisim.mediation.models import Compartment, Copy, Writing
from kelisim.mediation.papers import AGREEMENT
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Kind, Part, Purpose, Room
from tests.mediation.play import SAFE, Play, keyring, mediator, person
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db

FIELDS = {key: f"Words on {key}" for key, _label in AGREEMENT}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def path(play: Play) -> str:
    return f"mediation/cases/{play.case.code}/people/"


def named(play: Play, name: str = "second") -> User:
    """Return somebody whom the first side has named."""
    who = person(name)
    seat_person(play.seat(play.a), who.email, Part.PARTY, clock=play.clock)
    return who


def joined(play: Play, name: str = "second") -> User:
    """Return somebody who speaks for the first side as well, with its rooms open to them."""
    who = named(play, name)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    promise_silence(play.seat(who), clock=play.clock)
    let_in(play.seat(who), by=play.seat(play.a), keyring=keyring(play.a))
    return who


def readable(play: Play, who: User) -> set[tuple[str, str]]:
    """Return the rooms that somebody's key opens, by trying it on every writing of the case."""
    ring, found = keyring(who), set()
    for writing in Writing.objects.filter(compartment__case=play.case):
        try:
            ring.read(writing)
        except KeyRefused:
            continue
        found.add((writing.compartment.room, writing.compartment.side))
    return found


def spoken(play: Play) -> Play:
    """Return a case in which something stands in every room."""
    play.say(play.a, Room.JOINT, "Said before they came")
    for side, who in (("a", play.a), ("b", play.b)):
        play.say(who, Room.CAUCUS, "In confidence", side)
        own = newest(play.case, Room.PREFERENCES, side)
        write(own, Kind.POINTS, {"points": {}}, seat=play.seat(who), clock=play.clock)
    play.say(play.m, Room.NOTES, "A note")
    return play


def test_a_representative_who_comes_during_the_talks_opens_what_their_side_opens() -> None:
    play = spoken(Play().active())
    who = person("second")
    a, b, m, new = (Seen(one) for one in (play.a, play.b, play.m, who))
    home = f"mediation/cases/{play.case.code}/"
    a.post(path(play), what="seat", part="party", email=who.email)
    seat = str(play.seat(who).pk)
    assert readable(play, who) == set()
    assert "not let in yet" in m.get(home)
    assert "conflicts of interest" in m.get(home)
    assert "private questions" in new.get(home)
    assert "/papers/" not in new.get(home)
    assert "once they have answered the safety questions" in a.get(path(play))
    assert "has not answered the safety" in a.post(path(play), 422, what="side", seat=seat)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    assert "Promise confidentiality" in new.get(home)
    assert "has not promised" in a.post(path(play), 422, what="side", seat=seat)
    assert "mediation agreement" in new.get(path(play))
    new.post(path(play), what="promise")
    b.post(path(play), 422, what="side", seat=seat)
    m.post(path(play), 404, what="side", seat=seat)
    new.post(path(play), 422, what="side", seat=seat)
    assert readable(play, who) == {("screening", "a")}
    assert "open to our side" in a.get(path(play))
    a.post(path(play), what="side", seat=seat)
    rooms = {("screening", "a"), ("joint", ""), ("settlement", ""), ("caucus", "a")}
    assert readable(play, who) == rooms
    assert "/papers/" in new.get(home)
    assert "Said before" in new.get(f"{home}rooms/joint/")
    assert "In confidence" in new.get(f"{home}rooms/caucus-a/")
    for closed in ("rooms/caucus-b/", "rooms/notes/", "rooms/screening-a/"):
        new.get(f"{home}{closed}", expected=404)
    assert "open to our side" not in a.get(path(play))
    assert "not let in yet" not in m.get(home)
    a.post(path(play), 422, what="side", seat=seat)
    told = Entry.objects.values_list("action", flat=True)
    assert {"mediation.seat", "mediation.promise_silence", "mediation.admit"} <= set(told)


def test_the_safety_answers_of_one_are_not_the_others_to_read() -> None:
    play = Play().active()
    who = joined(play)
    own = play.case.compartments.filter(room=Room.SCREENING, side="a").order_by("epoch")
    first, second = own
    assert not Copy.objects.filter(compartment=first, person=who).exists()
    assert not Copy.objects.filter(compartment=second, person=play.a).exists()


def test_danger_told_by_a_newcomer_stops_the_case_and_lets_nobody_in() -> None:
    play = Play().active()
    who = named(play)
    answer_screening(play.seat(who), SAFE | {"injured": "often"}, clock=play.clock)
    assert play.state() == "stopped_safety"
    with pytest.raises(StepRefused):
        let_in(play.seat(who), by=play.seat(play.a), keyring=keyring(play.a))


def test_the_mediator_declares_anew_when_somebody_else_speaks_for_a_side() -> None:
    play = Play().active()
    declare(play.seat(play.m), clear=True, clock=play.clock)
    assert not owes_declaration(play.seat(play.m))
    who = joined(play)
    assert owes_declaration(play.seat(play.m))
    declare(play.seat(play.m), clear=True, clock=play.clock)
    release(play.seat(play.a), play.seat(who), clock=play.clock)
    assert owes_declaration(play.seat(play.m))


def test_an_agreement_waits_for_whoever_comes_before_it_is_signed() -> None:
    play = Play().set()
    paper = play.agreement()
    play.sign(paper, play.a)
    who = named(play)
    paper.refresh_from_db()
    assert paper.withdrawn
    with pytest.raises(StepRefused, match="cannot open the papers yet"):
        draft_agreement(play.seat(play.m), FIELDS, clock=play.clock)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    promise_silence(play.seat(who), clock=play.clock)
    let_in(play.seat(who), by=play.seat(play.a), keyring=keyring(play.a))
    paper = play.agreement()
    play.sign(paper, play.a, play.b, play.m)
    assert play.state() == "mediator_set"
    play.sign(paper, who)
    assert play.state() == "active"


def test_a_settlement_is_signed_by_whoever_speaks_and_the_agreement_stays_signed() -> None:
    play = Play().active()
    who = named(play)
    play.clauses()
    with pytest.raises(StepRefused, match="cannot open the papers yet"):
        freeze_text(play.seat(play.m), keyring=keyring(play.m), clock=play.clock)
    release(play.seat(play.a), play.seat(who), clock=play.clock)
    who = joined(play, "third")
    agreement = play.case.papers.get()
    page = Seen(who).get(f"mediation/cases/{play.case.code}/papers/{agreement.writing_id}/")
    assert 'id="sign"' not in page
    paper = freeze_text(play.seat(play.m), keyring=keyring(play.m), clock=play.clock)
    with pytest.raises(StepRefused, match="cannot be changed now"):
        named(play, "fourth")
    with pytest.raises(StepRefused, match="cannot be changed now"):
        release(play.seat(play.a), play.seat(play.a), clock=play.clock)
    open_signing(play.seat(play.m), clock=play.clock)
    play.sign(paper, play.a, play.b, play.m)
    assert play.state() == "signing"
    play.sign(paper, who)
    assert play.state() == "performance"


def test_a_representative_is_changed_and_the_side_is_never_without_one() -> None:
    play = spoken(Play().active())
    with pytest.raises(StepRefused):
        release(play.seat(play.a), play.seat(play.a), clock=play.clock)
    who = named(play)
    assert not may_release(play.seat(play.a), play.seat(play.a))
    assert may_release(play.seat(play.a), play.seat(who))
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    promise_silence(play.seat(who), clock=play.clock)
    let_in(play.seat(who), by=play.seat(play.a), keyring=keyring(play.a))
    assert not may_release(play.seat(who), play.seat(play.a))
    assert not may_release(play.seat(play.b), play.seat(who))
    Seen(play.a).post(path(play), what="release", seat=str(play.seat(play.a).pk))
    assert not Copy.objects.filter(compartment__case=play.case, person=play.a).exists()
    play.say(who, Room.CAUCUS, "I go on", "a")
    assert "I go on" in Seen(who).get(f"mediation/cases/{play.case.code}/rooms/caucus-a/")
    with pytest.raises(StepRefused):
        seat_person(play.seat(play.b), play.a.email, Part.PARTY, clock=play.clock)
    seat_person(play.seat(who), play.a.email, Part.PARTY, clock=play.clock)
    assert ("joint", "") not in readable(play, play.a)


def test_nobody_who_had_another_place_in_the_case_comes_to_speak_for_a_side() -> None:
    play = Play().active()
    declare(play.seat(play.m), clear=False, reason="A cousin", clock=play.clock)
    first = play.m
    entry = mediator(play.centre, "saule")
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    play.m = entry.person
    play.accept_mediators()
    for part, by in ((Part.PARTY, play.a), (Part.INTERPRETER, play.m)):
        with pytest.raises(StepRefused, match="Nobody with this address"):
            seat_person(play.seat(by), first.email, part, clock=play.clock)


def test_a_round_is_not_left_without_the_only_one_who_can_answer_it() -> None:
    play = Play().active()
    issue = {"issue": "1", "name": "Fence", "options": [], "interests": {}}
    other = {"issue": "2", "name": "Noise", "options": [], "interests": {}}
    for one in (issue, other):
        joint = newest(play.case, Room.JOINT)
        write(joint, Kind.ISSUE, one, seat=play.seat(play.m), clock=play.clock)
    made = open_round(
        play.seat(play.m),
        Purpose.SUGGESTION,
        for_all=True,
        keyring=keyring(play.m),
        clock=play.clock,
    )
    who = joined(play)
    with pytest.raises(StepRefused, match="nobody else of your side"):
        release(play.seat(play.a), play.seat(play.a), clock=play.clock)
    numbers = {"points": {"Fence": 60, "Noise": 40}, "disagreement": 0}
    with pytest.raises(StepRefused, match="not for you to answer"):
        deposit(play.seat(who), made, numbers, keyring=keyring(who), clock=play.clock)
    release(play.seat(play.a), play.seat(who), clock=play.clock)
    deposit(play.seat(play.a), made, numbers, keyring=keyring(play.a), clock=play.clock)
    assert made.deposits.count() == 1


def test_preferences_begin_anew_and_each_side_is_asked_once_how_it_was() -> None:
    play = spoken(Play().active())
    who = joined(play)
    first, second = play.case.compartments.filter(room=Room.PREFERENCES, side="a").order_by("epoch")
    assert not Copy.objects.filter(compartment=first, person=who).exists()
    assert {c.person for c in Copy.objects.filter(compartment=second)} == {play.a, who}
    take_step(play.case, "withdraw", by="applicant", seat=play.seat(play.a), clock=play.clock)
    assert ask_feedback(clock=play.clock) == 2
    assert ask_feedback(clock=play.clock) == 0
    keyring(who).read(Writing.objects.get(compartment=second, kind=Kind.FEEDBACK))


def test_a_new_mediator_finds_whoever_speaks_now() -> None:
    play = Play().active()
    play.say(play.a, Room.CAUCUS, "To the first mediator", "a")
    who = named(play)
    declare(play.seat(play.m), clear=False, reason="A cousin", clock=play.clock)
    entry = mediator(play.centre, "saule")
    with pytest.raises(StepRefused, match="Not every side has answered"):
        propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    play.m = entry.person
    mine = f"mediator:{play.mediators()[0].pk}"
    speak(play.seat(who), mine, yes=True, clock=play.clock)
    play.accept_mediators()
    assert play.state() == "mediator_set"
    members = Compartment.objects.filter(case=play.case, copies__person=who)
    assert set(members.values_list("room", "side")) == {
        ("screening", "a"),
        ("joint", ""),
        ("settlement", ""),
        ("caucus", "a"),
        ("preferences", "a"),
    }
    assert ("caucus", "a") not in readable(play, who)
