"""Giving and taking roles, and the traces it leaves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Role
from kelisim.auditlog.actions import shred
from kelisim.auditlog.models import Entry, Personal
from tests.web import cast, signed_in

pytestmark = pytest.mark.django_db


def test_an_administrator_gives_a_role_and_it_is_recorded() -> None:
    scene = cast()
    client = signed_in(scene.of(Role.ADMINISTRATOR))
    page = reverse("people", args=["house"])
    answer = client.post(page, {"email": "STRANGER@example.kz", "role": "interviewer"})
    assert answer.status_code == 302
    assert Membership.objects.filter(person=scene.stranger, role="interviewer").exists()
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("accounts.grant_role", scene.of(Role.ADMINISTRATOR))
    assert entry.facts == {"role": "interviewer"}
    assert entry.personal.facts == {"person": "stranger@example.kz"}


def test_giving_a_role_twice_changes_and_records_nothing() -> None:
    scene = cast()
    client = signed_in(scene.of(Role.ADMINISTRATOR))
    page = reverse("people", args=["house"])
    for _again in range(2):
        client.post(page, {"email": scene.stranger.email, "role": "auditor"})
    assert Entry.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed_and_says_why_beside_the_field() -> None:
    scene = cast()
    client = signed_in(scene.of(Role.ADMINISTRATOR))
    answer = client.post(
        reverse("people", args=["house"]), {"email": "nobody@example.kz", "role": "auditor"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="nobody@example.kz"' in page
    assert "Бұл мекенжаймен тіркелген адам әзірге жоқ." in page


def test_a_role_that_is_taken_is_gone_and_the_log_says_so_in_the_reader_s_language() -> None:
    scene = cast()
    client = signed_in(scene.of(Role.ADMINISTRATOR))
    held = Membership.objects.get(organisation=scene.house, role=Role.INTERVIEWER)
    client.post(reverse("remove-role", args=["house", held.pk]))
    assert not Membership.objects.filter(pk=held.pk).exists()
    page = signed_in(scene.of(Role.AUDITOR)).get("/ru/organisations/house/log/").content.decode()
    assert "Роль отозвана: «Интервьюер». У кого: interviewer@house.kz." in page


def test_personal_data_can_be_destroyed_and_the_entry_stays() -> None:
    scene = cast()
    admin = signed_in(scene.of(Role.ADMINISTRATOR))
    admin.post(
        reverse("people", args=["house"]), {"email": scene.stranger.email, "role": "auditor"}
    )
    assert shred(scene.stranger) == 1
    page = signed_in(scene.of(Role.AUDITOR)).get("/kk/organisations/house/log/").content.decode()
    assert "stranger@example.kz" not in page
    assert "[дербес деректер жойылған]" in page
    assert Entry.objects.count() == 1
    assert Personal.objects.count() == 0


def test_an_address_is_one_person_whatever_its_case() -> None:
    cast()
    assert User.objects.get_by_natural_key("STRANGER@EXAMPLE.KZ").email == "stranger@example.kz"
