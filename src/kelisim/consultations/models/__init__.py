"""Tables of consultations: what is asked, who speaks, what happened, what is known and owed."""

from kelisim.consultations.models.about import About, AgeGroup, Population, Settlement, Sex
from kelisim.consultations.models.answers import Follower, Owed, Verdict
from kelisim.consultations.models.consultation import (
    Clause,
    ClauseText,
    Consultation,
    Draft,
    DraftKind,
    Entry,
)
from kelisim.consultations.models.events import Event, Kind
from kelisim.consultations.models.standing import GroupName, Standing
from kelisim.consultations.models.voices import (
    Appeal,
    Invitation,
    Mode,
    Participant,
    Reason,
    State,
    Statement,
    Wording,
)

__all__ = [
    "About",
    "AgeGroup",
    "Appeal",
    "Clause",
    "ClauseText",
    "Consultation",
    "Draft",
    "DraftKind",
    "Entry",
    "Event",
    "Follower",
    "GroupName",
    "Invitation",
    "Kind",
    "Mode",
    "Owed",
    "Participant",
    "Population",
    "Reason",
    "Settlement",
    "Sex",
    "Standing",
    "State",
    "Statement",
    "Verdict",
    "Wording",
]
