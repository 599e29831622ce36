"""Lengths hidden: what is encrypted is filled up so that its size says little about its content.

Padme (Nikitin et al. 2019, section 4): a length of L bits keeps its highest log2(L) + 1 bits, so at
most 12 % is added and only O(log log) bits of the length remain visible. Short texts, where a
length says most, are all filled up to one size.
"""

from __future__ import annotations

from kelisim.mediation.keys.errors import Altered

LEAST = 512
HEAD = 4


def padded_length(length: int) -> int:
    """Return the length that a content of this length is filled up to.

    >>> [padded_length(n) for n in (0, 512, 513, 5000, 1_000_000)]
    [512, 512, 544, 5120, 1015808]
    """
    if length <= LEAST:
        return LEAST
    exponent = length.bit_length() - 1
    low = exponent - exponent.bit_length()
    mask = (1 << low) - 1
    return (length + mask) & ~mask


def pad(content: bytes) -> bytes:
    """Return a content with its length in front and zeros behind."""
    head = len(content).to_bytes(HEAD, "big")
    return (head + content).ljust(padded_length(HEAD + len(content)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the content.

    Raises
    ------
    Altered
        The length in front does not fit what follows.
    """
    length = int.from_bytes(padded[:HEAD], "big")
    if len(padded) != padded_length(HEAD + length) or any(padded[HEAD + length :]):
        raise Altered
    return padded[HEAD : HEAD + length]
