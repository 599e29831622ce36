"""Surveys for programs."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from kelisim.accounts.roles import Permission
from kelisim.surveys import access, queries

router = Router(tags=["surveys"])


class SurveyOut(Schema):
    """A survey as the list shows it."""

    organisation: str
    slug: str
    title_kk: str
    title_ru: str
    title_en: str
    state: str


class FindingOut(Schema):
    """What a check found."""

    code: str
    place: str
    grave: bool
    facts: dict[str, str]


class VersionOut(Schema):
    """A version of a questionnaire."""

    number: int
    form_id: str
    version: str
    digest: str
    published: bool
    received: int
    findings: list[FindingOut]


@router.get("", response=list[SurveyOut], url_name="survey-list")
def surveys(request: HttpRequest) -> list[SurveyOut]:
    """List the surveys that the asker may read."""
    rows = access.surveys(request.user, Permission.READ_SURVEYS).select_related("organisation")
    return [
        SurveyOut(
            organisation=one.organisation.slug,
            slug=one.slug,
            title_kk=one.title_kk,
            title_ru=one.title_ru,
            title_en=one.title_en,
            state=one.state,
        )
        for one in rows.order_by("organisation__slug", "slug")
    ]


@router.get("/{house}/{slug}/versions", response=list[VersionOut], url_name="survey-versions")
def versions(request: HttpRequest, house: str, slug: str) -> list[VersionOut]:
    """List the versions of a survey's questionnaire, the newest first."""
    found = access.survey(request.user, house, slug, Permission.READ_SURVEYS)
    return [
        VersionOut(
            number=one.number,
            form_id=one.form_id,
            version=one.version,
            digest=one.digest,
            published=one.published_at is not None,
            received=one.submissions.count(),
            findings=[FindingOut(**finding) for finding in one.findings],
        )
        for one in queries.versions(found)
    ]
