"""Tasks that the tests of the queue put into it."""

from __future__ import annotations

from django_tasks import task

from kelisim.accounts.models import Organisation
from kelisim.jobs.worker import JobContext, background


@task
def add(a: int, b: int) -> int:
    return a + b


@task
def break_down() -> None:
    raise LookupError("the data are gone")


@background
def count(context: JobContext, total: int) -> str:
    for done in range(total):
        context.progress(done, total)
    return "counted"


@background
def found(context: JobContext, slug: str) -> None:
    with context.final({"slug": slug}):
        Organisation.objects.create(slug=slug, name_kk=slug, name_ru=slug, name_en=slug)
