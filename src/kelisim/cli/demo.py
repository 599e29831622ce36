"""``kelisim demo``: a simulated country is polled like any other, and the truth is shown beside."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kelisim.cli.answer import Answer, answering, seed_option
from kelisim.cli.progress import progress
from kelisim.core.errors import Refusal

if TYPE_CHECKING:
    from kelisim.study.demo import Comparison, Coverage
    from kelisim.study.model import PollResult
    from kelisim.study.progress import Progress

HOST = "127.0.0.1"


@click.command(name="demo")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the site.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--out", type=click.Path(path_type=Path), help="Keep the folders here.")
@seed_option
@answering
def command(*, serve: bool, port: int, out: Path | None, seed: int) -> Answer:
    """Build a simulated country, poll it, compare with the truth, and serve the site on it."""
    from kelisim.study.folder import whole_folder

    port = free_port(HOST, port) if serve else port
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory()) if out is None else None
        target = Path(home) / "demo" if home else Path(out or "")
        with whole_folder(target) as draft:
            result, compared = _polled(draft, seed)
        # What was opened stays open until the pages are no longer served.
        rest = stack.pop_all()
    document, text = _summary(result, compared)
    if out:
        document["out"] = str(out)
        text += f"\nThe study is in {out / 'study'}, its release in {out / 'release'}."
    if not serve:
        rest.close()
        return Answer(document, text)
    with progress() as report:
        _furnished(target, seed, report)
    document["address"] = f"http://{HOST}:{port}/"
    text += f"\nThe site is at {document['address']} (Ctrl-C ends it)."

    def serve_site() -> None:
        with rest:
            _served(port)

    return Answer(document, text, then=serve_site)


def _served(port: int) -> None:
    """Serve by ``kelisim serve``, in a process that begins anew, until interrupted.

    The server forks its workers, and what a fork takes over from a process that has computed, the
    threads of Polars above all, stands still in it for ever.
    """
    command = [sys.executable, "-c", "from kelisim.cli.main import run; run()"]
    command += ["serve", "--host", HOST, "--port", str(port)]
    # A shell has what it starts in the background ignore interrupts; a server is to end by one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # A session of its own: an interrupt at the terminal reaches it once, through this process.
    with subprocess.Popen(command, start_new_session=True) as server:  # noqa: S603  (our own command)
        try:
            server.wait()
        except BaseException as cause:
            server.send_signal(signal.SIGINT)
            server.wait()
            if not isinstance(cause, KeyboardInterrupt):
                raise


def free_port(host: str, port: int) -> int:
    """Return a port that can be listened at; 0 is any free one.

    Raises
    ------
    Refusal
        The port is in use.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((host, port))
        except OSError as cause:
            raise Refusal(
                f"The port {port} cannot be used: {cause.strerror}.",
                do="Stop what listens there, or take another: --port 0 finds a free one.",
            ) from cause
        found: int = held.getsockname()[1]
        return found


def _furnished(folder: Path, seed: int, report: Progress) -> None:
    from kelisim.site.demo import furnish

    furnish(folder / "site", folder / "study", seed, report)


def _polled(folder: Path, seed: int) -> tuple[PollResult, Comparison]:
    """Build the study, run it exactly as ``poll run`` does, and compare it with the truth."""
    import polars as pl

    from kelisim.study.demo import TRUTH, build_demo, compare
    from kelisim.study.release import write_release
    from kelisim.study.run import run_study
    from kelisim.study.settings import read_study

    study, release = folder / "study", folder / "release"
    with progress() as report:
        report("Simulating a country", 0, 1)
        build_demo(study, seed)
        result = run_study(read_study(study), report, seed=seed)
        write_release(result, release, seed=seed, progress=report)
    return result, compare(result.estimates, pl.read_csv(study / TRUTH, infer_schema=False))


def _summary(result: PollResult, compared: Comparison) -> tuple[dict[str, Any], str]:
    nation = [row for row in compared.rows.iter_rows(named=True) if not row["domain"]]
    names = ("indicator", "category", "truth", "estimate", "ci_low", "ci_high", "covered")
    document = {
        "simulated": True,
        "interviews": result.diagnostics.n,
        "estimates": result.estimates.height,
        "nation": [{name: row[name] for name in names} for row in nation],
        "coverage": [_as_dict(one) for one in (*compared.coverage, compared.overall)],
    }
    lines = [
        f"SIMULATED: {result.diagnostics.n} interviews in a made-up country, "
        f"{result.estimates.height} estimates.",
        "",
        f"{'nation':<36}{'truth':>10}{'estimate':>10}   95 % interval",
        *(_line(row, result) for row in nation),
        "",
        *(_coverage_line(one) for one in (*compared.coverage, compared.overall)),
    ]
    return document, "\n".join(lines)


def _as_dict(coverage: Coverage) -> dict[str, Any]:
    return {
        "domains": coverage.domains,
        "intervals": coverage.intervals,
        "covering": coverage.covering,
    }


def _line(row: dict[str, Any], result: PollResult) -> str:
    column = {one.name: one.column for one in result.study.indicators}[row["indicator"]]
    answer = result.labels.value(column or "", row["category"], "en")
    values = [row[key] for key in ("truth", "estimate", "ci_low", "ci_high")]
    truth, found, low, high = map(_number, values)
    name = f"{row['indicator']} {answer}".strip()
    return f"{name[:35]:<36}{truth:>10}{found:>10}   {low} to {high}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def _coverage_line(coverage: Coverage) -> str:
    by = {"": "the nation", "all": "everything"}.get(coverage.domains, f"by {coverage.domains}")
    return f"{coverage.covering} of {coverage.intervals} intervals hold the truth: {by}"
