"""Calls in a real Janus: a room for each compartment, and nobody else's token opens it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kelisim.auditlog.models import Entry
from kelisim.core.errors import SettingRefused, StepRefused
from kelisim.live import calls as door
from kelisim.live.door import Message
from kelisim.mediation.actions.hold_call import (
    LIFE,
    end_call,
    end_empty_calls,
    in_call,
    join_call,
    keys_of,
)
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.calls.janus import CallsAbsent, answers, present, take_down
from kelisim.mediation.calls.service import Service, folder, service_of, written
from kelisim.mediation.calls.tokens import entrance, for_room
from kelisim.mediation.models import Call
from kelisim.mediation.queries import newest, notes_of
from kelisim.mediation.words import Room
from kelisim.site.video import calls, janus_files, relay_files
from tests.conftest import absent
from tests.mediation.calls.broken import failing
from tests.mediation.calls.janus import Caller, running
from tests.mediation.play import Hand, Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path, settings: object) -> Path:
    """A data folder of one's own: a service of calls belongs to one."""
    before = settings.ENVIRONMENT  # type: ignore[attr-defined]  # pytest-django's settings have any name
    settings.ENVIRONMENT = dataclasses.replace(before, data=tmp_path)  # type: ignore[attr-defined]  # as above
    return tmp_path


@pytest.fixture
def janus(data: Path) -> Iterator[Service]:
    if shutil.which("janus") is None:
        absent("Janus (Debian package janus)")
    with running(data) as service:
        yield service


@pytest.fixture
def play() -> Play:
    return Play(clock=Hand(timezone.now())).active()


def test_a_token_of_another_compartment_is_refused(janus: Service, play: Play) -> None:
    own = newest(play.case, Room.CAUCUS, "a")
    others = newest(play.case, Room.CAUCUS, "b")
    mine = join_call(own, play.seat(play.a))
    theirs = join_call(others, play.seat(play.b))
    joint = join_call(newest(play.case, Room.JOINT), play.seat(play.a))
    assert len({mine.room, theirs.room, joint.room}) == 3
    caller = Caller(janus, mine.entrance)
    for wrong in (mine.token, joint.token, ""):
        told = caller.joins(theirs.room, theirs.pin, wrong)
        assert told["error_code"] == 433, told
    assert caller.joins(theirs.room, mine.pin, theirs.token)["error_code"] == 433
    assert caller.joins(mine.room, mine.pin, mine.token)["videoroom"] == "joined"


def test_who_has_no_token_or_an_old_one_is_not_let_in(janus: Service, play: Play) -> None:
    ticket = join_call(newest(play.case, Room.JOINT), play.seat(play.a))
    past = int(time.time()) - 1
    for wrong in ("", "nonsense", entrance("another secret", until=past + 3600)):
        with pytest.raises(KeyError):
            Caller(janus, wrong)
    with pytest.raises(KeyError):
        Caller(janus, entrance(janus.token_secret, until=past))
    caller = Caller(janus, ticket.entrance)
    old = for_room(janus.token_secret, ticket.room, until=past)
    assert caller.joins(ticket.room, ticket.pin, old)["error_code"] == 433


def test_a_visitor_makes_no_room_and_sees_no_list(janus: Service, play: Play) -> None:
    ticket = join_call(newest(play.case, Room.JOINT), play.seat(play.a))
    caller = Caller(janus, ticket.entrance)
    assert caller.says(request="create", room="mine")["error_code"] == 429
    assert caller.says(request="create", room="mine", admin_key="guess")["error_code"] == 433
    assert caller.says(request="list")["list"] == []
    assert caller.says(request="destroy", room=ticket.room, secret="guess")["error_code"] == 433  # noqa: S106  (a wrong one)


def test_only_members_come_and_only_to_rooms_of_talk(janus: Service, play: Play) -> None:
    with pytest.raises(StepRefused):
        join_call(newest(play.case, Room.CAUCUS, "b"), play.seat(play.a))
    with pytest.raises(StepRefused):
        join_call(notes_of(play.seat(play.m)), play.seat(play.m))
    assert not Call.objects.exists()


def test_who_is_there_is_told_and_the_mediator_ends_it(janus: Service, play: Play) -> None:
    room = newest(play.case, Room.JOINT)
    ticket = join_call(room, play.seat(play.a))
    assert in_call(room) == []
    caller = Caller(janus, ticket.entrance)
    caller.joins(ticket.room, ticket.pin, ticket.token, ticket.who)
    assert [seat.person for seat in in_call(room)] == [play.a]
    call = Call.objects.get()
    assert end_empty_calls(clock=play.clock) == 1
    end_call(call, seat=play.seat(play.m))
    end_call(call, seat=play.seat(play.m))
    assert in_call(room) == []
    assert present(janus, keys_of(call)) is None
    told = [entry.action for entry in Entry.objects.filter(action__contains="call")]
    assert told == ["mediation.open_call", "mediation.end_call"]


def test_an_empty_a_long_and_a_closed_call_end(janus: Service, play: Play) -> None:
    room = newest(play.case, Room.JOINT)
    join_call(room, play.seat(play.a), clock=play.clock)
    assert end_empty_calls(clock=play.clock) == 0, "nobody came"
    ticket = join_call(room, play.seat(play.a), clock=play.clock)
    Caller(janus, ticket.entrance).joins(ticket.room, ticket.pin, ticket.token)
    Call.objects.filter(ended__isnull=True).update(opened=play.clock.now() - LIFE)
    assert end_empty_calls(clock=play.clock) == 0, "too long"
    ticket = join_call(room, play.seat(play.a), clock=play.clock)
    Caller(janus, ticket.entrance).joins(ticket.room, ticket.pin, ticket.token)
    take_step(play.case, "withdraw", by="applicant", seat=play.seat(play.a))
    assert end_empty_calls(clock=play.clock) == 0, "the case ended"
    assert Call.objects.filter(ended__isnull=False).count() == 3


def test_a_room_that_janus_lost_is_made_again(janus: Service, play: Play) -> None:
    room = newest(play.case, Room.JOINT)
    first = join_call(room, play.seat(play.a))
    take_down(janus, keys_of(Call.objects.get()))
    again = join_call(room, play.seat(play.b))
    assert first.room == again.room
    caller = Caller(janus, again.entrance)
    assert caller.joins(again.room, again.pin, again.token)["videoroom"] == "joined"


def test_without_the_service_the_case_goes_on(data: Path, play: Play) -> None:
    room = newest(play.case, Room.JOINT)
    with pytest.raises(StepRefused):
        join_call(room, play.seat(play.a))
    play.say(play.a, Room.JOINT, "Let us write, then")
    dead = Service(port=9, token_secret="s", admin_key="k")  # noqa: S106  (of nothing that runs)
    folder(data).mkdir()
    written(data, dead)
    assert service_of(data) == dead
    assert not answers(dead)
    with pytest.raises(CallsAbsent):
        present(dead, keys_of(Call(compartment=room)))
    Call.objects.create(compartment=room)
    assert in_call(room) == []
    assert end_empty_calls() == 0


def test_a_janus_that_makes_no_room_leaves_no_open_call(
    data: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = newest(play.case, Room.JOINT)
    with failing() as service:
        folder(data).mkdir()
        written(data, service)
        with pytest.raises(StepRefused):
            join_call(room, play.seat(play.a))
        assert in_call(room) == []
        assert not Call.objects.filter(ended__isnull=True).exists()
        told = [entry.action for entry in Entry.objects.filter(action__contains="call")]
        assert told == ["mediation.open_call", "mediation.end_call"]
        Call.objects.create(compartment=room)
        with pytest.raises(StepRefused):
            join_call(room, play.seat(play.b))
        assert Call.objects.filter(ended__isnull=True).count() == 1, "others may be in it"


def test_the_files_of_the_service_are_the_owners_alone(data: Path) -> None:
    if shutil.which("janus") is None:
        absent("Janus (Debian package janus)")
    with running(data) as service:
        home = folder(data)
        assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600}
        assert json.loads((home / "service.json").read_text())["port"] == service.port
    assert service_of(data) is None
    assert not answers(service), "Janus ends with the block"


def test_the_relay_leads_to_this_machine_only() -> None:
    service = Service(port=1, token_secret="t", admin_key="k", relay_secret="r")  # noqa: S106  (of nothing that runs)
    file = relay_files(service, "203.0.113.7")["turnserver.conf"]
    assert "allowed-peer-ip=203.0.113.7" in file
    assert "denied-peer-ip=10.0.0.0-10.255.255.255" in file
    assert relay_files(service, "") == {}
    assert (
        'nat_1_1_mapping = "203.0.113.7"'
        in janus_files(service, Path("/x"), "203.0.113.7")["janus.jcfg"]
    )


def test_what_is_no_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingRefused, match="not the number"), calls(tmp_path, 'x"; y = "z'):
        pass
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SettingRefused, match="janus is not on this machine"), calls(tmp_path, ""):
        pass
    assert list(tmp_path.iterdir()) == []


async def asked(
    path: str, token: str, body: bytes = b"", method: str = "POST"
) -> tuple[int, dict[str, object]]:
    """Return how the door of the site answers."""
    scope: Message = {"type": "http", "method": method, "path": path, "query_string": b""}
    told: list[Message] = []
    waiting = asyncio.Event()

    async def receive() -> Message:
        if waiting.is_set():
            await asyncio.Event().wait()
        waiting.set()
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        told.append(message)

    headers = [(b"x-call-token", token.encode())]
    await door.application({**scope, "headers": headers}, receive, send)
    start, rest = told
    return start["status"], json.loads(rest["body"])


WRONG = [
    b"{",
    b"[]",
    b'{"janus": "info"}',
    b'{"janus": "message"}',
    b'{"janus": "message", "body": {"request": "create"}}',
    b'{"janus": "message", "body": {"request": "destroy"}}',
    b'{"janus": "message", "body": {"request": "list"}}',
    b'{"janus": "message", "body": {"request": "rtp_forward"}}',
    b'{"janus": "message", "body": {"request": "enable_recording"}}',
    b'{"janus": "message", "body": {"request": "configure", "record": true}}',
    b'{"janus": "message", "body": {"request": "join", "filename": "/tmp/x"}}',
    b'{"janus": "create", "x": "' + b"x" * 70_000 + b'"}',
]


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_the_door_lets_through_only_what_a_call_needs(data: Path, body: bytes) -> None:
    folder(data).mkdir()
    written(data, Service(port=9, token_secret="s", admin_key="k"))  # noqa: S106  (of nothing that runs)
    good = entrance("s", until=int(time.time()) + 60)
    assert asyncio.run(asked("/live/calls", good, body))[0] == 403
    assert asyncio.run(asked("/live/calls", good, method="PUT"))[0] == 403
    assert asyncio.run(asked("/live/calls/1/2/3", good))[0] == 404
    assert asyncio.run(asked("/live/calls/../admin", good))[0] == 404
    for bad in ("", "x:y", entrance("t", until=int(time.time()) + 60), entrance("s", until=1)):
        assert asyncio.run(asked("/live/calls", bad, b'{"janus": "create"}'))[0] == 403
    assert asyncio.run(asked("/live/calls", good, b'{"janus": "create"}'))[0] == 503


def test_the_door_hands_on_what_is_allowed(janus: Service) -> None:
    good = entrance(
        janus.token_secret, until=int((timezone.now() + timedelta(hours=1)).timestamp())
    )
    body = b'{"janus": "create", "transaction": "t", "token": "mine"}'
    status, told = asyncio.run(asked("/live/calls", good, body))
    assert status == 200
    assert told["janus"] == "success", told


def test_without_a_service_there_is_no_door(data: Path) -> None:
    assert asyncio.run(asked("/live/calls", "x"))[0] == 404
