"""``kelisim consultation``: an opinion map from votes, and how people would vote."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from kelisim.cli.answer import Answer, answering, seed_option
from kelisim.cli.progress import progress

PATH = click.Path(path_type=Path)

ALIKE = "as close as a random sample"


@click.group(name="consultation")
def command() -> None:
    """Opinion map, groups, common ground and slate from votes; predictions of votes."""


@command.command(name="map")
@click.argument("votes", metavar="VOTES", type=PATH)
@click.option("--out", required=True, type=PATH, help="The folder to make.")
@click.option(
    "--compatible", type=click.Choice(["polis"]), help="Groups and consensus as Polis has."
)
@click.option("--live", is_flag=True, help="The fast layer: no stability, intervals or slates.")
@click.option("--batch", is_flag=True, help="Read an export too large for memory; the fast layer.")
@click.option("--memory", default="1GB", show_default=True, help="What sorting may take: --batch.")
@click.option("--statements", type=PATH, help="A list of statements; moderated -1 is left out.")
@click.option("--at", type=float, help="The votes as of a time, in seconds since 1970.")
@click.option("--people", type=PATH, help="Who participants are: participant, region, sex, age...")
@click.option("--population", type=PATH, help="The country: the same variables and n.")
@click.option(
    "--selection",
    type=click.FloatRange(min=0),
    help="Doubt about volunteers within a cell, in log-odds.  [default: 0.3]",
)
@click.option("--slate", default=8, show_default=True, type=click.IntRange(min=1))
@click.option("--language", default="en", show_default=True, type=click.Choice(["kk", "ru", "en"]))
@seed_option
@answering
def map_command(*, votes: Path, out: Path, seed: int, **wishes: Any) -> Answer:
    """Map the votes in VOTES and write tables, groups, slates and the map into OUT.

    With --people and --population, also what the country would say, beside the voices here.
    """
    from kelisim.study.consultation import Wishes, map_votes
    from kelisim.study.folder import refuse_taken

    layer = _layer(wishes)
    if (wishes["people"] is None) != (wishes["population"] is None):
        raise click.UsageError("--people and --population belong together: give both.")
    if wishes["people"] and layer == "polis":
        raise click.UsageError("Polis has no country estimate: leave --compatible out.")
    refuse_taken(out)
    asked = Wishes(
        layer=layer,
        batch=wishes["batch"],
        memory=wishes["memory"],
        statements=wishes["statements"],
        at=wishes["at"],
        people=wishes["people"],
        population=wishes["population"],
        selection=wishes["selection"],
        slate=wishes["slate"],
        language=wishes["language"],
        seed=seed,
    )
    with progress() as report:
        document = map_votes(votes, out, asked, report)
    return Answer(document, _sentence(document))


def _layer(wishes: dict[str, Any]) -> Literal["model", "live", "polis"]:
    fast = wishes["live"] or wishes["batch"]
    if wishes["compatible"] and fast:
        raise click.UsageError("--compatible and --live are two different layers: choose one.")
    if wishes["batch"] and wishes["at"] is not None:
        raise click.UsageError("--at reads every event, --batch the last votes: choose one.")
    return "polis" if wishes["compatible"] else "live" if fast else "model"


def _sentence(document: dict[str, object]) -> str:
    shown = (
        f"{document['groups']} groups" if document["groups"] else f"No groups: {document['reason']}"
    )
    alarm = " Some accounts vote as one: see integrity.json." if document["alarm"] else ""
    crowd = document.get("crowd")
    if isinstance(crowd, dict):
        alarm += (
            f" The crowd is {crowd['verdict']} from the country, in {crowd['variable']} most: "
            f"{crowd['total_variation']:.0%} would have to be others."
            if crowd["verdict"] != ALIKE
            else " The crowd is as close to the country as a random sample."
        )
    return (
        f"{document['participants']} participants, {document['statements']} statements and "
        f"{document['votes']} votes are mapped in {document['out']}. {shown}.{alarm}"
    )


@command.command()
@click.option("--train", required=True, type=PATH, help="The votes to learn from.")
@click.option("--ask", required=True, type=PATH, help="CSV of participant, statement.")
@click.option("--out", required=True, type=PATH, help="The CSV file to write.")
@seed_option
@answering
def predict(train: Path, ask: Path, out: Path, seed: int) -> Answer:  # noqa: ARG001  (click gives every option, and this one is kept for scripts)
    """Write the probability that each asked participant agrees, given agree or disagree."""
    from kelisim.study.votes import predict as predicted
    from kelisim.study.votes import read_table, read_vote_file, write_prediction

    votes, pairs = read_vote_file(train), read_table(ask)
    with progress() as report:
        report("votes", 0, 1)
        table, facts = predicted(votes, pairs)
        report("votes", 1, 1)
    write_prediction(table, out)
    strangers = facts["pairs_of_unknown_participants"] + facts["pairs_of_unknown_statements"]
    if strangers:
        click.echo(
            f"{strangers} asked names have no training vote: the average stands in.", err=True
        )
    return Answer({"out": str(out), **facts}, f"{facts['pairs']} predictions are in {out}.")
