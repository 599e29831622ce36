"""Admission: what an app above has to say of an interview before it is written.

A quota that is full sets an interview aside, whichever way it came; surveys know nothing of quotas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kelisim.surveys.models import Submission

Gate = Callable[[Sequence[Submission]], None]
"""Marks those of some submissions that do not count, inside the transaction that writes them."""

_GATES: list[Gate] = []


def gate(one: Gate) -> Gate:
    """Add a gate that every interview passes."""
    _GATES.append(one)
    return one


def admit(new: Sequence[Submission]) -> None:
    """Ask every gate about submissions that are about to be written for the first time."""
    for one in _GATES:
        one(new)
