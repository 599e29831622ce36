"""What happened in a consultation, in order, and never rewritten: the log of events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from kelisim.consultations.models.consultation import Consultation
from kelisim.consultations.models.voices import TONGUES, Participant, Statement


class Kind(models.TextChoices):
    """The kinds of `kelisim.engine.opinion.eventlog`."""

    VOTE = "vote"
    DISPLAY = "display"
    SUBMISSION = "submission"
    MODERATION = "moderation"


class Event(models.Model):
    """One event. The last vote of a participant on a statement counts; the earlier ones stay.

    `probability` is that with which a statement was drawn to be shown, `even` says whether the draw
    belonged to the share of even control draws. `language` is that of the wording that was read.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="events")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="events")
    vote = models.SmallIntegerField(null=True)
    probability = models.FloatField(null=True)
    even = models.BooleanField(null=True)
    language = models.CharField(max_length=2, choices=TONGUES, blank=True)
    verdict = models.CharField(max_length=24, blank=True)

    class Meta:
        """Each kind says what it must, and nothing else."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind=Kind.VOTE,
                    vote__isnull=False,
                    vote__in=(-1, 0, 1),
                    participant__isnull=False,
                )
                | (~Q(kind=Kind.VOTE) & Q(vote=None)),
                name="a_vote_is_one_of_three",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=Kind.DISPLAY,
                    probability__isnull=False,
                    probability__gt=0,
                    probability__lte=1,
                    participant__isnull=False,
                    even__isnull=False,
                )
                | (~Q(kind=Kind.DISPLAY) & Q(probability=None, even=None)),
                name="a_display_had_a_chance",
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.MODERATION) & ~Q(verdict=""))
                | (~Q(kind=Kind.MODERATION) & Q(verdict="")),
                name="a_moderation_has_a_verdict",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["consultation", "kind", "id"], name="events_in_order"),
            models.Index(fields=["participant", "id"], name="events_of_a_voice"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.statement_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; one that exists is never written again."""
        if self.pk is not None:
            raise TypeError("An event of a consultation is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the log only grows."""
        raise TypeError("An event of a consultation is never removed.")
