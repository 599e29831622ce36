"""Publish a version of a questionnaire: from then on it is never changed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.surveys.models import Questionnaire

PUBLISHED = declare(
    "surveys.publish_questionnaire",
    _("%(actor)s published version %(number)s of the questionnaire of “%(survey)s”."),
    facts=("survey", "number", "digest"),
)


class GraveFindings(Exception):
    """The checks found something that must be put right first."""


def publish_questionnaire(*, questionnaire: Questionnaire, by: User | None) -> None:
    """Publish a version; once more changes nothing.

    Raises
    ------
    GraveFindings
        An item can never be asked or answered, or a client cannot open the form.
    """
    if any(finding["grave"] for finding in questionnaire.findings):
        raise GraveFindings
    survey = questionnaire.survey
    with transaction.atomic():
        fresh = Questionnaire.objects.filter(pk=questionnaire.pk, published_at=None)
        if fresh.update(published_at=timezone.now()):
            facts = {
                "survey": survey.slug,
                "number": questionnaire.number,
                "digest": questionnaire.digest,
            }
            record(PUBLISHED, questionnaire, by=by, organisation=survey.organisation, facts=facts)
