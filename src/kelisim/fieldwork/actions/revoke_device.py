"""Switch a device off: its token opens nothing from then on."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.fieldwork.models import Device

REVOKED = declare(
    "fieldwork.revoke_device",
    _("%(actor)s switched the device “%(device)s” off."),
    facts=("device",),
)


def revoke_device(*, device: Device, by: User, clock: Clock | None = None) -> None:
    """Switch the device off; a second time changes nothing and records nothing."""
    with transaction.atomic():
        now = (clock or SystemClock()).now()
        if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now):
            record(
                REVOKED,
                device,
                by=by,
                organisation=device.survey.organisation,
                facts={"device": device.name},
            )
