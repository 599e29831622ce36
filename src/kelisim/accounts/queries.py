"""Reads about people and organisations."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import get_language

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.auditlog.models import Entry
from kelisim.core.kazakh import sort_key


def members(organisation: Organisation) -> Sequence[Membership]:
    """Return an organisation's memberships, sorted as the reader's alphabet sorts names."""
    language = get_language() or "kk"
    rows = organisation.memberships.select_related("person")
    return sorted(rows, key=lambda row: sort_key(str(row.person), language))


def organisations_of(visitor: User | AnonymousUser) -> Sequence[Organisation]:
    """Return the organisations a visitor holds any role in, sorted by name."""
    if not isinstance(visitor, User):
        return []
    language = get_language() or "kk"
    rows = Organisation.objects.filter(memberships__person=visitor).distinct()
    return sorted(rows, key=lambda row: sort_key(row.name, language))


def entries(organisation: Organisation) -> QuerySet[Entry]:
    """Return what was done in an organisation, newest first."""
    return (
        Entry.objects.filter(organisation=organisation)
        .select_related("actor", "personal")
        .order_by("-at", "-pk")
    )
