"""The results app."""

from __future__ import annotations

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """What a study found."""

    name = "kelisim.results"
    label = "results"

    def ready(self) -> None:
        """Put the bead of results on the spine of surveys."""
        from kelisim.results import beads  # noqa: F401  (importing it is what adds the bead)
