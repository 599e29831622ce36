"""Results for programs: studies, their runs, and every estimate with its interval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from django.http import HttpRequest
from ninja import Router, Schema

from kelisim.accounts import access as people
from kelisim.accounts.roles import Permission
from kelisim.core.kazakh import LANGUAGES
from kelisim.results import access, files
from kelisim.results.models import Run

router = Router(tags=["results"])


class RunOut(Schema):
    """One computation of a study; `manifest` is the digest of all that was published."""

    number: int
    stage: str
    seed: int
    asked_at: datetime
    computed_at: datetime | None
    manifest: str


class StudyOut(Schema):
    """A study and its runs, the newest first."""

    slug: str
    title: dict[str, str]
    runs: list[RunOut]


def _told(run: Run) -> RunOut:
    return RunOut(
        number=run.number,
        stage=run.stage,
        seed=run.seed,
        asked_at=run.asked_at,
        computed_at=run.computed_at,
        manifest=run.manifest,
    )


@router.get("/{house}", response=list[StudyOut], url_name="study-list")
def studies(request: HttpRequest, house: str) -> list[StudyOut]:
    """List the studies of an organisation, to those who read its results."""
    people.organisation(request.user, house, Permission.READ_RESULTS)
    rows = access.studies(request.user, house, Permission.READ_RESULTS).order_by("slug")
    return [
        StudyOut(
            slug=row.slug,
            title={code: getattr(row, f"title_{code}") for code in LANGUAGES},
            runs=[_told(run) for run in row.runs.order_by("-number")],
        )
        for row in rows.prefetch_related("runs")
    ]


@router.get(
    "/{house}/{slug}/{number}/estimates",
    response=list[dict[str, Any]],
    url_name="study-estimates",
)
def estimates(request: HttpRequest, house: str, slug: str, number: int) -> list[dict[str, Any]]:
    """List the rows of a run's estimates.csv: each number with its interval and its n."""
    run = access.computed(request.user, house, slug, number)
    table = files.folder(run) / "release" / "estimates.csv"
    return pl.read_csv(table, infer_schema_length=None).to_dicts()
