"""No job is lost, none is finished twice, whatever becomes of the workers."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from kelisim.accounts.models import Organisation
from kelisim.jobs import queue, worker
from kelisim.jobs.backend import DatabaseBackend
from kelisim.jobs.models import Job, Status
from tests.jobs import tasks

pytestmark = pytest.mark.django_db(transaction=True)


def work_off() -> int:
    return worker.work("worker", ["default"], lambda: False, once=True)


def lapse(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def taken(name: str) -> Job:
    job = queue.take(name, ["default"])
    assert job is not None
    return job


def test_a_task_runs_and_its_answer_is_kept() -> None:
    told = tasks.add.enqueue(2, b=3)
    assert told.status == TaskResultStatus.READY
    assert work_off() == 1
    told.refresh()
    assert told.return_value == 5
    assert told.attempts == 1
    assert tasks.add.get_result(told.id).status == TaskResultStatus.SUCCESSFUL


def test_the_urgent_come_first_and_the_deferred_wait() -> None:
    tasks.add.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(0, 0)
    tasks.add.enqueue(1, 1)
    tasks.add.using(priority=9).enqueue(2, 2)
    assert taken("a").args == [2, 2]
    assert taken("a").args == [1, 1]
    assert queue.take("a", ["default"]) is None


def test_a_failing_task_is_tried_three_times_and_keeps_its_errors() -> None:
    told = tasks.break_down.enqueue()
    for _attempt in range(3):
        assert work_off() == 1
        Job.objects.update(ready_at=timezone.now())
    assert work_off() == 0
    told.refresh()
    assert told.status == TaskResultStatus.FAILED
    assert [error.exception_class for error in told.errors] == [LookupError] * 3
    assert "the data are gone" in told.errors[0].traceback


def test_a_failed_attempt_waits_before_the_next() -> None:
    tasks.break_down.enqueue()
    assert work_off() == 1
    assert queue.take("another", ["default"]) is None
    assert Job.objects.get().ready_at > timezone.now()


def test_a_job_whose_worker_died_is_taken_by_another() -> None:
    tasks.add.enqueue(1, 1)
    dead = taken("dead")
    assert queue.take("alive", ["default"]) is None
    lapse(dead)
    assert taken("alive").pk == dead.pk


def test_a_slow_worker_that_lost_its_job_cannot_report_or_finish_it() -> None:
    tasks.add.enqueue(1, 1)
    slow = taken("slow")
    lapse(slow)
    quick = taken("quick")
    with pytest.raises(queue.Lost):
        queue.renew(slow)
    with pytest.raises(queue.Lost):
        queue.report(slow, 1, 2)
    with pytest.raises(queue.Lost):
        queue.finish(slow, 1)
    queue.fail(slow, LookupError())
    queue.finish(quick, 2)
    job = Job.objects.get()
    assert (job.status, job.answer, job.errors) == (Status.SUCCESSFUL, 2, [])


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    told = tasks.add.enqueue(1, 1)
    for attempt in range(3):
        lapse(taken(f"victim {attempt}"))
    assert queue.take("survivor", ["default"]) is None
    told.refresh()
    assert told.status == TaskResultStatus.FAILED
    assert "Every worker that took the job died." in told.errors[0].traceback


def test_progress_is_seen_while_the_work_goes_on() -> None:
    tasks.count.enqueue(4)
    job = taken("worker")
    queue.report(job, 3, 4)
    seen = Job.objects.get()
    assert (seen.done, seen.total) == (3, 4)
    worker.run(job)
    assert Job.objects.get().done == 4


def test_the_last_writes_and_the_end_of_a_job_are_one() -> None:
    tasks.found.enqueue("bns")
    job = taken("slow")
    lapse(job)
    worker.run(taken("quick"))
    worker.run(job)
    assert Organisation.objects.filter(slug="bns").count() == 1
    assert Job.objects.get().answer == {"slug": "bns"}


def test_many_workers_at_once_run_every_job_exactly_once() -> None:
    for number in range(40):
        tasks.found.enqueue(f"house-{number}")
    ran: Counter[str] = Counter()

    def labour(name: str) -> None:
        try:
            while (job := queue.take(name, ["default"])) is not None:
                worker.run(job)
                ran[job.kwargs.get("slug", job.args[0])] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=labour, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran.values()) == [1] * 40
    assert Organisation.objects.count() == 40


def test_an_unknown_job_is_said_to_be_unknown() -> None:
    for unknown in ("not-a-number", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(TaskResultDoesNotExist):
            DatabaseBackend("default", {}).get_result(unknown)


def test_a_worker_stops_when_it_is_told_to() -> None:
    assert worker.work(worker.name(), ["default"], lambda: True) == 0
