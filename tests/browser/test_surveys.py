"""Who asks and who answers, each in a browser: phone and desk, three languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kelisim.accounts.roles import Role
from kelisim.surveys.models import Draft, State, Submission, Survey
from tests.browser.test_people import foreign, sign_in, sound
from tests.surveys.routes import in_the_field, omnibus
from tests.web import cast

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ["kk", "ru", "en"]
BEGIN = {"kk": "Бастау", "ru": "Начать", "en": "Begin"}
NEXT = {"kk": "Келесі", "ru": "Далее", "en": "Next"}
BACK = {"kk": "Артқа", "ru": "Назад", "en": "Back"}
SAVED = {"kk": "Сақталды", "ru": "Сохранено", "en": "Saved"}
SEND = {"kk": "Жауаптарымды жіберу", "ru": "Отправить ответы", "en": "Send my answers"}
THANKS = {"kk": "Рақмет", "ru": "Спасибо", "en": "Thank you"}
YES = {"kk": "Иә", "ru": "Да", "en": "Yes"}
WORK = {"kk": "Оқимын", "ru": "Учусь", "en": "I study"}


def watch(page: Page) -> list[str]:
    complaints: list[str] = []
    # 422 is how the site says that an answer was refused; Chromium remarks on it.
    page.on(
        "console",
        lambda said: None if "status of 422" in said.text else complaints.append(said.text),
    )
    page.on("request", lambda sent: complaints.append(sent.url) if foreign(sent.url) else None)
    return complaints


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_answers_by_a_link(page: Page, live_server: LiveServer, language: str) -> None:
    _survey, secret = in_the_field(cast())
    complaints = watch(page)

    def forward() -> None:
        page.get_by_role("button", name=NEXT[language], exact=True).click()

    page.goto(f"{live_server.url}/{language}/q/{secret}/")
    sound(page, f"answer-begin-{language}")
    page.get_by_role("button", name=BEGIN[language]).click()
    page.get_by_label(YES[language], exact=True).check()
    expect(page.locator("#saved")).to_have_text(SAVED[language])
    sound(page, f"answer-choice-{language}")
    forward()
    page.locator("select").select_option("KZ-75")
    forward()
    page.locator("input[value=urban]").check()
    forward()
    page.get_by_role("button", name=BACK[language], exact=True).click()
    expect(page.locator("input[value=urban]")).to_be_checked()
    forward()
    page.locator("input[value=female]").check()
    forward()
    page.locator("input[type=text]").fill("7")
    forward()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page, f"answer-wrong-{language}")
    page.locator("input[type=text]").fill("34")
    forward()
    page.get_by_label(WORK[language], exact=True).check()
    forward()
    page.locator("input[type=text]").fill("0")
    forward()
    for group in page.locator("fieldset").all():
        group.locator("input").first.check()
    sound(page, f"answer-battery-{language}")
    forward()
    page.locator("input[value=roads]").check()
    forward()
    page.locator("input[value=buses]").check()
    forward()
    page.locator("input[value=tv]").check()
    forward()
    sound(page, f"answer-rank-{language}")
    for _rest in ("priorities", "satisfaction", "visit", "income"):
        forward()
    sound(page, f"answer-finish-{language}")
    page.get_by_role("button", name=SEND[language]).click()
    expect(page.get_by_role("heading", name=THANKS[language], exact=True)).to_be_visible()
    sound(page, f"answer-thanks-{language}")
    assert complaints == []
    sent = Submission.objects.get()
    assert b"<problem>buses</problem>" in bytes(sent.xml)
    assert sent.language == language
    assert not Draft.objects.exists()


def test_without_javascript_the_pages_are_plain_forms(page: Page, live_server: LiveServer) -> None:
    _survey, secret = in_the_field(cast())
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    opened = plain.new_page()
    opened.goto(f"{live_server.url}/kk/q/{secret}/")
    opened.get_by_role("button", name=BEGIN["kk"]).click()
    opened.locator("input[value=no]").check()
    opened.get_by_role("button", name=NEXT["kk"]).click()
    opened.get_by_role("button", name=NEXT["kk"]).click()
    opened.get_by_role("button", name=SEND["kk"]).click()
    expect(opened.get_by_role("heading", name=THANKS["kk"], exact=True)).to_be_visible()
    plain.close()
    assert Submission.objects.count() == 1


SURVEYS = {"kk": "Сауалнамалар", "ru": "Опросы", "en": "Surveys"}
IMPORT = {"kk": "XLSForm жүктеу", "ru": "Загрузить XLSForm", "en": "Import an XLSForm"}
TAKE_IN = {"kk": "Жүктеу", "ru": "Загрузить", "en": "Import"}
PUBLISH = {"kk": "Жариялау", "ru": "Опубликовать", "en": "Publish"}
OPEN = {"kk": "Жауап қабылдауды бастау", "ru": "Открыть для ответов", "en": "Open for answers"}
LINKS = {
    "kk": "Бір реттік сілтемелер мен QR-кодтар",
    "ru": "Одноразовые ссылки и QR-коды",
    "en": "One-time links and QR codes",
}
MAKE = {"kk": "Сілтемелер жасау", "ru": "Создать ссылки", "en": "Make links"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_researcher_goes_from_a_workbook_to_links(
    page: Page, live_server: LiveServer, language: str, tmp_path: Path
) -> None:
    scene = cast()
    complaints = watch(page)
    workbook = tmp_path / "omnibus.xlsx"
    workbook.write_bytes(omnibus())

    page.goto(live_server.url + f"/{language}/")
    sign_in(page, live_server, language, scene.of(Role.RESEARCHER).email)
    page.locator("main").get_by_role("link", name=scene.house.slug).click()
    page.get_by_role("link", name=SURVEYS[language]).click()
    for field, words in {"kk": "Омнибус", "ru": "Омнибус", "en": "Omnibus"}.items():
        page.locator(f"input[name=title_{field}]").fill(words)
    page.locator("input[name=slug]").fill("omnibus")
    sound(page, f"surveys-{language}")
    page.locator("main form button").last.click()
    sound(page, f"survey-new-{language}")
    page.get_by_role("link", name=IMPORT[language], exact=True).click()
    page.locator("input[name=questionnaire]").set_input_files(workbook)
    sound(page, f"survey-import-{language}")
    page.get_by_role("button", name=TAKE_IN[language], exact=True).click()
    sound(page, f"survey-version-{language}")
    page.get_by_role("button", name=PUBLISH[language], exact=True).click()
    page.locator("main").get_by_role(
        "link", name="Омнибус" if language != "en" else "Omnibus"
    ).click()
    page.get_by_role("button", name=OPEN[language]).click()
    sound(page, f"survey-{language}")
    assert Survey.objects.get().state == State.OPEN
    page.get_by_role("link", name=LINKS[language]).click()
    page.locator("input[name=count]").fill("4")
    page.get_by_role("button", name=MAKE[language]).click()
    expect(page.locator(".sheet svg")).to_have_count(4)
    sound(page, f"survey-links-{language}")
    page.goto(f"{live_server.url}/{language}/organisations/house/surveys/omnibus/answers/")
    sound(page, f"survey-answers-{language}")
    assert complaints == []
