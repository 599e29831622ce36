"""The report in a real browser: three languages without a script, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kelisim.study.release import write_release
from kelisim.study.run import run_study
from kelisim.study.scaffold import write_example
from kelisim.study.settings import read_study

FINDINGS = {"Қазақша": "Негізгі", "Русский": "Главные результаты", "English": "Key findings"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poll")
    write_example(folder / "study", 0)
    write_release(run_study(read_study(folder / "study")), folder / "out")
    return folder / "out" / "report.html"


@pytest.mark.parametrize("language", FINDINGS)
def test_the_report_reads_in_a_language_and_asks_nothing_of_the_network(
    page: Page, report: Path, language: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(report.as_uri())
    page.get_by_text(language, exact=True).first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(FINDINGS[language])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
