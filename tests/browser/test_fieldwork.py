"""Journeys of an interviewer and of a supervisor, on a phone and on a desk, in three languages."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from kelisim.accounts.models import User
from kelisim.accounts.roles import Role
from kelisim.fieldwork.actions.import_sample import import_sample
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.models import Contact, Device, Plan, Psu, Quota, Unit
from kelisim.fieldwork.outcomes import Outcome
from kelisim.surveys.models import Survey
from tests.browser.test_people import sound
from tests.fieldwork.field import open_survey
from tests.serving import serving
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

REGIONS = ["KZ-71", "KZ-75", "KZ-79", "KZ-10", "KZ-35", "KZ-61"]


def sample() -> bytes:
    rows = ["unit,stratum,psu,draw,pi,weight,region,place,address,phone"]
    rows += [
        f"{region}-{p}-{n},{region},{region}-{p},1,0.01,100,{region},{region} {p},Абай {n},+7 70{n}"
        for region in REGIONS
        for p in (1, 2)
        for n in range(5)
    ]
    return "\n".join(rows).encode()


def signed_in_page(page: Page, site: str, person: User) -> None:
    """Give a window the session of somebody who signed in; signing in has journeys of its own."""
    session = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


def worked(scene: Cast) -> Survey:
    """Return a survey with a sample of which the first places are the interviewer's."""
    survey = open_survey(scene.house)
    import_sample(survey=survey, content=sample(), by=scene.of(Role.SUPERVISOR))
    who = scene.of(Role.INTERVIEWER)
    Psu.objects.filter(code__startswith="KZ-71").update(interviewer=who)
    for number, unit in enumerate(Unit.objects.order_by("pk")):
        if number % 5 < 3:
            outcome = Outcome.COMPLETE if (number * 7) % 10 < 6 else Outcome.REFUSED
            record_contact(unit=unit, outcome=outcome, by=who)
    Quota.objects.create(survey=survey, name="18–29", target=20)
    Plan.objects.create(survey=survey, call_from=time.min, call_until=time.max)
    return survey


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_interviewer_finds_the_next_door_and_says_how_it_ended(
    page: Page, tmp_path: Path, language: str
) -> None:
    scene = cast()
    worked(scene)
    due = Unit.objects.filter(outcome="", psu__code="KZ-71-1").order_by("pk")[0]
    Unit.objects.filter(pk=due.pk).update(due_at=timezone.now(), outcome="call-back")
    with serving(tmp_path) as site, translation.override(language):
        signed_in_page(page, site, scene.of(Role.INTERVIEWER))
        page.goto(f"{site}/{language}/fieldwork/")
        sound(page, f"day-{language}")
        page.locator(".units a").first.click()
        sound(page, f"unit-{language}")
        page.get_by_role("button", name=str(Outcome.NO_CONTACT.label)).click()
        expect(page.get_by_role("status")).to_contain_text(str(Outcome.NO_CONTACT.label))
        due.refresh_from_db()
        assert due.outcome == Outcome.NO_CONTACT
        # An appointment: the time first, then how it ended.
        page.locator(".units a").first.click()
        page.locator("summary").click()
        page.locator("input[name=back_at]").fill("2030-01-02T18:30")
        page.get_by_role("button", name=str(Outcome.CALL_BACK.label)).click()
        expect(page.get_by_role("status")).to_be_visible()
        last = Contact.objects.latest("pk")
        assert last.back_at is not None
        assert last.back_at.isoformat() == "2030-01-02T13:30:00+00:00"
        # By telephone: the next number is given, and is nobody else's.
        page.locator("form.inline button").click()
        expect(page.locator("a[href^='tel:']")).to_be_visible()
        assert Unit.objects.get(lease_by=scene.of(Role.INTERVIEWER)).phone


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_supervisor_brings_a_sample_gives_it_out_and_sees_it_move(
    page: Page, tmp_path: Path, language: str
) -> None:
    scene = cast()
    survey = open_survey(scene.house)
    with serving(tmp_path) as site, translation.override(language):
        signed_in_page(page, site, scene.of(Role.SUPERVISOR))
        page.goto(f"{site}/{language}/fieldwork/")
        page.get_by_role("link", name=survey.title).click()
        sound(page, f"board-empty-{language}")
        page.locator("main a.button").click()
        page.locator("input[type=file]").set_input_files(
            {"name": "sample.csv", "mimeType": "text/csv", "buffer": sample()}
        )
        page.locator("form[enctype] button").click()
        expect(page.get_by_role("status")).to_contain_text("60")
        person = scene.of(Role.INTERVIEWER)
        page.locator("main li form select").first.select_option(str(person.pk))
        page.locator("main li form button").first.click()
        expect(page.get_by_role("status")).to_contain_text(str(person))
        sound(page, f"sample-{language}")
        place = Psu.objects.get(interviewer=person)

        page.locator(".tabs a").nth(3).click()
        page.locator("input[name=name]").fill("Планшет 1")
        page.locator("form:has(input[name=name]) button").click()
        expect(page.locator("svg.code")).to_be_visible()
        sound(page, f"device-{language}")
        assert Device.objects.get().name == "Планшет 1"

        page.goto(f"{site}/{language}/fieldwork/{scene.house.slug}/{survey.slug}/")
        tried = page.locator(".facts dd").nth(1)
        expect(tried).to_have_text("0")
        for unit in place.units.all()[:3]:
            record_contact(unit=unit, outcome=Outcome.COMPLETE, by=person)
        expect(tried).to_have_text("3", timeout=20_000)  # by the bell, nothing was loaded again


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_board_shows_where_the_sample_stands(page: Page, tmp_path: Path, language: str) -> None:
    scene = cast()
    survey = worked(scene)
    with serving(tmp_path) as site:
        signed_in_page(page, site, scene.of(Role.SUPERVISOR))
        page.goto(f"{site}/{language}/fieldwork/{scene.house.slug}/{survey.slug}/")
        expect(page.locator("svg.chart:visible")).to_have_count(2)
        sound(page, f"board-{language}")
        for tab in ("quotas", "devices", "kept", "back-checks"):
            page.goto(f"{site}/{language}/fieldwork/{scene.house.slug}/{survey.slug}/{tab}/")
            sound(page, f"{tab}-{language}")
