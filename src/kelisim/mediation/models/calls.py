"""A call in a room: that there was one. What is said in it is kept nowhere."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Call(models.Model):
    """A call; the names and keys of its room follow from its number and the site's secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey("mediation.Compartment", models.CASCADE, related_name="calls")
    opened = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    class Meta:
        """A room has one call at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["compartment"],
                condition=models.Q(ended__isnull=True),
                name="one_open_call_a_room",
            )
        ]

    def __str__(self) -> str:
        return f"call of {self.compartment_id}"
