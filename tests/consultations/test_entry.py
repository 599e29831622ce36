"""One person, one voice: by code, by account, on paper, by phone; and within other pages."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kelisim.accounts.roles import Role
from kelisim.consultations import tokens
from kelisim.consultations.actions.invite import invite
from kelisim.consultations.models import Consultation, Entry, Invitation, Mode, Participant
from tests.consultations.making import asked, votes_logged
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_code(scene: Cast) -> Consultation:
    return asked(scene.house, scene.of(Role.RESEARCHER), entry=Entry.CODE)


VOTE = {"statement": 1, "vote": 1}


def test_a_code_is_one_voice_however_it_is_typed_and_wherever(
    by_code: Consultation, scene: Cast
) -> None:
    (code,) = invite(by_code, 1, by=scene.of(Role.RESEARCHER))
    join, vote = (
        reverse(name, args=["traffic"]) for name in ("consultation-join", "consultation-vote")
    )
    phone, desk = signed_in(None), signed_in(None)
    assert phone.post(vote, VOTE).status_code == 422
    assert phone.post(join, {"code": "WRONG-CODE"}).status_code == 422
    assert phone.post(join, {"code": code.lower().replace("-", " ")}).status_code == 302
    assert phone.post(vote, VOTE).status_code == 302
    desk.post(join, {"code": code})
    assert desk.post(vote, VOTE | {"vote": -1}).status_code == 302
    assert Participant.objects.count() == 1
    assert votes_logged(by_code) == [(1, 1), (1, -1)]


def test_of_a_code_only_the_digest_is_kept(by_code: Consultation, scene: Cast) -> None:
    codes = invite(by_code, 50, by=scene.of(Role.RESEARCHER))
    assert len(set(codes)) == 50
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", code) for code in codes)
    kept = " ".join(Invitation.objects.values_list("digest", flat=True))
    assert not any(tokens.plain_code(code).lower() in kept for code in codes)


def test_a_sheet_shows_each_code_with_its_square(by_code: Consultation, scene: Cast) -> None:
    client = signed_in(scene.of(Role.RESEARCHER))
    page = client.post(reverse("make-codes", args=["traffic"]), {"codes-count": 3})
    text = page.content.decode()
    assert text.count("<svg") == 3
    assert "style=" not in text
    assert Invitation.objects.count() == 3
    address = reverse("make-codes", args=["traffic"])
    assert client.post(address, {"codes-count": 501}).status_code == 422


def test_an_account_is_one_voice_and_the_table_does_not_name_it(scene: Cast) -> None:
    house = asked(scene.house, scene.of(Role.RESEARCHER), entry=Entry.ACCOUNT)
    page, join, vote = (
        reverse(name, args=["traffic"])
        for name in ("consultation", "consultation-join", "consultation-vote")
    )
    nobody = signed_in(None)
    assert "/accounts/login/" in nobody.post(join)["Location"]
    assert nobody.post(vote, VOTE).status_code == 422
    phone, desk = signed_in(scene.stranger), signed_in(scene.stranger)
    for device in (phone, desk):
        assert device.post(join).status_code == 302
        assert device.post(vote, VOTE).status_code == 302
    voice = Participant.objects.get()
    assert votes_logged(house) == [(1, 1)]
    assert not hasattr(voice, "account")
    # Somebody else signs in on the same device: the cookie that was left there is nobody's.
    other = signed_in(scene.of(Role.CITIZEN))
    other.cookies["voice-traffic"] = phone.cookies["voice-traffic"].value
    assert other.get(page).context["here"].voice is None
    assert other.post(vote, VOTE | {"vote": -1}).status_code == 422


def test_paper_and_phone_are_entered_once_and_marked(traffic: Consultation, scene: Cast) -> None:
    client, address = (
        signed_in(scene.of(Role.INTERVIEWER)),
        reverse("consultation-entry", args=["traffic"]),
    )
    sheet = {"mode": "paper", "sheet": "A-17", "s1": "1", "s2": "-1", "s3": "0", "s4": ""}
    assert client.post(address, sheet).status_code == 302
    assert client.post(address, sheet | {"sheet": "a-17 "}).status_code == 422
    assert client.post(address, {"mode": "phone", "sheet": "B-1"}).status_code == 422
    assert client.post(address, sheet | {"sheet": "C-1", "s1": "7"}).status_code == 422
    assert client.post(address, sheet | {"sheet": "D-1", "mode": "phone"}).status_code == 302
    assert list(Participant.objects.order_by("pk").values_list("mode", flat=True)) == [
        "paper",
        "phone",
    ]
    assert votes_logged(traffic)[:3] == [(1, 1), (2, -1), (3, 0)]


def test_a_code_on_paper_is_spent(by_code: Consultation, scene: Cast) -> None:
    (code,) = invite(by_code, 1, by=scene.of(Role.RESEARCHER))
    client, address = (
        signed_in(scene.of(Role.RESEARCHER)),
        reverse("consultation-entry", args=["traffic"]),
    )
    assert client.post(address, {"mode": "paper", "sheet": "?", "s1": "1"}).status_code == 422
    assert client.post(address, {"mode": "paper", "sheet": code, "s1": "1"}).status_code == 302
    assert Participant.objects.get().mode == Mode.PAPER
    assert client.post(address, {"mode": "paper", "sheet": code, "s1": "1"}).status_code == 422


def test_another_sites_page_may_show_it_only_where_the_owner_says_so(
    scene: Cast, traffic: Consultation
) -> None:
    address = reverse("consultation-embed", args=["traffic"])
    closed = signed_in(None).get(address)
    assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]
    Consultation.objects.update(frames="https://akimat.example.kz\nhttps://news.example.kz:8443")
    page = signed_in(None).get(address)
    assert "X-Frame-Options" not in page
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors https://akimat.example.kz https://news.example.kz:8443;" in f"{policy};"
    assert "script-src 'self'" in policy
    whole = signed_in(None).get(reverse("consultation", args=["traffic"]))
    assert whole["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]


def test_within_a_frame_the_form_carries_the_voice(traffic: Consultation) -> None:
    client = signed_in(None)
    page = client.get(reverse("consultation-embed", args=["traffic"])).content.decode()
    assert not client.cookies
    for _turn in range(3):
        token, number = (
            re.search(rf'name="{name}" value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
            for name in ("token", "statement")
        )
        sent = {"token": token, "statement": number, "vote": "1"}
        answer = client.post(reverse("consultation-embed-vote", args=["traffic"]), sent)
        page = answer.content.decode()
    assert Participant.objects.count() == 1
    assert len(votes_logged(traffic)) == 3


@pytest.mark.parametrize(
    "frames", ["https://a.kz; script-src *", "javascript:alert(1)", "a.kz", "https://a.kz/page x"]
)
def test_what_is_no_site_cannot_be_allowed(scene: Cast, traffic: Consultation, frames: str) -> None:
    client = signed_in(scene.of(Role.RESEARCHER))
    page = client.post(reverse("run-consultation", args=["traffic"]), {"frames": frames})
    assert "frames" in page.context["form"].errors


def test_a_link_for_reading_opens_no_vote(traffic: Consultation) -> None:
    address = reverse("consultation-shared", args=["traffic", traffic.reading_key])
    page = signed_in(None).get(address)
    assert page.status_code == 200
    assert b'name="vote"' not in page.content
    wrong = reverse("consultation-shared", args=["traffic", "x" * 32])
    assert signed_in(None).get(wrong).status_code == 404
