"""What the door says to clients that are silent, too loud, or too many; and what a code holds."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib

import pytest

from kelisim.fieldwork.conformance.client import multipart
from kelisim.fieldwork.openrosa.settings_code import code_svg, settings_text
from kelisim.fieldwork.tokens import number_of, opens, token_of
from kelisim.intake import submissions
from kelisim.intake.group_commit import Busy
from kelisim.intake.http import Message
from kelisim.surveys.models import Submission
from tests.fieldwork.door import called
from tests.fieldwork.field import field, interview

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_client_that_falls_silent_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "SILENCE", 0.05)
    path = f"{field().path}/submission"
    said: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    asyncio.run(submissions.application(scope, receive, send))
    assert said[0]["status"] == 408
    assert (b"connection", b"close") in said[0]["headers"]


def test_chunks_beyond_the_limit_are_refused_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MOST_BYTES", 10_000)
    pieces = [b"x" * 4000] * 5
    told = asyncio.run(called(field().path, pieces, {"Content-Type": "multipart/form-data"}))
    assert told.status == 413


def test_a_crowd_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_item: object) -> object:
        raise Busy

    monkeypatch.setattr(submissions._commit, "add", full)
    body, kind = multipart(interview())
    told = asyncio.run(called(field().path, body, {"Content-Type": kind}))
    assert told.status == 503
    assert told.headers["retry-after"] == "5"


def test_a_client_that_hangs_up_leaves_nothing() -> None:
    async def hung_up() -> list[Message]:
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/openrosa/1-x/submission",
            "headers": [],
        }
        await submissions.application(scope, receive, send)
        return said

    assert asyncio.run(hung_up()) == []
    assert not Submission.objects.exists()


def test_a_code_holds_the_settings_of_collect() -> None:
    text = settings_text("https://example.kz/openrosa/1-abc", "Тұрғындар")
    told = json.loads(zlib.decompress(base64.b64decode(text)))
    assert told["general"]["server_url"] == "https://example.kz/openrosa/1-abc"
    assert told["project"]["name"] == "Тұрғындар"
    svg = code_svg("https://example.kz/openrosa/1-abc", "Тұрғындар")
    assert svg.startswith("<svg")
    assert "style=" not in svg


def test_a_token_opens_its_own_device_and_no_other() -> None:
    one = field()
    token = one.token
    assert number_of(token) == one.device.pk
    assert opens(token, one.device)
    assert not opens(token[:-1] + ("A" if token[-1] != "A" else "B"), one.device)
    one.device.salt = "another"
    assert not opens(token, one.device)
    assert opens(token_of(one.device), one.device)
    for wrong in ("", "x", "12", "-a", "²-a", "1" * 30 + "-a"):
        assert number_of(wrong) == 0
