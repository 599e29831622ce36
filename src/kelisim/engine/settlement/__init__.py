"""Settlements that are fair in a named sense, proved or bounded, and explained."""

from kelisim.engine.settlement.adjusted_winner import adjusted_winner
from kelisim.engine.settlement.deadlines import deadlines, read_events
from kelisim.engine.settlement.disclosure import disclosure
from kelisim.engine.settlement.document import solution_document
from kelisim.engine.settlement.elicit import consistency, swing_points
from kelisim.engine.settlement.estates import knaster, talmud
from kelisim.engine.settlement.explain import facts
from kelisim.engine.settlement.matching import match
from kelisim.engine.settlement.programme import Patience
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.roster import read_roster
from kelisim.engine.settlement.solve import Solution, solve

__all__ = [
    "Patience",
    "Solution",
    "adjusted_winner",
    "consistency",
    "deadlines",
    "disclosure",
    "facts",
    "knaster",
    "match",
    "read_case",
    "read_events",
    "read_roster",
    "solution_document",
    "solve",
    "swing_points",
    "talmud",
]
