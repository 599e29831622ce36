"""The people of the demo: one organisation, and one person for every role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.accounts.roles import Role

SLUG = "demo"
PASSWORD = "kelisim-demo"  # noqa: S105  (shown on the first page of the demo, which is for one machine)
NAMES = {
    Role.ADMINISTRATOR: "Айгүл Сәрсенова",
    Role.RESEARCHER: "Дәурен Әбілов",
    Role.SUPERVISOR: "Гүлнар Оспанова",
    Role.INTERVIEWER: "Нұрлан Жүнісов",
    Role.CUSTOMER: "Сәуле Қасымова",
    Role.AUDITOR: "Ержан Төлеуов",
    Role.MEDIATOR: "Зәуре Ыбыраева",
    Role.MODERATOR: "Тимур Ахметов",
    Role.CITIZEN: "Ольга Ким",
}
"""Made-up people; any likeness is chance."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Whom the rooms furnish their part of the demo for."""

    house: Organisation
    people: Mapping[Role, User]


def address(role: Role) -> str:
    """Return the address by which a role of the demo signs in."""
    return f"{role.value}@demo.kz"


def set_stage() -> Stage:
    """Make the organisation and its people."""
    house = Organisation.objects.create(
        slug=SLUG,
        name_kk="Көрсетілім ұйымы",
        name_ru="Показательная организация",
        name_en="Demo organisation",
    )
    secret = make_password(PASSWORD)  # slow on purpose: once for all of them
    people = {
        role: User.objects.create(email=address(role), password=secret, name=NAMES[role])
        for role in Role
    }
    for role, person in people.items():
        Membership.objects.create(person=person, organisation=house, role=role)
    return Stage(house, people)
