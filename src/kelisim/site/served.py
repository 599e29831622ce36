"""The site as `kelisim serve` runs it: its doors, and what its pages compute with loaded beside."""

from __future__ import annotations

from kelisim.site.asgi import application
from kelisim.site.warming import warm_soon

__all__ = ["application"]

warm_soon()
