"""A worker takes jobs one after another, keeps their lease alive, and reports how far they are."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import close_old_connections, connection, transaction
from django_tasks import task
from django_tasks.base import Task, TaskContext
from django_tasks.utils import normalize_json

from kelisim.jobs import queue
from kelisim.jobs.backend import result, task_of
from kelisim.jobs.models import Job

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

IDLE_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class JobContext(TaskContext):
    """What a task with ``takes_context=True`` is given beside its arguments."""

    job: Job
    _ended: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; raises `queue.Lost` when another worker has taken it over."""
        queue.report(self.job, done, total)

    @contextmanager
    def final(self, answer: Any = None) -> Iterator[None]:
        """Open the transaction of the last writes: they and the end of the job, both or neither.

        Work that must leave its mark exactly once writes it here and nowhere else.
        """
        with transaction.atomic():
            yield
            queue.finish(self.job, normalize_json(answer))
        self._ended.set()


def background(function: Callable[Concatenate[JobContext, P], T]) -> Task[P, T]:
    """Make a task of a function that reports its progress through its `JobContext`."""
    declared: Task[P, T] = task(takes_context=True)(cast("Any", function))
    return declared


def name() -> str:
    """Return a name for this process that no other worker has."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


def work(worker: str, queues: list[str], stopped: Callable[[], bool], *, once: bool = False) -> int:
    """Take and run jobs until `stopped` says so, or until none is left when `once`.

    `stopped` is asked, not waited for: a signal handler that sets a `threading.Event` on which its
    own thread just waits can stand in its own way for ever.

    Returns
    -------
    int
        The number of jobs that were run.
    """
    ran = 0
    while not stopped():
        close_old_connections()
        job = queue.take(worker, queues)
        if job is not None:
            run(job)
            ran += 1
        elif once:
            break
        else:
            time.sleep(IDLE_SECONDS)
    return ran


def run(job: Job) -> None:
    """Run one job to its end, its failure, or its loss to another worker."""
    with _kept_alive(job), suppress(queue.Lost):
        try:
            _call(job)
        except queue.Lost:
            log.warning("job %s was taken over by another worker", job.pk)
        except Exception as error:  # noqa: BLE001  (whatever a task raises is its failure, told in the row)
            log.warning("job %s (%s) failed: %s", job.pk, job.task, type(error).__name__)
            queue.fail(job, error)


def _call(job: Job) -> None:
    task = task_of(job)
    if task.takes_context:
        context = JobContext(task_result=result(job), job=job)
        answer = task.call(context, *job.args, **job.kwargs)
        if context._ended.is_set():
            return
    else:
        answer = task.call(*job.args, **job.kwargs)
    queue.finish(job, normalize_json(answer))


@contextmanager
def _kept_alive(job: Job) -> Iterator[None]:
    """Renew the lease from a thread, so that a long silent step is not taken for death."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(queue.LEASE.total_seconds() / 3):
                queue.renew(job)
        except queue.Lost:
            log.warning("the lease of job %s is lost", job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
