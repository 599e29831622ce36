"""Keys of people, compartments, and what is written in them: only encrypted."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from kelisim.mediation.words import Kind, Room, Side

PERSON = settings.AUTH_USER_MODEL


class KeyPair(models.Model):
    """A person's key pair, its private half locked by passphrase and by recovery key."""

    person = models.OneToOneField(PERSON, models.CASCADE, primary_key=True, related_name="key_pair")
    public = models.BinaryField()
    salt = models.BinaryField()
    operations = models.PositiveIntegerField()
    memory = models.PositiveBigIntegerField()
    by_passphrase = models.BinaryField()
    by_recovery = models.BinaryField()

    def __str__(self) -> str:
        return f"key pair of {self.person_id}"


class Visit(models.Model):
    """An unlocked key, encrypted with what only the visitor's cookie holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    box = models.BinaryField()
    ends = models.DateTimeField()

    def __str__(self) -> str:
        return f"visit until {self.ends:%H:%M}"


class Compartment(models.Model):
    """A key pair; the private half exists only in `Copy`. A new epoch is a new key pair."""

    case = models.ForeignKey("mediation.Case", models.CASCADE, related_name="compartments")
    room = models.CharField(max_length=12, choices=Room.choices)
    side = models.CharField(max_length=1, choices=Side.choices, blank=True)
    epoch = models.PositiveSmallIntegerField(default=1)
    public = models.BinaryField()
    last = models.PositiveIntegerField(default=0)
    destroyed = models.DateTimeField(null=True)

    class Meta:
        """One key pair an epoch; a mediator's notes are told apart by their epoch too."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "room", "side", "epoch"], name="one_key_pair_an_epoch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.room}{self.side} {self.epoch} of {self.case_id}"


class Copy(models.Model):
    """A compartment's private key, sealed to one member."""

    compartment = models.ForeignKey(Compartment, models.CASCADE, related_name="copies")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    box = models.BinaryField()

    class Meta:
        """One copy a member."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compartment", "person"], name="one_copy_a_member")
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"


class Writing(models.Model):
    """Something written in a compartment: encrypted, numbered, never changed.

    `seq` counts without gaps in the order of commits, so "after the last I have" misses nothing.
    `client` comes from the writer's browser: sending twice writes once.
    """

    compartment = models.ForeignKey(Compartment, models.CASCADE, related_name="writings")
    seq = models.PositiveIntegerField()
    client = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    author = models.ForeignKey("mediation.Seat", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    box = models.BinaryField()

    class Meta:
        """No number and no sending occurs twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compartment", "seq"], name="one_writing_a_number"),
            models.UniqueConstraint(fields=["compartment", "client"], name="one_writing_a_sending"),
        ]

    def __str__(self) -> str:
        return f"writing {self.compartment_id}/{self.seq}"
