"""``kelisim mediate``: fair settlements of a case, mediators for cases, and statutory dates."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kelisim.cli.answer import Answer, answering, seed_option

FILE = click.Path(path_type=Path)


@click.group(name="mediate")
def command() -> None:
    """Solve a mediation case, match mediators, count statutory days."""


@command.command()
@click.argument("case", metavar="CASE", type=FILE)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="How long to search; what is not proved by then is shown with its bound.",
)
@click.option(
    "--reveals",
    is_flag=True,
    help="Report what each suggestion would reveal (two parties or more).",
)
@seed_option
@answering
def solve(case: Path, seconds: float, *, reveals: bool, seed: int) -> Answer:
    """Print named settlements of the case, each proved or with its gap."""
    from kelisim.cli.mediate_files import read_document
    from kelisim.cli.mediate_words import solution_text
    from kelisim.engine.settlement import Patience, read_case, solution_document
    from kelisim.engine.settlement import solve as solve_case

    began = time.perf_counter()
    known = read_case(read_document(case))
    solution = solve_case(known, patience=Patience.of(seconds, time.perf_counter))
    document = solution_document(solution)
    if reveals:
        document["reveals"] = _reveals(known, document, seed)
    taken = round(time.perf_counter() - began, 3)
    if _given("seed"):
        click.echo(f"{taken} seconds", err=True)  # the document stays the same to the byte
    else:
        document["seconds"] = taken
    return Answer(document, solution_text(solution))


def _given(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.COMMANDLINE


def _reveals(case: Any, document: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    from kelisim.engine.settlement.document import reveals_document

    methods = [solution["method"] for solution in document["solutions"]]
    return reveals_document(case, methods, seed)


@command.command()
@click.argument("cases", metavar="CASES", type=FILE)
@click.argument("mediators", metavar="MEDIATORS", type=FILE)
@click.option("--out", required=True, type=FILE, help="The .json or .csv file to write.")
@seed_option
@answering
def match(cases: Path, mediators: Path, out: Path, seed: int) -> Answer:
    """Assign MEDIATORS to CASES (tables) and write who mediates what, and why, into FILE."""
    from kelisim.cli.mediate_files import read_rows, refuse_taken_file, write_matching
    from kelisim.cli.mediate_words import matching_text
    from kelisim.engine.settlement import match as match_roster
    from kelisim.engine.settlement import read_roster
    from kelisim.engine.settlement.document import matching_document

    refuse_taken_file(out)
    roster = read_roster(read_rows(cases), read_rows(mediators))
    document = matching_document(roster, match_roster(roster, seed), seed)
    write_matching(document, out)
    summary = {key: value for key, value in document.items() if key != "assignments"}
    return Answer({"out": str(out), **summary}, matching_text(document, out))


@command.command()
@click.argument("case", metavar="CASE", type=FILE)
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day to look from; by default today in Asia/Almaty.",
)
@seed_option
@answering
def deadlines(case: Path, today: datetime | None, seed: int) -> Answer:  # noqa: ARG001  (dates leave nothing to chance)
    """Print the statutory dates of the case from its "events"."""
    from kelisim.cli.mediate_files import read_document
    from kelisim.cli.mediate_words import deadline_text
    from kelisim.core.clock import SystemClock, in_kazakhstan
    from kelisim.engine.settlement import deadlines as dates_of
    from kelisim.engine.settlement import read_events
    from kelisim.engine.settlement.document import deadline_document

    document = read_document(case)
    given = document.get("events", {} if "parties" in document else document)
    day = (today or in_kazakhstan(SystemClock().now())).date()
    dates = dates_of(read_events(given if isinstance(given, dict) else {}), day)
    answer = {"today": day.isoformat(), "deadlines": deadline_document(dates)}
    return Answer(answer, deadline_text(dates))
