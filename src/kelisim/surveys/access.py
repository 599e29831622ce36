"""Gatekeepers: the only way to a survey, on behalf of somebody who acts for its organisation."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from kelisim.accounts.access import Visitor, organisations
from kelisim.accounts.roles import Permission
from kelisim.surveys.links import invitation_digest
from kelisim.surveys.models import Invitation, Questionnaire, Survey


def surveys(visitor: Visitor, permission: Permission) -> QuerySet[Survey]:
    """Return every survey on which the visitor holds a permission."""
    return Survey.objects.filter(organisation__in=organisations(visitor, permission))


def survey(visitor: Visitor, house: str, slug: str, permission: Permission) -> Survey:
    """Return a survey on behalf of a visitor.

    Raises
    ------
    Http404
        There is none of that name, or the visitor does not hold the permission on it.
    """
    found = (
        surveys(visitor, permission)
        .filter(organisation__slug=house, slug=slug)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def questionnaire(
    visitor: Visitor, house: str, slug: str, number: int, permission: Permission
) -> Questionnaire:
    """Return a version of a survey's questionnaire on behalf of a visitor.

    Raises
    ------
    Http404
        There is none, or the visitor does not hold the permission on the survey.
    """
    found = survey(visitor, house, slug, permission).questionnaires.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def invitation(secret: str) -> Invitation:
    """Return the invitation that a link's secret belongs to: whoever holds it may answer.

    Raises
    ------
    Http404
        There is no such link.
    """
    rows = Invitation.objects.select_related("survey__organisation")
    found = rows.filter(secret_digest=invitation_digest(secret)).first()
    if found is None:
        raise Http404
    return found
