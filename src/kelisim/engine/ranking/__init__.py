"""Ranks with confidence sets, and decisions at a threshold, for many areas at once."""

from kelisim.engine.ranking.probabilities import rank_probabilities
from kelisim.engine.ranking.sets import RankSets, rank_sets
from kelisim.engine.ranking.threshold import ThresholdDecisions, threshold_decisions

__all__ = [
    "RankSets",
    "ThresholdDecisions",
    "rank_probabilities",
    "rank_sets",
    "threshold_decisions",
]
