"""The clock of the house: what has passed ends or lapses, and who has something due is reminded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django_tasks import task

from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.jobs.models import Job, Status
from kelisim.mediation.actions.ask_feedback import ask_feedback, forget_when
from kelisim.mediation.actions.destroy_keys import destroy_keys
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.law_table import lapse_of
from kelisim.mediation.models import Case, Promise
from kelisim.mediation.notices import give_notice
from kelisim.mediation.queries import sitting
from kelisim.mediation.words import Part

EVERY = timedelta(hours=6)
AHEAD = timedelta(days=3)
INVITATION_DAYS = (3, 7)
TERM_DAYS = (20, 27)
SYSTEM = SystemClock()


def keep_time(*, clock: Clock = SYSTEM) -> dict[str, int]:
    """Return how many cases moved on and how many reminders were given."""
    now = clock.now()
    today = in_kazakhstan(now).date()
    moved = 0
    for case in Case.objects.exclude(state="keys_destroyed").filter(due__lt=today):
        step = lapse_of(case, today)
        if step == "destroy_keys":
            destroy_keys(case, clock=clock)
        elif step:
            take_step(case, step, by="house", clock=clock)
        moved += bool(step)
    # A term of the whole mediation can pass while the case waits for something with a later day.
    for case in Case.objects.filter(
        state__in=("mediator_proposed", "mediator_set", "paused_conflict", "text_frozen", "signing")
    ):
        if lapse_of(case, today) == "expire":
            take_step(case, "expire", by="house", clock=clock)
            moved += 1
    return {"moved": moved, "reminded": _remind(today, now)}


def _remind(today: date, now: datetime) -> int:
    told = 0
    for case in Case.objects.filter(state__in=("invited", "active", "extended")):
        days = (today - in_kazakhstan(case.since).date()).days
        marks = INVITATION_DAYS if case.state == "invited" else TERM_DAYS
        if days in marks:
            give_notice(sitting(case), now=now)
            told += 1
    due = Promise.objects.filter(
        case__state="performance", kept__isnull=True, due__lte=today + AHEAD
    ).exclude(reminded=today)
    for promise in due.select_related("case"):
        if promise.reminded is None or promise.due <= today:
            give_notice(sitting(promise.case, Part.PARTY), now=now)
            Promise.objects.filter(pk=promise.pk).update(reminded=today)
            told += 1
    return told


@task
def tick() -> dict[str, int]:
    """Keep time once, and ask to be called again."""
    told = keep_time() | {"asked": ask_feedback()}
    forget_when()
    wind_up(after=EVERY)
    return told


def wind_up(*, after: timedelta = timedelta(0)) -> None:
    """Make sure that the clock will be looked at."""
    waiting = Job.objects.filter(task=tick.module_path, status=Status.READY)
    if not waiting.exists():
        tick.using(run_after=timezone.now() + after).enqueue()
