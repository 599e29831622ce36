"""The demo country: a simulated Kazakhstan with known truth, polled like any other study."""

from kelisim.study.demo.comparison import Comparison, Coverage, compare
from kelisim.study.demo.folder import TRUTH, build_demo

__all__ = ["TRUTH", "Comparison", "Coverage", "build_demo", "compare"]
