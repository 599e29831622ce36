"""Enter what somebody said on paper or by phone; it is marked as such for ever."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.consultations import tokens
from kelisim.consultations.actions.cast_votes import Ballot, cast_votes
from kelisim.consultations.actions.join import voice
from kelisim.consultations.models import Consultation, Entry, Mode, Participant
from kelisim.consultations.refusals import Refused
from kelisim.core.clock import Clock

ENTERED = declare(
    "consultations.enter_sheet",
    _("%(actor)s entered the votes of one voice %(mode)s: %(votes)s votes."),
    facts=("mode", "votes"),
    reads={"mode": named(Mode.choices)},
)


def enter_sheet(
    consultation: Consultation,
    sheet: str,
    votes: Mapping[int, int],
    mode: Mode,
    language: str,
    *,
    by: User,
    clock: Clock | None = None,
) -> Participant:
    """Return the voice of a sheet or a call, its votes cast; one number is entered once.

    Parameters
    ----------
    sheet
        The number written on the sheet or of the call; in a consultation by codes, the code.
    votes
        By the number of the statement.

    Raises
    ------
    Refused
        There is no vote, the sheet was entered before, its code is not known, or a vote is not
        taken.
    """
    if not votes:
        raise Refused("no-votes")
    token = tokens.of_sheet(consultation, sheet)
    if consultation.entry == Entry.CODE:
        token = tokens.of_code(consultation, sheet)
        if not consultation.invitations.filter(digest=tokens.digest(token)).exists():
            raise Refused("no-code")
    with transaction.atomic():
        made, new = voice(consultation, token, language, mode)
        if not new:
            raise Refused("sheet-taken")
        ballots = [
            Ballot(consultation.slug, token, number, vote, language, mode=mode)
            for number, vote in sorted(votes.items())
        ]
        for taken in cast_votes(ballots, clock=clock):
            if isinstance(taken, Refused):
                raise taken
        facts = {"mode": mode.value, "votes": len(votes)}
        house = consultation.organisation
        record(ENTERED, consultation, by=by, organisation=house, clock=clock, facts=facts)
    return made
