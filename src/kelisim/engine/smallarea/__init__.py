"""Small areas: what a national sample can say about each region."""

from kelisim.engine.smallarea.fay_herriot import AreaLevel, fay_herriot
from kelisim.engine.smallarea.mrp import mrp
from kelisim.engine.smallarea.result import SmallAreas

__all__ = ["AreaLevel", "SmallAreas", "fay_herriot", "mrp"]
