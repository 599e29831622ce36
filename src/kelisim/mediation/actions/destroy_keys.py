"""Destroy the keys of a case: only the settlement can be read again, and a record says so."""

from __future__ import annotations

import secrets
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.keys.erasure import signed, verifying_key
from kelisim.mediation.models import Case, Compartment, Copy, Erasure, Writing
from kelisim.mediation.words import Room

SEED_BYTES = 32
SYSTEM = SystemClock()
DESTROYED = declare("mediation.destroy_keys", _("The keys of a case were destroyed."))


def destroy_keys(case: Case, *, reason: str = "retention", clock: Clock = SYSTEM) -> Erasure:
    """Return the signed record. The settlement keeps its own key; the law wants it kept.

    The boxes go with the keys, so that what a later age may break is not there either.
    """
    now = clock.now()
    with transaction.atomic():
        rooms = Compartment.objects.filter(case=case, destroyed__isnull=True).exclude(
            room=Room.SETTLEMENT
        )
        document = {
            "case": case.code,
            "destroyed_at": now.isoformat(),
            "reason": reason,
            "rule": "retention, house/2026-11",
            "rooms": [
                {"room": one.room, "side": one.side, "key": bytes(one.public).hex()}
                for one in rooms
            ],
            "kept": [Room.SETTLEMENT.value],
            "house_key": verifying_key(house_seed()).hex(),
        }
        named = [one.pk for one in rooms]
        Copy.objects.filter(compartment__in=named).delete()
        Writing.objects.filter(compartment__in=named).update(box=b"")
        case.invitations.all().delete()
        case.rounds.all().delete()
        Compartment.objects.filter(pk__in=named).update(public=b"", destroyed=now)
        take_step(case, "destroy_keys", by="house", clock=clock)
        made = Erasure.objects.create(
            case=case, document=document, signature=signed(document, house_seed())
        )
        record(DESTROYED, made, by=None, organisation=case.centre, clock=clock)
    return made


def house_seed() -> bytes:
    """Return the house's signing key, made on first use and readable by its owner alone."""
    path = settings.ENVIRONMENT.data / "erasure-key"
    if not path.exists():
        draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(SEED_BYTES))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    found: bytes = path.read_bytes()
    return found
