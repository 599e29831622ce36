"""Who may call which route of the accounts app and of the site itself."""

from __future__ import annotations

from django.urls import reverse

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Permission, Role
from tests.web import ANY_ROLE, PUBLIC, SIGNED_IN, Cast, Rule, house


def membership(scene: Cast) -> str:
    target = User.objects.create_user("target@example.kz")
    held = Membership.objects.create(person=target, organisation=scene.house, role=Role.INTERVIEWER)
    return reverse("remove-role", args=[scene.house.slug, held.pk])


RULES = {
    "front": Rule(PUBLIC, lambda _scene: reverse("front")),
    "health": Rule(PUBLIC, lambda _scene: reverse("health"), allowed=204),
    "organisation": Rule(ANY_ROLE, house("organisation")),
    "people": Rule(Permission.MANAGE_PEOPLE, house("people")),
    "remove-role": Rule(Permission.MANAGE_PEOPLE, membership, method="post", allowed=302),
    "organisation-log": Rule(Permission.READ_AUDIT_LOG, house("organisation-log")),
    "api-1:openapi-json": Rule(PUBLIC, lambda _scene: "/api/openapi.json"),
    "api-1:organisations": Rule(SIGNED_IN, lambda _scene: "/api/organisations"),
}
