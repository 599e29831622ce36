"""The django.tasks backend: a task put into the queue is a row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from kelisim.jobs.models import Job


class DatabaseBackend(BaseTaskBackend):
    """Keeps tasks in the table of jobs, on SQLite and PostgreSQL alike."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write the job; it is seen by workers when the caller's transaction commits."""
        self.validate_task(task)
        job = Job(
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(kwargs),
            queue=task.queue_name,
            priority=task.priority,
        )
        if task.run_after is not None:
            job.ready_at = task.run_after
        job.save(force_insert=True)
        return result(job)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Return where a job stands.

        Raises
        ------
        TaskResultDoesNotExist
            There is no such job.
        """
        try:
            return result(Job.objects.get(pk=UUID(str(result_id))))
        except (Job.DoesNotExist, ValueError, ValidationError) as cause:
            raise TaskResultDoesNotExist(result_id) from cause


def task_of(job: Job) -> Task[Any, Any]:
    """Return the task a job was made from, as declared in the code of today."""
    task: Task[Any, Any] = import_string(job.task)
    return task.using(priority=job.priority, queue_name=job.queue)


def result(job: Job) -> TaskResult[Any]:
    """Return a job in the words of django.tasks."""
    told: TaskResult[Any] = TaskResult(
        task=task_of(job),
        id=str(job.pk),
        status=TaskResultStatus(job.status),
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.attempted_at,
        args=job.args,
        kwargs=job.kwargs,
        backend="default",
        errors=[
            TaskError(exception_class_path=e["kind"], traceback=e["trace"]) for e in job.errors
        ],
        worker_ids=job.workers,
    )
    object.__setattr__(told, "_return_value", job.answer)
    return told
