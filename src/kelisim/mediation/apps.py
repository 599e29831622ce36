"""The mediation app."""

from __future__ import annotations

from django.apps import AppConfig


class MediationConfig(AppConfig):
    """From a dispute to a kept agreement."""

    name = "kelisim.mediation"
    label = "mediation"
