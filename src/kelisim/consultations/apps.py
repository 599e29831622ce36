"""The consultations app."""

from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """What people say about drafts and decisions, what they share, and what they were answered."""

    name = "kelisim.consultations"
    label = "consultations"
