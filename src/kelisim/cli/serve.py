"""``kelisim serve``: the site on one port, with its background worker."""

from __future__ import annotations

from contextlib import ExitStack

import click

from kelisim.cli.answer import Answer, answering


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Server processes."
)
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    show_default=True,
    help="Run background work beside the site.",
)
@click.option(
    "--video", is_flag=True, help="Offer calls in the rooms of mediation, by a Janus of our own."
)
@click.option(
    "--video-address",
    default="",
    metavar="IP",
    help="With --video: the number this machine has outside; a relay (coturn) runs for it.",
)
@answering
def command(
    host: str, port: int, workers: int, *, with_worker: bool, video: bool, video_address: str
) -> Answer:
    """Bring the tables up to date and serve the site until stopped."""
    from kelisim.site.start import serve

    click.echo(f"Kelisim is at http://{host}:{port}/ (Ctrl-C ends it).", err=True)
    with ExitStack() as stack:
        if video or video_address:
            from kelisim.site.environment import read_environment
            from kelisim.site.video import calls

            stack.enter_context(calls(read_environment().data, video_address))
        serve(host, port, workers=workers, with_worker=with_worker)
    return Answer({"served": f"http://{host}:{port}/"}, "")
