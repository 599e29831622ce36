"""Open offers: what stands between the sides follows from what was written, and from the day."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest

from kelisim.core.clock import in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.declare import declare
from kelisim.mediation.actions.make_offer import answer_offer, make_offer
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Writing
from kelisim.mediation.offers import Offer, offers
from kelisim.mediation.queries import lines, newest
from kelisim.mediation.words import Kind, Room
from tests.mediation.play import Play, keyring, mediator
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db


class Table:
    """The joint room of a case, and offers across it."""

    def __init__(self) -> None:
        self.play = Play().active()
        self.room = newest(self.play.case, Room.JOINT)
        self.today = in_kazakhstan(self.play.clock.now()).date()

    def offer(self, side: str, days: int = 7, counter: str = "", words: str = "Two metres") -> str:
        who = self.play.a if side == "a" else self.play.b
        made = make_offer(
            self.room,
            self.play.seat(who),
            choices={},
            words=words,
            until=self.today + timedelta(days=days),
            counter=counter,
            keyring=keyring(who),
            clock=self.play.clock,
        )
        return str(made.client)

    def answer(self, side: str, key: str, word: str) -> None:
        who = self.play.a if side == "a" else self.play.b
        seat = self.play.seat(who)
        answer_offer(self.room, seat, key, word, keyring=keyring(who), clock=self.play.clock)

    def states(self, on: date | None = None) -> list[str]:
        return [one.state for one in self.read(on)]

    def read(self, on: date | None = None) -> list[Offer]:
        return offers(lines([self.room], keyring(self.play.m), Kind.OFFER), on or self.today)


def test_an_offer_is_accepted_declined_or_taken_back_once() -> None:
    table = Table()
    keys = [table.offer("a") for _n in range(3)]
    table.answer("b", keys[0], "accept")
    table.answer("b", keys[1], "decline")
    table.answer("a", keys[2], "withdraw")
    assert table.states() == ["accepted", "declined", "withdrawn"]
    for key in keys:
        for side, word in (("a", "withdraw"), ("b", "accept"), ("b", "decline")):
            with pytest.raises(StepRefused):
                table.answer(side, key, word)


def test_nobody_accepts_their_own_offer_nor_takes_back_the_others() -> None:
    table = Table()
    key = table.offer("a")
    for side, word in (("a", "accept"), ("a", "decline"), ("b", "withdraw"), ("b", "nonsense")):
        with pytest.raises(StepRefused):
            table.answer(side, key, word)
    with pytest.raises(StepRefused):
        table.answer("b", "no such offer", "accept")
    mediator = table.play.seat(table.play.m)
    ring = keyring(table.play.m)
    with pytest.raises(StepRefused):
        answer_offer(table.room, mediator, key, "accept", keyring=ring, clock=table.play.clock)
    with pytest.raises(StepRefused):
        make_offer(table.room, mediator, choices={}, words="x", until=table.today, keyring=ring)
    assert table.states() == ["open"]


def test_a_counter_offer_ends_the_one_it_answers() -> None:
    table = Table()
    first = table.offer("a")
    with pytest.raises(StepRefused):
        table.offer("a", counter=first)
    table.offer("b", counter=first)
    assert table.states() == ["countered", "open"]
    with pytest.raises(StepRefused):
        table.answer("b", first, "accept")
    with pytest.raises(StepRefused):
        table.offer("b", counter=first)


def test_an_offer_lapses_after_its_day_and_not_on_it() -> None:
    table = Table()
    key = table.offer("a", days=3)
    assert table.states(table.today + timedelta(days=3)) == ["open"]
    assert table.states(table.today + timedelta(days=4)) == ["lapsed"]
    table.play.clock.on(4)
    with pytest.raises(StepRefused):
        table.answer("b", key, "accept")


@pytest.mark.parametrize(("days", "words"), [(-1, "x"), (31, "x"), (7, "  ")])
def test_an_offer_says_something_until_a_day_within_thirty_days(days: int, words: str) -> None:
    table = Table()
    with pytest.raises(StepRefused):
        table.offer("a", days=days, words=words)
    assert table.states() == []


def test_an_answer_written_past_the_action_changes_nothing() -> None:
    table = Table()
    key = table.offer("a")
    for told in ({"answer": "accept", "offer": key}, {"answer": "accept", "offer": "none"}):
        seat = table.play.seat(table.play.a)
        write(table.room, Kind.OFFER, told, seat=seat, clock=table.play.clock)
    assert table.states() == ["open"]


def test_offers_on_their_page() -> None:
    play = Play().active()
    a, b, m = (Seen(who) for who in (play.a, play.b, play.m))
    home = f"mediation/cases/{play.case.code}/"
    m.post(f"{home}issues/", name="Fence", options="east\nwest")
    page = a.get(f"{home}offers/")
    given = dict(re.findall(r'name="(client|until)" value="([^"]+)"', page))
    a.post(f"{home}offers/", 422, i0="north", **given)
    for _twice in range(2):
        a.post(f"{home}offers/", i0="east", words="And <b>150 000</b> tenge", **given)
    assert Writing.objects.filter(kind=Kind.OFFER).count() == 1
    assert "An offer was made" in b.get(f"{home}rooms/joint/")
    page = b.get(f"{home}offers/")
    assert "Fence: <strong>east</strong>" in page
    assert "<b>" not in b.client.get(f"/en/{home}offers/").content.decode()
    key = re.search(r'name="offer" value="([^"]+)"', page)
    assert key
    assert "Your answer to the offer" in b.get(f"{home}offers/?counter={key.group(1)}")
    a.post(f"{home}offers/", 422, answer="accept", offer=key.group(1))
    b.post(f"{home}offers/", answer="accept", offer=key.group(1))
    page = m.get(f"{home}offers/")
    assert "accepted" in page
    assert "Make an offer" not in page
    assert "An offer was answered" in m.get(f"{home}desk/")


def test_an_answer_that_is_sent_twice_is_one_offer() -> None:
    table = Table()
    first = table.offer("a")
    sending = uuid.uuid4()
    for _time in range(2):
        make_offer(
            table.room,
            table.play.seat(table.play.b),
            choices={},
            words="One metre",
            until=table.today,
            counter=first,
            client=sending,
            keyring=keyring(table.play.b),
            clock=table.play.clock,
        )
    assert table.states() == ["countered", "open"]


def test_an_offer_outlives_the_mediator_it_was_made_before() -> None:
    table = Table()
    play, key = table.play, table.offer("a")
    declare(play.seat(play.m), clear=False, reason="A cousin", clock=play.clock)
    entry = mediator(play.centre, "saule")
    propose_mediator(play.seat(play.registrar), [entry], clock=play.clock)
    play.m = entry.person
    play.accept_mediators()
    table.room = newest(play.case, Room.JOINT)
    table.answer("b", key, "accept")
    rooms = play.case.compartments.filter(room=Room.JOINT).order_by("epoch")
    made = offers(lines(list(rooms), keyring(play.a), Kind.OFFER), table.today)
    assert [one.state for one in made] == ["accepted"]
