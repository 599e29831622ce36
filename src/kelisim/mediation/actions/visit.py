"""Unlock a person's key for a visit, and lock it again: a visit ends by itself in half an hour."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.mediation.actions.make_keys import locked_of
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.errors import WrongSecret
from kelisim.mediation.keys.person import unlocked
from kelisim.mediation.keys.session import visit, visiting
from kelisim.mediation.models import Visit

LASTS = timedelta(minutes=30)
SYSTEM = SystemClock()
OPENED = declare("mediation.open_visit", _("%(actor)s unlocked their key."))


def open_visit(*, person: User, passphrase: str, clock: Clock = SYSTEM) -> str:
    """Return what the visitor's cookie holds.

    Raises
    ------
    WrongSecret
        The passphrase is not the person's.
    """
    box, secret = visit(unlocked(locked_of(person.key_pair), passphrase))
    now = clock.now()
    with transaction.atomic():
        Visit.objects.filter(ends__lt=now).delete()
        opened = Visit.objects.create(person=person, box=box, ends=now + LASTS)
        record(OPENED, opened, by=person, clock=clock)
    return f"{opened.pk}.{secret}"


def continue_visit(*, person: User, cookie: str, clock: Clock = SYSTEM) -> Keyring | None:
    """Return what a visitor's cookie opens, and let the visit last on; None if nothing."""
    number, _dot, secret = cookie.partition(".")
    now = clock.now()
    try:
        found = Visit.objects.filter(pk=number, person=person, ends__gt=now).first()
        private = visiting(bytes(found.box), secret) if found else b""
    except (WrongSecret, ValueError, ValidationError):
        return None
    if found is None:
        return None
    if found.ends - now < LASTS / 2:
        Visit.objects.filter(pk=found.pk).update(ends=now + LASTS)
    return Keyring(person.pk, private)


def end_visits(*, person: User) -> None:
    """Forget every unlocked key of a person."""
    Visit.objects.filter(person=person).delete()
