"""A person answers by a one-time link, without JavaScript: screens, saving, sending, thanks."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from kelisim.surveys.links import draft_key
from kelisim.surveys.models import Attachment, Draft, Invitation, Submission
from kelisim.surveys.xform.markup import read_markup
from tests.surveys.routes import in_the_field
from tests.web import cast

pytestmark = pytest.mark.django_db

MOST_BYTES = 40_000


def begun(language: str = "kk", *, paradata: bool = False) -> tuple[Client, str, str]:
    """Return a browser, the secret of its link, and the address of the first screen."""
    _survey, secret = in_the_field(cast())
    client = Client()
    page = f"/{language}/q/{secret}/"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"paradata": "yes"} if paradata else {})
    return client, secret, answer["Location"]


def put(client: Client, page: str, **answers: object) -> str:
    """Answer a screen and return the address of the next."""
    data = {name.replace("__", "/"): value for name, value in answers.items()}
    answer = client.post(page, {"next": "1", **data})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def refuse(client: Client, page: str) -> str:
    """Answer that one does not take part, and go to the end."""
    page = put(client, page, consent="no")
    return put(client, page)


def test_an_answer_is_saved_and_found_again_by_the_link() -> None:
    client, secret, page = begun()
    page = put(client, page, consent="yes")
    put(client, page, interview__region="KZ-75")
    again = Client()
    assert "Тоқтаған жерден жалғастыру" in again.get(f"/kk/q/{secret}/").content.decode()
    resumed = again.post(f"/kk/q/{secret}/")["Location"]
    assert resumed.endswith("/at/interview/settlement")
    assert 'value="KZ-75" selected' in again.get(page).content.decode()


def test_going_back_always_works_and_keeps_what_was_answered() -> None:
    client, _secret, first = begun()
    page = put(client, first, consent="yes")
    back = client.post(page, {"back": "1"})
    assert back["Location"] == first
    assert re.search(r'value="yes" checked', client.get(first).content.decode())


def test_a_wrong_answer_is_kept_and_the_sentence_stands_beside_it() -> None:
    client, secret, page = begun("ru")
    put(client, page, consent="yes")
    answer = client.post(f"/ru/q/{secret}/at/interview/age", {"interview/age": "7", "next": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="7"' in page
    assert "В опросе участвуют люди от 18 до 110 лет." in page


def test_a_missing_answer_is_asked_for() -> None:
    client, _secret, page = begun("en")
    answer = client.post(page, {"next": "1"})
    assert answer.status_code == 422
    assert "Please answer this question." in answer.content.decode()


def test_the_language_can_be_changed_in_the_middle_and_the_answers_stay() -> None:
    client, _secret, page = begun("kk")
    put(client, page, consent="yes")
    russian = client.get(page.replace("/kk/", "/ru/")).content.decode()
    assert "Вы согласны принять участие в опросе?" in russian
    assert 'value="yes" checked' in russian


def test_sending_leaves_one_submission_and_nothing_that_leads_to_the_link() -> None:
    client, secret, page = begun()
    end = refuse(client, page)
    assert end.endswith("/at/finish")
    sent = client.post(end, {"send": "1"})
    thanks = client.get(sent["Location"]).content.decode()
    submission = Submission.objects.get()
    assert re.search(r'class="receipt">[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}<', thanks)
    root = read_markup(bytes(submission.xml))
    assert root.findtext("consent") == "no"
    assert root.find("interview") is None
    assert not Draft.objects.exists()
    invitation = Invitation.objects.get()
    assert invitation.used_on is not None
    traces = {secret, draft_key(secret), invitation.secret_digest}
    kept = f"{submission.instance_id} {bytes(submission.xml).decode()} {submission.digest}"
    assert not any(trace in kept for trace in traces)


def test_a_link_works_once() -> None:
    client, secret, page = begun()
    end = refuse(client, page)
    for _again in range(2):
        client.post(end, {"send": "1"})
    assert Submission.objects.count() == 1
    assert client.get(f"/kk/q/{secret}/")["Location"] == f"/kk/q/{secret}/thanks/"


def test_what_is_wrong_is_not_sent() -> None:
    client, secret, page = begun()
    put(client, page, consent="yes")
    answer = client.post(f"/kk/q/{secret}/at/finish", {"send": "1"})
    assert answer["Location"].endswith("/at/interview/region")
    assert not Submission.objects.exists()


def test_paradata_are_kept_only_with_consent() -> None:
    client, _secret, page = begun(paradata=True)
    client.post(refuse(client, page), {"send": "1"})
    audit = bytes(Attachment.objects.get(name="audit.csv").content).decode().split("\n")
    assert audit[0] == "event,node,start,end,old-value,new-value"
    assert audit[1].startswith("form start,,")
    assert re.fullmatch(r"question,/data\[1\]/consent\[1\],\d{13},\d{13},,no", audit[2])


def test_no_paradata_without_consent() -> None:
    client, _secret, page = begun()
    client.post(refuse(client, page), {"send": "1"})
    assert not Attachment.objects.exists()


def test_an_address_that_is_no_link_is_no_page() -> None:
    cast()
    assert Client().get(reverse("answer-begin", args=["guess"])).status_code == 404


def test_every_screen_with_all_it_loads_is_light() -> None:
    client, _secret, page = begun("ru")
    heaviest = 0
    for _number in range(40):
        if page.endswith("finish"):
            break
        shown = client.get(page).content
        heaviest = max(heaviest, len(gzip.compress(shown)) + _beside(shown.decode()))
        page = _answer_somehow(client, page, shown.decode())
    assert page.endswith("finish")
    assert 0 < heaviest <= MOST_BYTES


def _beside(page: str) -> int:
    """Return the bytes of the styles, scripts and icons that a page loads."""
    names = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    found = [finders.find(name) for name in names]
    assert all(isinstance(one, str) for one in found), names
    return sum(len(gzip.compress(Path(str(one)).read_bytes())) for one in found)


NUMBERS = {"interview/age": "40", "interview/children": "1", "interview/child[1]/child_age": "9"}


def _answer_somehow(client: Client, page: str, shown: str) -> str:
    """Choose the first of the answers offered everywhere, and write numbers that fit."""
    data = {"next": "1"}
    for name, value in re.findall(r'type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)"', shown):
        data.setdefault(name, value)
    for name, value in re.findall(
        r'type="checkbox" name="([^"]+)" id="[^"]+" value="([^"]+)"', shown
    ):
        data.setdefault(name, value)
    for name, value in re.findall(
        r'<select name="([^"]+)" id="[^"]+"><option value="">—</option><option value="([^"]+)"',
        shown,
    ):
        if "priorities" not in name:
            data.setdefault(name, value)
    for name in re.findall(r'<input type="text" name="([^"]+)"', shown):
        data[name] = NUMBERS.get(name, "")
    answer = client.post(page, data)
    assert answer.status_code == 302, (page, data)
    return str(answer["Location"])
