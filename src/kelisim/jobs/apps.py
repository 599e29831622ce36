"""The jobs app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "kelisim.jobs"
    label = "jobs"
