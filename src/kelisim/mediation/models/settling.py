"""What is settled: papers and signatures, rounds, promises, meetings, and the end of keys."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from kelisim.mediation.words import Purpose, Room, Side, SignedBy


class Paper(models.Model):
    """A text that is signed: everyone under the same digest."""

    case = models.ForeignKey("mediation.Case", models.CASCADE, related_name="papers")
    writing = models.OneToOneField("mediation.Writing", models.CASCADE, related_name="paper")
    digest = models.CharField(max_length=64)
    issued = models.BinaryField()
    sealed = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"paper {self.digest[:8]}"


class Signature(models.Model):
    """A name under a paper."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="signatures")
    seat = models.ForeignKey("mediation.Seat", models.PROTECT, related_name="signatures")
    by = models.CharField(max_length=8, choices=SignedBy.choices)
    digest = models.CharField(max_length=64)
    evidence = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A seat signs a paper once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "seat"], name="one_signature_a_seat")
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class Round(models.Model):
    """Numbers of both sides meet under a key that opens only when both consent.

    `unanswered` is a round that the mediator ended before both had: nothing was opened in it.
    """

    case = models.ForeignKey("mediation.Case", models.CASCADE, related_name="rounds")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    public = models.BinaryField()
    shares = models.JSONField(default=dict)
    subject = models.BinaryField()
    for_all = models.BooleanField(default=False)
    opened = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True)
    unanswered = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"round {self.pk}"


class Deposit(models.Model):
    """A side's share of the round's key and its numbers; gone when the round is over."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="deposits")
    side = models.CharField(max_length=1, choices=Side.choices)
    share = models.BinaryField()
    box = models.BinaryField()

    class Meta:
        """A side deposits once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "side"], name="one_deposit_a_side")
        ]

    def __str__(self) -> str:
        return f"deposit {self.pk}"


class Promise(models.Model):
    """What a side promised, and by when. The words are in a writing."""

    case = models.ForeignKey("mediation.Case", models.CASCADE, related_name="promises")
    writing = models.OneToOneField("mediation.Writing", models.CASCADE, related_name="promise")
    side = models.CharField(max_length=1, choices=Side.choices)
    due = models.DateField()
    reminded = models.DateField(null=True)
    kept = models.DateTimeField(null=True)
    broken = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"promise {self.pk}"


class Meeting(models.Model):
    """A time to meet; the calendar entry has a neutral title."""

    case = models.ForeignKey("mediation.Case", models.CASCADE, related_name="meetings")
    room = models.CharField(max_length=12, choices=Room.choices, default=Room.JOINT)
    side = models.CharField(max_length=1, choices=Side.choices, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    starts = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    cancelled = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"meeting {self.starts:%Y-%m-%d %H:%M}"


class Erasure(models.Model):
    """The signed record that the keys of a case were destroyed."""

    case = models.OneToOneField("mediation.Case", models.PROTECT, related_name="erasure")
    document = models.JSONField()
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"erasure of {self.case_id}"
