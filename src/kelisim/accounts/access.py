"""Gatekeepers: the only way to an organisation's people, and to what an organisation owns.

Absent and forbidden answer alike, so that nobody learns what exists by being refused.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.accounts.roles import GRANTS, Permission, Role

Visitor = User | AnonymousUser


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that hold a permission."""
    return [role for role, granted in GRANTS.items() if permission in granted]


def organisations(visitor: Visitor, permission: Permission) -> QuerySet[Organisation]:
    """Return every organisation in which the visitor holds a permission: one query."""
    if not isinstance(visitor, User) or not visitor.is_active:
        return Organisation.objects.none()
    return Organisation.objects.filter(
        memberships__person=visitor, memberships__role__in=roles_with(permission)
    ).distinct()


def organisation(visitor: Visitor, slug: str, permission: Permission) -> Organisation:
    """Return an organisation on behalf of a visitor.

    Raises
    ------
    Http404
        There is none of that name, or the visitor does not hold the permission in it.
    """
    found = organisations(visitor, permission).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def membership(visitor: Visitor, pk: Any) -> Membership:
    """Return a membership that the visitor may change.

    Raises
    ------
    Http404
        There is none, or the visitor does not manage the people of its organisation.
    """
    found = Membership.objects.filter(
        pk=pk, organisation__in=organisations(visitor, Permission.MANAGE_PEOPLE)
    ).first()
    if found is None:
        raise Http404
    return found


def own_organisation(visitor: Visitor, slug: str) -> Organisation:
    """Return an organisation in which the visitor holds any role at all.

    Raises
    ------
    Http404
        There is none of that name, or the visitor has no role in it.
    """
    if not isinstance(visitor, User) or not visitor.is_active:
        raise Http404
    found = Organisation.objects.filter(slug=slug, memberships__person=visitor).first()
    if found is None:
        raise Http404
    return found


def permissions(visitor: Visitor, within: Organisation) -> set[Permission]:
    """Return what the visitor may do in an organisation."""
    if not isinstance(visitor, User) or not visitor.is_active:
        return set()
    roles = Membership.objects.filter(person=visitor, organisation=within).values_list("role")
    return {permission for (role,) in roles for permission in GRANTS[Role(role)]}
