"""The fieldwork app."""

from __future__ import annotations

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Who interviews whom, and what came in."""

    name = "kelisim.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Put the beads of fieldwork on the spine of surveys, and its quotas before interviews."""
        from kelisim.fieldwork import beads  # noqa: F401  (importing it is what adds them)
        from kelisim.fieldwork.actions import fill_quotas  # noqa: F401  (it adds the gate)
