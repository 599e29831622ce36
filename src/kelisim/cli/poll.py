"""``kelisim poll``: a study made, checked and run, a sample drawn, waves compared, rates told."""

from __future__ import annotations

from pathlib import Path

import click

from kelisim.cli.answer import REFUSED, Answer, answering, seed_option
from kelisim.cli.progress import progress

FOLDER = click.Path(path_type=Path)


@click.group(name="poll")
def command() -> None:
    """Make, check and run a study; draw a sample; tell outcome rates; compare two waves."""


@command.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@seed_option
@answering
def new(folder: Path, seed: int) -> Answer:
    """Write a working example into DIR, to be changed into your own study."""
    from kelisim.study.scaffold import write_example

    files = write_example(folder, seed)
    return Answer(
        {"folder": str(folder), "files": files},
        f"A study of simulated interviews is in {folder}: {', '.join(files)}.\n"
        f"Next: kelisim poll check {folder}",
    )


@command.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@seed_option
@answering
def check(folder: Path, seed: int) -> Answer:  # noqa: ARG001  (a check leaves nothing to chance)
    """Say everything that is wrong with the study in DIR, and what it holds."""
    from kelisim.study.check import check_study

    with progress() as report:
        checked = check_study(folder, report)
    return Answer(checked.as_dict(), str(checked), REFUSED if checked.refusals else 0)


@command.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help="The folder to make for the release.")
@seed_option
@answering
def run(folder: Path, out: Path, seed: int) -> Answer:
    """Weight and estimate the study in DIR, and write tables and reports into OUT."""
    from kelisim.study.folder import refuse_taken
    from kelisim.study.release import write_release
    from kelisim.study.run import run_study
    from kelisim.study.settings import read_study

    refuse_taken(out)
    with progress() as report:
        result = run_study(read_study(folder), report, seed=seed)
        files = write_release(result, out, seed=seed, progress=report)
    for note in result.notes:
        click.echo(note, err=True)
    document = {
        "out": str(out),
        "files": files,
        "interviews": result.diagnostics.n,
        "estimates": result.estimates.height,
    }
    return Answer(
        document,
        f"{result.estimates.height} estimates from {result.diagnostics.n} interviews are in {out}.",
    )


@command.command()
@click.argument("frame", metavar="FRAME", type=FOLDER)
@click.option("--design", required=True, type=FOLDER, help="The design file, a sample.toml.")
@click.option("--out", required=True, type=FOLDER, help="The folder to make for the sample.")
@seed_option
@answering
def sample(frame: Path, design: Path, out: Path, seed: int) -> Answer:
    """Draw a sample from the units in FRAME by a design, and write it into OUT."""
    from kelisim.study.folder import refuse_taken
    from kelisim.study.sample_design import read_design
    from kelisim.study.sampling import draw_from, write_sample

    refuse_taken(out)
    with progress() as report:
        drawn = draw_from(frame, read_design(design), report, seed=seed)
        files = write_sample(drawn, out, report)
    public = drawn.design.public
    if public and seed:
        click.echo("The seed is bound to a public value; --seed has no effect.", err=True)
    rows, strata = drawn.sample.table.height, drawn.sample.strata.height
    document = {
        "out": str(out),
        "files": files,
        "frame_units": drawn.units,
        "rows": rows,
        "strata": strata,
        "seed": str(drawn.seed),
        "public_value": public or None,
    }
    bound = f" The seed is the SHA-256 of '{public}'." if public else ""
    return Answer(document, f"{rows} of {drawn.units} units are in {out}/sample.csv.{bound}")


@command.command()
@click.argument("file", metavar="FILE", type=FOLDER)
@click.option("--e", type=float, help="The share of unknown cases that are eligible.")
@click.option("--e-basis", default="", help="Where that share comes from.")
@seed_option
@answering
def rates(file: Path, e: float | None, e_basis: str, seed: int) -> Answer:  # noqa: ARG001  (no chance)
    """Say AAPOR's response, cooperation, refusal and contact rates of the dispositions in FILE."""
    from kelisim.study.rates import as_document, as_text, rates_of

    counts, found = rates_of(file, e, e_basis)
    return Answer(as_document(counts, found), as_text(found))


@command.command()
@click.argument("first", metavar="OUT1", type=FOLDER)
@click.argument("second", metavar="OUT2", type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help="The folder to make.")
@click.option(
    "--overlap",
    type=click.Choice(["none", "psu", "respondent"]),
    default="none",
    help="What the samples share.",
)
@click.option("--study1", type=FOLDER, help="The study behind OUT1.")
@click.option("--study2", type=FOLDER, help="The study behind OUT2.")
@click.option("--categories", type=FOLDER, help="A table of common names of categories.")
@seed_option
@answering
def compare(
    first: Path,
    second: Path,
    out: Path,
    overlap: str,
    study1: Path | None,
    study2: Path | None,
    categories: Path | None,
    seed: int,
) -> Answer:
    """Write the change from the release in OUT1 to that in OUT2, the earlier wave first."""
    from kelisim.study.change_release import write_comparison
    from kelisim.study.compare import compare_releases
    from kelisim.study.folder import refuse_taken

    refuse_taken(out)
    with progress() as report:
        found = compare_releases(
            first,
            second,
            overlap=overlap,
            studies=(study1, study2),
            categories=categories,
            progress=report,
        )
        files = write_comparison(found, out, seed=seed)
    for note in found.notes:
        click.echo(note, err=True)
    changes = sum(row.change is not None for row in found.rows)
    return Answer(
        {
            "out": str(out),
            "files": files,
            "overlap": overlap,
            "shared_units": found.shared,
            "rows": len(found.rows),
            "changes": changes,
        },
        f"{changes} changes are in {out}.",
    )


@command.command()
@click.argument("releases", metavar="OUTS", nargs=-1, required=True, type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help="The folder to make.")
@click.option(
    "--study", "studies", multiple=True, type=FOLDER, help="The study behind each of OUTS."
)
@click.option("--categories", type=FOLDER, help="A table of common names of categories.")
@seed_option
@answering
def trend(
    releases: tuple[Path, ...],
    out: Path,
    studies: tuple[Path, ...],
    categories: Path | None,
    seed: int,  # noqa: ARG001  (no chance)
) -> Answer:
    """Draw the releases in OUTS along time, the earliest wave first."""
    from kelisim.study.folder import refuse_taken
    from kelisim.study.trend import read_trend
    from kelisim.study.trend_release import write_trend

    refuse_taken(out)
    with progress() as report:
        found = read_trend(releases, studies=studies, categories=categories, progress=report)
        files = write_trend(found, out)
    for note in found.notes:
        click.echo(note, err=True)
    document = {"out": str(out), "files": files, "waves": list(found.waves)}
    return Answer(document, f"The trend over {len(found.waves)} waves is in {out}.")
