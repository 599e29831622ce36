"""How long work says where it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears about every step of a run."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` steps are over, and which one begins."""
        ...


def silent(stage: str, done: int, total: int) -> None:
    """Hear nothing."""
