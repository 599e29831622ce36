"""Weighting: from the people who answered to the population they answered for."""

from kelisim.engine.weighting.calibrate import Calibrated, calibrate
from kelisim.engine.weighting.diagnostics import Diagnostics, diagnostics
from kelisim.engine.weighting.nonresponse import (
    Adjusted,
    adjust_by_classes,
    adjust_by_propensity,
)
from kelisim.engine.weighting.participation import Participation, participation
from kelisim.engine.weighting.raking import Raking, rake
from kelisim.engine.weighting.recalibrating import recalibrate
from kelisim.engine.weighting.reraking import rerake
from kelisim.engine.weighting.trim import trim, trim_and_rake, trim_weights

__all__ = [
    "Adjusted",
    "Calibrated",
    "Diagnostics",
    "Participation",
    "Raking",
    "adjust_by_classes",
    "adjust_by_propensity",
    "calibrate",
    "diagnostics",
    "participation",
    "rake",
    "recalibrate",
    "rerake",
    "trim",
    "trim_and_rake",
    "trim_weights",
]
