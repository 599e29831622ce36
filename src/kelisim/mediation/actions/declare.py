"""A mediator declares conflicts of interest: before the start, and anew at each stage."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare as declare_action
from kelisim.auditlog.actions import record
from kelisim.core.clock import Clock, SystemClock
from kelisim.engine.settlement.procedure import STEPS
from kelisim.mediation.actions.propose_mediator import leave
from kelisim.mediation.actions.take_step import actor_of, take_step
from kelisim.mediation.actions.write import TALKS, write
from kelisim.mediation.models import Declared, Seat
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Kind, Part, Room

SYSTEM = SystemClock()
STAGES = ("mediator_proposed", "mediator_set", "active", "extended", "text_frozen", "signing")
DECLARED = declare_action(
    "mediation.declare", _("%(actor)s declared on conflicts of interest."), facts=("stage",)
)


def declare(seat: Seat, *, clear: bool, reason: str = "", clock: Clock = SYSTEM) -> Declared:
    """Keep the declaration of the stage the case is in.

    With a conflict, a mediator who was only proposed leaves; one who mediates already discloses it
    in the joint room, and the case pauses until the sides waive it or another one is chosen.
    """
    case = seat.case
    with transaction.atomic():
        made, _new = Declared.objects.update_or_create(
            seat=seat, stage=case.state, defaults={"clear": clear, "at": clock.now()}
        )
        record(
            DECLARED,
            made,
            by=seat.person,
            organisation=case.centre,
            clock=clock,
            facts={"stage": case.state},
        )
        if not clear and case.state in STEPS["declare_conflict"].sources:
            if case.state in TALKS:
                joint = newest(case, Room.JOINT)
                write(joint, Kind.DECLARATION, {"text": reason}, seat=seat, clock=clock)
            take_step(case, "declare_conflict", by=actor_of(seat), seat=seat, clock=clock)
        elif not clear:
            leave(seat, clock=clock)
    return made


def owes_declaration(seat: Seat) -> bool:
    """Return whether a mediator has not yet declared for the stage the case is in."""
    if seat.part != Part.MEDIATOR or seat.case.state not in STAGES:
        return False
    return not Declared.objects.filter(seat=seat, stage=seat.case.state).exists()
