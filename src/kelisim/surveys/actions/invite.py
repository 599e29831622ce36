"""Make one-time links: each a secret that only its holder knows."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.surveys.links import invitation_digest
from kelisim.surveys.models import Invitation, Survey

INVITED = declare(
    "surveys.invite",
    _("%(actor)s made %(count)s one-time links to the survey “%(survey)s”."),
    facts=("survey", "count", "batch"),
)
MOST = 5000


def invite(*, survey: Survey, count: int, batch: str, by: User | None) -> list[str]:
    """Return the secrets of new links; they are shown once and kept nowhere."""
    made = [secrets.token_urlsafe(16) for _number in range(count)]
    with transaction.atomic():
        Invitation.objects.bulk_create(
            Invitation(survey=survey, secret_digest=invitation_digest(one), batch=batch)
            for one in made
        )
        facts = {"survey": survey.slug, "count": count, "batch": batch}
        record(INVITED, survey, by=by, organisation=survey.organisation, facts=facts)
    return made
