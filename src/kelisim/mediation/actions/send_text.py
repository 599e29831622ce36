"""Send an invitation as a text message, by the gateway of the settings."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.models import Invitation, Seat
from kelisim.mediation.sms import NotSent, gateway, number_of

SYSTEM = SystemClock()
TEXTED = declare("mediation.send_text", _("%(actor)s sent an invitation as a text message."))


def send_text(
    seat: Seat, invitation: Invitation, contact: str, words: str, *, clock: Clock = SYSTEM
) -> bool:
    """Return whether the message was sent: it is not where there is no gateway or no number.

    It is sent within the request and not by a job: a job would keep the link in its table.

    Raises
    ------
    StepRefused
        The gateway did not take it.
    """
    way, number = gateway(), number_of(contact)
    if way is None or number is None:
        return False
    try:
        way.send(number, words)
    except NotSent as cause:
        raise StepRefused(
            gettext("The text message was not sent."),
            do=gettext("Send the text below by hand, or ask in another way."),
        ) from cause
    record(TEXTED, invitation, by=seat.person, organisation=seat.case.centre, clock=clock)
    return True
