"""Tables of mediation. What people write is in `Writing` alone, and there only encrypted."""

from kelisim.mediation.models.calls import Call
from kelisim.mediation.models.cases import Case, Invitation, Passage, Seat, Voice
from kelisim.mediation.models.keys import Compartment, Copy, KeyPair, Visit, Writing
from kelisim.mediation.models.register import Credential, Declared, Mediator, PracticeNote
from kelisim.mediation.models.settling import (
    Deposit,
    Erasure,
    Meeting,
    Paper,
    Promise,
    Round,
    Signature,
)

__all__ = [
    "Call",
    "Case",
    "Compartment",
    "Copy",
    "Credential",
    "Declared",
    "Deposit",
    "Erasure",
    "Invitation",
    "KeyPair",
    "Mediator",
    "Meeting",
    "Paper",
    "Passage",
    "PracticeNote",
    "Promise",
    "Round",
    "Seat",
    "Signature",
    "Visit",
    "Voice",
    "Writing",
]
