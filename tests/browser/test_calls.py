"""Three people with cameras meet in a room of Janus, by the site's own door alone."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from kelisim.accounts.models import User
from kelisim.mediation.models import Call
from tests.browser.conftest import QUIET
from tests.browser.visitor import NAMES, PATIENCE, Visitor
from tests.conftest import absent
from tests.mediation.calls.janus import running
from tests.mediation.play import Hand, Play
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)

CAMERAS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
MOVES = """() => {
    const seen = [...document.querySelectorAll('.faces video')];
    return seen.length === 3 && seen.every((one) => one.videoWidth > 0 && one.currentTime > 1);
}"""


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[str]:
    if shutil.which("janus") is None:
        absent("Janus (Debian package janus)")
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, data=tmp_path)
    with running(tmp_path), serving(tmp_path) as address:
        yield address


@pytest.fixture
def cameras(browser: Browser) -> Iterator[Browser]:
    """The same Chromium once more, with a camera and a microphone that are played."""
    kind = browser.browser_type
    opened = kind.launch(executable_path=shutil.which("chromium"), args=[*QUIET, *CAMERAS])
    yield opened
    opened.close()


def talking() -> Play:
    try:
        play = Play(clock=Hand()).active()
        for who, name in ((play.a, "a"), (play.b, "b"), (play.m, "m")):
            User.objects.filter(pk=who.pk).update(name=NAMES[name])
        return play
    finally:
        connection.close()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_three_people_see_and_hear_each_other(cameras: Browser, site: str, language: str) -> None:
    # The browser's event loop runs in this thread, and sealing a PDF needs one of its own.
    with ThreadPoolExecutor(1) as apart:
        play = apart.submit(talking).result()
    home = f"mediation/cases/{play.case.code}/rooms/"
    visitors = [
        Visitor(cameras, site, language, who, phone=who != play.m)
        for who in (play.a, play.b, play.m)
    ]
    for one in visitors:
        one.signs_in()
        one.unlocks()
        one.to(f"{home}joint/")
        one.page.locator("a[href$='/call/']").click()
    visitors[0].shot("call-before")
    for one in visitors:
        one.page.locator("#come").click()
    for one in visitors:
        expect(one.page.locator(".people li")).to_have_count(3)
        one.page.wait_for_function(MOVES, timeout=PATIENCE)
        for name in NAMES.values():
            expect(one.page.locator(".people")).to_contain_text(name)
    visitors[0].shot("call")
    visitors[2].shot("call-desk")

    # Nobody is kept in, and nobody who left is shown.
    visitors[1].page.locator("#camera").click()
    expect(visitors[1].page.locator("#camera")).to_have_attribute("aria-pressed", "false")
    visitors[1].page.locator("#hangup").click()
    away = visitors[1].page.locator("#call").get_attribute("data-away")
    expect(visitors[1].page.locator(".state")).to_have_text(str(away))
    expect(visitors[1].page.locator(".there")).to_have_count(0)
    for one in (visitors[0], visitors[2]):
        expect(one.page.locator(".people li")).to_have_count(2)
        expect(one.page.locator(".faces figure")).to_have_count(2)
    visitors[1].to(f"{home}joint/")
    expect(visitors[1].page.locator(".callway")).to_contain_text(NAMES["m"])

    # The mediator ends it for everybody.
    visitors[2].page.locator("form[action$='/call/end/'] button").click()
    expect(visitors[0].page.locator(".during")).to_be_hidden()
    assert Call.objects.get().ended
    for one in visitors:
        assert one.complaints == []
        one.context.close()


def test_without_a_camera_one_is_heard_and_without_a_microphone_one_listens(
    browser: Browser, cameras: Browser, site: str
) -> None:
    with ThreadPoolExecutor(1) as apart:
        play = apart.submit(talking).result()
    heard = Visitor(cameras, site, "en", play.a, phone=True)
    listens = Visitor(browser, site, "en", play.m, phone=False)
    for one in (heard, listens):
        one.signs_in()
        one.unlocks()
        one.to(f"mediation/cases/{play.case.code}/rooms/caucus-a/call/")
    heard.page.locator("#heard").click()
    expect(heard.page.locator(".people")).to_contain_text("without a picture")
    listens.page.locator("#come").click()
    expect(listens.page.locator(".given")).to_contain_text("neither camera nor microphone")
    for one in (heard, listens):
        expect(one.page.locator(".people li")).to_have_count(2)
    expect(heard.page.locator(".people")).to_contain_text("only listens")
    for one in (heard, listens):
        one.context.close()
