"""A key in n shares, all of which are needed: the key of a round opens when every side agrees.

Sharing by exclusive or: any n - 1 shares are uniform random bytes, so they say nothing at all
(Shannon's one-time pad); no threshold smaller than everyone is possible or wanted.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import reduce

from nacl.public import PrivateKey


def split_pair(shares: int) -> tuple[bytes, list[bytes]]:
    """Return the public half of a new key pair, and the private half in shares."""
    pair = PrivateKey.generate()
    given = [secrets.token_bytes(PrivateKey.SIZE) for _ in range(shares - 1)]
    return bytes(pair.public_key), [*given, joined([*given, bytes(pair)])]


def joined(shares: Sequence[bytes]) -> bytes:
    """Return the exclusive or of shares: the key, if they are all there.

    >>> joined([bytes([1, 2]), bytes([3, 3])]).hex()
    '0201'
    """
    return reduce(lambda one, other: bytes(a ^ b for a, b in zip(one, other, strict=True)), shares)
