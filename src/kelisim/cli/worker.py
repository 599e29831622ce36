"""``kelisim worker``: background work in a process of its own."""

from __future__ import annotations

import click

from kelisim.cli.answer import Answer, answering


@click.command(name="worker")
@answering
def command() -> Answer:
    """Run background work until stopped; the job at hand is finished first."""
    from kelisim.site.start import run_worker

    run_worker()
    return Answer({"stopped": True}, "")
