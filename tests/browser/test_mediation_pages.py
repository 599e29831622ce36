"""Pages of mediation beside the journey: leaving, offers and seats, signing by NCALayer."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Route, WebSocketRoute, expect

from kelisim.accounts.models import User
from kelisim.mediation.actions.make_keys import make_keys
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import KeyPair, Paper
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Kind, Room, SignedBy
from tests.browser.visitor import Visitor
from tests.mediation.documents.test_papers import Holder
from tests.mediation.play import PASSPHRASE, Play, person
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path) as address:
        yield address


def test_leaving_locks_the_key_and_shows_the_weather(browser: Browser, site: str) -> None:
    who = person("aigerim", keys=False)
    make_keys(person=who, passphrase=PASSPHRASE)
    visitor = Visitor(browser, site, "en", who, phone=True)
    visitor.signs_in()
    visitor.unlocks()
    elsewhere: list[str] = []

    def weather(route: Route) -> None:
        elsewhere.append(route.request.url)
        route.fulfill(body="weather")

    visitor.context.route("https://www.kazhydromet.kz/**", weather)
    visitor.page.locator(".exit a").click()
    visitor.page.wait_for_url("https://www.kazhydromet.kz/**")
    assert elsewhere
    visitor.to("mediation/key/")
    assert "/accounts/login/" in visitor.page.url
    assert KeyPair.objects.filter(person=who).exists()
    visitor.context.close()


def talking() -> Play:
    try:
        play = Play().active()
        person("dina")
        issue = {"issue": "1", "name": "Fence", "options": ["east", "west"], "interests": {}}
        joint = newest(play.case, Room.JOINT)
        write(joint, Kind.ISSUE, issue, seat=play.seat(play.m), clock=play.clock)
        return play
    finally:
        connection.close()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_offer_is_answered_and_an_interpreter_seated(
    browser: Browser, site: str, language: str
) -> None:
    # The browser's event loop runs in this thread, and sealing a PDF needs one of its own.
    with ThreadPoolExecutor(1) as apart:
        play = apart.submit(talking).result()
    home = f"mediation/cases/{play.case.code}/"
    a, b = (Visitor(browser, site, language, who, phone=True) for who in (play.a, play.b))
    m = Visitor(browser, site, language, play.m, phone=False)
    for one in (a, b, m):
        one.signs_in()
        one.unlocks()
    a.to(f"{home}offers/")
    a.page.locator("select[name=i0]").select_option("east")
    a.fills(words="150 000")
    a.main()
    b.to(f"{home}offers/")
    b.shot("offers")
    b.page.locator("button[value=accept]").click()
    expect(b.page.locator("button[value=accept]")).to_have_count(0)
    m.to(f"{home}people/")
    m.chooses(part="interpreter")
    m.fills(email="dina@example.kz")
    m.main()
    expect(m.page.locator("main .cards li")).to_have_count(5)
    m.shot("people-desk")
    a.to(f"{home}people/")
    a.page.locator("button[value=agree]").last.click()
    a.shot("people")
    m.to("mediation/statistics/")
    m.shot("statistics")
    for one in (a, b, m):
        assert one.complaints == []
        one.context.close()


def agreement_to_sign() -> tuple[Play, Paper]:
    try:
        play = Play().set()
        return play, play.agreement()
    finally:
        connection.close()


def test_ncalayer_signs_the_paper_that_is_shown(browser: Browser, site: str) -> None:
    """The national program is played by a socket that answers in its words and signs for real."""
    # The browser's event loop runs in this thread, and sealing a PDF needs one of its own.
    with ThreadPoolExecutor(1) as apart:
        play, paper = apart.submit(agreement_to_sign).result()
    User.objects.filter(pk=play.a.pk).update(name="Айгерім Сәрсенова")
    holder, heard = Holder("СӘРСЕНОВА АЙГЕРІМ"), []

    def answer(line: WebSocketRoute, message: str | bytes) -> None:
        asked = json.loads(message)
        heard.append(asked["method"])
        signature = holder.signs_bytes(base64.b64decode(asked["args"][2]))
        told = {"code": "200", "responseObject": base64.b64encode(signature).decode()}
        line.send(json.dumps(told))

    def greet(line: WebSocketRoute) -> None:
        line.on_message(lambda message: answer(line, message))
        line.send(json.dumps({"result": {"version": "1.4"}}))

    visitor = Visitor(browser, site, "kk", play.a, phone=False)
    visitor.context.route_web_socket("wss://127.0.0.1:13579/", greet)
    visitor.signs_in()
    visitor.unlocks()
    visitor.to(f"mediation/cases/{play.case.code}/papers/{paper.writing_id}/")
    visitor.page.locator("#ncalayer").click()
    expect(visitor.page.locator("#sign")).to_have_count(0)
    assert heard == ["createCAdESFromBase64"]
    assert paper.signatures.get().by == SignedBy.CMS
    visitor.context.close()
