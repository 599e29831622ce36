"""Taking jobs from the table and giving them back: each function is one transaction."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from kelisim.bells.ring import ring
from kelisim.jobs.models import Job, Status

LEASE = timedelta(seconds=30)
"""How long a job stays with a worker that has fallen silent."""

PAUSE = timedelta(seconds=2)
"""The wait before a second attempt; it doubles with every further one."""


class Lost(Exception):
    """The job was taken over by another worker, or is gone: stop working on it."""


def take(worker: str, queues: list[str]) -> Job | None:
    """Return the most urgent job that is ready or abandoned, now held by this worker.

    PostgreSQL skips rows that another worker is just taking; SQLite has one writer at a time.
    """
    now = timezone.now()
    waiting = Q(status=Status.READY, ready_at__lte=now)
    abandoned = Q(status=Status.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        rows = Job.objects.filter(waiting | abandoned, queue__in=queues)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job = rows.order_by("-priority", "ready_at", "enqueued_at").first()
        if job is None:
            return None
        if job.attempt >= job.most_attempts:
            _give_up(job)
            return None
        job.status, job.worker, job.lease_until = Status.RUNNING, worker, now + LEASE
        job.attempt += 1
        job.started_at = job.started_at or now
        job.attempted_at = now
        job.workers = [*job.workers, worker]
        job.done = 0
        job.save()
        return job


def _give_up(job: Job) -> None:
    job.status, job.finished_at, job.lease_until = Status.FAILED, timezone.now(), None
    job.errors = [
        *job.errors,
        {"kind": "builtins.RuntimeError", "trace": "Every worker that took the job died."},
    ]
    job.save()


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, status=Status.RUNNING, attempt=job.attempt)


def renew(job: Job) -> None:
    """Keep the job for another lease.

    Raises
    ------
    Lost
        Another worker has it.
    """
    if not _held(job).update(lease_until=timezone.now() + LEASE):
        raise Lost


def channel(job: Job) -> str:
    """Return the bell that rings when a job gets on, ends or fails."""
    return f"job:{job.pk}"


def report(job: Job, done: int, total: int) -> None:
    """Say how far the job is.

    Raises
    ------
    Lost
        Another worker has it.
    """
    if not _held(job).update(done=done, total=total, lease_until=timezone.now() + LEASE):
        raise Lost
    ring(channel(job))


def finish(job: Job, answer: Any) -> None:
    """Record the answer. Called inside the transaction of the work's last write, both or neither.

    Raises
    ------
    Lost
        Another worker has it.
    """
    finished = _held(job).update(
        status=Status.SUCCESSFUL,
        answer=answer,
        finished_at=timezone.now(),
        lease_until=None,
        done=F("total"),
    )
    if not finished:
        raise Lost
    ring(channel(job))


def fail(job: Job, error: BaseException) -> None:
    """Record a failure: try again after a pause, or give up after the last attempt."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    trace = "".join(traceback.format_exception(error))
    errors = [*job.errors, {"kind": kind, "trace": trace}]
    now = timezone.now()
    if job.attempt < job.most_attempts:
        ready = now + PAUSE * 2 ** (job.attempt - 1)
        _held(job).update(status=Status.READY, ready_at=ready, lease_until=None, errors=errors)
    else:
        _held(job).update(status=Status.FAILED, finished_at=now, lease_until=None, errors=errors)
    ring(channel(job))
