"""Mediators, what entitles them, what they declare and what they learned."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from kelisim.mediation.words import MediatorKind, Topic

PERSON = settings.AUTH_USER_MODEL


class Mediator(models.Model):
    """An entry of the register of mediators."""

    person = models.OneToOneField(PERSON, models.PROTECT, related_name="mediator")
    centre = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=MediatorKind.choices)
    regions = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    capacity = models.PositiveSmallIntegerField(default=5)
    about = models.CharField(max_length=600, blank=True)

    def __str__(self) -> str:
        return str(self.person)


class Credential(models.Model):
    """What entitles a mediator: with an end, and with who has seen the evidence."""

    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="credentials")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60)
    issued = models.DateField()
    expires = models.DateField()
    evidence = models.CharField(max_length=64)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Declared(models.Model):
    """A mediator's declaration on conflicts of interest, asked anew at each stage."""

    seat = models.ForeignKey("mediation.Seat", models.CASCADE, related_name="declarations")
    stage = models.CharField(max_length=20)
    clear = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One declaration a stage."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "stage"], name="one_declaration_a_stage")
        ]

    def __str__(self) -> str:
        return f"declaration of {self.seat_id} at {self.stage}"


class PracticeNote(models.Model):
    """What a mediator learned, for other mediators; without anybody's name."""

    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    centre = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=8000)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title
