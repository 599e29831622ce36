"""``kelisim bench``: the same work here and in the peers, each in a fresh process, in one run."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from kelisim.cli.answer import Answer, answering, seed_option
from kelisim.cli.bench_coverage import NAME, coverage
from kelisim.cli.progress import progress
from kelisim.core.errors import FileRefused, SettingRefused, nearest

if TYPE_CHECKING:
    from rich.table import Table

    from kelisim.study.progress import Progress

BENCH = Path(__file__).resolve().parents[3] / "bench"
"""The workloads: part of a checkout, not of the installed package."""

OURS = "kelisim"
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """One program's medians over the rounds.

    ``seconds`` and ``cpu_seconds`` are of the work alone, ``peak_mb`` of the whole process;
    ``error`` is what the workload's own check found in the answer, where it has one. ``agrees``
    says that this error is allowed and that the answer is that of kelisim (kelisim's: that of each
    peer that ran); it is None where there was nobody to compare with. ``facts`` are numbers that
    the program tells of its work, such as a latency.
    """

    who: str
    version: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    agrees: bool | None
    error: float | None
    facts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took; ``trouble`` is why it came to nothing."""

    version: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    facts: Mapping[str, float] = field(default_factory=dict)
    trouble: str = ""


@click.command(name="bench")
@click.argument("name", required=False)
@click.option("--rounds", default=ROUNDS, show_default=True, type=click.IntRange(min=ROUNDS))
@click.option("--repetitions", default=1000, show_default=True, type=click.IntRange(min=1))
@click.option("--workers", default=os.cpu_count() or 1, type=click.IntRange(min=1))
@seed_option
@answering
def command(*, name: str | None, rounds: int, repetitions: int, workers: int, seed: int) -> Answer:
    """Measure NAME, or every workload: seconds, memory, and whether the answers agree.

    NAME coverage polls the demo country --repetitions times instead: how often what it says holds.
    """
    if name == NAME:
        with progress() as report:
            document = coverage(repetitions, seed, workers, report)
        return Answer(document, document.pop("text"))
    workloads = read_workloads()
    known = [*workloads, NAME]
    if name is not None and name not in workloads:
        raise SettingRefused(
            f"There is no workload '{name}'.",
            where=str(BENCH / "workloads.toml"),
            do=nearest(name, known) or f"The workloads are: {', '.join(known)}.",
        )
    chosen = workloads if name is None else {name: workloads[name]}
    with progress() as report:
        found = [measure(key, workload, rounds, seed, report) for key, workload in chosen.items()]
    text = "\n".join(table(document) for document in found)
    return Answer({"benchmarks": found} if name is None else found[0], text)


def read_workloads() -> dict[str, Any]:
    """Return bench/workloads.toml by name.

    Raises
    ------
    FileRefused
        This is an installed package, or a part of a checkout.
    """
    path = BENCH / "workloads.toml"
    if not path.is_file():
        raise FileRefused(
            "The benchmarks are not here.",
            where=str(path),
            why="They are a part of the repository and not of the installed package.",
            do="Run `make bench` in a checkout of Kelisim.",
        )
    return tomllib.loads(path.read_text(encoding="utf-8"))


def measure(
    name: str, workload: Mapping[str, Any], rounds: int, seed: int, report: Progress
) -> dict[str, Any]:
    """Run every program of a workload in turn, round by round, and compare their answers."""
    if "experiment" in workload:
        return experiment(name, workload, seed, report)
    where = machine()
    missing = {who["name"]: why for who in workload["who"] if (why := lacking(who))}
    programs = {who["name"]: who["run"] for who in workload["who"] if who["name"] not in missing}
    taken: dict[str, list[Taken]] = {who: [] for who in programs}
    with tempfile.TemporaryDirectory(prefix="kelisim-bench-") as home:
        folder = Path(home)
        work = json.dumps({**workload["work"], "seed": seed})
        run(["{python}", "inputs.py", name, home, work], folder)
        for turn in range(rounds):
            for at, (who, program) in enumerate(programs.items()):
                report(f"{name}: {who}", turn * len(programs) + at, rounds * len(programs))
                taken[who].append(measured(program, who, folder))
        missing |= {who: t.trouble for who in taken for t in taken[who] if t.trouble}
        runs = compare(name, workload, folder, {w: t for w, t in taken.items() if w not in missing})
    return {
        "name": name,
        "about": workload["about"],
        "machine": where,
        "work": {**workload["work"], "seed": seed, "rounds": rounds},
        "runs": [asdict(one) for one in runs],
        "missing": [{"who": who, "why": why} for who, why in missing.items()],
        "ratio": ratios(runs, workload.get("compare", "seconds")),
    }


def experiment(
    name: str, workload: Mapping[str, Any], seed: int, report: Progress
) -> dict[str, Any]:
    """Run what has a result and no rival: once, with its rows for a person in ``table``."""
    where, work = machine(), {**workload["work"], "seed": seed}
    report(name, 0, 1)
    with tempfile.TemporaryDirectory(prefix="kelisim-bench-") as home:
        started = time.perf_counter()
        printed, peak_mb = run([*workload["experiment"], json.dumps(work)], Path(home))
        seconds = time.perf_counter() - started
    found = json.loads(printed)
    ours = {"who": OURS, "version": found.pop("version"), "seconds": seconds, "peak_mb": peak_mb}
    about = {"name": name, "about": workload["about"], "machine": where, "work": work}
    return {**about, "runs": [ours], "missing": [], "ratio": {}, **found}


def lacking(who: Mapping[str, Any]) -> str:
    """Return why a program cannot run here, or nothing."""
    if "needs" not in who:
        return ""
    try:  # what it runs is written in our own workloads.toml
        asked = subprocess.run(filled(who["needs"]), capture_output=True, check=False)  # noqa: S603  (the table of peers is our own)
    except FileNotFoundError:
        return f"not installed: {who['install']}"
    return f"not installed: {who['install']}" if asked.returncode else ""


def filled(program: Sequence[str]) -> list[str]:
    """Put the interpreters of this machine into a command."""
    places = {
        "{python}": sys.executable,
        "{peers}": str(BENCH / ".venv" / "bin" / "python"),
        "{R}": shutil.which("Rscript") or "Rscript",
    }
    return [places.get(word, word) for word in program]


def measured(program: Sequence[str], who: str, folder: Path) -> Taken:
    """Run a program once; its answer stays in the folder under its name."""
    try:
        printed, peak_mb = run([*program, str(folder), str(answer_of(who, folder))], folder)
    except RuntimeError as trouble:
        if who == OURS:
            raise
        return Taken(trouble=str(trouble))
    return Taken(**json.loads(printed), peak_mb=peak_mb)


def answer_of(who: str, folder: Path) -> Path:
    return folder / f"{who}.answer"


def run(program: Sequence[str], folder: Path) -> tuple[str, float]:
    """Run a command in a process of its own, and return what it printed and its peak in MB.

    Raises
    ------
    RuntimeError
        It did not end well; the last line it wrote to standard error is in the message.
    """
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        child = subprocess.Popen(  # noqa: S603  (what it runs is in our own workloads.toml)
            filled(program), cwd=BENCH, stdout=out, stderr=err
        )
        try:
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if child.returncode is None:
                child.kill()
                child.wait()
    if child.returncode:
        last = (folder / "stderr").read_text(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"ended with status {child.returncode}: {''.join(last)}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return (folder / "stdout").read_text(encoding="utf-8"), used.ru_maxrss / unit


def compare(
    name: str, workload: Mapping[str, Any], folder: Path, taken: Mapping[str, Sequence[Taken]]
) -> list[Run]:
    """Return the medians of each program, and whether its answer is right and shared."""
    errors = {who: error_of(name, workload, who, folder) for who in taken}
    allowed = {
        who: error is None or error <= workload["work"]["tolerance"]
        for who, error in errors.items()
    }
    same = {who: differ(folder, who, OURS) <= workload["agree"] for who in taken if who != OURS}
    agrees: dict[str, bool | None] = {who: allowed[who] and like for who, like in same.items()}
    agrees[OURS] = allowed[OURS] and all(same.values()) if same else None
    return [
        Run(
            who,
            times[0].version,
            median(t.seconds for t in times),
            median(t.cpu_seconds for t in times),
            median(t.peak_mb for t in times),
            agrees[who],
            errors[who],
            {fact: median(t.facts[fact] for t in times) for fact in times[0].facts},
        )
        for who, times in taken.items()
    ]


def error_of(name: str, workload: Mapping[str, Any], who: str, folder: Path) -> float | None:
    """Ask the workload's own check how far an answer is from what it must be."""
    if "tolerance" not in workload["work"]:
        return None
    check = ["{python}", "checks.py", name, str(folder), str(answer_of(who, folder))]
    return float(json.loads(run(check, folder)[0])["error"])


def differ(folder: Path, one: str, other: str) -> float:
    """Return the largest relative difference of two answers; infinite where they do not compare."""
    import numpy as np

    a, b = (np.fromfile(answer_of(who, folder), dtype="<f8") for who in (one, other))
    if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
        return float("inf")
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b)[scale > 0] / scale[scale > 0], initial=0.0))


def ratios(runs: Sequence[Run], clock: str) -> dict[str, float]:
    """Return how many times longer each peer took, for those whose answers agree."""
    ours = next(one for one in runs if one.who == OURS)
    mine = getattr(ours, clock)
    return {one.who: getattr(one, clock) / mine for one in runs if one is not ours and one.agrees}


def machine() -> dict[str, Any]:
    """Say what this was measured on, and how busy it was: timings on a busy machine are long."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def table(document: Mapping[str, Any]) -> str:
    """Return a benchmark as a table for a person."""
    from rich.table import Table

    size = ", ".join(
        f"{key} {value:,}" if isinstance(value, int | float) else f"{key} {value}"
        for key, value in document["work"].items()
    )
    grid = Table(title=f"{document['name']}: {document['about']}", caption=size)
    if "table" in document:
        heads, *rows = document["table"]
        for place, heading in enumerate(heads):
            grid.add_column(heading, justify="right" if place else "left")
        for row in rows:
            grid.add_row(*(str(cell) for cell in row))
        return printed_table(grid)
    for heading in ("program", "version", "seconds", "CPU s", "peak MB", "times ours", "agrees"):
        grid.add_column(heading, justify="left" if heading in {"program", "version"} else "right")
    facts = []
    for one in document["runs"]:
        ratio = document["ratio"].get(one["who"])
        grid.add_row(
            one["who"],
            one["version"],
            f"{one['seconds']:.3f}",
            f"{one['cpu_seconds']:.3f}",
            f"{one['peak_mb']:.0f}",
            f"{ratio:.1f}" if ratio else "",
            {True: "yes", False: "NO", None: "alone"}[one["agrees"]],
        )
        if one["facts"]:
            told = ", ".join(f"{name} {value:,.0f}" for name, value in one["facts"].items())
            facts.append(f"{one['who']}: {told}")
    for gone in document["missing"]:
        grid.add_row(gone["who"], gone["why"])
    return "\n".join([printed_table(grid), *facts])


def printed_table(grid: Table) -> str:
    from rich.console import Console

    page = StringIO()
    Console(file=page, width=100).print(grid)
    return page.getvalue().rstrip()
