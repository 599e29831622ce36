"""Scales: several questions that measure one thing, whether they do, and in every language."""

from kelisim.engine.scales.bias import Bias, item_bias, mantel_haenszel
from kelisim.engine.scales.reliability import Reliability, reliability
from kelisim.engine.scales.scores import mean_score, turned
from kelisim.engine.scales.values import HIGHER, PVQ21, value_scores

__all__ = [
    "HIGHER",
    "PVQ21",
    "Bias",
    "Reliability",
    "item_bias",
    "mantel_haenszel",
    "mean_score",
    "reliability",
    "turned",
    "value_scores",
]
