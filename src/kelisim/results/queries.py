"""Reads about studies: which there are, how far a run is, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from kelisim.core.kazakh import sort_key
from kelisim.jobs.models import Job
from kelisim.results import files
from kelisim.results.models import Run, Stage, Study
from kelisim.study.compare import compare_releases
from kelisim.study.model import PollResult, in_language
from kelisim.study.report.change import sections_of
from kelisim.study.report.desk import Desk, desk
from kelisim.study.report.facts import IndicatorFacts
from kelisim.study.report.html import blocks_html, said
from kelisim.study.report.indicator import indicator_section
from kelisim.study.report.naming import is_region
from kelisim.study.report.opening import fieldwork, findings, opening
from kelisim.study.report.prose import plain


def language_of_page() -> str:
    """Return kk, ru or en."""
    return (get_language() or "kk").partition("-")[0]


def sorted_studies(rows: QuerySet[Study]) -> Sequence[Study]:
    """Return studies with their runs, newest first, sorted as the reader's alphabet sorts."""
    runs = Prefetch("runs", Run.objects.order_by("-number"))
    language = language_of_page()
    return sorted(rows.prefetch_related(runs), key=lambda row: sort_key(row.title, language))


def newest(study: Study) -> Run | None:
    """Return the newest run of a study that has results."""
    return study.runs.filter(stage=Stage.DONE).order_by("-number").first()


def progress(run: Run) -> tuple[int, int]:
    """Return how many of how many steps of a run are over."""
    job = Job.objects.filter(pk=run.job).first() if run.job else None
    return (job.done, job.total) if job else (0, 0)


def release_files(run: Run) -> list[tuple[str, int]]:
    """Return the names and sizes of the files of a run's release."""
    release = files.folder(run) / "release"
    return [(file.name, file.stat().st_size) for file in sorted(release.iterdir())]


def release_file(run: Run, name: str) -> Path | None:
    """Return a file of a run's release by its name."""
    known = {one for one, _size in release_files(run)}
    return files.folder(run) / "release" / name if name in known else None


def table(result: PollResult) -> Desk:
    """Return a result with the words of the page's language."""
    return desk(result, language_of_page())


def overview(table: Desk) -> str:
    """Return who was asked, when, how and how exactly, and what was found, as HTML."""
    return blocks_html((*opening(table), *findings(table).blocks))


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a list: its place, its question, and the nation's leading answer.

    `mark` says that nobody drew the sample, where nobody did.
    """

    place: int
    title: str
    answer: str
    value: str
    interval: str
    n: str
    mark: str


def lines(table: Desk) -> list[Line]:
    """Return the indicators in the order of the study, each with its doubt."""
    return [line(table, facts, place) for place, facts in enumerate(table.facts, start=1)]


def line(table: Desk, facts: IndicatorFacts, place: int) -> Line:
    """Return one indicator as a line of the list."""
    numerals, answer = table.numerals(facts), facts.leading
    nation = answer.nation
    return Line(
        place=place,
        title=plain(table.title(facts)),
        answer=table.answer(facts, answer).text,
        value=numerals.value(nation.estimate) if nation else "",
        interval=numerals.whole_span(nation.low, nation.high) if nation else "",
        n=numerals.number_of(nation.n) if nation else "",
        mark=table.mark,
    )


def citation(table: Desk, facts: IndicatorFacts) -> str:
    """Return the nation's figure as it is to be quoted: with its interval, n and source."""
    one, say, study = line(table, facts, 0), table.words.text, table.result.study
    parts = (
        in_language(study.title, table.language),
        fieldwork(study, table.words),
        study.conductor,
    )
    marked = f"; {one.mark}" if one.mark else ""
    return (
        f"{table.question(facts).text} — {one.answer}: {one.value} "
        f"({say('interval')}: {one.interval}; {say('n')} = {one.n}{marked}). "
        f"{', '.join(part for part in parts if part)}."
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """A set of groups that an indicator can be looked at by."""

    place: int
    name: str
    chosen: bool


def filters(table: Desk, facts: IndicatorFacts, chosen: int | None) -> list[Filter]:
    """Return the sets of groups of an indicator, in the order of the study."""
    return [
        Filter(place, table.names.columns(one.columns).text, place == chosen)
        for place, one in enumerate(facts.leading.sets)
    ]


def first_choice(facts: IndicatorFacts) -> int | None:
    """Return the set of regions, else the first set, else none."""
    for place, one in enumerate(facts.leading.sets):
        values = [value for row in one.rows for _column, value in row.group]
        if len(one.columns) == 1 and all(map(is_region, values)):
            return place
    return 0 if facts.leading.sets else None


def indicator(table: Desk, facts: IndicatorFacts, place: int, chosen: int | None) -> str:
    """Return one indicator as HTML: the nation, and one set of groups."""
    section = indicator_section(table, facts, place, only=-1 if chosen is None else chosen)
    return blocks_html(section.blocks)


def changes(before: Run, after: Run) -> str:
    """Return what changed between two runs, as HTML: the pages of ``kelisim poll compare``.

    Raises
    ------
    Refusal
        The two did not ask the same, or are the same.
    """
    folders = [files.folder(run) / "release" for run in (before, after)]
    found = sections_of(compare_releases(*folders), language_of_page())
    heads = (
        "<h2>" + said(section.title) + "</h2>" + blocks_html(section.blocks) for section in found
    )
    return "".join(heads)
