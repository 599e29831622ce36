"""Take the next number of the queue of calls: nobody else is given it while the lease runs."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.fieldwork.models import Plan, Unit
from kelisim.fieldwork.outcomes import FINAL
from kelisim.surveys.models import Survey

MINUTES = 30
"""How long a number stays with who took it, if nothing is recorded."""

TAKEN = declare(
    "fieldwork.take_number", _("%(actor)s took the unit %(unit)s to call it."), facts=("unit",)
)


def take_number(*, survey: Survey, by: User, clock: Clock | None = None) -> Unit | None:
    """Return the unit to be called next, or None when nobody may be called now.

    What the asker holds already comes first, then appointments that are due, the oldest first, then
    numbers that were tried least. Rows that somebody else is taking at the moment are passed over.
    """
    now = (clock or SystemClock()).now()
    plan = Plan.objects.filter(survey=survey).first() or Plan()
    if not plan.call_from <= in_kazakhstan(now).time() < plan.call_until:
        return None
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        found = (
            Unit.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free | Q(lease_by=by), Q(due_at=None) | Q(due_at__lte=now), survey=survey)
            .filter(attempts__lt=plan.most_attempts)
            .exclude(phone="")
            .exclude(outcome__in=FINAL)
            .order_by(
                Case(When(lease_by=by, then=0), default=1),
                F("due_at").asc(nulls_last=True),
                "attempts",
                "pk",
            )
            .first()
        )
        if found is not None:
            found.lease_by = by
            found.lease_until = now + timedelta(minutes=MINUTES)
            found.save(update_fields=["lease_by", "lease_until"])
            record(
                TAKEN, found, by=by, organisation=survey.organisation, facts={"unit": found.code}
            )
    return found
