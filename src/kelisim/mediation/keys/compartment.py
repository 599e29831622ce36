"""A compartment: a key pair whose private half exists only as copies sealed to its members.

Writing needs the public half alone. Reading needs a member's private key, which opens the member's
copy, which opens what was written. Nothing else does; there is no master key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kelisim.core.canonical import canonical_json
from kelisim.mediation.keys.errors import Altered, Destroyed, NotAMember
from kelisim.mediation.keys.padding import pad, unpad


@dataclass(frozen=True, slots=True)
class Compartment:
    """What is kept of a compartment's keys.

    Attributes
    ----------
    public
        32 bytes; empty after destruction.
    copies
        Member to the private half, sealed to the member's public key.
    """

    public: bytes
    copies: Mapping[str, bytes]


def founded(members: Mapping[str, bytes]) -> Compartment:
    """Return a new compartment for members, given by their public keys."""
    pair = PrivateKey.generate()
    copies = {name: sealed_to(public, bytes(pair)) for name, public in members.items()}
    return Compartment(bytes(pair.public_key), copies)


def key_of(compartment: Compartment, member: str, private: bytes) -> bytes:
    """Return the compartment's private key, opened by a member.

    Raises
    ------
    Destroyed
        The compartment has no keys any more.
    NotAMember
        There is no copy for the person, or the private key does not open it.
    """
    if not compartment.public:
        raise Destroyed
    if member not in compartment.copies:
        raise NotAMember
    return opened_copy(compartment.copies[member], private)


def opened_copy(copy: bytes, private: bytes) -> bytes:
    """Return the key inside a sealed copy.

    Raises
    ------
    NotAMember
        The copy was sealed to somebody else.
    """
    try:
        return SealedBox(PrivateKey(private)).decrypt(copy)
    except CryptoError as cause:
        raise NotAMember from cause


def admitted(compartment: Compartment, key: bytes, member: str, public: bytes) -> Compartment:
    """Return the compartment with one more member, let in by whoever holds its key.

    Raises
    ------
    NotAMember
        The key is not the compartment's.
    """
    if bytes(PrivateKey(key).public_key) != compartment.public:
        raise NotAMember
    return replace(compartment, copies={**compartment.copies, member: sealed_to(public, key)})


def dismissed(compartment: Compartment, member: str) -> Compartment:
    """Return the compartment without a member's copy. What follows belongs into a new one."""
    kept = {name: copy for name, copy in compartment.copies.items() if name != member}
    return replace(compartment, copies=kept)


def destroyed(_compartment: Compartment) -> Compartment:
    """Return a compartment that nobody can read: no key, no copies."""
    return Compartment(b"", {})


def sealed_to(public: bytes, secret: bytes) -> bytes:
    """Return a secret that only the owner of a public key can open."""
    return bytes(SealedBox(PublicKey(public)).encrypt(secret))


def sealed(public: bytes, place: str, content: Mapping[str, Any]) -> bytes:
    """Return a content that only members can read, padded, and bound to its place.

    Parameters
    ----------
    place
        Where it will stand; opening it anywhere else fails.
    """
    return sealed_to(public, pad(canonical_json({"content": dict(content), "place": place})))


def opened(key: bytes, place: str, box: bytes) -> dict[str, Any]:
    """Return what was written.

    Raises
    ------
    Altered
        The bytes were changed, belong to another compartment, or stood in another place.
    """
    try:
        document = json.loads(unpad(SealedBox(PrivateKey(key)).decrypt(box)))
    except CryptoError as cause:
        raise Altered from cause
    if document["place"] != place:
        raise Altered
    content: dict[str, Any] = document["content"]
    return content
