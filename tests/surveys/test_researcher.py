"""A researcher takes a questionnaire in, checks, publishes, opens, invites."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.fieldwork.actions.import_sample import import_sample
from kelisim.fieldwork.demo import sample
from kelisim.surveys.models import Invitation, Questionnaire, State, Survey
from tests.surveys.routes import begun, in_the_field, omnibus
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db

CONTRADICTION = b"""| survey |
| | type | name | label | relevant | constraint |
| | integer | age | Age | | . > 18 and . < 10 |
| | text | why | Why | ${age} > 5 and ${age} < 3 | |
"""


def take_in(scene: Cast, name: str, raw: bytes) -> str:
    page = reverse("survey-import", args=["house", "omnibus"])
    client = signed_in(scene.of(Role.RESEARCHER))
    answer = client.post(page, {"questionnaire": SimpleUploadedFile(name, raw)}, follow=True)
    return answer.content.decode()


def test_a_survey_is_begun_and_its_spine_says_what_is_next() -> None:
    scene = cast()
    client = signed_in(scene.of(Role.RESEARCHER))
    told = {"slug": "first", "title_kk": "Бірінші", "title_ru": "Первый", "title_en": "First"}
    answer = client.post(reverse("surveys", args=["house"]), told, follow=True)
    page = answer.content.decode()
    assert "Сауалнама парағы әлі жоқ." in page
    assert "Алдымен сауалнама парағының нұсқасын жариялау керек." in page


def test_the_example_is_taken_in_without_a_remark() -> None:
    scene = cast()
    begun(scene)
    page = take_in(scene, "omnibus.xlsx", omnibus())
    assert "Қате жоқ." in page
    assert "Сауалнамаға қатысуға келісесіз бе?" in page
    made = Questionnaire.objects.get()
    assert (made.number, made.form_id, made.published_at) == (1, "omnibus", None)


def test_a_wrong_workbook_is_refused_with_a_sentence_and_leaves_nothing() -> None:
    scene = cast()
    begun(scene)
    page = take_in(scene, "broken.xlsx", b"PK\x03\x04 not a workbook")
    assert "The file is not a workbook, or it is damaged." in page
    assert "<strong><bdi>broken.xlsx</bdi></strong>" in page
    assert not Questionnaire.objects.exists()


def test_what_can_never_be_asked_or_answered_is_found_and_stops_publishing() -> None:
    scene = cast()
    survey = begun(scene)
    page = take_in(scene, "wrong.md", CONTRADICTION)
    assert "Бұл ешқашан сұралмайды" in page
    assert "Бұған ешбір жауап қабылданбайды" in page
    client = signed_in(scene.of(Role.RESEARCHER))
    client.post(reverse("survey-publish", args=["house", "omnibus", 1]))
    assert survey.questionnaires.get().published_at is None


def test_a_published_version_stays_and_the_next_says_what_changed() -> None:
    scene = cast()
    survey, _secret = in_the_field(scene)
    before = survey.questionnaires.get()
    page = take_in(
        scene, "next.md", b"| survey |\n| | type | name | label |\n| | text | consent | Q |\n"
    )
    assert "Алынып тасталған" in page or "алынып тасталған" in page
    after = Questionnaire.objects.get(pk=before.pk)
    assert (after.xform, after.published_at) == (before.xform, before.published_at)


def test_a_survey_without_a_published_questionnaire_cannot_be_opened() -> None:
    scene = cast()
    begun(scene)
    client = signed_in(scene.of(Role.RESEARCHER))
    client.post(reverse("survey-state", args=["house", "omnibus"]), {"state": "open"})
    assert Survey.objects.get().state == State.DRAFT


def test_in_the_field_the_next_step_is_to_watch_and_closing_is_quiet() -> None:
    scene = cast()
    survey, _secret = in_the_field(scene)
    import_sample(survey=survey, content=sample(), by=scene.of(Role.SUPERVISOR))
    page = signed_in(scene.of(Role.RESEARCHER)).get(reverse("survey", args=["house", "omnibus"]))
    text = page.content.decode()
    board = reverse("fieldwork", args=["house", "omnibus"])
    assert f'<a class="button" href="{board}">' in text
    assert '<button name="state" value="closed" class="quiet">' in text
    assert text.count('class="button"') == 1


def test_links_are_shown_once_with_their_qr_codes() -> None:
    scene = cast()
    in_the_field(scene)
    page = reverse("survey-links", args=["house", "omnibus"])
    client = signed_in(scene.of(Role.RESEARCHER))
    sheet = client.post(page, {"count": "3", "batch": "Талдықорған"}).content.decode()
    addresses = re.findall(r'class="address">(http://testserver/q/[\w-]+/)<', sheet)
    assert len(addresses) == sheet.count("<svg") == 3
    assert Invitation.objects.filter(batch="Талдықорған").count() == 3
    assert addresses[0] not in client.get(page).content.decode()


def test_every_change_is_in_the_log_in_the_reader_s_language() -> None:
    scene = cast()
    in_the_field(scene)
    page = signed_in(scene.of(Role.AUDITOR)).get("/ru/organisations/house/log/").content.decode()
    assert Entry.objects.count() == 5
    assert "Опубликована версия 1 анкеты опроса «omnibus»." in page
