"""How a consultation stands: what the worker computed last, and the names people gave to groups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kelisim.consultations.models.consultation import Consultation
from kelisim.consultations.models.words import Said, of, written


class Standing(models.Model):
    """The newest results of a consultation: a picture in milliseconds, and the slower model.

    `asked_at` is set while a refreshing waits for the worker; `picture` and `findings` are what
    pages show, the two states are arrays (npz) from which the next computation starts warm.
    """

    consultation = models.OneToOneField(
        Consultation, models.CASCADE, primary_key=True, related_name="standing"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    pictured_at = models.DateTimeField(null=True, blank=True)
    picture = models.JSONField(default=dict)
    picture_number = models.PositiveBigIntegerField(default=0)
    picture_state = models.BinaryField(default=b"")
    found_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=dict)
    findings_number = models.PositiveBigIntegerField(default=0)
    findings_state = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"standing of {self.consultation_id}"


class GroupName(models.Model):
    """A name that a person gave to an opinion group.

    `told_by` are the statements that told the group apart when it was named (number and side). The
    name is shown only while the group that bears the letter is still told apart by most of them.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="group_names")
    told_by = models.JSONField(default=list)
    name_kk = models.CharField(max_length=80, blank=True)
    name_ru = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    named_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A name is a name."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=written("name"), name="a_group_is_named")
        ]

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Said:
        """The name of the group."""
        return of(self, "name")
