"""Gatekeepers: the only way to a study and its runs, on behalf of somebody of its organisation."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from kelisim.accounts.access import Visitor, organisations
from kelisim.accounts.roles import Permission
from kelisim.results.models import Run, Stage, Study


def studies(visitor: Visitor, house: str, permission: Permission) -> QuerySet[Study]:
    """Return an organisation's studies on which the visitor holds a permission."""
    allowed = organisations(visitor, permission).filter(slug=house)
    return Study.objects.filter(organisation__in=allowed).select_related("organisation")


def study(visitor: Visitor, house: str, slug: str, permission: Permission) -> Study:
    """Return a study on behalf of a visitor.

    Raises
    ------
    Http404
        There is none of that name, or the visitor does not hold the permission on it.
    """
    found = studies(visitor, house, permission).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def run(visitor: Visitor, house: str, slug: str, number: int, permission: Permission) -> Run:
    """Return a run of a study on behalf of a visitor.

    Raises
    ------
    Http404
        There is none, or the visitor does not hold the permission on its study.
    """
    found = study(visitor, house, slug, permission).runs.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def computed(visitor: Visitor, house: str, slug: str, number: int) -> Run:
    """Return a run whose results the visitor may read.

    Raises
    ------
    Http404
        There is none, it has no results, or the visitor may not read them.
    """
    found = run(visitor, house, slug, number, Permission.READ_RESULTS)
    if found.stage != Stage.DONE:
        raise Http404
    return found
