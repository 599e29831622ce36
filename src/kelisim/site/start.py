"""Starting the site: tables brought up to date, static files gathered, one server, one worker."""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command

from kelisim.site.warming import keep_compiled, warm_soon

PATIENCE = 10
"""Seconds that what is being done has to end in, once the site was told to stop."""

BEHIND_THE_PAGES = 5
"""How much the background worker gives way: a page is waited for, a job is not."""


def prepare() -> None:
    """Bring the tables up to date and gather the static files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kelisim.site.settings")
    django.setup()
    keep_compiled(settings.ENVIRONMENT.data)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def serve(host: str, port: int, *, workers: int, with_worker: bool) -> None:
    """Serve the site until told to stop; the background worker lives and dies with it."""
    from granian import Granian
    from granian.constants import Interfaces

    prepare()
    beside = get_context("spawn").Process(target=run_worker, name="kelisim-worker", daemon=True)
    if with_worker:
        beside.start()
    try:
        Granian(
            "kelisim.site.served:application",
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            workers=workers,
            workers_kill_timeout=PATIENCE,
        ).serve()
    finally:
        if with_worker:
            end(beside)


def end(process: BaseProcess) -> None:
    """Ask a process to end, and end it if it does not: a job cut off is taken up by its lease."""
    process.terminate()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()


def run_worker() -> None:
    """Run background work until SIGTERM or SIGINT; the job at hand is finished first."""
    os.nice(BEHIND_THE_PAGES)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kelisim.site.settings")
    django.setup()
    from kelisim.jobs import worker

    keep_compiled(settings.ENVIRONMENT.data)
    warm_soon()
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    worker.work(worker.name(), ["default"], lambda: bool(asked))
