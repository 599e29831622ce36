"""A passphrase becomes a key: Argon2id, as strong as this machine computes within a second."""

from __future__ import annotations

import time
from dataclasses import dataclass

from nacl.pwhash import argon2id
from nacl.secret import SecretBox

SECOND = 1.0
MEBIBYTE = 2**20
MEMORIES = (128 * MEBIBYTE, 64 * MEBIBYTE, 32 * MEBIBYTE)
MOST_OPERATIONS = 16
FEWEST_OPERATIONS = 2
SALT = argon2id.SALTBYTES


@dataclass(frozen=True, slots=True)
class Strength:
    """What it costs to try one passphrase; kept beside every locked key, so that it can grow.

    Attributes
    ----------
    operations
        Passes over the memory.
    memory
        Bytes.
    """

    operations: int
    memory: int


def derived(passphrase: str, salt: bytes, strength: Strength) -> bytes:
    """Return the 32-byte key of a passphrase (Argon2id, RFC 9106).

    Parameters
    ----------
    salt
        16 random bytes of this one lock.
    """
    return argon2id.kdf(
        SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=strength.operations,
        memlimit=strength.memory,
    )


def calibrated(most_seconds: float = SECOND) -> Strength:
    """Return the strongest setting whose cost, measured here and now, stays within the time.

    The most memory is chosen with which at least `FEWEST_OPERATIONS` passes fit; then as many
    passes as fit, at most `MOST_OPERATIONS`. A machine too slow for any gets the least setting all
    the same: 32 MiB and two passes are what current advice (OWASP) holds to be enough.
    """
    for memory in MEMORIES:
        started = time.perf_counter()
        derived("calibration", bytes(SALT), Strength(1, memory))
        one_pass = time.perf_counter() - started
        passes = min(MOST_OPERATIONS, int(most_seconds / one_pass))
        if passes >= FEWEST_OPERATIONS:
            return Strength(passes, memory)
    return Strength(FEWEST_OPERATIONS, MEMORIES[-1])
