"""Who may call which route of the surveys app."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from django.urls import reverse

from kelisim.accounts.roles import Permission, Role
from kelisim.jobs.models import Job, Status
from kelisim.surveys.actions.import_questionnaire import import_questionnaire
from kelisim.surveys.actions.invite import invite
from kelisim.surveys.actions.open_survey import begin_survey, move_survey
from kelisim.surveys.actions.publish_questionnaire import publish_questionnaire
from kelisim.surveys.models import State, Survey
from kelisim.surveys.omnibus import write_omnibus
from kelisim.surveys.tasks import export_answers, export_folder
from kelisim.surveys.xform.soundness import CONDITIONS
from kelisim.surveys.xlsform import convert_workbook
from tests.web import PUBLIC, SIGNED_IN, Cast, Rule, house

TITLES = {"kk": "Сауалнама", "ru": "Опрос", "en": "Survey"}


def omnibus() -> bytes:
    """Return the example questionnaire."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "omnibus.xlsx"
        write_omnibus(file)
        return file.read_bytes()


def begun(scene: Cast, *, imported: bool = False) -> Survey:
    """Return a survey of the house, with the example questionnaire when asked."""
    by = scene.of(Role.RESEARCHER)
    survey = begin_survey(organisation=scene.house, slug="omnibus", titles=TITLES, by=by)
    if imported:
        import_questionnaire(survey=survey, name="omnibus.xlsx", raw=omnibus(), media={}, by=by)
    return survey


def in_the_field(scene: Cast) -> tuple[Survey, str]:
    """Return a survey that takes answers, and the secret of a one-time link to it."""
    by = scene.of(Role.RESEARCHER)
    survey = begun(scene, imported=True)
    publish_questionnaire(questionnaire=survey.questionnaires.get(), by=by)
    move_survey(survey=survey, state=State.OPEN, by=by)
    return survey, invite(survey=survey, count=1, batch="", by=by)[0]


def at(route: str, *more: object, imported: bool = False):  # type: ignore[no-untyped-def]  # a maker of addresses
    def address(scene: Cast) -> str:
        survey = begun(scene, imported=imported)
        return reverse(route, args=[scene.house.slug, survey.slug, *more])

    return address


def linked(route: str, *more: object):  # type: ignore[no-untyped-def]  # a maker of addresses
    return lambda scene: reverse(route, args=[in_the_field(scene)[1], *more])


def ready(scene: Cast) -> str:
    """Return the address of an export that has been made."""
    survey = begun(scene)
    job = Job.objects.create(
        task=export_answers.module_path, args=[survey.pk, "csv", "kk"], status=Status.SUCCESSFUL
    )
    (export_folder() / f"{job.pk}.csv").write_text("answer\n1\n")
    Job.objects.filter(pk=job.pk).update(answer={"file": f"{job.pk}.csv"})
    return reverse("survey-download", args=[scene.house.slug, survey.slug, job.pk])


def names_and_conditions() -> frozenset[str]:
    """Return the words of the example's paths and conditions: names of its items, not English."""
    form = convert_workbook("omnibus.xlsx", omnibus()).form
    told = [
        text
        for bind in form.binds.values()
        for text in (bind.path, *(getattr(bind, one) for one in CONDITIONS))
    ]
    told += [*CONDITIONS, *(one.path for one in form.controls())]
    return frozenset(re.findall(r"[A-Za-z]{3,}", " ".join(told)))


READ, EDIT = Permission.READ_SURVEYS, Permission.EDIT_SURVEYS
WORDS = frozenset(
    {"omnibus", "xlsx", "data", "csv", "parquet", "sav", "dta", "XLSForm", "XForm", "xls", "xml"}
)

RULES = {
    "surveys": Rule(READ, house("surveys")),
    "survey": Rule(READ, at("survey", imported=True), names=WORDS),
    "survey-state": Rule(EDIT, at("survey-state"), method="post", allowed=302),
    "survey-import": Rule(EDIT, at("survey-import"), names=WORDS),
    "survey-version": Rule(
        READ, at("survey-version", 1, imported=True), names=WORDS | names_and_conditions()
    ),
    "survey-publish": Rule(
        EDIT, at("survey-publish", 1, imported=True), method="post", allowed=302
    ),
    "survey-links": Rule(EDIT, at("survey-links")),
    "survey-answers": Rule(Permission.READ_RESULTS, at("survey-answers"), names=WORDS),
    "survey-download": Rule(Permission.READ_RESULTS, ready),
    "survey-example": Rule(READ, house("survey-example")),
    "answer-begin": Rule(PUBLIC, linked("answer-begin")),
    "answer-thanks": Rule(PUBLIC, linked("answer-thanks"), allowed=302),
    "answer-picture": Rule(PUBLIC, linked("answer-picture", "absent.png"), allowed=404),
    "answer": Rule(PUBLIC, linked("answer", "consent"), allowed=302),
    "api-1:survey-list": Rule(SIGNED_IN, lambda _scene: "/api/surveys"),
    "api-1:survey-versions": Rule(
        READ, lambda scene: f"/api/surveys/house/{begun(scene, imported=True).slug}/versions"
    ),
}
