"""Journeys of people who sign in, on a phone and on a desk, in three languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kelisim.accounts.models import Membership
from kelisim.accounts.roles import Role
from tests.web import PASSWORD, cast

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_IN = {"kk": "Кіру", "ru": "Войти", "en": "Sign In"}
PEOPLE = {"kk": "Адамдар мен рөлдер", "ru": "Люди и роли", "en": "People and roles"}
GIVE = {"kk": "Рөлді беру", "ru": "Выдать роль", "en": "Give the role"}
SHOTS = os.environ.get("KELISIM_SCREENSHOTS")


def sound(page: Page, name: str) -> None:
    """Check a page as a screen reader meets it, and keep its picture when asked to."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls"
    if SHOTS:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def sign_in(page: Page, live_server: LiveServer, language: str, email: str) -> None:
    page.goto(f"{live_server.url}/{language}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=SIGN_IN[language], exact=True).click()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_administrator_signs_in_and_gives_a_role(
    page: Page, live_server: LiveServer, language: str
) -> None:
    people = cast()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda sent: complaints.append(sent.url) if foreign(sent.url) else None)

    page.goto(live_server.url + f"/{language}/")
    sound(page, f"front-{language}")
    sign_in(page, live_server, language, people.of(Role.ADMINISTRATOR).email)
    page.locator("main").get_by_role("link", name=people.house.slug).click()
    page.get_by_role("link", name=PEOPLE[language]).click()
    sound(page, f"people-{language}")
    page.locator("input[name=email]").fill(people.stranger.email)
    page.locator("select[name=role]").select_option("interviewer")
    page.get_by_role("button", name=GIVE[language]).click()
    expect(page.get_by_role("status")).to_contain_text("stranger@example.kz")
    assert Membership.objects.filter(person=people.stranger, role="interviewer").exists()
    assert complaints == []


def foreign(url: str) -> bool:
    return not url.startswith(("http://localhost:", "http://127.0.0.1:", "data:"))


def test_the_language_is_switched_on_the_page_one_is_at(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/en/accounts/login/")
    sound(page, "login-en")
    page.get_by_role("link", name="Қазақша").click()
    assert page.url.endswith("/kk/accounts/login/")
    sound(page, "login-kk")


def test_everything_can_be_reached_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_page_that_is_not_there_says_so_calmly(page: Page, live_server: LiveServer) -> None:
    answer = page.goto(f"{live_server.url}/ru/nowhere/")
    assert answer is not None
    assert answer.status == 404
    sound(page, "not-found-ru")
