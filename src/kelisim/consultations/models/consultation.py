"""A consultation: its question, who may take part, and the draft it is about, clause by clause."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.consultations.models.words import Said, of, written


class Entry(models.TextChoices):
    """Who may take part; in each way one person has one voice."""

    OPEN = "open", _("Anyone, without signing in")
    CODE = "code", _("Holders of an invitation code")
    ACCOUNT = "account", _("People who are signed in")


class Consultation(models.Model):
    """One question to the public, from its preparation to the last official answer."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="consultations"
    )
    slug = models.SlugField(max_length=60, unique=True)
    question_kk = models.CharField(max_length=300, blank=True)
    question_ru = models.CharField(max_length=300, blank=True)
    question_en = models.CharField(max_length=300, blank=True)
    why_kk = models.TextField(blank=True)
    why_ru = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    decides_kk = models.TextField(blank=True)
    decides_ru = models.TextField(blank=True)
    decides_en = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.OPEN)
    vote_first = models.BooleanField(default=False)
    takes_statements = models.BooleanField(default=True)
    published = models.BooleanField(default=False)
    frames = models.TextField(blank=True)
    reading_key = models.CharField(max_length=43, blank=True)
    shelf = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Asked in some language, and open for some time."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=written("question"), name="a_question_is_asked"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="it_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(entry__in=Entry.values), name="an_entry_is_one_of_three"
            ),
        ]

    def __str__(self) -> str:
        return self.question.text

    @property
    def question(self) -> Said:
        """What is asked."""
        return of(self, "question")

    @property
    def why(self) -> Said:
        """Why it is asked."""
        return of(self, "why")

    @property
    def decides(self) -> Said:
        """What will be decided with it."""
        return of(self, "decides")

    def is_open(self, now: datetime) -> bool:
        """Say whether votes are taken at a moment."""
        return self.published and self.opens_at <= now < self.closes_at

    def channel(self, place: str) -> str:
        """Return the bell of a place: ``map``, ``queue`` or ``answers``."""
        return f"consultation:{self.pk}:{place}"


class DraftKind(models.TextChoices):
    """What is being consulted on."""

    LAW = "law", _("Draft law")
    PLAN = "plan", _("Plan")
    BUDGET = "budget", _("Budget")


class Draft(models.Model):
    """A document under consultation, split into clauses."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=DraftKind.choices)
    title_kk = models.CharField(max_length=300, blank=True)
    title_ru = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)

    class Meta:
        """A draft has a title."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=written("title"), name="a_draft_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=DraftKind.values), name="a_draft_is_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title.text

    @property
    def title(self) -> Said:
        """What the document is called."""
        return of(self, "title")


class Clause(models.Model):
    """One clause of a draft; its words are in its versions."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="clauses")
    number = models.CharField(max_length=20)
    place = models.PositiveIntegerField()

    class Meta:
        """A clause stands once in its draft."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="a_clause_stands_once"),
            models.UniqueConstraint(fields=["draft", "place"], name="a_place_holds_one_clause"),
        ]

    def __str__(self) -> str:
        return self.number


class ClauseText(models.Model):
    """One version of a clause. A version is added, never changed."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    text_kk = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Versions are numbered within their clause, and say something."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clause", "version"], name="clause_versions_numbered"),
            models.CheckConstraint(condition=written("text"), name="a_clause_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} v{self.version}"

    @property
    def text(self) -> Said:
        """What the clause says."""
        return of(self, "text")
