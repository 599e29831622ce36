"""Answer the safety questions in private; danger ends the case at once, without a reason given."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Compartment, Seat, Writing
from kelisim.mediation.safety import ITEMS, Verdict, verdict
from kelisim.mediation.words import Kind, Room

SYSTEM = SystemClock()


def answer_screening(seat: Seat, answers: Mapping[str, str], *, clock: Clock = SYSTEM) -> Verdict:
    """Return what follows; the answers go where only this person and the registrar can read.

    Raises
    ------
    StepRefused
        A question is unanswered.
    """
    if any(not answers.get(item.key) for item in ITEMS):
        raise StepRefused(
            gettext("A question is not answered yet."),
            do=gettext("Choose an answer to each; ‘never’ is one."),
        )
    told = verdict(answers)
    own = Compartment.objects.filter(copies__person=seat.person)
    room = own.filter(case=seat.case, room=Room.SCREENING, side=seat.side).latest("epoch")
    with transaction.atomic():
        content = {"answers": dict(answers), "verdict": told}
        write(room, Kind.ANSWERS, content, seat=seat, clock=clock)
        if told == "stop":
            take_step(seat.case, "stop", by="house", clock=clock)
    return told


def is_screened(seat: Seat) -> bool:
    """Return whether a side's representative has answered the questions."""
    return Writing.objects.filter(author=seat, kind=Kind.ANSWERS).exists()
