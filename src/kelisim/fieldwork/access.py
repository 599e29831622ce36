"""Gatekeepers of fieldwork: for people who run it or interview, and for devices with a token."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from kelisim.accounts.access import Visitor
from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission
from kelisim.fieldwork.models import BackCheck, Device, Psu, Quarantined, Quota, Unit
from kelisim.fieldwork.tokens import number_of, opens
from kelisim.surveys.access import survey as survey_of
from kelisim.surveys.access import surveys
from kelisim.surveys.models import Questionnaire, State, Submission, Survey

R = TypeVar("R", bound=Model)


def device(token: str) -> Device:
    """Return the device of a token.

    Raises
    ------
    Http404
        The token is not ours, or its device was switched off.
    """
    found = (
        Device.objects.filter(pk=number_of(token))
        .select_related("survey__organisation", "interviewer")
        .first()
    )
    if found is None or not opens(token, found):
        raise Http404
    return found


def forms(opened: Device, form_id: str = "") -> list[Questionnaire]:
    """Return the newest published version of each form that a device may fetch."""
    if opened.survey.state != State.OPEN:
        return []
    rows = Questionnaire.objects.filter(survey=opened.survey, published_at__isnull=False)
    if form_id:
        rows = rows.filter(form_id=form_id)
    newest = {
        row.form_id: row for row in rows.select_related("survey__organisation").order_by("number")
    }
    return sorted(newest.values(), key=lambda row: row.form_id)


def form(opened: Device, number: int) -> Questionnaire:
    """Return a published version of a device's survey, whatever its age, while the survey is open.

    Raises
    ------
    Http404
        There is none of that number.
    """
    found = Questionnaire.objects.filter(
        survey=opened.survey, survey__state=State.OPEN, number=number, published_at__isnull=False
    ).first()
    if found is None:
        raise Http404
    return found


def run(visitor: Visitor, house: str, slug: str) -> Survey:
    """Return a survey whose fieldwork the visitor runs, or raise Http404."""
    return survey_of(visitor, house, slug, Permission.RUN_FIELDWORK)


def run_surveys(visitor: Visitor) -> QuerySet[Survey]:
    """Return the surveys whose fieldwork the visitor runs."""
    return surveys(visitor, Permission.RUN_FIELDWORK).select_related("organisation")


def worked(visitor: Visitor, house: str, slug: str) -> Survey:
    """Return a survey in the field in which the visitor interviews, or raise Http404."""
    return survey_of(visitor, house, slug, Permission.INTERVIEW)


def worked_surveys(visitor: Visitor) -> QuerySet[Survey]:
    """Return the surveys in the field for whose organisations the visitor interviews."""
    return surveys(visitor, Permission.INTERVIEW).filter(state=State.OPEN)


def unit(visitor: Visitor, pk: Any) -> Unit:
    """Return a unit that the visitor is to interview: of a PSU of theirs, or on their line now.

    Raises
    ------
    Http404
        There is none, or it is somebody else's.
    """
    found = None
    if isinstance(visitor, User):
        found = (
            Unit.objects.filter(
                Q(psu__interviewer=visitor) | Q(lease_by=visitor),
                pk=pk,
                survey__in=worked_surveys(visitor),
            )
            .select_related("survey__organisation", "psu")
            .first()
        )
    if found is None:
        raise Http404
    return found


def owned_device(visitor: Visitor, pk: Any) -> Device:
    """Return a device of a survey whose fieldwork the visitor runs, or raise Http404."""
    return _owned(Device.objects.all(), visitor, pk)


def psu(visitor: Visitor, pk: Any) -> Psu:
    """Return a PSU of a survey whose fieldwork the visitor runs, or raise Http404."""
    return _owned(Psu.objects.all(), visitor, pk)


def quota(visitor: Visitor, pk: Any) -> Quota:
    """Return a quota of a survey whose fieldwork the visitor runs, or raise Http404."""
    return _owned(Quota.objects.all(), visitor, pk)


def quarantined(visitor: Visitor, pk: Any) -> Quarantined:
    """Return what was quarantined in a survey that the visitor runs, or raise Http404."""
    return _owned(Quarantined.objects.all(), visitor, pk, "device__survey")


def interview(visitor: Visitor, pk: Any) -> Submission:
    """Return an interview of a survey whose fieldwork the visitor runs, or raise Http404."""
    return _owned(Submission.objects.all(), visitor, pk, "questionnaire__survey")


def back_check(visitor: Visitor, pk: Any) -> BackCheck:
    """Return a back-check of a survey whose fieldwork the visitor runs, or raise Http404."""
    return _owned(BackCheck.objects.all(), visitor, pk, "unit__survey")


def _owned(rows: QuerySet[R], visitor: Visitor, pk: Any, by: str = "survey") -> R:
    run_by = surveys(visitor, Permission.RUN_FIELDWORK)
    owned = rows.filter(pk=pk, **{f"{by}__in": run_by})
    found = owned.select_related(f"{by}__organisation").first()
    if found is None:
        raise Http404
    return found
