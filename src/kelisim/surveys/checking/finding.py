"""What a check found: which kind of thing, where, and the facts for the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a researcher should look at.

    Attributes
    ----------
    code
        Which sentence tells it (`surveys.sentences`).
    place
        Path of the item, or sheet and row.
    grave
        Whether the questionnaire should not be published with it.
    """

    code: str
    place: str
    grave: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain values, to be kept beside the questionnaire."""
        return {
            "code": self.code,
            "place": self.place,
            "grave": self.grave,
            "facts": dict(self.facts),
        }
