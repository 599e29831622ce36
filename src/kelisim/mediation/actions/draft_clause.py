"""Write a clause, a new version of one, or its removal, into the single text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.write import write
from kelisim.mediation.clauses import LANGUAGES, SECTIONS
from kelisim.mediation.models import Seat, Writing
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Kind, Part, Room

SYSTEM = SystemClock()


def draft_clause(
    seat: Seat,
    *,
    clause: str,
    section: str,
    texts: Mapping[str, str],
    position: int = 0,
    due: str = "",
    side: str = "",
    gone: bool = False,
    clock: Clock = SYSTEM,
) -> Writing:
    """Return the version written.

    Parameters
    ----------
    clause
        Its key; empty for a new one.

    Raises
    ------
    StepRefused
        The text is frozen, or the section is not one of `SECTIONS`.
    """
    if seat.case.state not in ("active", "extended") or seat.part not in (
        Part.PARTY,
        Part.MEDIATOR,
    ):
        raise StepRefused(
            gettext("The text cannot be changed now."),
            do=gettext("While it is frozen or being signed, reopen it first."),
        )
    if section not in SECTIONS:
        raise StepRefused(gettext("Choose where the clause belongs."))
    content = {
        "clause": clause or uuid.uuid4().hex,
        "section": section,
        "position": position,
        "due": due,
        "side": side,
        "gone": gone,
        **{language: texts.get(language, "") for language in LANGUAGES},
    }
    room = newest(seat.case, Room.JOINT)
    return write(room, Kind.CLAUSE, content, seat=seat, clock=clock)
