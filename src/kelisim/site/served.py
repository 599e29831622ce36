"""The site as `kelisim serve` runs it: its doors, and what its pages compute with loaded after."""

from __future__ import annotations

from django.urls import get_resolver

from kelisim.site.asgi import application
from kelisim.site.warming import warm_soon

__all__ = ["application"]

# Django loads its pages with the first one asked for, who would wait for all of them.
get_resolver().url_patterns  # noqa: B018  (asking for them is what loads them)
warm_soon()
