"""Tables of surveys: the survey, the versions of its questionnaire, and the submissions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("In the field")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")


class Channel(models.TextChoices):
    """How an interview came in; a mode effect is looked for along these."""

    COLLECT = "collect", _("Interviewer, ODK Collect")
    INTERVIEWER = "interviewer", _("Interviewer, browser")
    PHONE = "phone", _("Interviewer, by phone")
    SELF = "self", _("Filled in by the respondent")
    PAPER = "paper", _("Entered from paper")


class Aside(models.TextChoices):
    """Why an interview that was received is not among the answers of its survey."""

    QUOTA = "quota", _("Its quota is full")
    REJECTED = "rejected", _("Rejected")


class Survey(models.Model):
    """One survey of an organisation, from the first draft of its questionnaire to its results."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="surveys"
    )
    slug = models.SlugField(max_length=80)
    title_kk = models.CharField(max_length=300, blank=True)
    title_ru = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """An address is used once in an organisation."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="a_survey_has_its_own_address"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The survey's title in the language of the page, or in one it has."""
        language = (get_language() or "kk").partition("-")[0]
        every = (self.title_kk, self.title_ru, self.title_en)
        own = str(getattr(self, f"title_{language}", ""))
        return own or next((title for title in every if title), self.slug)


class Questionnaire(models.Model):
    """One version of a questionnaire. A version that was published is never changed."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questionnaires")
    number = models.PositiveIntegerField()
    form_id = models.CharField(max_length=200)
    version = models.CharField(max_length=200, blank=True)
    source = models.BinaryField()
    source_name = models.CharField(max_length=200)
    xform = models.TextField()
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list)

    class Meta:
        """Versions are numbered within their survey."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"


class Media(models.Model):
    """A file that a questionnaire shows or looks answers up in."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="media")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        """A name stands for one file."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "name"], name="media_are_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """One filled-in questionnaire, as it came, and received once however often it is sent.

    One that stands `aside` is kept like the others and counted nowhere.
    `answers` is the compact form that exports read (`answers.compact`); null until it is made.

    `instance_id` is the client's own number of the interview. The constraint, and nothing in the
    code, keeps one row of each: parallel and repeated sendings meet in it.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=200)
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=20, blank=True)
    interviewer = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(default=timezone.now)
    complete = models.BooleanField(default=True)
    answers = models.BinaryField(null=True, blank=True)
    aside = models.CharField(max_length=8, choices=Aside.choices, blank=True)
    aside_why = models.CharField(max_length=300, blank=True)

    class Meta:
        """One interview, one row."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["questionnaire", "instance_id"], name="an_interview_is_received_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["questionnaire", "received_at"], name="submissions_in_order")
        ]

    def __str__(self) -> str:
        return self.instance_id


class Attachment(models.Model):
    """A file of a submission: a picture, a recording, the audit log of the client."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        """A name stands for one file of a submission."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "name"], name="an_attachment_is_received_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link by which one person may answer once.

    Only the digest of the link's secret is kept, and nothing leads from here to a submission: the
    invitation says that it was used, on which day, and never for which answers.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    secret_digest = models.CharField(max_length=64, unique=True)
    batch = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.survey} {self.pk}"


class Draft(models.Model):
    """Answers not sent yet, found again by the link alone and destroyed when they are sent.

    `key` is a digest of the link's secret that differs from the invitation's own, so that the two
    tables cannot be joined.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=64, unique=True)
    xml = models.BinaryField()
    language = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=300, blank=True)
    paradata = models.BooleanField(default=False)
    events = models.JSONField(default=list)
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"draft of {self.questionnaire}"
