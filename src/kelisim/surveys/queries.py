"""Reads about surveys: lists, versions, what is being asked, the forms themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Count, QuerySet

from kelisim.surveys.models import Questionnaire, Submission, Survey
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.reading import read_form


def versions(survey: Survey) -> QuerySet[Questionnaire]:
    """Return the versions of a survey's questionnaire, the newest first, without their files."""
    return (
        survey.questionnaires.order_by("-number")
        .defer("source", "xform")
        .annotate(received=Count("submissions"))
    )


def current(survey: Survey) -> Questionnaire | None:
    """Return the version that is asked now: the newest published one."""
    return survey.questionnaires.filter(published_at__isnull=False).order_by("-number").first()


def received(survey: Survey) -> QuerySet[Submission]:
    """Return the complete submissions of a survey that count, of every version."""
    return Submission.objects.filter(questionnaire__survey=survey, complete=True, aside="")


def form_of(questionnaire: Questionnaire) -> Form:
    """Return the form of a version, read once in a process."""
    return _form(questionnaire.digest, questionnaire.pk)


@lru_cache(maxsize=64)
def _form(digest: str, pk: int) -> Form:  # noqa: ARG001  (the digest is the key: a draft's content may change)
    return read_form(Questionnaire.objects.values_list("xform", flat=True).get(pk=pk))


def files_of(questionnaire: Questionnaire) -> Mapping[str, bytes]:
    """Return the files beside a version by name."""
    rows = questionnaire.media.values_list("name", "content")
    return {name: bytes(content) for name, content in rows}
