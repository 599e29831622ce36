"""The bells app."""

from __future__ import annotations

from django.apps import AppConfig


class BellsConfig(AppConfig):
    """When an open page should look again."""

    name = "kelisim.bells"
    label = "bells"
