"""Hearing a whole country: opinion maps, groups, common ground and slates from votes."""

from kelisim.engine.opinion.analysis import opinion_map
from kelisim.engine.opinion.answer import OpinionMap
from kelisim.engine.opinion.dimensions import choose_dimensions
from kelisim.engine.opinion.eventlog import VoteLog
from kelisim.engine.opinion.live import live_opinion
from kelisim.engine.opinion.map import live_map, own_place
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.reading import read_votes
from kelisim.engine.opinion.router import monitor_routing
from kelisim.engine.opinion.translation import translation_effects
from kelisim.engine.opinion.updating import with_changes
from kelisim.engine.opinion.visit import Standing, next_statement, place_one, vote_told
from kelisim.engine.opinion.votes import Votes

__all__ = [
    "OpinionMap",
    "Standing",
    "VoteLog",
    "Votes",
    "choose_dimensions",
    "ideal_point",
    "live_map",
    "live_opinion",
    "monitor_routing",
    "next_statement",
    "opinion_map",
    "own_place",
    "place_one",
    "read_votes",
    "translation_effects",
    "vote_told",
    "with_changes",
]
