"""A researcher hands a study in, computes it and reads it; a customer reads the scorecard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kelisim.accounts.roles import Role
from kelisim.jobs import worker
from tests.browser.test_people import sound
from tests.results.studies import example, packed
from tests.serving import serving
from tests.web import PASSWORD, Cast, cast

pytestmark = pytest.mark.django_db(transaction=True)

ENTER = {"kk": "Кіру", "ru": "Войти", "en": "Sign In"}
STUDIES = {"kk": "Зерттеулер", "ru": "Исследования", "en": "Studies"}
OPEN = {"kk": "Зерттеу ашу", "ru": "Открыть исследование", "en": "Open a study"}
COMPUTE = {"kk": "Нәтижелерді есептеу", "ru": "Рассчитать результаты", "en": "Compute the results"}
CARD = {"kk": "Өңірлерді салыстыру", "ru": "Сравнение регионов", "en": "Regions compared"}


def enter(page: Page, site: str, language: str, email: str) -> None:
    page.goto(f"{site}/{language}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=ENTER[language], exact=True).click()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_study_is_handed_in_computed_and_read(page: Page, tmp_path: Path, language: str) -> None:
    scene: Cast = cast()
    (tmp_path / "study.zip").write_bytes(packed(example(), "my-poll/"))
    with serving(tmp_path) as site:
        enter(page, site, language, scene.of(Role.RESEARCHER).email)
        page.locator("main").get_by_role("link", name="house").click()
        page.get_by_role("link", name=STUDIES[language]).click()
        page.get_by_role("link", name=OPEN[language]).click()
        page.locator("input[name=slug]").fill("trust-2026")
        page.locator("input[name=folder]").set_input_files(tmp_path / "study.zip")
        sound(page, f"study-open-{language}")
        page.locator("main form button").click()
        sound(page, f"study-{language}")
        page.get_by_role("button", name=COMPUTE[language]).click()
        sound(page, f"run-waiting-{language}")
        worker.work(worker.name(), ["default"], lambda: False, once=True)
        expect(page.locator(".lines li")).to_have_count(4, timeout=20_000)
        sound(page, f"run-{language}")
        page.locator(".lines a").first.click()
        expect(page.locator(".national")).to_contain_text("720")
        sound(page, f"indicator-{language}")
        page.locator(".tabs a").nth(1).click()
        page.locator(".citation summary").click()
        expect(page.locator("#citation")).to_contain_text("n = ")
        page.go_back()
        page.go_back()
        page.get_by_role("link", name=CARD[language]).click()
        expect(page.locator("table").first).to_be_visible()
        sound(page, f"scorecard-{language}")
