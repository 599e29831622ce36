"""Put a mediation agreement before those who will sign it, complete or not at all."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.core.kazakh import date_text
from kelisim.mediation.actions.issue_paper import issue_paper
from kelisim.mediation.actions.write import write
from kelisim.mediation.models import Case, Paper, Seat
from kelisim.mediation.papers import missing_from_agreement
from kelisim.mediation.queries import newest, outside, sitting
from kelisim.mediation.words import Kind, Part, Room

SYSTEM = SystemClock()


def draft_agreement(seat: Seat, fields: Mapping[str, str], *, clock: Clock = SYSTEM) -> Paper:
    """Return the paper; one that was not signed by all before is withdrawn.

    Raises
    ------
    StepRefused
        A required content is missing, or the case is not at its agreement.
    """
    case = seat.case
    missing = missing_from_agreement(fields)
    if missing:
        raise StepRefused(
            gettext("The agreement lacks: %(what)s.") % {"what": "; ".join(map(str, missing))},
            why=gettext("The law names what a mediation agreement contains (Article 21)."),
            do=gettext("Write it, then put the agreement forward."),
        )
    if case.state != "mediator_set":
        raise StepRefused(gettext("The agreement is concluded already, or it is too early for it."))
    check_all_in(case)
    today = in_kazakhstan(clock.now()).date()
    document = {
        "kind": "agreement",
        "case": case.code,
        "date": today.isoformat(),
        "day": date_text(today, case.language),
        "parties": names(case, Part.PARTY),
        "mediators": names(case, Part.MEDIATOR),
        "fields": {key: str(value).strip() for key, value in fields.items()},
    }
    with transaction.atomic():
        withdraw_papers(case, clock=clock)
        room = newest(case, Room.SETTLEMENT)
        text = write(room, Kind.AGREEMENT, document, seat=seat, clock=clock)
        return issue_paper(case, text, document)


def check_all_in(case: Case) -> None:
    """Refuse a paper that somebody who has to sign it could not open.

    Raises
    ------
    StepRefused
        Somebody was named to speak for a side and not let into its rooms yet.
    """
    waiting = [str(seat.person) for seat in outside(case)]
    if waiting:
        raise StepRefused(
            gettext("%(who)s cannot open the papers yet.") % {"who": ", ".join(waiting)},
            why=gettext("Whoever speaks for a side signs, and must be able to read what."),
            do=gettext("Their side opens its rooms to them, or ends their place."),
        )


def withdraw_papers(case: Case, *, clock: Clock = SYSTEM) -> None:
    """Take back every paper that waits for signatures; what is fully signed stays."""
    Paper.objects.filter(case=case, sealed__isnull=True, withdrawn__isnull=True).update(
        withdrawn=clock.now()
    )


def names(case: Case, *parts: Part) -> list[dict[str, str]]:
    """Return who sits in some places, as they are named in a paper."""
    return [
        {"name": seat.person.name or seat.person.email, "side": seat.side}
        for seat in sitting(case, *parts)
    ]
