"""Make a person's key pair, renew its passphrase, or open it again with the recovery key."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.mediation.keys.passphrase import Strength
from kelisim.mediation.keys.person import Locked, new_person, recovered, relocked
from kelisim.mediation.models import KeyPair
from kelisim.mediation.strength import strength

MADE = declare("mediation.make_keys", _("%(actor)s made a key pair."))
RENEWED = declare("mediation.renew_passphrase", _("%(actor)s set a new passphrase."))


def make_keys(*, person: User, passphrase: str) -> str:
    """Return the recovery key, to be shown once."""
    locked, recovery = new_person(passphrase, strength())
    with transaction.atomic():
        pair = KeyPair.objects.create(person=person, **_columns(locked))
        record(MADE, pair, by=person)
    return recovery


def renew_passphrase(*, person: User, recovery: str, passphrase: str) -> None:
    """Put a new passphrase in place of one that was forgotten.

    Raises
    ------
    WrongSecret
        The recovery key is not the person's.
    """
    pair = person.key_pair
    old = locked_of(pair)
    renewed = relocked(old, recovered(old, recovery), passphrase, strength())
    with transaction.atomic():
        KeyPair.objects.filter(pk=pair.pk).update(**_columns(renewed))
        record(RENEWED, pair, by=person)


def locked_of(pair: KeyPair) -> Locked:
    """Return a kept key pair as the pure functions know it."""
    return Locked(
        bytes(pair.public),
        bytes(pair.salt),
        Strength(pair.operations, pair.memory),
        bytes(pair.by_passphrase),
        bytes(pair.by_recovery),
    )


def _columns(locked: Locked) -> dict[str, object]:
    return {
        "public": locked.public,
        "salt": locked.salt,
        "operations": locked.strength.operations,
        "memory": locked.strength.memory,
        "by_passphrase": locked.by_passphrase,
        "by_recovery": locked.by_recovery,
    }
