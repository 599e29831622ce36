"""A bell is heard by those who may hear it, at once, and never missed for good."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import BadSignature
from django.db import transaction
from django.test import RequestFactory

from kelisim.bells import tickets
from kelisim.bells.ring import ring
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)


def given(session: SessionStore, *channels: str) -> str:
    request = RequestFactory().get("/")
    request.session = session
    return tickets.ticket(request, *channels)


def session() -> SessionStore:
    made = SessionStore()
    made.create()
    return made


class Stream:
    """A client of the stream, as a browser is one."""

    def __init__(self, site: str, asked: str, cookie: str = "", last: str = "") -> None:
        self.line = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
        headers = {"Cookie": cookie, "Last-Event-ID": last}
        self.line.request("GET", f"/live?ticket={asked}", headers=headers)
        self.answer = self.line.getresponse()

    def event(self) -> tuple[str, list[int]]:
        """Return the id and the data of the next bell."""
        while True:
            told = self.said()
            if told.get("event") == "bell":
                return told["id"], json.loads(told["data"])

    def said(self) -> dict[str, str]:
        """Return the next event, a beat or a bell."""
        told: dict[str, str] = {}
        while True:
            line = self.answer.readline().decode().strip()
            if not line and "data" in told:
                return told
            name, _, value = line.partition(": ")
            told[name] = value

    def close(self) -> None:
        self.line.close()


def asked_once(site: str, query: str, cookie: str = "") -> tuple[int, dict[str, object]]:
    line = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    line.request("GET", f"/live/poll?{query}", headers={"Cookie": cookie})
    answer = line.getresponse()
    told = answer.status, json.loads(answer.read())
    line.close()
    return told


def test_a_bell_is_heard_also_by_those_who_were_away(tmp_path: Path) -> None:
    mine = session()
    cookie = f"sessionid={mine.session_key}"
    a, b = given(mine, "room:1"), given(mine, "room:2", "room:3")
    with serving(tmp_path) as site:
        ring("room:1")  # between the ticket and the stream
        stream = Stream(site, f"{quote(a)}&ticket={quote(b)}", cookie)
        assert stream.answer.status == 200
        assert stream.event()[1] == [0]
        ring("room:3")
        number, rung = stream.event()
        assert rung == [1]
        stream.close()
        ring("room:1", "room:2")  # the line is cut
        again = Stream(site, f"{quote(a)}&ticket={quote(b)}", cookie, last=number)
        assert again.event()[1] == [0, 1]
        again.close()
        status, told = asked_once(site, f"ticket={quote(a)}&ticket={quote(b)}", cookie)
        assert (status, told) == (200, {"id": "2.1.1", "rung": [0, 1]})
        assert asked_once(site, f"ticket={quote(a)}&last=2", cookie)[1]["rung"] == []


def test_a_quiet_line_beats(tmp_path: Path) -> None:
    with serving(tmp_path) as site:
        stream = Stream(site, quote(given(SessionStore(), "room:1")))
        assert stream.said()["event"] == "beat"
        stream.close()


def test_a_ticket_is_of_no_use_to_another(tmp_path: Path) -> None:
    asked = given(session(), "room:1")
    with serving(tmp_path) as site:
        other = f"sessionid={session().session_key}"
        for query in (
            f"ticket={quote(asked)}",
            f"ticket={quote(asked)}x",
            "ticket=",
            "",
            "&".join([f"ticket={quote(asked)}"] * 21),
        ):
            assert asked_once(site, query, other)[0] == 403
        assert asked_once(site, f"ticket={quote(asked)}", "broken; =;;")[0] == 403
        assert asked_once(site, f"ticket={quote(given(SessionStore(), 'x'))}&last=1.2")[0] == 403
        assert asked_once(site, f"ticket={quote(given(SessionStore(), 'x'))}&last=a")[0] == 403


def test_a_ring_that_is_taken_back_is_not_heard() -> None:
    with transaction.atomic():
        ring("room:1", "room:1", "room:2")
        transaction.set_rollback(True)
    assert tickets.numbers(["room:1"]) == {"room:1": 0}
    ring("room:1", "room:1")
    assert tickets.numbers(["room:1", "room:2"]) == {"room:1": 1, "room:2": 0}


def test_a_ticket_is_read_by_its_own_session_only() -> None:
    mine = session()
    assert tickets.read(given(mine, "room:1"), mine.session_key) == {"room:1": 0}
    with pytest.raises(BadSignature):
        tickets.read(given(mine, "room:1"), None)
