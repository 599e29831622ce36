"""Background work of surveys: exports, and the compact form of what came in without it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kelisim.jobs.models import Job, Status
from kelisim.jobs.worker import JobContext, background
from kelisim.surveys.answers import compact
from kelisim.surveys.exporting import Progress, export
from kelisim.surveys.models import Submission, Survey
from kelisim.surveys.queries import form_of


def export_folder() -> Path:
    """Return the folder of exports; it is made on first use."""
    folder = Path(settings.ENVIRONMENT.data) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@background
def export_answers(context: JobContext, survey: int, kind: str, language: str) -> dict[str, str]:
    """Write the answers of a survey into a file that waits to be downloaded."""
    found = Survey.objects.get(pk=survey)
    gather(found)
    file = export_folder() / f"{context.job.pk}.{kind}"
    export(found, kind, language, file, context.progress)
    return {"file": file.name, "made": timezone.now().isoformat()}


@background
def compact_submissions(context: JobContext, survey: int) -> int:
    """Give every submission of a survey that has none its compact form."""
    return gather(Survey.objects.get(pk=survey), context.progress)


def gather(survey: Survey, progress: Progress = lambda _done, _total: None) -> int:
    """Give every submission that has none its compact form, and return how many got one."""
    rows = Submission.objects.filter(questionnaire__survey=survey, answers__isnull=True)
    total, done = rows.count(), 0
    for submission in rows.select_related("questionnaire").iterator(chunk_size=500):
        form = form_of(submission.questionnaire)
        Submission.objects.filter(pk=submission.pk).update(
            answers=compact(form, bytes(submission.xml))
        )
        done += 1
        if done % 500 == 0:
            progress(done, total)
    return done


def gather_soon(survey: int) -> None:
    """Have a worker give new submissions their compact form, unless one is asked to already."""
    task = compact_submissions.module_path
    asked = Job.objects.filter(task=task, status=Status.READY, args=[survey])
    if not asked.exists():
        compact_submissions.enqueue(survey)
