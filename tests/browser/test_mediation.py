"""Two parties on phones and a mediator on a desk, from intake to a signed settlement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Role
from kelisim.mediation.models import Case, Writing
from kelisim.mediation.papers import AGREEMENT
from tests.browser.visitor import NAMES, PATIENCE, Visitor
from tests.mediation.play import mediator, person
from tests.serving import serving
from tests.web import organisation

pytestmark = pytest.mark.django_db(transaction=True)

CLAUSES = {
    "subject": (
        "Екі ауланың арасындағы қоршау туралы дау.",
        "Спор о заборе между двумя дворами.",
        "The dispute about the fence between two yards.",
    ),
    "terms": (
        "Қоршау 2 метрге шығысқа жылжытылады.",
        "Забор переносится на 2 метра к востоку.",
        "The fence is moved by 2 metres to the east.",
    ),
    "performance": (
        "Болат Қуанышев 2027 жылғы 1 мамырға дейін 150 000 теңге төлейді.",
        "Болат Қуанышев уплачивает 150 000 тенге до 1 мая 2027 года.",
        "Болат Қуанышев pays 150,000 tenge by 1 May 2027.",
    ),
    "consequences": (
        "Орындалмаса, екінші тарап сотқа жүгіне алады.",
        "При неисполнении другая сторона может обратиться в суд.",
        "If it is not done, the other side may turn to a court.",
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path) as address:
        yield address


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_from_intake_to_a_signed_settlement(browser: Browser, site: str, language: str) -> None:
    centre = organisation("centre")
    desk = person("registrar")
    Membership.objects.create(person=desk, organisation=centre, role=Role.MEDIATOR)
    entry = mediator(centre, "marat")
    people = {"a": person("aigerim", keys=False), "b": person("bolat", keys=False)}
    people["m"] = entry.person
    for key, who in people.items():
        User.objects.filter(pk=who.pk).update(name=NAMES[key])
        who.refresh_from_db()

    def visitor(who: User, *, phone: bool) -> Visitor:
        made = Visitor(browser, site, language, who, phone=phone)
        made.signs_in()
        return made

    a, b = visitor(people["a"], phone=True), visitor(people["b"], phone=True)
    registrar, m = visitor(desk, phone=False), visitor(people["m"], phone=False)
    registrar.unlocks()
    m.unlocks()

    # The first side asks.
    a.to("mediation/")
    a.shot("front")
    a.to("mediation/ask/")
    a.makes_key()
    a.chooses(region="KZ-75", topic="neighbours", language=language)
    a.page.locator("select[name=centre]").select_option(index=1)
    a.page.locator("input[name=read]").check()
    a.shot("begin")
    a.main()
    a.answers_screening()
    a.fills(subject="The fence", other="Bolat", contact="+7 700 000 00 00", greeting="Айгерім")
    a.shot("application")
    a.main()
    expect(a.page.locator(".path")).to_be_visible()
    a.shot("filed")
    case = Case.objects.get()
    home = f"mediation/cases/{case.code}/"

    # The registrar asks the other side; it comes by the link.
    registrar.to(f"{home}invite/")
    registrar.chooses(channel="link")
    registrar.main()
    link = registrar.page.locator(".code").inner_text()
    registrar.shot("invite")
    b.page.goto(link)
    b.shot("invitation")
    b.page.locator("button[value=come]").click()
    b.makes_key()
    b.page.locator("button[value=come]").click()
    b.answers_screening()

    # A mediator is proposed, declares, and is accepted.
    registrar.to(f"{home}mediators/")
    registrar.shot("mediators")
    registrar.main()
    m.to(f"{home}conflicts/")
    m.page.locator("input[name=clear][value=yes]").check()
    m.shot("conflicts")
    m.main()
    for one in (a, b):
        one.to(home)
        one.page.locator("button[name=yes][value=yes]").first.click()
        expect(one.page.locator(".notices")).to_be_visible()

    # The mediation agreement.
    m.to(f"{home}agreement/")
    m.fills(**{key: f"{number}. {key}" for number, (key, _) in enumerate(AGREEMENT)})
    m.shot("agreement")
    m.main()
    for one in (a, b, m):
        one.signs(case.code)
    case.refresh_from_db()
    assert case.state == "active"
    assert a.code == b.code == m.code

    # Talks, with a line that is cut ten times.
    for one in (a, b, m):
        one.to(f"{home}rooms/joint/")
    a.shot("room-empty")
    expected = []
    for cut in range(10):
        a.offline = True
        a.context.set_offline(True)
        a.says(f"said while the line was down {cut}")
        b.says(f"said by the other side {cut}")
        expect(b.page.locator(".lines")).to_contain_text(f"other side {cut}", timeout=PATIENCE)
        a.context.set_offline(False)
        for one in (a, b, m):
            expect(one.page.locator(".lines")).to_contain_text(f"down {cut}", timeout=PATIENCE)
            expect(one.page.locator(".lines")).to_contain_text(f"side {cut}", timeout=PATIENCE)
        expected += [f"said while the line was down {cut}", f"said by the other side {cut}"]
    a.offline = False
    for one in (a, b, m):
        shown = one.page.locator(".line").evaluate_all(
            "lines => lines.map(line => line.querySelector('p:last-child').innerText)"
        )
        assert sorted(shown) == sorted(expected)
    assert Writing.objects.filter(kind="message").count() == len(expected)
    a.shot("room")
    m.to(f"{home}desk/")
    m.shot("desk")
    assert a.page.evaluate("localStorage.length") == 0
    kept = a.page.evaluate("JSON.stringify({...sessionStorage})")
    assert not [words for words in expected if words in kept]

    # The map and the single text.
    m.to(f"{home}issues/")
    m.fills(name="Fence", options="east\nwest", interest_a="Light", interest_b="Quiet")
    m.main()
    m.shot("issues")
    for section, (kk, ru, en) in CLAUSES.items():
        m.to(f"{home}text/")
        m.chooses(section=section)
        m.fills(kk=kk, ru=ru, en=en)
        if section == "performance":
            m.fills(due="2027-05-01")
            m.chooses(side="b")
        m.main()
    m.shot("text")
    b.to(f"{home}text/")
    b.shot("text-phone")
    m.page.locator("button[value=freeze_text]").click()
    m.page.locator("button[value=open_signing]").click()

    # Everybody sees the same text under the same code, and signs.
    for one in (a, b, m):
        one.signs(case.code)
    assert a.code == b.code == m.code
    case.refresh_from_db()
    assert case.state == "performance"
    assert case.promises.get().due == date(2027, 5, 1)
    a.to(f"{home}promises/")
    a.shot("promises")
    a.to(home)
    a.shot("settled")
    with a.page.expect_download() as download:
        a.page.locator(".cards a[href*='/papers/']").last.click()
        a.page.locator("a[href$='.pdf']").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    for one in (a, b, registrar, m):
        assert one.complaints == []
        one.context.close()
