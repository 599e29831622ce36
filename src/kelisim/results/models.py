"""Tables of studies on the site: their declaration, their files, and every run of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Study(models.Model):
    """A study folder kept by the site: study.toml and the files that it names.

    A study of a survey takes its interviews from what came in; any other brings a file of its own.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="studies"
    )
    survey = models.ForeignKey(
        "surveys.Survey", models.PROTECT, null=True, blank=True, related_name="studies"
    )
    slug = models.SlugField(max_length=80)
    title_kk = models.CharField(max_length=300, blank=True)
    title_ru = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    declaration = models.TextField()
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """An address is used once in an organisation."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="a_study_has_its_own_address"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The study's title in the language of the page, or in one it has."""
        language = (get_language() or "kk").partition("-")[0]
        every = (self.title_kk, self.title_ru, self.title_en)
        own = str(getattr(self, f"title_{language}", ""))
        return own or next((title for title in every if title), self.slug)


class StudyFile(models.Model):
    """A file that the declaration names; its content is kept by digest, and never changed."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        """A name stands for one file."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "name"], name="a_study_file_is_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting", _("Waiting to be computed")
    DONE = "done", _("Computed")
    REFUSED = "refused", pgettext_lazy("run", "Refused")


class Run(models.Model):
    """One computation of a study: what went in, and what came of it.

    `declaration` and `inputs` are those of the moment the run was asked for, so that a run is
    repeated to the byte whatever becomes of the study.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    declaration = models.TextField()
    inputs = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(default=0)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    job = models.CharField(max_length=36, blank=True)
    refusal = models.JSONField(null=True, blank=True)
    labels = models.JSONField(default=dict)
    manifest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Runs are numbered within their study."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "number"], name="runs_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.study} {self.number}"
