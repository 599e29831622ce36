"""What people paste, send and click that is not as it should be: refused in words, nothing lost.

Files that are not what their name says are in `test_pages`; a second person on one link, too.
"""

from __future__ import annotations

import io
import re
import tracemalloc
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadhandler import StopFutureHandlers, StopUpload
from django.test import RequestFactory

from kelisim.core.errors import CaseRefused, StepRefused
from kelisim.mediation.actions.attach import LARGEST, kind_of
from kelisim.mediation.actions.invite import invite
from kelisim.mediation.issues import check_points
from kelisim.mediation.models import Case, Deposit, Invitation, Seat, Voice, Writing
from kelisim.mediation.queries import lines, newest
from kelisim.mediation.views.rooms import SmallMemory
from kelisim.mediation.words import Channel, Kind, Room
from tests.mediation.play import Play, keyring, person
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def play() -> Play:
    return Play().active()


def home(play: Play) -> str:
    return f"mediation/cases/{play.case.code}/"


def said(play: Play) -> list[str]:
    room = newest(play.case, Room.JOINT)
    return [line.content["text"] for line in lines([room], keyring(play.b), Kind.MESSAGE)]


def test_a_paste_of_five_thousand_messages_is_one_refusal_and_is_kept_in_the_box(
    play: Play,
) -> None:
    pasted = "\n".join(f"[12.03.2026, 10:{n % 60:02d}] Aigerim: line {n}" for n in range(5000))
    page = Seen(play.a).post(
        f"{home(play)}rooms/joint/", 422, text=pasted, client=str(uuid.uuid4())
    )
    assert "line 4999" in page
    assert "add it as a document" in page
    assert said(play) == []
    Seen(play.a).post(f"{home(play)}rooms/joint/", text=pasted[:9_999], client=str(uuid.uuid4()))
    assert len(said(play)) == 1


def test_two_hundred_messages_one_after_another_are_two_hundred(play: Play) -> None:
    for number in range(200):
        play.say(play.a, Room.JOINT, f"{number}")
    assert said(play) == [str(number) for number in range(200)], "in order, none lost or doubled"


class Endless(io.RawIOBase):
    """A body of 200 MB that is never whole anywhere."""

    def __init__(self, size: int, boundary: str) -> None:
        super().__init__()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        self.head = f"{head}Content-Type: application/pdf\r\n\r\n%PDF-".encode()
        self.tail = f"\r\n--{boundary}--\r\n".encode()
        self.left, self.size = size, len(self.head) + size + len(self.tail)
        self.parts, self.rest = self.made(), b""

    def made(self) -> Iterator[bytes]:
        yield self.head
        while self.left > 0:
            step = min(self.left, 64 * 1024)
            self.left -= step
            yield b"0" * step
        yield self.tail

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        self.rest = self.rest or next(self.parts, b"")
        part, self.rest = self.rest[: len(room)], self.rest[len(room) :]
        room[: len(part)] = part
        return len(part)


def test_an_attachment_of_200_mb_fills_neither_memory_nor_disk(play: Play) -> None:
    seen = Seen(play.a)
    body = Endless(200 * 2**20, "xyz")
    before = {path: path.stat().st_size for path in Path(settings.ENVIRONMENT.data).rglob("*")}
    tracemalloc.start()
    told: dict[str, Any] = {"wsgi.input": io.BufferedReader(body), "CONTENT_LENGTH": str(body.size)}
    kind = "multipart/form-data; boundary=xyz"
    path = f"/en/{home(play)}rooms/joint/files/"
    answer = seen.client.generic("POST", path, b"", content_type=kind, **told)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()
    assert most < 6 * LARGEST, f"{most / 2**20:.0f} MB"
    assert not Writing.objects.filter(kind=Kind.FILE).exists()
    grown = [
        path
        for path in Path(settings.ENVIRONMENT.data).rglob("*")
        if path.is_file() and path.stat().st_size - before.get(path, 0) > 2**20
    ]
    assert grown == []


def test_an_upload_is_stopped_at_its_limit_and_not_at_its_end() -> None:
    handler = SmallMemory(RequestFactory().post("/"))
    handler.handle_raw_input(None, {}, 0, b"")
    with pytest.raises(StopFutureHandlers):
        handler.new_file("file", "a.pdf", "application/pdf", 0)
    for _step in range(LARGEST // 2**20):
        handler.receive_data_chunk(b"0" * 2**20, 0)
    with pytest.raises(StopUpload):
        handler.receive_data_chunk(b"0", 0)
    assert handler.file_complete(LARGEST + 1) is None


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 no archive at all",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        b"\xef\xbb\xbf<script>alert(1)</script>",
        b"GIF89a<script>",
        b"#!/bin/sh\0",
        "<html>".encode("utf-16"),
    ],
    ids=["archive", "entities", "marked", "picture", "program", "wide"],
)
def test_a_disguised_document_is_refused(content: bytes) -> None:
    with pytest.raises(StepRefused):
        kind_of(content)


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ request.user.password }}{% load %}",
    "‮gnirts desrever",
]


def test_script_in_whatever_can_be_written_is_shown_as_letters(play: Play) -> None:
    a, b, m = (Seen(who) for who in (play.a, play.b, play.m))
    for text in SCRIPTS:
        a.post(f"{home(play)}rooms/joint/", text=text, client=str(uuid.uuid4()))
    m.post(f"{home(play)}issues/", name=SCRIPTS[1], options="\n".join(SCRIPTS[:2]))
    m.post(f"{home(play)}text/", section="terms", kk=SCRIPTS[0], ru=SCRIPTS[0], en=SCRIPTS[0])
    for page in ("rooms/joint/", "issues/", "text/", "offers/"):
        raw = b.client.get(f"/en/{home(play)}{page}").content.decode()
        assert "<script>alert" not in raw
        assert "<img src=x" not in raw
        assert "<a href='javascript" not in raw
    assert said(play) == SCRIPTS, "nothing is cut out either"


def test_a_link_whose_time_has_passed_says_so_and_lets_nobody_in() -> None:
    play = Play().filed()
    seat = play.seat(play.registrar)
    _made, token = invite(seat, channel=Channel.LINK, greeting="Aigerim", clock=play.clock)
    Invitation.objects.update(ends=play.clock.now() - timedelta(days=1))
    b = Seen(play.b)
    assert "its time has passed" in b.get(f"mediation/i/{token}/")
    assert "I will come" not in b.get(f"mediation/i/{token}/")
    assert "expired" in b.post(f"mediation/i/{token}/", answer="come")
    assert "expired" in b.post(f"mediation/i/{token}/", answer="decline")
    assert play.state() == "invited"
    assert Seat.objects.filter(case=play.case, person=play.b).count() == 0


@pytest.mark.parametrize("token", ["x" * 5000, "%00", "..", "ә" * 30, "A" * 20])
def test_a_link_that_was_never_given_leads_nowhere(token: str) -> None:
    Seen(person("x")).get(f"mediation/i/{token}/", expected=404)


ISSUES: list[dict[str, Any]] = [
    {"name": "Fence", "options": ["east", "west"]},
    {"name": "Money", "options": []},
]


@pytest.mark.parametrize(
    "points",
    [
        {"Fence": {"east": -1, "west": 0}, "Money": 40},
        {"Fence": {"east": 0, "west": 0}, "Money": 0},
        {"Fence": {"east": float("nan"), "west": 0}, "Money": 1},
        {"Fence": {"east": float("inf"), "west": 0}, "Money": 1},
    ],
    ids=["negative", "nothing", "no number", "no end"],
)
def test_points_that_say_nothing_are_refused(points: dict[str, Any]) -> None:
    with pytest.raises(CaseRefused):
        check_points(ISSUES, points, 0)


# Ten more.


def test_a_message_of_nothing_but_blanks_is_none(play: Play) -> None:
    for blank in ("", "   ", "\n\n", "\t"):
        seen = Seen(play.a)
        seen.post(f"{home(play)}rooms/joint/", 422, text=blank, client=str(uuid.uuid4()))
    assert said(play) == []


def test_a_message_with_a_zero_byte_is_refused(play: Play) -> None:
    seen = Seen(play.a)
    seen.post(f"{home(play)}rooms/joint/", 422, text="a\0b", client=str(uuid.uuid4()))
    assert said(play) == []


def test_a_sending_number_that_is_none_is_refused_and_the_text_stays(play: Play) -> None:
    page = Seen(play.a).post(f"{home(play)}rooms/joint/", 422, text="kept", client="not a number")
    assert "kept" in page


def test_a_locked_key_is_never_taken_for_a_message_that_arrived(play: Play) -> None:
    """The page follows no redirect and takes 204 alone for an arrival, so that the text stays."""
    sent = {"text": "Salem", "client": str(uuid.uuid4())}
    headers = {"X-Requested-With": "fetch"}
    locked, open_ = Seen(play.a, unlock=False), Seen(play.a)
    address = f"/en/{home(play)}rooms/joint/"
    assert locked.client.post(address, sent, headers=headers).status_code == 302
    assert said(play) == []
    assert open_.client.post(address, sent, headers=headers).status_code == 204
    assert said(play) == ["Salem"]


def test_one_sending_number_in_two_rooms_writes_in_both(play: Play) -> None:
    client = str(uuid.uuid4())
    seen = Seen(play.a)
    for room in ("joint", "caucus-a"):
        seen.post(f"{home(play)}rooms/{room}/", text=room, client=client)
    assert Writing.objects.filter(client=client).count() == 2


@pytest.mark.parametrize(
    "name", ["caucus", "caucus-c", "JOINT", "joint-a", "settlement", "preferences-a", "x" * 300]
)
def test_a_room_that_is_none_is_not_found(play: Play, name: str) -> None:
    Seen(play.a).get(f"{home(play)}rooms/{name}/", expected=404)


@pytest.mark.parametrize("about", ["", "extend:60", "extend:", "mediator:x", "x" * 500, "bound"])
def test_a_yes_to_what_was_not_asked_is_not_kept(play: Play, about: str) -> None:
    before = Voice.objects.count()
    Seen(play.a).post(f"{home(play)}say/", 404, about=about, yes="yes")
    assert Voice.objects.count() == before


def test_a_yes_to_a_mediator_of_another_case_seats_nobody(play: Play) -> None:
    other = Play(name="2").both_in().proposed("saule")
    foreign = other.mediators()[0].pk
    seen = Seen(play.a)
    seen.post(f"{home(play)}say/", 422, about=f"mediator:{foreign}", yes="yes")
    assert other.state() == "mediator_proposed"


def test_a_step_that_is_none_changes_nothing(play: Play) -> None:
    for step in ("", "settle", "destroy_keys", "conclude", "x" * 300):
        Seen(play.a).post(f"{home(play)}step/", 404, step=step)
    assert play.state() == "active"


def test_a_name_of_a_file_leads_nowhere(play: Play) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    seen = Seen(play.a)
    for name in ("../../etc/passwd", "a" * 400 + ".pdf", 'x"; filename="y.html', "\u202egpj.exe"):
        file = SimpleUploadedFile(name, b"%PDF-1.7")
        seen.post(f"{home(play)}rooms/joint/files/", file=file)
    for writing in Writing.objects.filter(kind=Kind.FILE):
        answer = seen.client.get(f"/en/{home(play)}files/{writing.pk}/")
        assert answer["Content-Disposition"] == "attachment; filename=document.pdf"


def test_a_meeting_at_no_time_is_refused(play: Play) -> None:
    seen = Seen(play.m)
    for starts in ("", "tomorrow", "2035-13-01T10:00", "9999-99-99T99:99"):
        form = {"room": "joint", "starts": starts, "minutes": "60"}
        seen.post(f"{home(play)}meetings/", 422, **form)
    for minutes in ("0", "-5", "100000", "x"):
        form = {"room": "joint", "starts": "2035-01-01T10:00", "minutes": minutes}
        seen.post(f"{home(play)}meetings/", 422, **form)
    assert not play.case.meetings.exists()


def test_numbers_for_a_round_that_is_over_are_not_taken(play: Play) -> None:
    seen = Seen(play.a)
    for number in ("0", "999999", "9" * 18):
        seen.post(f"{home(play)}rounds/{number}/", 404, limit="5", agree="on")
    assert not Deposit.objects.exists()


def test_a_case_that_is_none_and_one_of_others_answer_alike(play: Play) -> None:
    other = Play(name="2")
    seen = Seen(play.a)
    first = seen.get(f"mediation/cases/{other.case.code}/", expected=404)
    second = seen.get("mediation/cases/ABCDEFGH/", expected=404)
    first, second = (re.sub(r'value="[^"]{64}"', "", page) for page in (first, second))
    assert first.replace(other.case.code, "ABCDEFGH") == second
    assert Case.objects.count() == 2
