"""Reject an interview, so that it counts nowhere, and take it back in."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.fieldwork import channels
from kelisim.fieldwork.actions.fill_quotas import empty_places, fill_quotas, locked
from kelisim.fieldwork.actions.record_interviews import stand, unit_of
from kelisim.surveys.models import Aside, Submission

REJECTED = declare(
    "fieldwork.reject_interview",
    _("%(actor)s rejected the interview %(interview)s: “%(why)s”."),
    facts=("interview", "why"),
)
RESTORED = declare(
    "fieldwork.restore_interview",
    _("%(actor)s took the interview %(interview)s back in."),
    facts=("interview",),
)


def reject_interview(
    *, submission: Submission, why: str, by: User, clock: Clock | None = None
) -> None:
    """Set an interview aside: its places are free again, and its unit is to be visited again.

    A second time changes nothing and records nothing.
    """
    with transaction.atomic():
        one = _held(submission)
        if one.aside == Aside.REJECTED:
            return
        empty_places(one)
        one.aside, one.aside_why = Aside.REJECTED, why[:300]
        one.save(update_fields=["aside", "aside_why"])
        _settled(one, clock)
        facts = {"interview": one.instance_id, "why": why}
        record(REJECTED, one, by=by, organisation=_house(one), facts=facts)
        ring(channels.fieldwork(one.questionnaire.survey_id))


def restore_interview(*, submission: Submission, by: User, clock: Clock | None = None) -> bool:
    """Take an interview back in; return whether it counts, or a quota it belongs to is full."""
    with transaction.atomic():
        one = _held(submission)
        if not one.aside:
            return True
        one.aside = one.aside_why = ""
        fill_quotas([one])
        one.save(update_fields=["aside", "aside_why"])
        _settled(one, clock)
        if not one.aside:
            facts = {"interview": one.instance_id}
            record(RESTORED, one, by=by, organisation=_house(one), facts=facts)
        ring(channels.fieldwork(one.questionnaire.survey_id))
    return not one.aside


def _held(submission: Submission) -> Submission:
    # Quotas first, as whoever receives an interview locks them: nobody waits in a circle.
    locked([submission.questionnaire.survey_id])
    rows = Submission.objects.select_for_update(of=("self",))
    return rows.select_related("questionnaire__survey__organisation").get(pk=submission.pk)


def _house(one: Submission) -> Organisation:
    return one.questionnaire.survey.organisation


def _settled(one: Submission, clock: Clock | None) -> None:
    unit = unit_of(one)
    if unit is not None:
        stand(unit, (clock or SystemClock()).now())
