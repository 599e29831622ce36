"""The pages as their people use them: every form filled and refused, in three languages."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Role
from kelisim.mediation.models import Case, Credential, KeyPair, Mediator, PracticeNote, Writing
from kelisim.mediation.papers import AGREEMENT
from kelisim.mediation.queries import Line, lines
from kelisim.mediation.safety import ITEMS
from kelisim.mediation.views import rooms
from kelisim.mediation.words import Kind, Room
from tests.mediation.play import PASSPHRASE, Play, mediator, person
from tests.site.test_languages import NAMES, said
from tests.web import organisation, signed_in

pytestmark = pytest.mark.django_db

OURS = {
    "Stranger",
    "Aigerim",
    "Bolat",
    "Marat",
    "Registrar",
    "NCALayer",
    "PDF",
    "DOCX",
    "PNG",
    "JPEG",
    "SMS",
}
OURS |= {"Salem", "script", "alert"}
OURS |= {"Adjusted", "winner", "Words", "RSA", "ECDSA", "Kelisim", "SHA", "aigerim", "bolat"}


class Seen:
    """Somebody who goes from page to page, with an unlocked key."""

    def __init__(self, who: User, language: str = "en", *, unlock: bool = True) -> None:
        self.client: Client = signed_in(who)
        self.language = language
        if unlock:
            self.post("mediation/key/", passphrase=PASSPHRASE)

    def get(self, path: str, expected: int = 200) -> str:
        answer = self.client.get(f"/{self.language}/{path}", follow=True)
        assert answer.status_code == expected, (path, answer.status_code)
        return unescape(answer.content.decode())

    def post(self, path: str, expected: Any = 200, **data: Any) -> str:
        answer = self.client.post(f"/{self.language}/{path}", data, follow=True)
        assert answer.status_code == expected, (path, answer.status_code, answer.content[-2000:])
        return unescape(answer.content.decode())


SAFE = {item.key: "never" for item in ITEMS}


def scene() -> tuple[User, User]:
    centre = organisation("centre")
    registrar = person("registrar")
    Membership.objects.create(person=registrar, organisation=centre, role=Role.MEDIATOR)
    return registrar, mediator(centre, "marat").person


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_case_from_page_to_page(language: str) -> None:
    registrar, m = (Seen(who, language) for who in scene())
    first, second = person("aigerim", keys=False), person("bolat", keys=False)
    a, b = (Seen(who, language, unlock=False) for who in (first, second))
    pages: list[str] = []

    # A key of one's own, its recovery, and a case.
    assert "passphrase" in a.get("mediation/ask/")
    a.post("mediation/key/", expected=422, passphrase="short", again="short")  # noqa: S106  (a wrong one)
    a.post("mediation/key/", expected=422, passphrase=PASSPHRASE, again="another one")
    page = a.post("mediation/key/", passphrase=PASSPHRASE, again=PASSPHRASE)
    recovery = re.search(r'class="code">([a-z2-7-]+)<', page)
    assert recovery
    pages.append(a.get("mediation/ask/"))
    centre = str(Membership.objects.filter(role=Role.MEDIATOR)[0].organisation_id)
    asked = {"centre": centre, "region": "KZ-75", "topic": "land", "language": language}
    a.post("mediation/ask/", expected=422, **asked)
    pages.append(a.post("mediation/ask/", read="on", corruption="on", **asked))
    assert not Case.objects.exists()
    pages.append(a.post("mediation/ask/", read="on", minor="on", **asked))
    case = Case.objects.get()
    home = f"mediation/cases/{case.code}/"
    a.post(f"{home}application/", expected=422, subject="")
    a.post(f"{home}screening/", expected=422, **dict.fromkeys(list(SAFE)[:3], "never"))
    pages.append(a.post(f"{home}screening/", **SAFE))
    filed = {"subject": "Қоршау", "other": "Bolat", "contact": "+7 700 000 00 00"}
    page = a.post(f"{home}application/", channel="sms", greeting="Aigerim", **filed)
    pages.append(page)

    # The invitation.
    pages.append(registrar.get(f"{home}invite/"))
    page = registrar.post(f"{home}invite/", channel="link", greeting="Aigerim")
    link = re.search(r"http://testserver/\w\w/(mediation/i/[^<\s]+)", page)
    assert link
    invitation = link.group(1)
    letter = registrar.client.post(
        f"/{language}/{home}invite/", {"channel": "letter", "greeting": "Aigerim"}
    )
    assert letter.content.startswith(b"%PDF")
    b.get("mediation/i/nonsense/", expected=404)
    pages.append(b.get(invitation))
    b.post(invitation, answer="come")
    b.post("mediation/key/", passphrase=PASSPHRASE, again=PASSPHRASE)
    pages.append(b.post(invitation, answer="come"))
    stranger = Seen(person("stranger"), language)
    page = stranger.post(invitation, answer="come")
    assert 'class="wrong"' in page, "a second person on one link"
    pages.append(page)
    b.post(f"{home}screening/", **SAFE)

    shown = registrar.get(f"{home}invite/")
    assert shown.count('<section class="card">') == 2, "the safety answers of both sides"

    # The mediator.
    pages.append(registrar.get(f"{home}mediators/"))
    entry = Mediator.objects.get()
    registrar.post(f"{home}mediators/", expected=422, mediators="")
    registrar.post(f"{home}mediators/", mediators=str(entry.pk))
    pages.append(m.get(f"{home}conflicts/"))
    m.post(f"{home}conflicts/", clear="yes")
    seat = case.seats.get(part="mediator")
    pages.append(a.get(home))
    for one in (a, b):
        one.post(f"{home}say/", about=f"mediator:{seat.pk}", yes="yes")
    case.refresh_from_db()
    assert case.state == "mediator_set"

    # The agreement.
    pages.append(m.get(f"{home}agreement/"))
    page = m.post(f"{home}agreement/", expected=422, place="Words")
    pages.append(page)
    m.post(f"{home}agreement/", **{key: "Words" for key, _ in AGREEMENT})
    for one in (a, b, m):
        sign(one, case)
    case.refresh_from_db()
    assert case.state == "active"

    # Talks.
    client = str(uuid.uuid4())
    for _twice in range(2):
        a.post(f"{home}rooms/joint/", text="Salem <script>alert(1)</script>", client=client)
    page = b.get(f"{home}rooms/joint/")
    assert "<script>alert" not in b.client.get(f"/{language}/{home}rooms/joint/").content.decode()
    pages.append(page.replace("Salem <script>alert(1)</script>", ""))
    assert Writing.objects.filter(kind=Kind.MESSAGE).count() == 1
    long = a.post(f"{home}rooms/joint/", expected=422, text="x" * 10_001, client=str(uuid.uuid4()))
    assert "x" * 10_001 in long, "what was typed stays"
    assert "line-" in m.get(f"{home}rooms/joint/after/0/")
    a.get(f"{home}rooms/caucus-b/", expected=404)
    a.get(f"{home}rooms/notes/", expected=404)
    a.get(f"{home}rooms/settlement/", expected=404)
    a.get(f"{home}rooms/nowhere/", expected=404)
    m.post(f"{home}rooms/notes/", text="Words", client=str(uuid.uuid4()))
    pages.append(m.get(f"{home}desk/"))

    # Map, rounds, meetings, text.
    m.post(f"{home}issues/", expected=422, name="x", options="one")
    m.post(f"{home}issues/", name="1", options="2\n3")
    m.post(f"{home}issues/", name="4")
    pages.append(b.get(f"{home}issues/"))
    m.post(f"{home}rounds/", purpose="suggestion", for_all="yes")
    pages.append(m.get(f"{home}rounds/"))
    number = case.rounds.get().pk
    points = {"p0_0": "60", "p0_1": "0", "p1_0": "40", "disagreement": "0", "agree": "on"}
    pages.append(a.get(f"{home}rounds/{number}/"))
    a.post(f"{home}rounds/{number}/", expected=422, **(points | {"p0_0": "-1"}))
    a.post(f"{home}rounds/{number}/", expected=422, **dict.fromkeys(points, "0"))
    a.post(f"{home}rounds/{number}/", **points)
    a.post(f"{home}rounds/{number}/", back="yes")
    a.post(f"{home}rounds/{number}/", **points)
    b.post(f"{home}rounds/{number}/", **(points | {"p0_0": "0", "p0_1": "30", "p1_0": "70"}))
    pages.append(a.get(f"{home}rounds/"))
    m.post(f"{home}meetings/", expected=422, room="joint", starts="2020-01-01T10:00", minutes="60")
    m.post(f"{home}meetings/", room="joint", starts="2035-01-01T10:00", minutes="60")
    pages.append(a.get(f"{home}meetings/"))
    calendar = a.get(f"{home}meetings/{case.meetings.get().uid}.ics")
    assert "Bolat" not in calendar
    assert "METHOD:REQUEST" in calendar
    m.post(f"{home}meetings/{case.meetings.get().uid}/cancel/")
    assert "METHOD:CANCEL" in a.get(f"{home}meetings/{case.meetings.get().uid}.ics")
    for section in ("subject", "terms", "performance", "consequences"):
        m.post(
            f"{home}text/",
            section=section,
            **{lang: f"{section} 5".replace(section, "—") for lang in ("kk", "ru", "en")},
        )
    pages.append(a.get(f"{home}text/"))
    m.post(f"{home}step/", step="freeze_text")
    pages.append(a.get(home))
    m.post(f"{home}step/", step="open_signing")
    a.post(f"{home}step/", expected=404, step="open_signing")
    pages += [sign(one, case) for one in (a, b, m)]
    case.refresh_from_db()
    assert case.state == "performance"
    pages.append(b.get(f"{home}promises/"))
    paper = case.papers.latest("pk").writing_id
    for ending, sign_of in (("pdf", b"%PDF"), ("docx", b"PK")):
        got = a.client.get(f"/{language}/{home}papers/{paper}/paper.{ending}")
        assert got.content.startswith(sign_of)
    pages.append(a.get("mediation/"))
    if language != "en":
        known = NAMES | OURS | {case.code, "centre"}
        foreign = {
            word
            for page in pages
            for word in set(re.findall(r"[A-Za-z]{3,}", said(page))) - codes(page)
        }
        assert foreign - known == set()


def codes(page: str) -> set[str]:
    """Return codes, links and keys that a page shows: letters that are no words."""
    shown = re.findall(r"[A-Z2-7]{4}-[A-Z2-7]{4}|[0-9a-f]{64}|http\S+|[2-9A-Z]{8}", page)
    return {word for code in shown for word in re.findall(r"[A-Za-z]{3,}", code)}


def sign(one: Seen, case: Case) -> str:
    paper = case.papers.filter(withdrawn__isnull=True).latest("pk")
    path = f"mediation/cases/{case.code}/papers/{paper.writing_id}/"
    page = one.get(path)
    one.post(path, expected=422, digest=paper.digest, passphrase="not mine")  # noqa: S106  (a wrong one)
    one.post(path, expected=422, digest="0" * 64, passphrase=PASSPHRASE)
    one.post(path, digest=paper.digest, passphrase=PASSPHRASE)
    return page


def test_a_lost_passphrase_is_replaced_by_the_recovery_key() -> None:
    who = person("aigerim", keys=False)
    seen = Seen(who, unlock=False)
    page = seen.post("mediation/key/", passphrase=PASSPHRASE, again=PASSPHRASE)
    found = re.search(r'class="code">([a-z2-7-]+)<', page)
    assert found
    new = "another few words entirely"
    wrong = {"recovery": "aaaa", "passphrase": new, "again": new}
    seen.post("mediation/key/recover/", expected=422, **wrong)
    seen.post("mediation/key/recover/", recovery=found.group(1), passphrase=new, again=new)
    seen.post("mediation/key/", expected=422, passphrase=PASSPHRASE)
    seen.post("mediation/key/", passphrase=new)
    assert KeyPair.objects.filter(person=who).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, 200),
        ("paper.pdf", b"%PDF-1.7 ...", 200),
        ("words.txt", "Сәлем".encode(), 200),
        ("picture.png", b"<svg onload=alert(1)>", 422),
        ("harmless.txt", b"<html><script>alert(1)</script>", 422),
        ("program.pdf", b"MZ\x90\x00", 422),
        ("empty.txt", b"", 422),
        ("large.pdf", b"%PDF-" + b"0" * (10 * 2**20), 422),
    ],
)
def test_a_document_is_what_its_bytes_are(name: str, content: bytes, expected: int) -> None:
    play = Play().active()
    a, b = Seen(play.a), Seen(play.b)
    home = f"mediation/cases/{play.case.code}/"
    a.post(f"{home}rooms/joint/files/", expected=expected, file=SimpleUploadedFile(name, content))
    kept = Writing.objects.filter(kind=Kind.FILE)
    assert kept.count() == (expected == 200)
    if expected == 200:
        got = b.client.get(f"/en/{home}files/{kept.get().pk}/")
        assert got.content == content
        assert got["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert got["X-Content-Type-Options"] == "nosniff"
        Seen(play.registrar).get(f"{home}files/{kept.get().pk}/", expected=404)


def test_a_line_written_while_another_is_read_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    play = Play().active()
    home = f"/en/mediation/cases/{play.case.code}/rooms/joint/after"
    b = Seen(play.b)
    read = lines

    def written_meanwhile(*args: Any, **options: Any) -> list[Line]:
        found = read(*args, **options)
        play.say(play.a, Room.JOINT, "said meanwhile")
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(rooms, "lines", written_meanwhile)
        answer = b.client.get(f"{home}/0/")
    assert "said meanwhile" not in answer.content.decode()
    again = b.client.get(f"{home}/{answer['X-Last']}/")
    assert "said meanwhile" in again.content.decode()


def test_a_notice_says_nothing() -> None:
    from kelisim.mediation.notices import send_notice

    play = Play().active()
    send_notice.call(play.a.pk)
    sent = mail.outbox[0]
    assert sent.to == [play.a.email]
    assert play.case.code not in f"{sent.body}{sent.subject}"
    assert "Kelisim" in sent.body


def test_the_register_needs_evidence_seen_by_somebody_else() -> None:
    centre = organisation("centre")
    keeper = person("keeper")
    Membership.objects.create(person=keeper, organisation=centre, role=Role.ADMINISTRATOR)
    person("marat")
    seen = Seen(keeper)
    path = "mediation/centres/centre/register/"
    entry = {
        "email": "marat@example.kz",
        "kind": "public",
        "regions": "KZ-75",
        "languages": "kk",
        "topics": "land",
        "capacity": "5",
    }
    seen.post(path, expected=422, **(entry | {"email": "nobody@example.kz"}))
    seen.post(path, **entry)
    one = f"{path}{Mediator.objects.get().pk}/"
    credential = {
        "title": "Certificate",
        "number": "7",
        "issued": "2026-01-01",
        "expires": "2030-01-01",
        "evidence": "register 7",
    }
    seen.post(one, expected=422, **(credential | {"expires": "2025-01-01"}))
    seen.post(one, **(credential | {"issued": "2020-01-01", "expires": "2021-01-01"}))
    old = Credential.objects.get()
    assert "No longer valid" in seen.post(one, what="confirm", credential=str(old.pk))
    old.delete()
    seen.post(one, **credential)
    assert "no confirmed credential" in seen.get(path)
    seen.post(one, what="confirm", credential=str(Credential.objects.get().pk))
    assert "may mediate" in seen.get(path)
    seen.post(one, what="revoke", credential=str(Credential.objects.get().pk))
    assert "no confirmed credential" in seen.get(path)


def test_the_library_takes_no_names() -> None:
    registrar, _marat = scene()
    seen = Seen(registrar)
    path = "mediation/centres/centre/practice/"
    note = {"topic": "land", "title": "Silence", "text": "Let both be silent for a minute."}
    seen.post(path, expected=422, **(note | {"text": "Call +7 701 123 45 67"}))
    seen.post(path, **note)
    assert PracticeNote.objects.count() == 1
    assert "Silence" in seen.get(f"{path}?q=silent")
    assert "Silence" not in seen.get(f"{path}?q=storm")
