"""Chance as an argument: one seed and a name give one stream, independent of every other.

A stream depends on its own name only, so drawing more in one place never shifts another.
"""

from __future__ import annotations

import hashlib
from random import Random

from kelisim.core.canonical import canonical_json


def stream_seed(seed: int, *names: str | int) -> int:
    """Return the 128-bit seed of a named stream: SHA-256 of the canonical JSON of seed and names.

    The integer is fit for ``numpy.random.default_rng`` and ``numpy.random.SeedSequence``, which
    take integers of any size.

    Parameters
    ----------
    seed
        The one seed of the run; any integer.
    names
        What the stream is for, from the whole to the part.

    Examples
    --------
    >>> stream_seed(7, "demo", "interviews")
    212815683385097258542556617494455955488
    >>> stream_seed(7, "demo", "interviews") == stream_seed(7, "demointerviews")
    False
    """
    # The seed goes in as text, because canonical JSON holds no integer beyond 2**53 - 1.
    content = canonical_json([str(seed), *names])
    return int.from_bytes(hashlib.sha256(content).digest()[:16], "big")


def stream(seed: int, *names: str | int) -> Random:
    """Return the standard library's generator for a named stream.

    >>> stream(7, "demo", "order").random() == stream(7, "demo", "order").random()
    True
    """
    return Random(stream_seed(seed, *names))  # noqa: S311  (repeatable simulation, not a secret)
