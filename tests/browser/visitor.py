"""Somebody of a mediation at a screen."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kelisim.accounts.models import User
from kelisim.mediation.safety import ITEMS
from tests.browser.conftest import DESK, PHONE
from tests.mediation.play import PASSPHRASE
from tests.web import PASSWORD

PATIENCE = 120_000
"""Milliseconds: the machine that tests may be busy, and what is shown is not how fast it is."""

expect.set_options(timeout=PATIENCE)
SHOTS = os.environ.get("KELISIM_SCREENSHOTS")
NAMES = {"a": "Айгерім Сәрсенова", "b": "Болат Қуанышев", "m": "Марат Әлиев"}


class Visitor:
    """Somebody at a screen."""

    def __init__(self, browser: Browser, site: str, language: str, who: User, *, phone: bool):
        self.context: BrowserContext = browser.new_context(viewport=PHONE if phone else DESK)  # type: ignore[arg-type]  # width and height
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.site, self.language, self.who, self.phone = site, language, who, phone
        self.complaints: list[str] = []
        self.offline = False
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and not self.offline and "ERR_" not in text:
            self.complaints.append(text)

    def _asked(self, sent: object) -> None:
        url = str(getattr(sent, "url", ""))
        if urlsplit(url).hostname not in ("localhost", "127.0.0.1", None):
            self.complaints.append(url)

    def to(self, path: str) -> None:
        self.page.goto(f"{self.site}/{self.language}/{path}")

    def main(self) -> None:
        """Press the button of the page's form."""
        self.page.locator("main form:not(.box) button:not(.plain):not(.quiet)").last.click()

    def signs_in(self) -> None:
        self.to("accounts/login/")
        self.page.locator("input[name=login]").fill(self.who.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "login" not in url)

    def unlocks(self) -> None:
        self.to("mediation/key/")
        self.page.locator("input[name=passphrase]").fill(PASSPHRASE)
        self.main()
        self.page.wait_for_url("**/mediation/")

    def makes_key(self) -> None:
        for name in ("passphrase", "again"):
            self.page.locator(f"input[name={name}]").fill(PASSPHRASE)
        self.shot("new-key")
        self.main()
        expect(self.page.locator(".code")).to_be_visible()
        self.shot("recovery")
        self.page.locator("main a.button").click()

    def answers_screening(self) -> None:
        for item in ITEMS:
            self.page.locator(f"input[name={item.key}][value=never]").check()
        self.shot("screening")
        self.main()

    def fills(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)

    def chooses(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"select[name={name}]").select_option(value)

    def shot(self, name: str) -> None:
        """Check a page as a screen reader meets it, and keep its picture when asked to."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        fits = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert fits, f"{name} scrolls"
        if SHOTS:
            width = PHONE["width"] if self.phone else DESK["width"]
            path = Path(SHOTS) / f"{name}-{self.language}-{width}.png"
            self.page.screenshot(path=path, full_page=True)

    def says(self, text: str) -> None:
        self.page.locator("form.box textarea").first.fill(text)
        self.page.locator("form.box button").first.click()

    def signs(self, case: str) -> None:
        self.to(f"mediation/cases/{case}/")
        self.page.locator(".cards a[href*='/papers/']").last.click()
        self.code = self.page.locator(".code.big").inner_text()
        self.shot("paper")
        self.page.locator("input[name=passphrase]").fill(PASSPHRASE)
        self.page.locator("#sign button").first.click()
        expect(self.page.locator("#sign")).to_have_count(0)
