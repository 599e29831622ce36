"""The key pair of a person: its private half locked by a passphrase, and by a recovery key.

The recovery key is shown once and kept by the person on paper. Nobody else can open the private
half: there is no copy for the house. A person who loses both loses what was written to them.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from kelisim.mediation.keys.errors import WrongSecret
from kelisim.mediation.keys.passphrase import SALT, Strength, derived

RECOVERY_BYTES = 20
GROUP = 4


@dataclass(frozen=True, slots=True)
class Locked:
    """A key pair as it is kept.

    Attributes
    ----------
    public
        32 bytes; anyone may write to them.
    salt, strength
        What the passphrase's key is derived with.
    by_passphrase, by_recovery
        The private half, encrypted twice over, each opening alone.
    """

    public: bytes
    salt: bytes
    strength: Strength
    by_passphrase: bytes
    by_recovery: bytes


def new_person(passphrase: str, strength: Strength) -> tuple[Locked, str]:
    """Return a new locked key pair, and the recovery key to be shown once."""
    pair = PrivateKey.generate()
    salt, recovery = secrets.token_bytes(SALT), _grouped(secrets.token_bytes(RECOVERY_BYTES))
    locked = Locked(
        public=bytes(pair.public_key),
        salt=salt,
        strength=strength,
        by_passphrase=_lock(derived(passphrase, salt, strength), bytes(pair)),
        by_recovery=_lock(_recovery_key(recovery), bytes(pair)),
    )
    return locked, recovery


def unlocked(locked: Locked, passphrase: str) -> bytes:
    """Return the private key.

    Raises
    ------
    WrongSecret
        The passphrase is another one.
    """
    return _open(derived(passphrase, locked.salt, locked.strength), locked.by_passphrase)


def recovered(locked: Locked, recovery: str) -> bytes:
    """Return the private key from the recovery key; spaces, dashes and case do not matter.

    Raises
    ------
    WrongSecret
        The recovery key is another one.
    """
    return _open(_recovery_key(recovery), locked.by_recovery)


def relocked(locked: Locked, private: bytes, passphrase: str, strength: Strength) -> Locked:
    """Return the same key pair under a new passphrase; the recovery key stays as it was."""
    salt = secrets.token_bytes(SALT)
    by_passphrase = _lock(derived(passphrase, salt, strength), private)
    return Locked(locked.public, salt, strength, by_passphrase, locked.by_recovery)


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[k : k + GROUP] for k in range(0, len(text), GROUP))


def _recovery_key(recovery: str) -> bytes:
    """Return the key of 160 random bits; they need no slow derivation."""
    plain = "".join(letter for letter in recovery.lower() if letter.isalnum())
    return blake2b(
        plain.encode(), digest_size=SecretBox.KEY_SIZE, person=b"recovery", encoder=RawEncoder
    )


def _lock(key: bytes, private: bytes) -> bytes:
    return bytes(SecretBox(key).encrypt(private))


def _open(key: bytes, box: bytes) -> bytes:
    try:
        return SecretBox(key).decrypt(box)
    except CryptoError as cause:
        raise WrongSecret from cause
