"""Who speaks and what is said: participants, invitations, statements, wordings, appeals."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.consultations.models.consultation import Clause, Consultation
from kelisim.consultations.models.words import Said, reading, said
from kelisim.core.kazakh import LANGUAGES

models.CharField.register_lookup(Length)

LONGEST = 280
"""Letters of a statement: one idea fits, an essay does not."""

TONGUES = [(code, code) for code in LANGUAGES]


def alias() -> str:
    """Return a name that says nothing about when or how somebody came."""
    return secrets.token_hex(6)


class Mode(models.TextChoices):
    """How a voice came in; a result can be looked at along these."""

    WEB = "web", _("on the site")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by phone")


class Participant(models.Model):
    """One voice in one consultation, known by the digest of its token and by nothing else.

    The token is random for an open consultation; for a code or an account it is derived with the
    site's secret, so that the same code or account always comes back to the same row, and the
    table alone does not tell whose it is.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="participants")
    alias = models.CharField(max_length=12, default=alias)
    token = models.CharField(max_length=64)
    mode = models.CharField(max_length=6, choices=Mode.choices, default=Mode.WEB)
    language = models.CharField(max_length=2, choices=TONGUES)

    class Meta:
        """One person, one voice."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "token"], name="one_person_one_voice"),
            models.UniqueConstraint(fields=["consultation", "alias"], name="an_alias_is_one_voice"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="a_voice_has_a_mode"),
        ]

    def __str__(self) -> str:
        return self.alias


class Invitation(models.Model):
    """A code that was printed on a sheet; only its digest is kept."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64)
    sheet = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A code opens one consultation once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "digest"], name="a_code_is_made_once")
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} sheet {self.sheet}"


class State(models.TextChoices):
    """Where a statement stands."""

    WAITING = "waiting", _("waiting for a moderator")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("not accepted")


class Reason(models.TextChoices):
    """Why a moderator did not accept a statement; its author reads this."""

    OFF_TOPIC = "off-topic", _("It is not about the question.")
    REPEATED = "repeated", _("The same has been said already.")
    SEVERAL = "several", _("It holds several ideas; each needs a statement of its own.")
    UNCLEAR = "unclear", _("It cannot be understood without an explanation.")
    PERSONAL = "personal", _("It holds personal data.")
    INSULT = "insult", _("It insults or threatens people.")
    ADVERT = "advert", _("It is an advertisement.")
    LAW = "law", _("The law forbids publishing it.")


class Statement(models.Model):
    """One statement, whatever the language it is read in: its wordings are variants of one item."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=2, choices=TONGUES)
    author = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Numbered within the consultation; what is not accepted has a reason, what is has none."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "number"], name="statements_numbered"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="a_statement_has_a_state"
            ),
            models.CheckConstraint(
                condition=Q(state=State.REJECTED, reason__in=Reason.values)
                | (~Q(state=State.REJECTED) & Q(reason="")),
                name="what_is_rejected_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.number}"

    @property
    def words(self) -> Said:
        """The statement in the language of the page, or in that of its author."""
        return self.words_in(reading())

    def words_in(self, language: str) -> Said:
        """Return the statement in a language, or in that of its author."""
        texts = {one.language: one.text for one in self.wordings.all()}
        return said(texts, language if language in texts else self.origin)


class Wording(models.Model):
    """A statement in one language."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=2, choices=TONGUES)
    text = models.CharField(max_length=LONGEST)
    likeness = models.CharField(max_length=LONGEST, blank=True)

    class Meta:
        """One wording a language, neither empty nor endless."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "language"], name="one_wording_a_language"
            ),
            models.CheckConstraint(
                condition=Q(text__length__gte=1, text__length__lte=LONGEST),
                name="a_wording_fits_one_idea",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Appeal(models.Model):
    """An author's appeal against a rejection; somebody else than the first moderator decides it."""

    statement = models.OneToOneField(Statement, models.CASCADE, related_name="appeal")
    words = models.CharField(max_length=600)
    against = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)

    class Meta:
        """Nobody judges their own decision, and a decided appeal has an outcome."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("against")),
                name="an_appeal_is_judged_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, upheld=None, decided_by=None)
                | Q(decided_at__isnull=False, upheld__isnull=False, decided_by__isnull=False),
                name="a_decided_appeal_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"appeal of {self.statement_id}"
