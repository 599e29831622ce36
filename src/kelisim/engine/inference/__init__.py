"""Design-based estimation: all indicators in all domains, with their doubt."""

from kelisim.engine.inference.association import Association, association
from kelisim.engine.inference.contrast import Contrast, Covariance
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.estimate import estimate
from kelisim.engine.inference.indicators import Indicator
from kelisim.engine.inference.measure import Note
from kelisim.engine.inference.regression import Regression, regress
from kelisim.engine.inference.replicates import Replicates, replicate_weights
from kelisim.engine.inference.result import Estimates
from kelisim.engine.inference.svy_bridge import from_svy, to_svy
from kelisim.engine.inference.two_groups import Difference, difference_of_groups, rank_test

__all__ = [
    "Association",
    "Contrast",
    "Covariance",
    "Design",
    "Difference",
    "Estimates",
    "Indicator",
    "Note",
    "Regression",
    "Replicates",
    "association",
    "difference_of_groups",
    "estimate",
    "from_svy",
    "rank_test",
    "regress",
    "replicate_weights",
    "to_svy",
]
