"""The tables of the audit log: entries, and the personal data kept apart from them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One change: who, what, when, to what. Entries are added, never changed or removed."""

    action = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    operation = models.UUIDField(default=uuid.uuid4)
    subject = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)

    class Meta:
        """Read by subject and by organisation, newest first."""

        indexes: ClassVar = [
            models.Index(fields=["subject", "-at"], name="audit_of_a_subject"),
            models.Index(fields=["organisation", "-at"], name="audit_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; an entry that exists is never written again."""
        if self.pk is not None:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the log only grows."""
        raise TypeError("An audit entry is never removed.")


class Personal(models.Model):
    """Personal data of an entry, in a table of its own so that it can be destroyed alone."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="personal")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"personal data of entry {self.entry_id}"
