"""A round that one side never answers is ended by the mediator: nothing is opened, all is gone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kelisim.accounts.models import User
from kelisim.auditlog.models import Entry
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions import deposit as deposits
from kelisim.mediation.actions.declare import declare
from kelisim.mediation.actions.deposit import deposit, take_back
from kelisim.mediation.actions.end_round import end_round
from kelisim.mediation.actions.open_round import MOST_ROUNDS, open_round
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.apart import run_apart
from kelisim.mediation.models import Deposit, Round
from kelisim.mediation.queries import lines, newest
from kelisim.mediation.words import Kind, Purpose, Room
from tests.mediation.play import Play, keyring, mediator
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db
LIMIT = {"limit": 7_654_321.0}
ENDED = {"purpose": "bids", "status": "ended"}


def opened(play: Play, purpose: Purpose = Purpose.BIDS) -> Round:
    ring = keyring(play.m)
    return open_round(play.seat(play.m), purpose, for_all=False, keyring=ring, clock=play.clock)


def gives(play: Play, who: User, to: Round) -> object:
    return deposit(play.seat(who), to, LIMIT, keyring=keyring(who), clock=play.clock)


def told(play: Play, who: User) -> list[object]:
    found = lines([newest(play.case, Room.JOINT)], keyring(who), Kind.SUGGESTION)
    return [line.content for line in found]


def replaced(play: Play) -> Play:
    """Return the play with another mediator proposed, for the first knows a side."""
    declare(play.seat(play.m), clear=False, reason="A cousin", clock=play.clock)
    entry = mediator(play.centre, "saule")
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    play.m = entry.person
    return play


def test_an_ended_round_opens_nothing_keeps_nothing_and_blocks_nothing() -> None:
    play = Play().active()
    one = opened(play)
    gives(play, play.a, one)
    end_round(play.seat(play.m), one, clock=play.clock)
    one.refresh_from_db()
    assert one.closed
    assert one.shares == {}
    assert not Deposit.objects.exists()
    for who in (play.a, play.b, play.m):
        assert told(play, who) == [ENDED], "the same line for everybody, without who had answered"
    entry = Entry.objects.get(action="mediation.end_round")
    assert entry.actor == play.m
    assert "7654321" not in str(entry.facts)
    for who in (play.a, play.b):
        with pytest.raises(StepRefused):
            gives(play, who, one)
    take_back(play.seat(play.a), one)
    two = opened(play)
    gives(play, play.a, two)
    assert gives(play, play.b, two) is not None


def test_an_ended_round_tells_nothing_and_is_not_counted_as_one_that_did() -> None:
    play = Play().active()
    for name in ("Fence", "Noise"):
        issue: dict[str, object] = {"issue": name, "name": name, "options": [], "interests": {}}
        write(newest(play.case, Room.JOINT), Kind.ISSUE, issue, seat=play.seat(play.m))
    for _time in range(MOST_ROUNDS + 1):
        end_round(play.seat(play.m), opened(play, Purpose.SUGGESTION), clock=play.clock)
    assert opened(play, Purpose.SUGGESTION).closed is None


def test_nobody_but_the_mediator_of_the_case_ends_its_round() -> None:
    play, other = Play(name="1").active(), Play(name="2").active()
    one = opened(play)
    strangers = [play.seat(who) for who in (play.a, play.b, play.registrar)]
    for seat in (*strangers, other.seat(other.m)):
        with pytest.raises(StepRefused):
            end_round(seat, one)
    before = play.seat(play.m)
    replaced(play)
    before.refresh_from_db()
    with pytest.raises(StepRefused):
        end_round(before, one)
    one.refresh_from_db()
    assert one.closed is None
    assert not Entry.objects.filter(action="mediation.end_round").exists()


def test_a_later_mediator_ends_a_round_of_the_one_before() -> None:
    play = Play().active()
    one = opened(play)
    gives(play, play.a, one)
    replaced(play).accept_mediators()
    end_round(play.seat(play.m), one, clock=play.clock)
    assert not Deposit.objects.exists()
    assert told(play, play.a) == told(play, play.m) == [ENDED]


def test_a_round_of_a_case_that_ended_can_still_be_ended() -> None:
    play = Play().active()
    one = opened(play)
    gives(play, play.b, one)
    take_step(play.case, "withdraw", by="applicant", seat=play.seat(play.a), clock=play.clock)
    end_round(play.seat(play.m), one, clock=play.clock)
    assert not Deposit.objects.exists()


def test_a_round_that_is_over_is_not_ended_again() -> None:
    play = Play().active()
    one = opened(play)
    stale = Round.objects.get(pk=one.pk)
    end_round(play.seat(play.m), one, clock=play.clock)
    with pytest.raises(StepRefused):
        end_round(play.seat(play.m), stale, clock=play.clock)
    two = opened(play)
    gives(play, play.a, two)
    gives(play, play.b, two)
    with pytest.raises(StepRefused):
        end_round(play.seat(play.m), two, clock=play.clock)
    assert [line["status"] for line in told(play, play.a)] == ["ended"]  # type: ignore[index]  # the answer went to the notes


def test_a_round_ended_while_it_is_computed_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play().active()
    one = opened(play)
    gives(play, play.a, one)

    def meanwhile(*of: object) -> object:
        end_round(play.seat(play.m), one, clock=play.clock)
        return run_apart(*of)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(deposits, "run_apart", meanwhile)
    with pytest.raises(StepRefused):
        gives(play, play.b, one)
    assert told(play, play.a) == [ENDED]
    assert not Deposit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_mediators_and_a_side_at_the_same_moment() -> None:
    play = Play().active("marat", "saule")
    one = opened(play)
    gives(play, play.a, one)
    first, second = play.mediators()
    ends = [lambda: end_round(first, one), lambda: end_round(second, one)]
    answers = [lambda: gives(play, play.b, one)]
    refused = at_once(*ends, *answers)
    one.refresh_from_db()
    assert one.closed
    assert not Deposit.objects.exists()
    assert told(play, play.a) == ([ENDED] if one.unanswered else [])
    ended = Entry.objects.filter(action="mediation.end_round").count()
    ran = Entry.objects.filter(action="mediation.run_round").count()
    assert (ended, ran) == ((1, 0) if one.unanswered else (0, 1))
    assert refused == 2, "exactly one of the three was in time"


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_round_at_once_open_one() -> None:
    play = Play().active()
    assert at_once(*[lambda: opened(play)] * 2) == 1
    assert Round.objects.count() == 1


def at_once(*calls: Callable[[], object]) -> int:
    """Return how many of some calls, made in the same moment, were refused."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], object]) -> int:
        gate.wait()
        try:
            call()
        except StepRefused:
            return 1
        finally:
            connection.close()
        return 0

    with ThreadPoolExecutor(len(calls)) as crowd:
        return sum(crowd.map(one, calls))


def test_the_mediators_button_and_what_both_sides_read() -> None:
    play = Play().active()
    one = opened(play)
    home = f"mediation/cases/{play.case.code}/"
    path = f"{home}rounds/{one.pk}/end/"
    a, b, m = (Seen(who) for who in (play.a, play.b, play.m))
    a.post(f"{home}rounds/{one.pk}/", limit="7654321", agree="on")
    assert path in m.get(f"{home}rounds/")
    for side in (a, b):
        assert path not in side.get(f"{home}rounds/")
        side.post(path, 404)
    assert "The round is ended" in m.post(path)
    assert "This round is over" in m.post(path)
    for one_reads in (a, b, m):
        assert "The mediator ended this round" in one_reads.get(f"{home}rounds/")
        assert "no numbers were opened" in one_reads.get(f"{home}rooms/joint/")
    assert "This round is over" in b.post(f"{home}rounds/{one.pk}/", limit="1", agree="on")
    assert "Ask both sides" in m.get(f"{home}rounds/")
