"""A case, who sits in it, what it went through and who was asked to come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from kelisim.mediation.words import Channel, Part, Side, Topic

PERSON = settings.AUTH_USER_MODEL


class Case(models.Model):
    """A dispute brought to a centre. Nothing here says what it is about but its topic."""

    code = models.CharField(max_length=12, unique=True)
    centre = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    region = models.CharField(max_length=6)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    language = models.CharField(max_length=2, default="kk")
    state = models.CharField(max_length=20, default="draft")
    since = models.DateTimeField(default=timezone.now)
    due = models.DateField(null=True)
    country = models.CharField(max_length=2, default="KZ")
    profile = models.CharField(max_length=40, blank=True)

    class Meta:
        """The clock asks for open cases whose day has come."""

        indexes: ClassVar = [models.Index(fields=["state", "due"], name="cases_that_fall_due")]

    def __str__(self) -> str:
        return self.code


class Passage(models.Model):
    """A step a case took: the log that every date is computed from. Added, never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="passages")
    step = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    at = models.DateTimeField()
    seat = models.ForeignKey("Seat", models.SET_NULL, null=True, related_name="+")
    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.step}"


class Seat(models.Model):
    """A person's place in a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="seats")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="seats")
    part = models.CharField(max_length=12, choices=Part.choices)
    side = models.CharField(max_length=1, choices=Side.choices, blank=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    noticed = models.DateTimeField(null=True)

    class Meta:
        """A person has one open place in a case: nobody sits on two chairs."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=models.Q(until__isnull=True),
                name="one_open_seat_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part}{self.side} of {self.case_id}"


class Voice(models.Model):
    """A yes or no that a step waits for: to a mediator, an extension, a waiver, a suggestion."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="voices")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="voices")
    about = models.CharField(max_length=60)
    yes = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The last word of a seat on a matter is its only one."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "about"], name="one_voice_a_matter")
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} on {self.about}"


class Invitation(models.Model):
    """The other side is asked to come. Only the link itself opens what it says."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="invitations")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    proof = models.BinaryField(unique=True)
    box = models.BinaryField()
    made = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField()
    delivered = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk} by {self.channel}"
