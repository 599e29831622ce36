"""The command ``kelisim``: its nouns, loaded only when called."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import NoReturn

import click

from kelisim import __version__

NOUNS = {
    "bench": "The same work here and in the peers, in one run.",
    "consultation": "Map opinions, find common ground, predict votes.",
    "demo": "Build the demo country, poll it, and show what comes out.",
    "mediate": "Solve a mediation case, match mediators, count statutory days.",
    "poll": "Make, check and run a study folder.",
    "serve": "The site on one port, with its background worker.",
    "worker": "Background work in a process of its own.",
}
"""Noun to one line of help; the command of a noun is ``command`` in ``kelisim.cli.<noun>``."""


class Nouns(click.Group):
    """Imports a noun when it is called, so that ``kelisim --help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click gives it)
        """Return the nouns."""
        return list(NOUNS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  (click gives it)
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command of a noun."""
        if cmd_name not in NOUNS:
            return None
        command = import_module(f"kelisim.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  (click gives it)
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of nouns without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))


@click.command(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kelisim")
def kelisim() -> None:
    """From opinion to agreement, and anyone can check each step.

    Every command takes --json, which prints one JSON document on standard output, and --seed.
    Exit status: 0 done, 1 the input was refused, 2 wrong usage.
    """


def run() -> NoReturn:
    """Run the command line; a request to stop ends it as an interrupt does, cleaning up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets an escape for it, not a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    kelisim(prog_name="kelisim")
    sys.exit(0)
