"""The record that keys were destroyed: what, when, under which rule, signed by the house.

It names compartments by their public keys, so that what is left in an old backup can be recognised
as unreadable, and holds nothing that was written in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from kelisim.core.canonical import canonical_json


def signed(document: Mapping[str, Any], seed: bytes) -> bytes:
    """Return the Ed25519 signature of a record in canonical JSON.

    Parameters
    ----------
    seed
        32 bytes: the house's signing key.
    """
    return bytes(SigningKey(seed).sign(canonical_json(document)).signature)


def verifying_key(seed: bytes) -> bytes:
    """Return the public key that records are checked with."""
    return bytes(SigningKey(seed).verify_key)


def is_signed(document: Mapping[str, Any], signature: bytes, public: bytes) -> bool:
    """Return whether the house signed exactly this record."""
    try:
        VerifyKey(public).verify(canonical_json(document), signature)
    except BadSignatureError:
        return False
    return True
