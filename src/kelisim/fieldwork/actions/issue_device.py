"""Issue a device: what its token opens begins to open."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.fieldwork.models import Device, DeviceKind
from kelisim.surveys.models import Survey

ISSUED = declare(
    "fieldwork.issue_device", _("%(actor)s let the device “%(device)s” in."), facts=("device",)
)


def issue_device(
    *, survey: Survey, name: str, interviewer: User | None, by: User, kind: DeviceKind
) -> Device:
    """Return the new device."""
    with transaction.atomic():
        made = Device.objects.create(survey=survey, name=name, interviewer=interviewer, kind=kind)
        record(ISSUED, made, by=by, organisation=survey.organisation, facts={"device": name})
    return made


def browser_of(interviewer: User, survey: Survey) -> Device:
    """Return the interviewer's browser as a device of a survey, issued when first needed."""
    held = Device.objects.filter(
        survey=survey, interviewer=interviewer, kind=DeviceKind.BROWSER, revoked_at=None
    ).first()
    return held or issue_device(
        survey=survey,
        name=f"browser {interviewer.pk}",
        interviewer=interviewer,
        by=interviewer,
        kind=DeviceKind.BROWSER,
    )
