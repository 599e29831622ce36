"""End a round that one side never answers: no numbers are opened, and they are gone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.open_round import check_waits, room_of
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Round, Seat
from kelisim.mediation.words import Kind, Part

SYSTEM = SystemClock()
ENDED = declare("mediation.end_round", _("%(actor)s ended a round; no numbers were opened."))


def end_round(seat: Seat, to: Round, *, clock: Clock = SYSTEM) -> None:
    """End a round before both sides have answered; a line in the joint room says so and no more.

    Sealed numbers and both shares of the round's key go, as numbers that are taken back do. Who
    had given theirs is told to nobody.

    Raises
    ------
    StepRefused
        Whoever asks is not the case's mediator, or the round is over: both sides answered just
        now, or somebody else ended it.
    """
    if seat.part != Part.MEDIATOR or seat.until or seat.case_id != to.case_id:
        raise StepRefused(gettext("Only the mediator of the case ends a round."))
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=to.pk)
        check_waits(locked)
        locked.deposits.all().delete()
        Round.objects.filter(pk=locked.pk).update(closed=clock.now(), unanswered=True, shares={})
        record(ENDED, locked, by=seat.person, organisation=seat.case.centre, clock=clock)
        content = {"purpose": locked.purpose, "status": "ended"}
        # Also while the talks pause or after the case has ended: the round is over all the same.
        write(room_of(locked), Kind.SUGGESTION, content, seat=seat, clock=clock, afterwards=True)
