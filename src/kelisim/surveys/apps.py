"""The surveys app."""

from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """What is asked, and what came back."""

    name = "kelisim.surveys"
    label = "surveys"
