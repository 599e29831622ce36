"""Give a person a role in an organisation."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.accounts.roles import Role
from kelisim.auditlog.actions import declare, named, record

GRANTED = declare(
    "accounts.grant_role",
    _("%(actor)s gave %(person)s the role “%(role)s”."),
    facts=("role",),
    personal=("person",),
    reads={"role": named(Role.choices)},
)


def grant_role(*, organisation: Organisation, person: User, role: Role, by: User) -> Membership:
    """Return the membership; giving a role twice changes nothing and records nothing."""
    with transaction.atomic():
        held, new = Membership.objects.get_or_create(
            organisation=organisation, person=person, role=role
        )
        if new:
            record(
                GRANTED,
                held,
                by=by,
                organisation=organisation,
                about=person,
                facts={"role": role.value, "person": person.email},
            )
    return held
