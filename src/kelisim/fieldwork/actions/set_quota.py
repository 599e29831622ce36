"""Set a quota of a survey."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.core.errors import QuestionnaireRefused
from kelisim.fieldwork import channels
from kelisim.fieldwork.actions.fill_quotas import count_again
from kelisim.fieldwork.conditions import expression_of
from kelisim.fieldwork.models import Quota
from kelisim.surveys.models import Survey
from kelisim.surveys.queries import current, form_of

SET = declare(
    "fieldwork.set_quota",
    _("%(actor)s set the quota “%(quota)s” to %(target)s."),
    facts=("quota", "target", "condition"),
)


def set_quota(
    *, survey: Survey, name: str, target: int, hard: bool, by: User, condition: str = ""
) -> Quota:
    """Return the quota of that name, with its new target, filled by the interviews there are.

    Interviews that are in stay in, even where they are more than a hard quota wants.

    Raises
    ------
    QuestionnaireRefused
        The condition is no expression, or looks at what the newest questionnaire does not ask.
    """
    asked = current(survey)
    if condition:
        if asked is None:
            raise QuestionnaireRefused(
                "No questionnaire of the survey is published yet.",
                do="Publish it, then say whom the quota counts.",
            )
        expression_of(condition, form_of(asked))
    with transaction.atomic():
        told = {"target": target, "hard": hard, "condition": condition}
        quota, _new = Quota.objects.update_or_create(survey=survey, name=name, defaults=told)
        count_again(quota)
        facts = {"quota": name, "target": target, "condition": condition}
        record(SET, quota, by=by, organisation=survey.organisation, facts=facts)
        ring(channels.fieldwork(survey.pk))
    return quota
