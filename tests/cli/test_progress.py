"""A bar appears on a terminal after a second, and nowhere else."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from kelisim.cli import progress as module
from kelisim.cli.progress import progress


class Terminal(io.StringIO):
    """Standard error as a terminal; says when something was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = threading.Event()

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True

    def write(self, text: str) -> int:
        """Keep what is drawn."""
        if "Weighting" in text:
            self.drawn.set()
        return super().write(text)


def test_nothing_is_drawn_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with progress() as report:
        report("Weighting", 1, 4)
    assert heard.getvalue() == ""


def test_short_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "PATIENCE", 3600.0)
    with progress() as report:
        report("Weighting", 1, 4)
    assert terminal.getvalue() == ""


def test_one_long_step_shows_what_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with progress() as report:
        report("Weighting", 1, 4)
        assert terminal.drawn.wait(timeout=20)
        report("Estimating", 2, 4)


def test_a_timer_that_comes_late_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = module._Shown()
    shown.stop()
    shown.start()
    assert terminal.getvalue() == ""
