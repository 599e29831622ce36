"""Text messages: posted to a gateway that is really there, or shown to be sent by hand."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kelisim.auditlog.models import Entry
from kelisim.core.errors import SettingRefused
from kelisim.mediation.sms import HttpGateway, NotSent, gateway
from kelisim.site.environment import sms_fields, sms_url
from tests.mediation.play import Play
from tests.mediation.test_pages import Seen

pytestmark = pytest.mark.django_db


class Recorder:
    """A gateway on this machine that keeps what it is told."""

    def __init__(self) -> None:
        recorder = self
        self.status, self.heard = 202, list[tuple[str, str, dict[str, str]]]()

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = (self.path, self.headers.get("Authorization", ""), json.loads(body))
                recorder.heard.append(told)
                self.send_response(recorder.status)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?from=Kelisim"


@pytest.fixture
def recorder(settings: Any) -> Iterator[Recorder]:
    made = Recorder()
    told = {"sms_url": made.url, "sms_token": "t0ken", "sms_fields": ("recipient", "body")}
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, **told)
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def invited(play: Play, language: str = "en") -> str:
    seen = Seen(play.registrar, language)
    path = f"mediation/cases/{play.case.code}/invite/"
    return seen.post(path, channel="sms", greeting="Aigerim")


def test_the_invitation_is_sent_and_says_nothing_of_a_dispute(recorder: Recorder) -> None:
    play = Play().filed()
    page = invited(play)
    assert "The text message was sent." in page
    ((path, bearer, told),) = recorder.heard
    assert path == "/send?from=Kelisim"
    assert bearer == "Bearer t0ken"
    assert told["recipient"] == "+77000000000"
    assert "/mediation/i/" in told["body"]
    assert play.case.code not in told["body"]
    assert not [
        word for word in ("dispute", "fence", "Aigerim", "mediator") if word in told["body"]
    ]
    kept = " ".join(f"{one.action} {one.facts}" for one in Entry.objects.all())
    assert "mediation.send_text" in kept
    assert "7000000" not in kept


@pytest.mark.parametrize("status", [302, 400, 401, 500])
def test_what_the_gateway_does_not_take_is_shown_to_be_sent_by_hand(
    recorder: Recorder, status: int
) -> None:
    recorder.status = status
    play = Play().filed()
    page = invited(play)
    assert "The text message was not sent." in page
    assert "As a text message" in page
    assert "sent." not in page.replace("was not sent.", "")
    assert len(recorder.heard) == 1, "no redirection is followed, nothing is sent twice"
    assert not Entry.objects.filter(action="mediation.send_text").exists()


def test_without_a_gateway_the_text_is_shown() -> None:
    assert gateway() is None
    page = invited(Play().filed())
    assert "As a text message" in page
    assert "message was" not in page


def test_a_gateway_that_is_away_is_no_fault_of_the_page(settings: Any) -> None:
    away = HttpGateway("http://127.0.0.1:9/", "")
    with pytest.raises(NotSent) as told:
        away.send("+77010000000", "words")
    assert "7701" not in str(told.value)
    assert "secret" not in repr(HttpGateway("https://x.kz/", "secret"))
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, sms_url=away.url)
    assert "was not sent" in invited(Play().filed())


def test_settings_that_would_send_in_the_open_are_refused() -> None:
    assert sms_url("") == ""
    assert sms_url("https://sms.example.kz/send") == "https://sms.example.kz/send"
    assert sms_fields("phone, message") == ("phone", "message")
    for wrong in ("http://sms.example.kz/send", "ftp://x", "sms.example.kz"):
        with pytest.raises(SettingRefused, match="https"):
            sms_url(wrong)
    for names in ("to", "a,b,c", "to,"):
        with pytest.raises(SettingRefused, match="Two names"):
            sms_fields(names)
