"""An interview in a browser: without a line, with the tab killed, and received all the same."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kelisim.accounts.roles import Role
from kelisim.fieldwork.client_words import WORDS
from kelisim.fieldwork.models import Psu, Unit
from kelisim.surveys.models import Channel, Questionnaire, Submission
from tests.browser.conftest import PHONE
from tests.browser.test_people import sound
from tests.conftest import absent
from tests.fieldwork.field import field
from tests.serving import free_port, serving
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def client() -> None:
    if finders.find("webforms/index.js") is None:
        absent("the form client (make clients)")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a mapping of two numbers
    yield context
    context.close()


def answer(page: Page) -> Locator:
    """Return the field of the one question; the client names its number fields by role alone."""
    return page.locator("[data-form]").get_by_role("spinbutton")


def given(scene: Cast) -> Unit:
    survey = field(scene.house).survey
    psu = Psu.objects.create(
        survey=survey, code="p1", place="Астана", interviewer=scene.of(Role.INTERVIEWER)
    )
    return Unit.objects.create(
        survey=survey, psu=psu, code="u1", chance=0.1, weight=10, address="Абай 1"
    )


def opened(phone: BrowserContext, site: str, scene: Cast, unit: Unit, language: str) -> Page:
    session = signed_in(scene.of(Role.INTERVIEWER)).cookies["sessionid"].value
    phone.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page = phone.new_page()
    page.goto(f"{site}/{language}/fieldwork/units/{unit.pk}/interview/")
    expect(answer(page)).to_be_visible(timeout=60_000)
    return page


def finished(page: Page, language: str) -> None:
    answer(page).press_sequentially("4")
    answer(page).blur()
    with translation.override(language):
        page.get_by_role("button", name=str(WORDS["Send"])).click()
    expect(page.locator("[data-finished]")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_interview_is_made_and_received(
    phone: BrowserContext, tmp_path: Path, language: str
) -> None:
    scene = cast()
    unit = given(scene)
    with serving(tmp_path) as site:
        page = opened(phone, site, scene, unit, language)
        finished(page, language)
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=30_000)
        row = Submission.objects.get()
        assert b"<trust>4</trust>" in bytes(row.xml)
        assert (row.channel, row.arrival.unit) == (Channel.INTERVIEWER, unit)
        assert row.interviewer == scene.of(Role.INTERVIEWER)
        page.locator("[data-finished] a").click()
        sound(page, f"unit-after-{language}")


def test_nothing_is_lost_when_there_is_no_line_and_the_tab_is_killed(
    phone: BrowserContext, tmp_path: Path
) -> None:
    scene = cast()
    unit = given(scene)
    port = free_port()
    with serving(tmp_path, port=port) as site:
        page = opened(phone, site, scene, unit, "kk")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()  # now through the service worker, which keeps what it sees
        expect(answer(page)).to_be_visible(timeout=60_000)
    # The server is gone, the page opens all the same, and two interviews are made.
    page.reload()
    expect(answer(page)).to_be_visible(timeout=60_000)
    finished(page, "kk")
    page.close(run_before_unload=False)
    page = phone.new_page()
    page.goto(f"{site}/kk/fieldwork/units/{unit.pk}/interview/")
    expect(answer(page)).to_be_visible(timeout=60_000)
    expect(page.locator("[data-count]")).to_have_text("1")
    finished(page, "kk")
    expect(page.locator("[data-count]")).to_have_text("2")
    sound_file = sealed(page)
    page.close(run_before_unload=False)
    assert not Submission.objects.exists()
    with serving(tmp_path, port=port):
        page = phone.new_page()
        page.goto(f"{site}/kk/fieldwork/units/{unit.pk}/interview/")
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=60_000)
        assert Submission.objects.count() == 2
        assert "trust" not in sound_file, "what is saved to a file is sealed"
        # Another device takes the file in, and what was received already stays single.
        page.goto(f"{site}/kk/fieldwork/")
        page.locator("details:has([data-unseal]) summary").click()
        page.locator("#unseal-file").set_input_files(
            {"name": "o.json", "mimeType": "application/json", "buffer": sound_file.encode()}
        )
        page.locator("#unseal-word").fill("ұзақ құпия сөз")
        with page.expect_response("**/submission"):
            page.locator("[data-unseal] button").click()
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=60_000)
        assert Submission.objects.count() == 2


def sealed(page: Page) -> str:
    """Save what waits to a file and return its text."""
    page.locator("[data-waiting] summary").click()
    page.locator("#seal-word").fill("ұзақ құпия сөз")
    with page.expect_download() as saved:
        page.locator("[data-seal] button").click()
    return Path(saved.value.path()).read_text()


def test_an_interview_goes_on_where_the_tab_was_killed_and_brings_its_paradata(
    phone: BrowserContext, tmp_path: Path
) -> None:
    scene = cast()
    unit = given(scene)
    ask_for_paradata()
    with serving(tmp_path) as site:
        page = opened(phone, site, scene, unit, "kk")
        page.locator("[data-agreement] input").check()
        # The same digit each time: where the caret stands on coming back is then no matter.
        answer(page).press_sequentially("4")
        answer(page).blur()
        page.wait_for_function("document.querySelector('[data-form]').dataset.saved > 0")
        saved = page.locator("[data-form]").get_attribute("data-saved")
        answer(page).press_sequentially("4")
        page.wait_for_function(
            "before => document.querySelector('[data-form]').dataset.saved > before", arg=saved
        )
        assert page.evaluate(KEPT) == [False], "what is kept can be read by nobody"
        page.close(run_before_unload=False)
        assert not Submission.objects.exists()

        page = phone.new_page()
        page.goto(f"{site}/kk/fieldwork/units/{unit.pk}/interview/")
        expect(page.locator("[data-draft]")).to_be_visible(timeout=60_000)
        sound(page, "draft-kk")
        page.locator("[data-go-on]").click()
        expect(answer(page)).to_have_value("44", timeout=60_000)
        expect(page.locator("[data-agreement] input")).to_be_checked()
        finished(page, "kk")
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=60_000)
        row = Submission.objects.get()
        assert b"<trust>444</trust>" in bytes(row.xml)
        assert row.complete
        assert row.arrival.unit == unit
        file = row.attachments.get(name="audit.csv")
        events = list(csv.DictReader(io.StringIO(bytes(file.content).decode())))
        assert [one["event"] for one in events if one["event"].startswith("form")] == [
            "form start",
            "form resume",
            "form exit",
        ]
        changes = [one for one in events if one["event"] == "question"]
        assert {one["node"] for one in changes} == {"/data/trust"}
        assert changes[-1]["new-value"] == "444"
        assert all(int(one["start"]) <= int(one["end"]) for one in changes)

        page.goto(f"{site}/kk/fieldwork/units/{unit.pk}/interview/")
        expect(answer(page)).to_have_value("", timeout=60_000)  # nothing is left of it
        expect(page.locator("[data-draft]")).to_be_hidden()
        finished(page, "kk")
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=60_000)
        assert not Submission.objects.latest("pk").attachments.exists(), "nobody agreed"


KEPT = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("kelisim-drafts");
    asked.onsuccess = () => done(asked.result);
  });
  const drafts = await new Promise((done) => {
    const asked = base.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  return drafts.map((one) => one.parts.some((part) =>
    new TextDecoder().decode(part.secret).includes("trust")));
}"""


def ask_for_paradata() -> None:
    """Have the questionnaire ask for an audit log, as the type `audit` of an XLSForm does."""
    form = Questionnaire.objects.get()
    form.xform = form.xform.replace(
        "<orx:meta><orx:instanceID/>", "<orx:meta><orx:audit/><orx:instanceID/>"
    ).replace(
        '<bind nodeset="/data/photo"',
        '<bind nodeset="/data/orx:meta/orx:audit" type="binary"/><bind nodeset="/data/photo"',
    )
    form.digest = hashlib.sha256(form.xform.encode()).hexdigest()
    form.save()
