"""Open a round of suggestions or of blind bids: a key in two shares, one sealed to each side."""

from __future__ import annotations

import base64

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.take_step import channel
from kelisim.mediation.issues import for_solver, mapped
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.compartment import sealed, sealed_to
from kelisim.mediation.keys.shares import split_pair
from kelisim.mediation.models import Case, Compartment, KeyPair, Round, Seat
from kelisim.mediation.queries import lines, newest, sitting
from kelisim.mediation.words import Kind, Part, Purpose, Room, Side

MOST_ROUNDS = 3
"""Suggestions a case: each tells a little about what matters to whom (see `disclosure`)."""

SYSTEM = SystemClock()
OPENED = declare(
    "mediation.open_round",
    _("%(actor)s opened a round: %(purpose)s."),
    facts=("purpose",),
    reads={"purpose": named(Purpose.choices)},
)


@transaction.atomic
def open_round(
    seat: Seat,
    purpose: Purpose,
    *,
    for_all: bool,
    keyring: Keyring,
    question: str = "",
    clock: Clock = SYSTEM,
) -> Round:
    """Return the round; it waits for both sides, and for nothing less.

    Raises
    ------
    StepRefused
        There is nothing to suggest on, another round is open, or the case has had its rounds.
    """
    # The row is held to the end: of two who press at once, one waits and finds a round open.
    case = Case.objects.select_for_update().get(pk=seat.case_id)
    if case.state not in ("active", "extended"):
        raise StepRefused(gettext("Rounds belong to the time of the talks."))
    if case.rounds.filter(closed__isnull=True).exists():
        raise StepRefused(
            gettext("A round is open already."), do=gettext("Wait for both sides, or end it.")
        )
    if case.rounds.filter(purpose=Purpose.SUGGESTION, unanswered=False).count() >= MOST_ROUNDS:
        raise StepRefused(
            gettext("This case has had its %(n)d rounds of suggestions.") % {"n": MOST_ROUNDS},
            why=gettext("Every suggestion reveals a little of what matters to whom."),
        )
    joint = newest(case, Room.JOINT)
    issues = mapped(line.content for line in lines([joint], keyring, Kind.ISSUE))
    if purpose == Purpose.SUGGESTION and not issues:
        raise StepRefused(gettext("The map has no issue yet."), do=gettext("Add the issues first."))
    public, shares = split_pair(len(Side))
    kept = {
        side.value: {
            str(party.person_id): _sealed_share(party, share)
            for party in sitting(case, Part.PARTY).filter(side=side)
        }
        for side, share in zip(Side, shares, strict=True)
    }
    subject = {"issues": for_solver(issues), "question": question}
    made = Round.objects.create(
        case=case,
        purpose=purpose,
        public=public,
        shares=kept,
        subject=sealed(bytes(joint.public), f"round:{case.pk}:{purpose}", subject),
        for_all=for_all,
        opened=clock.now(),
    )
    record(
        OPENED,
        made,
        by=seat.person,
        organisation=case.centre,
        clock=clock,
        facts={"purpose": purpose.value},
    )
    ring(channel(case))
    return made


def _sealed_share(party: Seat, share: bytes) -> str:
    public = bytes(KeyPair.objects.get(person=party.person).public)
    return base64.b64encode(sealed_to(public, share)).decode()


def room_of(opened: Round) -> Compartment:
    """Return the joint room that a round belongs to."""
    return newest(opened.case, Room.JOINT)


def check_waits(of: Round) -> None:
    """Refuse what belongs to an open round once it is over.

    Raises
    ------
    StepRefused
        It is over.
    """
    if of.closed:
        raise StepRefused(
            gettext("This round is over."), do=gettext("Look at the rounds: they say how it ended.")
        )
