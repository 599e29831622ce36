"""Settle what was quarantined: receive it after all, or note that it was looked at."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.fieldwork.actions.receive import receive
from kelisim.fieldwork.models import Quarantined
from kelisim.fieldwork.openrosa.answers import Answered
from kelisim.fieldwork.openrosa.reading import read
from kelisim.fieldwork.tokens import token_of

SETTLED = declare(
    "fieldwork.settle_quarantined",
    _("%(actor)s settled what was kept under the number %(interview)s."),
    facts=("interview", "received"),
)


def settle_quarantined(
    *, kept: Quarantined, by: User, again: bool, clock: Clock | None = None
) -> Answered | None:
    """Mark what was kept as settled.

    Parameters
    ----------
    again
        Receive it now, as if it came at this moment: its version may be published by now, or the
        survey open. What cannot be received stays unsettled.

    Returns
    -------
    Answered or None
        What the device would have been told.
    """
    with transaction.atomic():
        told = None
        if again:
            sent = read(token_of(kept.device), None, bytes(kept.content), kept.content_type)
            told = receive([sent])[0]
            if told.status not in (201, 202) or not _is_in(kept):
                return told
        kept.settled_at = (clock or SystemClock()).now()
        kept.save(update_fields=["settled_at"])
        record(
            SETTLED,
            kept,
            by=by,
            organisation=kept.device.survey.organisation,
            facts={"interview": kept.instance_id, "received": again},
        )
    return told


def _is_in(kept: Quarantined) -> bool:
    received = kept.device.arrivals.filter(submission__instance_id=kept.instance_id)
    return received.exists()
