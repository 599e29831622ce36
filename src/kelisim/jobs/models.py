"""The one table of background work."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Status(models.TextChoices):
    """Where a job stands; the words are those of django.tasks."""

    READY = "READY"
    RUNNING = "RUNNING"
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"


class Job(models.Model):
    """A piece of work, who is at it, and how far it is.

    A worker holds a running job by a lease that it renews. When the worker dies the lease runs out
    and another worker takes the job. `attempt` is the fence: it grows with every taking, and only
    the holder of the newest attempt may report progress or an end, so that a worker which was
    merely slow cannot finish a job a second time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=300)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=50, default="default")
    priority = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=3)
    ready_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    enqueued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    workers = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        """What a worker looks for is indexed."""

        indexes: ClassVar = [
            models.Index(fields=["status", "-priority", "ready_at"], name="jobs_to_take")
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.status}"
