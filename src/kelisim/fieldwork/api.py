"""Fieldwork for programs: how far a survey is, never who was asked and who asked."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from kelisim.fieldwork import access, analysis, queries

router = Router(tags=["fieldwork"])


class ShareOut(Schema):
    """A share of 1 with its 95 % interval; null where it cannot be estimated."""

    value: float | None
    low: float | None
    high: float | None


class ProgressOut(Schema):
    """How far a region is: the sample, those tried, interviews, and the weighted response rate."""

    region: str
    drawn: int
    tried: int
    done: int
    response: ShareOut


class QuotaOut(Schema):
    """A quota: how many interviews are wanted, how many are done, and whether these are all."""

    name: str
    target: int
    hard: bool
    filled: int
    full: bool


COUNTED = ("name", "target", "hard", "filled", "full")


class BoardOut(Schema):
    """What the supervisor's board shows; `rates` are AAPOR's, null before anybody was tried."""

    whole: ProgressOut
    regions: list[ProgressOut]
    rates: dict[str, float | str | None] | None
    quotas: list[QuotaOut]
    files_to_come: int
    kept_aside: int
    appointments_overdue: int


@router.get("/{house}/{slug}", response=BoardOut, url_name="fieldwork-board")
def board(request: HttpRequest, house: str, slug: str) -> BoardOut:
    """Tell how far the fieldwork of a survey is."""
    survey = access.run(request.user, house, slug)
    found = analysis.board(survey)
    return BoardOut(
        whole=_progress(found.whole),
        regions=[_progress(one) for one in found.regions],
        rates=asdict(found.rates) if found.rates else None,
        quotas=[QuotaOut(**row) for row in queries.quotas(survey).values(*COUNTED)],
        files_to_come=queries.waiting(survey).count(),
        kept_aside=queries.unsettled(survey).count(),
        appointments_overdue=analysis.overdue(survey, timezone.now()),
    )


def _progress(one: analysis.Progress) -> ProgressOut:
    return ProgressOut(**asdict(one))
