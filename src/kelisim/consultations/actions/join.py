"""Join a consultation with a token that was earned: by a code, an account or a paper sheet."""

from __future__ import annotations

from kelisim.accounts.models import User
from kelisim.consultations import tokens
from kelisim.consultations.models import Consultation, Entry, Invitation, Mode, Participant
from kelisim.consultations.refusals import Refused


def join_with_code(consultation: Consultation, code: str, language: str) -> str:
    """Return the token of a code's voice; the same code always comes back to the same voice.

    Raises
    ------
    Refused
        The code was not made for this consultation.
    """
    token = tokens.of_code(consultation, code)
    known = Invitation.objects.filter(consultation=consultation, digest=tokens.digest(token))
    if not known.exists():
        raise Refused("no-code")
    voice(consultation, token, language)
    return token


def join_with_account(consultation: Consultation, person: User, language: str) -> str:
    """Return the token of a person's voice.

    Raises
    ------
    Refused
        People do not take part in this consultation with their account.
    """
    if consultation.entry != Entry.ACCOUNT:
        raise Refused("no-voice")
    token = tokens.of_account(consultation, person)
    voice(consultation, token, language)
    return token


def voice(
    consultation: Consultation, token: str, language: str, mode: Mode = Mode.WEB
) -> tuple[Participant, bool]:
    """Return the voice of a token, and whether it is new."""
    return Participant.objects.get_or_create(
        consultation=consultation,
        token=tokens.digest(token),
        defaults={"language": language, "mode": mode},
    )
