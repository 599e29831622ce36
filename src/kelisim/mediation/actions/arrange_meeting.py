"""Arrange, move and call off a meeting; the calendar learns that there is one, and nothing more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.models import Meeting, Seat
from kelisim.mediation.notices import give_notice
from kelisim.mediation.queries import sitting
from kelisim.mediation.words import Room

SYSTEM = SystemClock()
ARRANGED = declare("mediation.arrange_meeting", _("%(actor)s arranged a meeting."))
CANCELLED = declare("mediation.cancel_meeting", _("%(actor)s called off a meeting."))


def arrange_meeting(
    seat: Seat,
    starts: datetime,
    *,
    minutes: int = 60,
    room: Room = Room.JOINT,
    side: str = "",
    clock: Clock = SYSTEM,
) -> Meeting:
    """Return the meeting.

    Raises
    ------
    StepRefused
        The time has passed.
    """
    if starts <= clock.now():
        raise StepRefused(gettext("This time has passed."), do=gettext("Choose a later one."))
    with transaction.atomic():
        made = Meeting.objects.create(
            case=seat.case, room=room, side=side, starts=starts, minutes=minutes
        )
        record(ARRANGED, made, by=seat.person, organisation=seat.case.centre, clock=clock)
        give_notice(sitting(seat.case).exclude(pk=seat.pk), now=clock.now())
    return made


def cancel_meeting(seat: Seat, meeting: Meeting, *, clock: Clock = SYSTEM) -> None:
    """Call a meeting off; calendars that hold it are told by its next version."""
    with transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk, cancelled__isnull=True).update(
            cancelled=clock.now(), sequence=F("sequence") + 1
        )
        record(CANCELLED, meeting, by=seat.person, organisation=seat.case.centre, clock=clock)
        give_notice(sitting(seat.case).exclude(pk=seat.pk), now=clock.now())
