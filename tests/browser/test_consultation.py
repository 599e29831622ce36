"""A consultation in a real browser: one participant by keyboard, and a crowd that votes at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from kelisim.accounts.roles import Role
from kelisim.consultations.actions.owe import owe
from kelisim.consultations.models import Consultation, Event, Kind, Participant, Standing, Statement
from tests.browser.conftest import DESK, QUIET
from tests.browser.test_people import SHOTS, foreign, sound
from tests.consultations.making import QUESTION, STATEMENTS, asked, camps
from tests.consultations.test_country import told_by
from tests.consultations.test_results import worked
from tests.serving import database_url, serving
from tests.web import PASSWORD, Cast, cast

pytestmark = pytest.mark.django_db(transaction=True)

AGREE = {"kk": "Келісемін", "ru": "Согласен", "en": "Agree"}
DISAGREE = {"kk": "Келіспеймін", "ru": "Не согласен", "en": "Disagree"}
GROUND = {"kk": "Біз неде келісеміз", "ru": "В чём мы согласны", "en": "What we agree on"}
LEGIBLE = 11
"""Pixels of CSS: the least size of letters on a picture, as it is shown."""

SHOWN_SIZE = """all => all.map(one =>
  one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize))"""
LIGHT = 100_000
"""Bytes of a first page with everything it loads."""


@contextmanager
def working() -> Iterator[None]:
    """Run the background worker beside the test, as `kelisim worker` does."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "KELISIM_DATA": str(settings.ENVIRONMENT.data),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    command = [sys.executable, "-c", "from kelisim.site.start import run_worker; run_worker()"]
    worker = subprocess.Popen(command, env=environment)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(30)


def made(scene: Cast, **options: object) -> Consultation:
    why = {
        "why_kk": "Қала әкімдігі 2027 жылғы көлік жоспарын дайындап жатыр.",
        "why_ru": "Акимат готовит транспортный план на 2027 год.",
        "why_en": "The city is preparing its transport plan for 2027.",
        "decides_kk": "Орталыққа кіру ережесі.",
        "decides_ru": "Правила въезда в центр.",
        "decides_en": "The rules for entering the centre.",
    }
    return asked(scene.house, scene.of(Role.RESEARCHER), clause=True, **why, **options)  # type: ignore[arg-type]


def text_of(page: Page) -> str:
    return page.locator(".vote .statement").inner_text()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_participant_votes_and_sees_what_is_shared(
    page: Page, tmp_path: Path, language: str
) -> None:
    house = made(cast())
    camps(house, 60)
    worked()
    complaints: list[str] = []
    loaded: list[int] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda sent: complaints.append(sent.url) if foreign(sent.url) else None)
    with serving(tmp_path) as site:
        page.on(
            "response",
            lambda got: loaded.append(len(got.body())) if "/live" not in got.url else None,
        )
        page.goto(f"{site}/{language}/consultations/traffic/")
        expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION[language])
        assert sum(loaded) < LIGHT
        sound(page, f"consultation-{language}")
        first = text_of(page)
        assert first in {one[language] for one in STATEMENTS}
        page.get_by_role("button", name=AGREE[language], exact=True).click()
        expect(page.locator(".vote .statement")).not_to_have_text(first)
        # By keyboard: the focus stays with the buttons.
        page.get_by_role("button", name=DISAGREE[language], exact=True).focus()
        second = text_of(page)
        page.keyboard.press("Enter")
        expect(page.locator(".vote .statement")).not_to_have_text(second)
        third = text_of(page)
        # Another language, the same place.
        other = "ru" if language != "ru" else "en"
        page.locator(f".languages a[lang={other}]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION[other])
        number = next(n for n, one in enumerate(STATEMENTS) if one[language] == third)
        expect(page.locator(".vote .statement")).to_have_text(STATEMENTS[number][other])
        page.locator(f".languages a[lang={language}]").click()
        expect(page.locator(".picture g.own")).to_have_count(1)
        sound(page, f"consultation-voted-{language}")
    votes = Event.objects.filter(kind=Kind.VOTE, participant=Participant.objects.latest("pk"))
    assert set(votes.values_list("vote", flat=True)) == {-1, 1}
    assert complaints == []


def test_the_own_dot_moves_at_once(page: Page, tmp_path: Path) -> None:
    house = made(cast())
    # The chart of the country stands above the map, and is not the one that is moved.
    told_by(camps(house, 60), house)
    worked()
    with serving(tmp_path) as site:
        page.goto(f"{site}/kk/consultations/traffic/")
        for choice in (AGREE, DISAGREE):
            was = text_of(page)
            page.get_by_role("button", name=choice["kk"], exact=True).click()
            expect(page.locator(".vote .statement")).not_to_have_text(was)
        page.reload()
        dot = page.locator(".picture g.own circle")
        before = dot.get_attribute("cx"), dot.get_attribute("cy")
        was = text_of(page)
        page.get_by_role("button", name=AGREE["kk"], exact=True).click()
        expect(page.locator(".vote .statement")).not_to_have_text(was)
        assert (dot.get_attribute("cx"), dot.get_attribute("cy")) != before
        letters = page.locator("#map g.letters text")
        assert letters.count() > 1
        assert all(size >= LEGIBLE for size in letters.evaluate_all(SHOWN_SIZE))


def test_everything_works_without_a_script(browser: Browser, tmp_path: Path) -> None:
    made(cast(), vote_first=True)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with serving(tmp_path) as site:
        page.goto(f"{site}/ru/consultations/traffic/")
        for _turn in range(8):
            page.get_by_role("button", name=AGREE["ru"], exact=True).click()
        expect(page.locator("#turn")).to_contain_text("по всему, что есть сейчас")
        page.goto(f"{site}/ru/consultations/traffic/statement/")
        page.locator("textarea[name=text]").fill("Трамваю нужна <b>своя</b> полоса 🚋")
        page.locator("main form button").click()
        expect(page.locator("details.own")).to_contain_text("Трамваю нужна <b>своя</b> полоса 🚋")
    context.close()
    assert Event.objects.filter(kind=Kind.VOTE).count() == 8
    assert Participant.objects.count() == 1
    assert Statement.objects.get(number=9).state == "waiting"


def test_staff_pages_are_sound(page: Page, tmp_path: Path) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from kelisim.consultations import tokens
    from kelisim.consultations.actions.add_statement import propose
    from kelisim.consultations.actions.join import voice

    scene = cast()
    house = made(scene)
    camps(house, 60)
    author, _new = voice(house, tokens.fresh(), "ru")
    propose(house, author, "Дворы должны быть тихими", "ru")
    due = timezone.localdate() + timedelta(days=10)
    owe(
        house,
        house.statements.filter(number__lte=3),
        scene.house,
        due,
        by=scene.of(Role.RESEARCHER),
    )
    worked()
    visits = {
        Role.RESEARCHER: ["manage/traffic/", "manage/of/house/", "manage/traffic/entry/"],
        Role.MODERATOR: ["manage/traffic/queue/"],
        Role.CUSTOMER: ["manage/owed/"],
        None: [
            "",
            "traffic/answers/",
            "traffic/moderation/",
            "traffic/embed/",
            "traffic/statement/",
        ],
    }
    with serving(tmp_path) as site:
        for role, places in visits.items():
            page.context.clear_cookies()
            if role is not None:
                page.goto(f"{site}/kk/accounts/login/")
                page.locator("input[name=login]").fill(scene.of(role).email)
                page.locator("input[name=password]").fill(PASSWORD)
                page.locator("main").get_by_role("button", name="Кіру", exact=True).click()
                page.wait_for_url(f"{site}/kk/")
            for place in places:
                for language in ("kk", "ru", "en"):
                    page.goto(f"{site}/{language}/consultations/{place}")
                    sound(page, f"c-{place.replace('/', '-') or 'list'}-{language}")


CROWD, TURNS = 50, 3


@pytest.fixture
def hall(browser: Browser) -> Iterator[Browser]:
    """A browser for many windows: they share a few processes, as on a machine with few cores."""
    options = [*QUIET, "--renderer-process-limit=4"]
    opened = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=options)
    yield opened
    opened.close()


def test_a_crowd_votes_at_once_while_a_moderator_works(hall: Browser, tmp_path: Path) -> None:
    """Fifty people in three languages, each in a window of their own, and the map moves."""
    scene = cast()
    made(scene)
    languages = [("kk", "ru", "en")[n % 3] for n in range(CROWD)]
    contexts = [hall.new_context(viewport=DESK) for _person in range(CROWD + 1)]  # type: ignore[arg-type]
    pages = [context.new_page() for context in contexts]
    people, moderator = pages[:-1], pages[-1]
    with serving(tmp_path) as site, working():
        moderator.goto(f"{site}/kk/accounts/login/?next=/kk/consultations/manage/traffic/queue/")
        moderator.locator("input[name=login]").fill(scene.of(Role.MODERATOR).email)
        moderator.locator("input[name=password]").fill(PASSWORD)
        moderator.locator("main").get_by_role("button", name="Кіру", exact=True).click()
        expect(moderator.locator("#queue")).to_be_visible()
        for page, language in zip(people, languages, strict=True):
            page.set_default_timeout(120_000)
            page.goto(f"{site}/{language}/consultations/traffic/", wait_until="commit")
        for page, language in zip(people, languages, strict=True):
            expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION[language])
        before = 0
        for turn in range(TURNS):
            # All press before any of them is waited for.
            shown = [text_of(page) for page in people]
            for n, (page, language) in enumerate(zip(people, languages, strict=True)):
                leaning = AGREE if (n + turn) % 3 else DISAGREE
                page.get_by_role("button", name=leaning[language], exact=True).dispatch_event(
                    "click"
                )
            for page, was in zip(people, shown, strict=True):
                expect(page.locator(".vote .statement")).not_to_have_text(was, timeout=120_000)
            if turn == 1:
                _proposes(people[0], site)
                _accepts(moderator)
                people[0].goto(f"{site}/kk/consultations/traffic/")
            expect(people[1].locator(".picture svg")).to_be_visible(timeout=120_000)
            now = Standing.objects.get().picture_number
            assert now >= before
            before = now
        # Everybody's map was drawn anew while they looked at it: the count of votes on it is ours.
        expect(people[1].locator("#map")).to_contain_text(str(TURNS * CROWD), timeout=120_000)
        assert Standing.objects.get().picture_number > 1
        sound(people[1], "crowd-ru")
        if SHOTS:
            moderator.screenshot(path=Path(SHOTS) / "crowd-moderator.png", full_page=True)
    for context in contexts:
        context.close()
    assert Event.objects.filter(kind=Kind.VOTE).count() == TURNS * CROWD
    assert Participant.objects.count() == CROWD
    assert set(Event.objects.filter(kind=Kind.VOTE).values_list("language", flat=True)) == {
        "kk",
        "ru",
        "en",
    }
    assert Statement.objects.get(number=9).state == "accepted"


def _proposes(page: Page, site: str) -> None:
    page.goto(f"{site}/kk/consultations/traffic/statement/")
    page.locator("textarea[name=text]").fill("Трамвай желісі керек")
    page.locator("main form button").click()
    expect(page.locator("details.own")).to_contain_text("Трамвай желісі керек", timeout=120_000)


def _accepts(moderator: Page) -> None:
    # The queue heard the bell: nobody loaded the page anew.
    accept = moderator.get_by_role("button", name="Қабылдау", exact=True)
    expect(accept).to_be_visible(timeout=120_000)
    accept.click()
    expect(moderator.get_by_role("status")).to_contain_text("9")
