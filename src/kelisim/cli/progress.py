"""A progress bar on standard error, for work that takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from kelisim.study.progress import Progress

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield what reports progress: a bar on a terminal, nothing elsewhere.

    The bar is drawn by a timer and not by the reports, so that one long step shows it too.
    """
    if not sys.stderr.isatty():
        from kelisim.study.progress import silent

        yield silent
        return
    shown = _Shown()
    timer = threading.Timer(PATIENCE, shown.start)
    timer.daemon = True
    timer.start()
    try:
        yield shown.report
    finally:
        timer.cancel()
        shown.stop()


class _Shown:
    """The bar, and the last report that came before it was there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bar: Bar | None = None
        self._last: tuple[str, int, int] = ("", 0, 1)
        self._over = False

    def report(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._last = (stage, done, total)
            if self._bar:
                self._draw(self._bar)

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._over:
                return
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.add_task("")
            self._bar.start()
            self._draw(self._bar)

    def stop(self) -> None:
        with self._lock:
            self._over = True
            if self._bar:
                self._bar.stop()

    def _draw(self, bar: Bar) -> None:
        stage, done, total = self._last
        bar.update(bar.task_ids[0], description=stage, completed=done, total=total)
