"""The cast of every test of the site: one person a role, in two houses, and a stranger."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.test import Client
from django.urls import reverse
from django.utils import translation

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.accounts.roles import GRANTS, Permission, Role

PASSWORD = "a long enough word"  # noqa: S105  (of people who exist in tests only)


@dataclass(frozen=True, slots=True)
class Cast:
    """Two organisations; a person for every role in each; a stranger with no role at all."""

    house: Organisation
    other: Organisation
    people: dict[tuple[str, Role], User]
    stranger: User

    def of(self, role: Role) -> User:
        return self.people[self.house.slug, role]


def organisation(slug: str) -> Organisation:
    return Organisation.objects.create(
        slug=slug, name_kk=f"{slug} (kk)", name_ru=f"{slug} (ru)", name_en=f"{slug} (en)"
    )


def cast() -> Cast:
    """Set the scene, in Kazakh until a page is asked for in another language."""
    translation.activate("kk")
    houses = organisation("house"), organisation("other")
    people = {}
    for house in houses:
        for role in Role:
            person = User.objects.create_user(f"{role.value}@{house.slug}.kz", PASSWORD)
            Membership.objects.create(person=person, organisation=house, role=role)
            people[house.slug, role] = person
    return Cast(*houses, people, User.objects.create_user("stranger@example.kz", PASSWORD))


def signed_in(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


PUBLIC = "public"
SIGNED_IN = "signed in"
ANY_ROLE = "any role in the organisation"
Asks = Permission | str | Callable[[Cast, User | None], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks for, and how it is called; every app lists its own in `routes.py`.

    Attributes
    ----------
    asks
        A permission in the house, one of the words above, or a function that says who may.
    address
        Makes the rows that the route needs, and returns its address. Called anew for each visitor.
    names
        Words of the rows made that are no English of ours, though they look like it.
    """

    asks: Asks
    address: Callable[[Cast], str]
    method: str = "get"
    data: Mapping[str, object] = field(default_factory=dict)
    allowed: int = 200
    names: frozenset[str] = frozenset()

    def grants(self, scene: Cast, person: User | None) -> bool:
        """Say whether a visitor may pass."""
        if callable(self.asks) and not isinstance(self.asks, str):
            return self.asks(scene, person)
        if self.asks == PUBLIC or (self.asks == SIGNED_IN and person is not None):
            return True
        held = [role for role in Role if person is not None and scene.of(role) == person]
        return any(self.asks == ANY_ROLE or self.asks in GRANTS[role] for role in held)


def house(route: str, *more: object) -> Callable[[Cast], str]:
    """Return a maker of the address of a route of the house."""
    return lambda scene: reverse(route, args=[scene.house.slug, *more])


def rules() -> dict[str, Rule]:
    """Return the rules of every app."""
    found: dict[str, Rule] = {}
    for path in sorted(Path(__file__).parent.glob("*/routes.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.routes")
        assert not found.keys() & module.RULES.keys(), f"{path} names a route of another app"
        found |= module.RULES
    return found
