"""Whatever a person reads exists in Kazakh, Russian and English."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from babel.messages.pofile import read_po
from django.utils import translation

from kelisim.accounts.roles import Role
from tests.conftest import absent
from tests.house.inventory import ROOT, SOURCE
from tests.web import cast, rules, signed_in

RULES = rules()
PUBLIC = ["", "accounts/login/", "accounts/signup/", "accounts/password/reset/", "nowhere/"]
OWN = [
    "",
    "accounts/email/",
    "accounts/password/change/",
    "accounts/2fa/",
    "accounts/2fa/totp/activate/",
]
NAMES = {"English", "TOTP", "WebAuthn", "passkey", "PIN", "JavaScript", "mail"}
FIXTURES = {"house", "other"}
ADDRESS = re.compile(r"\S+@\S+")


class Words(HTMLParser):
    """Gathers what a page says: its text, and the attributes that are read aloud.

    What the page itself marks as being of another language, or as code, is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.apart: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        foreign = tag in CODE or (tag != "html" and "lang" in told) or told.get("translate") == "no"
        if self.apart or foreign:
            if tag not in VOID:
                self.apart.append(tag)
        else:
            self.text += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.apart and tag in self.apart:
            while self.apart.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.apart:
            self.text.append(data)


CODE = {"code", "pre", "textarea", "script", "style"}
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col", "area"}
SPOKEN = {"aria-label", "title", "alt", "placeholder"}


def said(page: str) -> str:
    words = Words()
    words.feed(page)
    return ADDRESS.sub("", " ".join(words.text))


def messages(language: str, tree: Path = SOURCE) -> dict[str, list[str]]:
    """Return every message of every app's catalogue, with all its words (one a plural form)."""
    found: dict[str, list[str]] = {}
    for path in sorted(tree.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for one in read_po(file, locale=language):
                if one.id:
                    words = [one.string] if isinstance(one.string, str) else list(one.string or ())
                    found[str(one.id)] = words
    return found


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated(language: str) -> None:
    assert [message for message, words in messages(language).items() if not all(words)] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_message_has_two_meanings(language: str) -> None:
    """Django merges the catalogues of all apps: where they differ, one page speaks as another."""
    meanings: dict[tuple[str | None, str], set[str]] = {}
    for path in SOURCE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        for one in read_po(BytesIO(path.read_bytes()), locale=language):
            meanings.setdefault((one.context, str(one.id)), set()).add(str(one.string))
    del meanings[None, ""]
    assert {message: told for message, told in meanings.items() if len(told) > 1} == {}


def test_the_catalogues_hold_every_message_of_the_code(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        absent("xgettext (Debian package gettext)")
    copy = tmp_path / "kelisim"
    shutil.copytree(SOURCE, copy)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "ru",
            "--no-location",
            "--no-obsolete",
        ],
        cwd=copy,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kelisim.site.settings",
            "PYTHONPATH": str(tmp_path),
        },
        check=True,
        capture_output=True,
    )
    wanted = set(messages("ru", copy))
    assert wanted == set(messages("ru")) == set(messages("kk")), "run makemessages in src/kelisim"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_page_speaks_english_where_it_should_not(language: str) -> None:
    scene = cast()
    person = scene.of(Role.ADMINISTRATOR)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    admin = signed_in(person)
    pages = [(signed_in(None), path) for path in PUBLIC] + [(admin, path) for path in OWN]
    for client, path in pages:
        answer = client.get(f"/{language}/{path}", follow=True)
        assert answer.status_code in (200, 404), path
        foreign = set(re.findall(r"[A-Za-z]{3,}", said(answer.content.decode())))
        assert foreign - NAMES - FIXTURES == set(), f"/{language}/{path}"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(
    "route", [name for name, rule in RULES.items() if rule.method == "get" and rule.allowed == 200]
)
def test_no_page_of_an_app_speaks_english_where_it_should_not(route: str, language: str) -> None:
    rule, scene = RULES[route], cast()
    person = next((one for one in scene.people.values() if rule.grants(scene, one)), None)
    with translation.override(language):
        answer = signed_in(person).get(rule.address(scene), headers={"accept-language": language})
        list(answer)
    if answer.headers["Content-Type"].startswith("text/html"):
        foreign = set(re.findall(r"[A-Za-z]{3,}", said(answer.content.decode())))
        assert foreign - NAMES - FIXTURES - rule.names == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_page_links_to_itself_in_every_language(language: str) -> None:
    page = signed_in(None).get(f"/{language}/accounts/login/").content.decode()
    assert f'<html lang="{language}">' in page
    for other in ("kk", "ru", "en"):
        assert f'href="/{other}/accounts/login/"' in page


@pytest.mark.django_db
def test_the_first_page_is_kazakh_unless_the_browser_asks_otherwise() -> None:
    assert signed_in(None).get("/")["Location"] == "/kk/"
    answer = signed_in(None).get("/", headers={"accept-language": "ru;q=0.9,en;q=0.5"})
    assert answer["Location"] == "/ru/"


@pytest.mark.django_db
def test_a_refusal_of_the_library_is_kazakh_too() -> None:
    cast()
    page = signed_in(None).post(
        "/kk/accounts/login/", {"login": "nobody@example.kz", "password": "wrong"}
    )
    assert "құпиясөз қате" in page.content.decode()


def test_no_translatable_text_is_an_f_string() -> None:
    found = [
        f"{path.relative_to(ROOT)}"
        for path in SOURCE.rglob("*.py")
        if re.search(r"\b(?:_|gettext|gettext_lazy|ngettext|pgettext)\(\s*f[\"']", path.read_text())
    ]
    assert found == []
