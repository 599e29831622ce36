"""Answer an invitation: come, or decline. One link, one person, and only while it is open."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import found_room
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.models import Case, Invitation, Seat
from kelisim.mediation.words import Part, Room, Side

SYSTEM = SystemClock()
CAME = declare("mediation.come", _("%(actor)s took the place of the other side."))
DECLINED = declare("mediation.decline", _("The other side declined the invitation."))


def come(invitation: Invitation, *, by: User, clock: Clock = SYSTEM) -> Seat:
    """Return the place of the second side, with its own private room for the safety questions.

    Raises
    ------
    StepRefused
        The link was used, has expired, or the person sits in the case already.
    """
    with transaction.atomic():
        case = _open(invitation, clock)
        if Seat.objects.filter(case=case, person=by, until__isnull=True).exists():
            raise StepRefused(
                gettext("You already have a place in this case."),
                why=gettext("Nobody can be both sides."),
                do=gettext("Give the link to the person it is meant for."),
            )
        take_step(case, "accept", by="respondent", clock=clock)
        seat = Seat.objects.create(
            case=case, person=by, part=Part.PARTY, side=Side.B, since=clock.now()
        )
        registrar = Seat.objects.get(case=case, part=Part.REGISTRAR, until__isnull=True)
        found_room(case, Room.SCREENING, (by, registrar.person), Side.B)
        record(CAME, case, by=by, organisation=case.centre, clock=clock)
    return seat


def decline(invitation: Invitation, *, clock: Clock = SYSTEM) -> None:
    """End the case: nobody is asked why.

    Raises
    ------
    StepRefused
        The link was used or has expired.
    """
    with transaction.atomic():
        case = _open(invitation, clock)
        take_step(case, "decline", by="respondent", clock=clock)
        record(DECLINED, case, by=None, organisation=case.centre, clock=clock)


def _open(invitation: Invitation, clock: Clock) -> Case:
    """Return the case behind a link, held against a second person on the same link.

    Raises
    ------
    StepRefused
        The link was used or has expired.
    """
    now = clock.now()
    case = Case.objects.select_for_update().get(pk=invitation.case_id)
    if case.state != "invited":
        raise StepRefused(
            gettext("This invitation has been answered already."),
            why=gettext("A link is for one person and one answer."),
            do=gettext("If it was not you, call the centre: the number is on the letter."),
        )
    if invitation.ends < now:
        raise StepRefused(
            gettext("This invitation has expired."),
            do=gettext("Call the centre if you would like to come all the same."),
        )
    case.invitations.filter(answered__isnull=True).update(answered=now)
    return case
