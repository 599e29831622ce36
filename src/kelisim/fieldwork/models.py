"""Tables of fieldwork: devices and what they sent, the sample and its contacts, quotas."""

from __future__ import annotations

import secrets
from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.fieldwork.outcomes import Outcome


class DeviceKind(models.TextChoices):
    """What a device speaks to us with."""

    COLLECT = "collect", _("ODK Collect")
    BROWSER = "browser", _("Browser")


class Device(models.Model):
    """A phone or a browser that may fetch the forms of one survey and send interviews.

    Its token is derived from the row and the site's secret (`tokens.py`) and is kept nowhere.
    """

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="devices")
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="devices"
    )
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=DeviceKind.choices, default=DeviceKind.COLLECT)
    salt = models.CharField(max_length=64, default=secrets.token_hex)
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A device has one name in its survey, and an interviewer one browser."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "name"], name="a_device_has_its_own_name"),
            models.UniqueConstraint(
                fields=["survey", "interviewer"],
                condition=models.Q(kind="browser"),
                name="one_browser_an_interviewer",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Psu(models.Model):
    """A primary sampling unit of the drawn sample, and who works in it."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="psus")
    code = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=200, blank=True)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="psus"
    )

    class Meta:
        """A PSU is in a sample once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code"], name="a_psu_is_in_a_sample_once")
        ]

    def __str__(self) -> str:
        return self.place or self.code


class Unit(models.Model):
    """A unit of the drawn sample: where it is, with what chance it was drawn, how it stands.

    `lease_by` and `lease_until` say who is calling it now: two people never dial one number.
    """

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="units")
    psu = models.ForeignKey(Psu, models.CASCADE, related_name="units")
    code = models.CharField(max_length=100)
    draw = models.PositiveIntegerField(default=1)
    stratum = models.CharField(max_length=100, blank=True)
    chance = models.FloatField()
    weight = models.FloatField()
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A drawing is one row; the queue of calls is read in order."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code", "draw"], name="a_drawing_is_one_row")
        ]
        indexes: ClassVar = [
            models.Index(fields=["survey", "outcome", "due_at"], name="units_to_be_reached")
        ]

    def __str__(self) -> str:
        return self.address or self.code

    @property
    def case(self) -> str:
        """What an interview's item ``case_id`` says of the unit."""
        return f"{self.code}/{self.draw}"


class Contact(models.Model):
    """One attempt to reach a unit, and how it ended. Contacts are added and never changed."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="contacts")
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    submission = models.OneToOneField(
        "surveys.Submission", models.CASCADE, null=True, blank=True, related_name="contact"
    )
    """The interview that was made then; its constraint lets no interview be a second contact."""

    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    back_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        """Contacts of a unit are read in order."""

        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.unit}: {self.outcome}"


class Arrival(models.Model):
    """How a submission came: from which device, about which unit, and what it still waits for."""

    submission = models.OneToOneField(
        "surveys.Submission", models.CASCADE, primary_key=True, related_name="arrival"
    )
    device = models.ForeignKey(Device, models.PROTECT, related_name="arrivals")
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="interviews"
    )
    expected = models.JSONField(default=list)
    said_at = models.DateTimeField(null=True, blank=True)
    """The moment by the device's own clock; never used to order what different devices sent."""

    def __str__(self) -> str:
        return f"{self.submission_id} from {self.device}"


class Reason(models.TextChoices):
    """Why something that was sent is not among the interviews."""

    MALFORMED = "malformed", _("The interview cannot be read")
    CONFLICT = "conflict", _("Another interview came under the same number")
    UNKNOWN = "unknown", _("The questionnaire or its version is not known")
    NOT_OPEN = "not-open", _("The survey is not in the field")


class Quarantined(models.Model):
    """What was sent and could not become an interview, byte for byte, until a person decides."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="quarantined")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    told = models.CharField(max_length=500)
    instance_id = models.CharField(max_length=200, blank=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A device that tries again does not fill the disk."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "reason", "digest"], name="quarantined_once_a_device"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.instance_id}"


class Quota(models.Model):
    """How many interviews of a kind are wanted. Hard ones are never exceeded, soft ones warn."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="quotas")
    name = models.CharField(max_length=120)
    target = models.PositiveIntegerField()
    hard = models.BooleanField(default=True)
    condition = models.CharField(max_length=500, blank=True)
    """Which interviews fill it, as an expression of the questionnaire; all where it is empty."""

    class Meta:
        """A quota has one name in its survey."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "name"], name="a_quota_has_its_own_name")
        ]

    def __str__(self) -> str:
        return self.name


class QuotaPlace(models.Model):
    """A place in a quota that an interview fills."""

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="places")
    interview = models.CharField(max_length=200)

    class Meta:
        """An interview takes one place in a quota."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quota", "interview"], name="an_interview_takes_one_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quota}: {self.interview}"


class Plan(models.Model):
    """How a survey's sample is worked: when people are called, how often, how long between."""

    survey = models.OneToOneField(
        "surveys.Survey", models.CASCADE, primary_key=True, related_name="plan"
    )
    call_from = models.TimeField(default=time(9))
    call_until = models.TimeField(default=time(21))
    most_attempts = models.PositiveSmallIntegerField(default=6)
    hours_between = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return f"plan of {self.survey}"


class Checked(models.TextChoices):
    """What a back-check found."""

    CONFIRMED = "confirmed", _("The interview took place as recorded")
    DIFFERS = "differs", _("The person remembers it otherwise")
    UNREACHED = "unreached", _("Nobody was reached")


class BackCheck(models.Model):
    """A second call to a unit that was interviewed, by somebody else."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="back_check")
    asked_at = models.DateTimeField(default=timezone.now)
    found = models.CharField(max_length=10, choices=Checked.choices, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"back-check of {self.unit}"
