"""Everything that is wrong with a study in one look, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kelisim.core.errors import Refusal
from kelisim.engine.inference import Design, estimate
from kelisim.engine.inference.sample import Sample, read_sample
from kelisim.engine.weighting import rake
from kelisim.study.area_files import AreaFiles, area_files_of
from kelisim.study.areas import areas_of
from kelisim.study.interviews import interviews_of, with_line
from kelisim.study.model import Interviews, Study
from kelisim.study.population import Margins, margins_of
from kelisim.study.progress import Progress, silent
from kelisim.study.questionnaire import read_questionnaire
from kelisim.study.ranks import ranks_of
from kelisim.study.run import estimates_of, examined, indicator_of
from kelisim.study.settings import settings_of
from kelisim.study.weights import design_of, weigh

STEPS = ("Reading interviews", "Trying the weights", "Trying the estimates")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a study holds.

    Attributes
    ----------
    interviews, columns
        Rows and columns of the interviews.
    strata, psus, design_df
        Of the design; None where it is refused.
    margins
        The margins that weights can be raked to.
    indicators
        Their names.
    """

    interviews: int
    columns: int
    strata: int | None
    psus: int | None
    design_df: int | None
    margins: tuple[str, ...]
    indicators: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"interviews  {self.interviews} with {self.columns} columns",
            f"indicators  {', '.join(self.indicators)}",
            f"margins     {', '.join(self.margins) or 'none'}",
        ]
        if self.psus is not None:
            lines.insert(
                1,
                f"design      {self.strata} strata, {self.psus} PSUs, "
                f"{self.design_df} degrees of freedom",
            )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a study.

    Attributes
    ----------
    refusals
        Everything that `run_study` would refuse, as far as one look can find it.
    summary
        None where the interviews could not be read.
    notes
        What was noticed in reading.
    """

    refusals: tuple[Refusal, ...]
    summary: Summary | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as plain words, for a program that reads it."""
        summary = self.summary
        return {
            "ok": not self.refusals,
            "findings": [refusal.as_dict() for refusal in self.refusals],
            "summary": None
            if summary is None
            else {
                name: list(value) if isinstance(value, tuple) else value
                for name in Summary.__slots__
                for value in [getattr(summary, name)]
            },
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        findings = [f"{n}. {refusal}" for n, refusal in enumerate(self.refusals, start=1)]
        verdict = "Nothing is wrong." if not findings else f"{len(findings)} to correct:"
        parts = [verdict, *findings, *self.notes]
        return "\n".join([*parts, str(self.summary)] if self.summary else parts)


def check_study(folder: Path, progress: Progress = silent) -> Checked:
    """Check a study folder: what this finds nothing wrong with, `run_study` runs."""
    refusals: list[Refusal] = []
    with _gathered(refusals):
        study, found = settings_of(folder)
        refusals += found
        return _checked(study, refusals, progress)
    return Checked(tuple(refusals))


@contextmanager
def _gathered(refusals: list[Refusal], interviews: Interviews | None = None) -> Iterator[None]:
    """Add a refusal raised inside to the others, once."""
    try:
        yield
    except Refusal as refusal:
        named = with_line(refusal, interviews) if interviews else refusal
        if str(named) not in map(str, refusals):
            refusals.append(named)


def _checked(study: Study, refusals: list[Refusal], progress: Progress) -> Checked:
    progress(STEPS[0], 0, len(STEPS))
    with _gathered(refusals):
        if study.questionnaire:
            read_questionnaire(study.questionnaire)
    interviews = _interviews(study, refusals)
    margins = _margins(study, interviews, refusals)
    if interviews is None:
        return Checked(tuple(refusals))
    files = _area_files(study, interviews, refusals)
    progress(STEPS[1], 1, len(STEPS))
    ready = dict(_raking(interviews, margins, refusals))
    sample = _sample(study, interviews, refusals)
    progress(STEPS[2], 2, len(STEPS))
    with _gathered(refusals, interviews):
        if sample and len(ready) == len(margins):
            weights = weigh(study, interviews, ready)
            if not refusals:
                estimates = estimates_of(study, interviews, weights)
                ranks_of(study, estimates)
                areas_of(study, interviews, files, estimates.to_polars())
                examined(study, interviews, weights, 0)
    if refusals:
        _try_indicators(study, interviews, refusals)
    summary = Summary(
        interviews=interviews.ids.len(),
        columns=interviews.columns,
        strata=sample.strata if sample else None,
        psus=sample.psus if sample else None,
        design_df=sample.df if sample else None,
        margins=tuple("*".join(_columns(key)) for key in ready),
        indicators=tuple(indicator.name for indicator in study.indicators),
    )
    return Checked(tuple(refusals), summary, interviews.notes)


def _interviews(study: Study, refusals: list[Refusal]) -> Interviews | None:
    with _gathered(refusals):
        interviews, found = interviews_of(study)
        refusals += found
        return interviews
    return None


def _area_files(study: Study, interviews: Interviews, refusals: list[Refusal]) -> AreaFiles:
    with _gathered(refusals):
        files, found = area_files_of(study, interviews)
        said = {one.what.partition(" (")[0] for one in refusals}
        refusals += [one for one in found if one.what.partition(" (")[0] not in said]
        return files
    return AreaFiles()


def _margins(study: Study, interviews: Interviews | None, refusals: list[Refusal]) -> Margins:
    with _gathered(refusals):
        if study.population:
            names = interviews.names if interviews else None
            margins, found = margins_of(study.population, names)
            refusals += found
            return margins
    return {}


def _columns(key: str | tuple[str, ...]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def _raking(
    interviews: Interviews, margins: Margins, refusals: list[Refusal]
) -> Iterator[tuple[Any, dict[Any, float]]]:
    """Yield the margins that can be raked to one by one."""
    for key, counts in margins.items():
        if set(_columns(key)) <= set(interviews.frame.columns):
            with _gathered(refusals, interviews):
                rake(interviews.frame, {key: counts})
                yield key, counts


def _sample(study: Study, interviews: Interviews, refusals: list[Refusal]) -> Sample | None:
    design = study.design
    columns = {design.weight, design.strata, *design.psu, *design.fpc} - {None}
    if interviews.frame.width and columns <= set(interviews.frame.columns):
        with _gathered(refusals, interviews):
            return read_sample(interviews.frame, design_of(study), None)
    return None


def _try_indicators(study: Study, interviews: Interviews, refusals: list[Refusal]) -> None:
    """Estimate every indicator alone, as if all had been drawn: its own faults show."""
    everybody = Design(lonely_psu="certainty")
    for settings in study.indicators:
        with _gathered(refusals, interviews):
            indicator = indicator_of(settings, interviews)
            if set(indicator.columns) <= set(interviews.frame.columns):
                estimate(interviews.frame, everybody, [indicator])
