"""What voices told about themselves, and the population they are laid beside."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.consultations.models.consultation import Consultation
from kelisim.consultations.models.voices import Participant


class Sex(models.TextChoices):
    """Sex, as the census asks it."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class AgeGroup(models.TextChoices):
    """Four groups of adults: finer ones could point to a person."""

    YOUNG = "18-29", _("18 to 29")
    MIDDLE = "30-44", _("30 to 44")
    MATURE = "45-59", _("45 to 59")
    OLD = "60+", _("60 and older")


class Settlement(models.TextChoices):
    """Where somebody lives."""

    URBAN = "urban", _("In a town or city")
    RURAL = "rural", _("In a village")


class About(models.Model):
    """What a participant chose to tell: counted in sums alone, and never shown beside votes.

    There is no row without consent, and none is needed to take part; the participant can erase it.
    """

    participant = models.OneToOneField(
        Participant, models.CASCADE, primary_key=True, related_name="about"
    )
    region = models.CharField(max_length=6, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    age = models.CharField(max_length=5, choices=AgeGroup.choices, blank=True)
    settlement = models.CharField(max_length=5, choices=Settlement.choices, blank=True)

    class Meta:
        """Whoever is here told something."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(region="", sex="", age="", settlement=""), name="something_is_told"
            )
        ]

    def __str__(self) -> str:
        return f"about {self.participant_id}"


class Population(models.Model):
    """The population a consultation is laid beside: how many live in each cell, by which source.

    `variables` names the columns of `cells` before the last, which is the number of people.
    """

    consultation = models.OneToOneField(
        Consultation, models.CASCADE, primary_key=True, related_name="population"
    )
    source = models.CharField(max_length=300)
    variables = models.JSONField()
    cells = models.JSONField()
    set_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"population of {self.consultation_id}"
