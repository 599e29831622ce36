"""Organisations for programs."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from kelisim.accounts import access, queries

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
    """An organisation the asker acts for, and what they may do in it."""

    slug: str
    name_kk: str
    name_ru: str
    name_en: str
    permissions: list[str]


@router.get("", response=list[OrganisationOut], url_name="organisations")
def organisations(request: HttpRequest) -> list[OrganisationOut]:
    """List the organisations in which the asker holds a role."""
    return [
        OrganisationOut(
            slug=one.slug,
            name_kk=one.name_kk,
            name_ru=one.name_ru,
            name_en=one.name_en,
            permissions=sorted(access.permissions(request.user, one)),
        )
        for one in queries.organisations_of(request.user)
    ]
