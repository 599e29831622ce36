"""Kelisim: from opinion to agreement, and anyone can check each step.

The names below are the engine's public interface. They are loaded when first used, so that the
command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kelisim.engine.inference import Design as Design
    from kelisim.engine.inference import Indicator as Indicator
    from kelisim.engine.inference import association as association
    from kelisim.engine.inference import difference_of_groups as difference_of_groups
    from kelisim.engine.inference import estimate as estimate
    from kelisim.engine.inference import from_svy as from_svy
    from kelisim.engine.inference import rank_test as rank_test
    from kelisim.engine.inference import regress as regress
    from kelisim.engine.inference import replicate_weights as replicate_weights
    from kelisim.engine.inference import to_svy as to_svy
    from kelisim.engine.opinion import opinion_map as opinion_map
    from kelisim.engine.ranking import rank_sets as rank_sets
    from kelisim.engine.ranking import threshold_decisions as threshold_decisions
    from kelisim.engine.settlement import solve as solve
    from kelisim.engine.smallarea import mrp as mrp
    from kelisim.engine.weighting import calibrate as calibrate
    from kelisim.engine.weighting import rake as rake

__version__ = "0.1.0"

_HOME = {
    "Design": "kelisim.engine.inference",
    "Indicator": "kelisim.engine.inference",
    "association": "kelisim.engine.inference",
    "calibrate": "kelisim.engine.weighting",
    "difference_of_groups": "kelisim.engine.inference",
    "estimate": "kelisim.engine.inference",
    "from_svy": "kelisim.engine.inference",
    "mrp": "kelisim.engine.smallarea",
    "opinion_map": "kelisim.engine.opinion",
    "rake": "kelisim.engine.weighting",
    "rank_sets": "kelisim.engine.ranking",
    "rank_test": "kelisim.engine.inference",
    "regress": "kelisim.engine.inference",
    "replicate_weights": "kelisim.engine.inference",
    "solve": "kelisim.engine.settlement",
    "threshold_decisions": "kelisim.engine.ranking",
    "to_svy": "kelisim.engine.inference",
}

__all__ = [
    "Design",
    "Indicator",
    "__version__",
    "association",
    "calibrate",
    "difference_of_groups",
    "estimate",
    "from_svy",
    "mrp",
    "opinion_map",
    "rake",
    "rank_sets",
    "rank_test",
    "regress",
    "replicate_weights",
    "solve",
    "threshold_decisions",
    "to_svy",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kelisim' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
