"""Every role at every route of every owner: allowed exactly where the table says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kelisim.accounts.models import User
from kelisim.accounts.roles import Role
from tests.web import Cast, cast, rules, signed_in

RULES = rules()
NO_VIEW = {"api-1:api-root"}
"""A name for `reverse` to begin with; there is nothing to open."""


def own_routes() -> Iterator[str]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if getattr(pattern.urlconf_name, "__name__", "") != "allauth.urls":
                    space = f"{pattern.namespace}:" if pattern.namespace else ""
                    yield from walk(pattern.url_patterns, prefix + space)
            else:
                yield f"{prefix}{pattern.name}"

    return walk(get_resolver().url_patterns, "")


def test_every_route_has_a_rule() -> None:
    assert set(own_routes()) - NO_VIEW == set(RULES)


def visitors(scene: Cast) -> Iterator[tuple[str, User | None]]:
    yield "nobody", None
    yield "a stranger", scene.stranger
    for (house, role), person in scene.people.items():
        yield f"{role} of {house}", person


@pytest.mark.django_db
@pytest.mark.parametrize("route", RULES)
def test_a_route_opens_to_exactly_those_its_rule_names(route: str) -> None:
    rule = RULES[route]
    scene = cast()
    for name, person in visitors(scene):
        with transaction.atomic():
            target = rule.address(scene)
            client = signed_in(person)
            answer = getattr(client, rule.method)(target, dict(rule.data))
            list(answer)
            if rule.grants(scene, person):
                assert answer.status_code == rule.allowed, name
            elif person is not None:
                assert answer.status_code == 404, name
            elif target.startswith("/api/"):
                assert answer.status_code == 401, name
            else:
                assert answer.status_code == 302, name
                assert "/accounts/login/" in answer["Location"], name
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_person_who_is_no_longer_active_is_nobody() -> None:
    scene = cast()
    person = scene.of(Role.ADMINISTRATOR)
    client = signed_in(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("people", args=["house"])).status_code == 302


@pytest.mark.django_db
def test_absent_and_forbidden_answer_alike() -> None:
    scene = cast()
    client = signed_in(scene.stranger)
    hidden = client.get(reverse("organisation", args=["house"]))
    absent = client.get(reverse("organisation", args=["nowhere"]))
    assert hidden.status_code == absent.status_code == 404
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub(b"", hidden.content) == token.sub(b"", absent.content).replace(
        b"nowhere", b"house"
    )
