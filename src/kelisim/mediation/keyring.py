"""What an unlocked person can open: their copies of compartment keys, and what is written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kelisim.mediation.keys.compartment import opened, opened_copy
from kelisim.mediation.keys.errors import NotAMember
from kelisim.mediation.models import Compartment, Copy, Writing


@dataclass(slots=True)
class Keyring:
    """A person's private key during one request; it is never stored in the clear."""

    person: int
    private: bytes = field(repr=False)
    _keys: dict[int, bytes] = field(default_factory=dict, repr=False)

    def key(self, compartment: Compartment) -> bytes:
        """Return the private key of a compartment.

        Raises
        ------
        NotAMember
            The person has no copy of it.
        """
        if compartment.pk not in self._keys:
            copy = Copy.objects.filter(compartment=compartment, person_id=self.person).first()
            if copy is None:
                raise NotAMember
            self._keys[compartment.pk] = opened_copy(bytes(copy.box), self.private)
        return self._keys[compartment.pk]

    def read(self, writing: Writing) -> dict[str, Any]:
        """Return what was written."""
        return opened(self.key(writing.compartment), place_of(writing), bytes(writing.box))


def place_of(writing: Writing) -> str:
    """Return where a writing stands; it cannot be read as if it stood elsewhere."""
    return f"{writing.compartment_id}:{writing.kind}:{writing.client}"
