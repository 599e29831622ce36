"""Consultations for programs: what is asked, found and answered; open to everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from kelisim.consultations import access, queries
from kelisim.consultations.models import Consultation, Standing
from kelisim.consultations.shelf import shelf
from kelisim.consultations.views.seat import seat
from kelisim.core.clock import SystemClock
from kelisim.core.kazakh import LANGUAGES

router = Router(tags=["consultations"], auth=None)


class ConsultationOut(Schema):
    """A published consultation."""

    slug: str
    organisation: str
    question: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    entry: str


class StatementOut(Schema):
    """A statement on the shelf, its wordings by language."""

    number: int
    origin: str
    clause: str
    texts: dict[str, str]


class ResultsOut(Schema):
    """What is known now: people, votes, common ground with its intervals, groups or the reason."""

    participants: int
    votes: int
    ground: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    no_groups_because: str
    slate: list[dict[str, Any]]
    coordinated_voting: bool
    country: dict[str, Any]
    wordings_that_matter: list[dict[str, Any]]


class AnswerOut(Schema):
    """An official answer, owed or given."""

    statement: int
    office: str
    due_on: date
    answered_on: date | None
    verdict: str
    because: dict[str, str]
    overdue: bool


def _told(row: Consultation) -> ConsultationOut:
    return ConsultationOut(
        slug=row.slug,
        organisation=row.organisation.slug,
        question={code: getattr(row, f"question_{code}") for code in LANGUAGES},
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        entry=row.entry,
    )


@router.get("", response=list[ConsultationOut], url_name="consultations")
def consultations(request: HttpRequest) -> list[ConsultationOut]:  # noqa: ARG001  (ninja hands it over by this name)
    """List what is asked now and what was asked lately."""
    present, past = queries.listed(SystemClock().now())
    return [_told(row) for row in (*present, *past)]


@router.get("/{slug}/statements", response=list[StatementOut], url_name="consultation-statements")
def statements(request: HttpRequest, slug: str) -> list[StatementOut]:  # noqa: ARG001  (ninja hands it over by this name)
    """List the statements one can vote on."""
    items = shelf(access.public(slug)).items.values()
    return [
        StatementOut(
            number=item.number, origin=item.origin, clause=item.clause, texts=dict(item.texts)
        )
        for item in items
    ]


@router.get("/{slug}/results", response=ResultsOut, url_name="consultation-results")
def results(request: HttpRequest, slug: str) -> ResultsOut:
    """Return what is known now, to whom the results are shown."""
    here = seat(request, access.public(slug))
    standing = Standing.objects.filter(pk=here.house.pk).first()
    if standing is None or not here.may_read:
        raise Http404
    found = standing.findings
    return ResultsOut(
        participants=standing.picture.get("participants", 0),
        votes=standing.picture.get("votes", 0),
        ground=found.get("ground", []),
        groups=found.get("groups", []),
        no_groups_because=found.get("reason", ""),
        slate=found.get("slate", []),
        coordinated_voting=found.get("alarm", False),
        country=found.get("country", {}),
        wordings_that_matter=found.get("wordings", []),
    )


@router.get("/{slug}/answers", response=list[AnswerOut], url_name="consultation-answers")
def answers(request: HttpRequest, slug: str) -> list[AnswerOut]:  # noqa: ARG001  (ninja hands it over by this name)
    """List the official answers, owed and given."""
    house = access.public(slug)
    told = queries.answers(house.owed.all(), SystemClock().now())
    return [
        AnswerOut(
            statement=row.statement.number,
            office=row.office.slug,
            due_on=row.due_on,
            answered_on=row.answered_on,
            verdict=row.verdict,
            because={code: getattr(row, f"because_{code}") for code in LANGUAGES},
            overdue=row.is_overdue(told.today),
        )
        for row in told.rows
    ]
