"""Those who come later: what a place opens to whom, and who decides it, as people do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kelisim.auditlog.models import Entry
from kelisim.mediation.actions.answer_screening import answer_screening, is_screened
from kelisim.mediation.actions.declare import declare
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.seat_people import release
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.keys.errors import NotAMember
from kelisim.mediation.models import Call, Copy, Seat
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Part, Room
from tests.mediation.play import SAFE, Play, keyring, mediator, person
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db


def path(play: Play) -> str:
    return f"mediation/cases/{play.case.code}/people/"


def test_an_interpreter_is_seated_promises_and_is_let_in_by_both() -> None:
    play = Play().active()
    play.say(play.a, Room.JOINT, "Before the interpreter came")
    who = person("dina")
    a, b, m, dina = (Seen(one) for one in (play.a, play.b, play.m, who))
    wrong = {"what": "seat", "part": "interpreter"}
    assert "Nobody with this address" in m.post(path(play), 422, **wrong, email="nobody@x.kz")
    a.post(path(play), 422, **wrong, email=who.email)
    m.post(path(play), **wrong, email=who.email)
    seat = str(Seat.objects.get(person=who).pk)
    dina.get(f"mediation/cases/{play.case.code}/rooms/joint/", expected=404)
    a.post(path(play), what="agree", seat=seat)
    assert "once the other side agrees" in a.get(path(play))
    a.post(path(play), 422, what="joint", seat=seat)
    b.post(path(play), what="agree", seat=seat)
    a.post(path(play), 422, what="joint", seat=seat)
    assert "I promise this" in dina.get(path(play))
    dina.post(path(play), what="promise")
    a.post(path(play), what="joint", seat=seat)
    assert "Before the interpreter" in dina.get(f"mediation/cases/{play.case.code}/rooms/joint/")
    dina.get(f"mediation/cases/{play.case.code}/rooms/caucus-a/", expected=404)
    dina.post(f"mediation/cases/{play.case.code}/issues/", 404, name="x")
    a.post(path(play), what="caucus", seat=seat)
    dina.get(f"mediation/cases/{play.case.code}/rooms/caucus-a/")
    dina.get(f"mediation/cases/{play.case.code}/rooms/caucus-b/", expected=404)
    b.post(path(play), 422, what="release", seat=seat)
    m.post(path(play), what="release", seat=seat)
    dina.get(f"mediation/cases/{play.case.code}/", expected=404)
    assert not Copy.objects.filter(person=who).exists()
    told = set(Entry.objects.values_list("action", flat=True))
    assert {"mediation.seat", "mediation.promise_silence", "mediation.release"} <= told


def test_a_helper_sits_on_the_side_that_named_them_and_on_no_other() -> None:
    play = Play().active()
    who = person("helper")
    a, b, m, helper = (Seen(one) for one in (play.a, play.b, play.m, who))
    m.post(path(play), 422, what="seat", part="helper", email=who.email)
    a.post(path(play), what="seat", part="helper", email=who.email)
    seat = Seat.objects.get(person=who)
    assert (seat.part, seat.side) == (Part.HELPER, "a")
    helper.post(path(play), what="promise")
    b.post(path(play), 422, what="caucus", seat=str(seat.pk))
    a.post(path(play), what="caucus", seat=str(seat.pk))
    home = f"mediation/cases/{play.case.code}/"
    helper.get(f"{home}rooms/caucus-a/")
    assert "helper" in a.get(f"{home}rooms/caucus-a/").lower()
    for closed in ("rooms/caucus-b/", "rooms/joint/", "rooms/notes/", "text/", "rounds/"):
        helper.get(f"{home}{closed}", expected=404)
    helper.post(f"{home}step/", 404, step="withdraw")
    helper.post(f"{home}say/", 404, about="cooling", yes="yes")
    helper.post(path(play), what="release", seat=str(seat.pk))
    helper.get(home, expected=404)


def test_whoever_sits_on_the_other_side_cannot_be_a_helper() -> None:
    play = Play().active()
    a = Seen(play.a)
    for email in (play.b.email, play.m.email, play.registrar.email, person("x", keys=False).email):
        page = a.post(path(play), 422, what="seat", part="helper", email=email)
        assert "Nobody with this address" in page


def test_a_second_representative_is_screened_and_must_agree_too() -> None:
    play = Play().both_in()
    who = person("second")
    b = Seen(play.b)
    b.post(path(play), what="seat", part="party", email=who.email)
    entry = mediator(play.centre, "marat")
    registrar = Seen(play.registrar)
    home = f"mediation/cases/{play.case.code}/"
    registrar.post(f"{home}mediators/", 422, mediators=str(entry.pk))
    assert "private questions" in Seen(who).get(home)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    with pytest.raises(NotAMember):
        keyring(play.b).key(newest(play.case, Room.SCREENING, "b"))
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    page = b.post(path(play), 422, what="seat", part="party", email=person("third").email)
    assert "cannot be changed now" in page
    seat = play.mediators()[0]
    declare(seat, clear=True, clock=play.clock)
    for one in (play.a, play.b, who):
        assert play.state() == "mediator_proposed"
        speak(play.seat(one), f"mediator:{seat.pk}", yes=True, clock=play.clock)
    assert play.state() == "mediator_set"
    keyring(who).key(newest(play.case, Room.CAUCUS, "b"))


def test_who_was_named_first_still_answers_in_their_own_room() -> None:
    play = Play()
    who = person("second")
    play.filed()
    Seen(play.a).post(path(play), what="seat", part="party", email=who.email)
    answer_screening(play.seat(who), SAFE, clock=play.clock)
    assert is_screened(play.seat(play.a))
    assert is_screened(play.seat(who))


def test_a_mediator_who_replaces_another_reads_only_what_is_opened() -> None:
    play = Play().active()
    play.say(play.a, Room.CAUCUS, "For the first mediator alone", "a")
    declare(play.seat(play.m), clear=False, reason="A cousin", clock=play.clock)
    entry = mediator(play.centre, "saule")
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    play.m = entry.person
    play.accept_mediators()
    a, saule = Seen(play.a), Seen(play.m)
    room = f"mediation/cases/{play.case.code}/rooms/caucus-a/"
    assert "For the first" not in saule.get(room)
    assert "For the first" in a.get(room)
    assert "an empty room" in a.get(path(play))
    seat = str(play.mediators()[0].pk)
    Seen(play.b).post(path(play), what="caucus", seat=seat)
    assert "For the first" not in saule.get(room)
    a.post(path(play), what="caucus", seat=seat)
    assert "For the first" in saule.get(room)
    a.post(path(play), 404, what="notes", seat=seat)
    a.post(path(play), 404, what="caucus", seat="x")


def test_a_call_ends_with_the_place_of_somebody_who_may_be_in_it(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    play = Play().active()
    caucus = {side: newest(play.case, Room.CAUCUS, side) for side in "ab"}
    who = person("helper")
    Seen(play.a).post(path(play), what="seat", part="helper", email=who.email)
    Seen(who).post(path(play), what="promise")
    seat = play.seat(who)
    Seen(play.a).post(path(play), what="caucus", seat=str(seat.pk))
    calls = {side: Call.objects.create(compartment=room) for side, room in caucus.items()}
    with django_capture_on_commit_callbacks(execute=True):
        release(play.seat(play.a), seat, clock=play.clock)
    ended = {side: Call.objects.get(pk=call.pk).ended is not None for side, call in calls.items()}
    assert ended == {"a": True, "b": False}
