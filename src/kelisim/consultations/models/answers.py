"""What an office owes: an answer to each statement on the slate, by a day, and who waits for it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.consultations.models.consultation import ClauseText, Consultation
from kelisim.consultations.models.voices import Statement
from kelisim.consultations.models.words import Said, of, written


class Verdict(models.TextChoices):
    """What an office did with a statement."""

    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Partly accepted")
    REJECTED = "rejected", _("Rejected")


class Owed(models.Model):
    """An official answer: owed by a named office until a day, then given with its reasons."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="owed")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="owed")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="owed")
    asked_on = models.DateField()
    due_on = models.DateField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    because_kk = models.TextField(blank=True)
    because_ru = models.TextField(blank=True)
    because_en = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    before = models.ForeignKey(ClauseText, models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey(ClauseText, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Due after it was asked; an answer has a verdict, a day, an author, reasons, or none."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("asked_on")), name="due_after_it_was_asked"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", answered_on=None, answered_by=None)
                | (
                    Q(
                        verdict__in=Verdict.values,
                        answered_on__isnull=False,
                        answered_by__isnull=False,
                    )
                    & written("because")
                ),
                name="an_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(before=None, after=None) | Q(before__isnull=False, after__isnull=False),
                name="a_change_has_two_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} owes {self.statement_id}"

    @property
    def because(self) -> Said:
        """Why the office answered so."""
        return of(self, "because")

    def is_overdue(self, today: date) -> bool:
        """Say whether the day has passed without an answer."""
        return self.answered_on is None and self.due_on < today

    def days_left(self, today: date) -> int:
        """How many days remain to answer, below 0 where the day has passed."""
        return (self.due_on - today).days

    @property
    def is_on_time(self) -> bool:
        """Whether it was answered by the day."""
        return self.answered_on is not None and self.answered_on <= self.due_on


class Follower(models.Model):
    """A person who asked to be told when an office answers; their votes are not kept with it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="followers")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        """Told once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "person"], name="followed_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.consultation_id}"
