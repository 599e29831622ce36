"""Take a role from a person."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Role
from kelisim.auditlog.actions import declare, named, record

REVOKED = declare(
    "accounts.revoke_role",
    _("%(actor)s took the role “%(role)s” from %(person)s."),
    facts=("role",),
    personal=("person",),
    reads={"role": named(Role.choices)},
)


def revoke_role(*, membership: Membership, by: User) -> None:
    """End the membership and record it."""
    with transaction.atomic():
        record(
            REVOKED,
            membership,
            by=by,
            organisation=membership.organisation,
            about=membership.person,
            facts={"role": membership.role, "person": membership.person.email},
        )
        membership.delete()
