"""Ask the other side to come: one answer a link, ten days, and a count of how far it reached."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.secret import SecretBox

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.engine.settlement.law import SILENCE
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.keys.padding import pad, unpad
from kelisim.mediation.law_table import profile_of
from kelisim.mediation.models import Invitation, Seat
from kelisim.mediation.words import Channel

TOKEN_BYTES = 15
SYSTEM = SystemClock()
INVITED = declare(
    "mediation.invite", _("%(actor)s asked the other side to come."), facts=("channel",)
)
DELIVERED = declare("mediation.deliver", _("%(actor)s noted that the invitation arrived."))


def invite(
    seat: Seat, *, channel: Channel, greeting: str, clock: Clock = SYSTEM
) -> tuple[Invitation, str]:
    """Return the invitation and the token of its link, which is kept nowhere.

    Asking again by another channel does not begin the ten days again: the first proposal counts.
    """
    case, now = seat.case, clock.now()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        if case.state == "triage":
            take_step(case, "invite", by="registrar", seat=seat, clock=clock)
        first = case.invitations.order_by("made").first()
        days = profile_of(case, in_kazakhstan(now).date()).rule(SILENCE).days
        made = Invitation.objects.create(
            case=case,
            channel=channel,
            proof=_derived(token, b"proof"),
            box=bytes(SecretBox(_derived(token, b"box")).encrypt(pad(greeting.encode()))),
            made=now,
            ends=first.ends if first else now + timedelta(days=days + 1),
        )
        record(
            INVITED,
            made,
            by=seat.person,
            organisation=case.centre,
            clock=clock,
            facts={"channel": channel.value},
        )
    return made, token


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that a link opens, or None."""
    return Invitation.objects.filter(proof=_derived(token, b"proof")).select_related("case").first()


def greeting_of(invitation: Invitation, token: str) -> str:
    """Return how the inviting side wants to be named; only the link opens it."""
    try:
        padded = SecretBox(_derived(token, b"box")).decrypt(bytes(invitation.box))
    except CryptoError:
        return ""
    return unpad(padded).decode()


def note_delivery(invitation: Invitation, seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """Note that the invitation reached the other side."""
    with transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk, delivered__isnull=True).update(
            delivered=clock.now()
        )
        record(DELIVERED, invitation, by=seat.person, organisation=invitation.case.centre)


def note_opening(invitation: Invitation, *, clock: Clock = SYSTEM) -> None:
    """Count that the link was opened; it was delivered then, too."""
    now = clock.now()
    rows = Invitation.objects.filter(pk=invitation.pk)
    rows.filter(delivered__isnull=True).update(delivered=now)
    rows.filter(opened__isnull=True).update(opened=now)


def _derived(token: str, person: bytes) -> bytes:
    return blake2b(token.encode()[:64], digest_size=32, person=person, encoder=RawEncoder)
