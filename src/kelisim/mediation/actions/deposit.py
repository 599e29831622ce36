"""Put one's numbers into a round: that is the consent, and the last one runs it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, named, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.open_round import check_waits, room_of
from kelisim.mediation.actions.write import write
from kelisim.mediation.apart import run_apart
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.compartment import opened, opened_copy, sealed
from kelisim.mediation.models import Deposit, Round, Seat, Writing
from kelisim.mediation.queries import newest, notes_of, sitting
from kelisim.mediation.words import Kind, Part, Purpose, Room, Side

SYSTEM = SystemClock()
DEPOSITED = declare("mediation.deposit", _("%(actor)s put numbers into a round, sealed."))
TAKEN_BACK = declare("mediation.take_back", _("%(actor)s took the numbers back out of a round."))
RAN = declare(
    "mediation.run_round",
    _("A round was run: %(purpose)s."),
    facts=("purpose",),
    reads={"purpose": named(Purpose.choices)},
)


def subject_of(opened_round: Round, keyring: Keyring) -> dict[str, Any]:
    """Return what a round is about: issues, or the question of the bids."""
    room = room_of(opened_round)
    place = f"round:{opened_round.case_id}:{opened_round.purpose}"
    return opened(keyring.key(room), place, bytes(opened_round.subject))


def deposit(
    seat: Seat,
    to: Round,
    numbers: Mapping[str, Any],
    *,
    keyring: Keyring,
    clock: Clock = SYSTEM,
) -> Writing | None:
    """Keep a side's sealed numbers; return the suggestion once both sides have given theirs.

    Raises
    ------
    StepRefused
        The round is over, or the side has given its numbers already.
    """
    share = _own_share(seat, to, keyring)
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=to.pk)
        check_waits(locked)
        if locked.deposits.filter(side=seat.side).exists():
            raise StepRefused(gettext("Your side has given its numbers already."))
        box = sealed(bytes(locked.public), _place(locked), numbers)
        Deposit.objects.create(round=locked, side=seat.side, share=share, box=box)
        if locked.purpose == Purpose.SUGGESTION:
            own = newest(seat.case, Room.PREFERENCES, seat.side)
            write(own, Kind.POINTS, numbers, seat=seat, clock=clock)
        record(DEPOSITED, locked, by=seat.person, organisation=seat.case.centre, clock=clock)
        complete = locked.deposits.count() == len(Side)
    return _run(locked, keyring, clock) if complete else None


def take_back(seat: Seat, to: Round) -> None:
    """Take one's numbers out of a round that still waits: consent can be withdrawn."""
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=to.pk)
        Deposit.objects.filter(round=to, side=seat.side).delete()
        record(TAKEN_BACK, to, by=seat.person, organisation=to.case.centre)


def _own_share(seat: Seat, to: Round, keyring: Keyring) -> bytes:
    sealed_share = to.shares.get(seat.side, {}).get(str(seat.person_id))
    if sealed_share is None:
        raise StepRefused(gettext("This round is not for you to answer."))
    return opened_copy(base64.b64decode(sealed_share), keyring.private)


def _place(of: Round) -> str:
    return f"numbers:{of.pk}"


def _run(of: Round, keyring: Keyring, clock: Clock) -> Writing | None:
    """Run the round apart, write the answer where it was agreed to go, forget the numbers.

    Nothing is written where a side took its numbers back meanwhile, which then does not consent
    any more, or where the mediator ended the round.
    """
    deposits = {d.side: d for d in of.deposits.all()}
    if len(deposits) < len(Side):
        _check_not_ended(Round.objects.get(pk=of.pk))
        return None
    told = run_apart(
        of.purpose,
        _place(of),
        [bytes(d.share) for d in deposits.values()],
        {side: bytes(d.box) for side, d in deposits.items()},
        subject_of(of, keyring)["issues"],
    )
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=of.pk)
        _check_not_ended(locked)
        if set(locked.deposits.all()) != set(deposits.values()):
            return None
        locked.deposits.all().delete()
        Round.objects.filter(pk=locked.pk).update(closed=clock.now(), shares={})
        record(
            RAN,
            locked,
            by=None,
            organisation=locked.case.centre,
            clock=clock,
            facts={"purpose": locked.purpose},
        )
        rooms = (
            [room_of(locked)]
            if locked.for_all
            else [notes_of(seat) for seat in sitting(locked.case, Part.MEDIATOR)]
        )
        content = {"purpose": locked.purpose, **told}
        written = [write(room, Kind.SUGGESTION, content, seat=None, clock=clock) for room in rooms]
        return written[0]


def _check_not_ended(of: Round) -> None:
    """Tell it to whoever answered in the moment in which the mediator ended the round."""
    if of.unanswered:
        check_waits(of)
