"""study.toml becomes a `Study`: every key known, every value of its kind, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kelisim.core.errors import Refusal, listed, nearest
from kelisim.study import kinds
from kelisim.study.battery_settings import read_batteries
from kelisim.study.declaration import Declaration, read_declaration
from kelisim.study.indicators import read_indicators
from kelisim.study.model import DesignSettings, InterviewFile, Study
from kelisim.study.section import Section
from kelisim.study.smallarea_settings import read_smallarea
from kelisim.study.weight_settings import read_gross_sample, read_population, read_volunteers

DECLARATION = "study.toml"
SECTIONS = (
    "study",
    "interviews",
    "design",
    "questionnaire",
    "population",
    "nonresponse",
    "nonprobability",
    "replicates",
    "indicator",
    "battery",
    "domains",
    "smallarea",
)
LONELY_PSU = ("fail", "certainty", "adjust", "average")
REPLICATES = ("bootstrap", "jk1", "jkn", "brr", "fay")


def read_study(folder: Path) -> Study:
    """Read the declaration of a study folder.

    Raises
    ------
    Refusal
        The first thing that is wrong; `settings_of` gives all of them.
    """
    study, refusals = settings_of(folder)
    if refusals:
        raise refusals[0]
    return study


def settings_of(folder: Path) -> tuple[Study, list[Refusal]]:
    """Return the study with everything in its declaration that is refused.

    The study is complete only where nothing is refused: refused settings are at their defaults.

    Raises
    ------
    FileRefused, SettingRefused
        The declaration cannot be read at all.
    """
    declaration = read_declaration(folder / DECLARATION)
    refusals: list[Refusal] = []
    _known_sections(declaration, refusals)
    indicators = read_indicators(declaration, refusals)
    population = read_population(declaration, refusals)
    with Section(declaration, refusals, "study") as section:
        study = Study(
            folder=folder,
            title=section.need("title", kinds.title, {}),
            country=section.take("country", kinds.text, ""),
            fieldwork=section.take("fieldwork", kinds.period, None),
            sponsor=section.take("sponsor", kinds.text, ""),
            conductor=section.take("conductor", kinds.text, ""),
            mode=section.take("mode", kinds.text, ""),
            interviews=_interviews(declaration, refusals),
            design=_design(declaration, refusals),
            questionnaire=_questionnaire(declaration, refusals),
            population=population,
            nonresponse=read_gross_sample(declaration, refusals),
            nonprobability=read_volunteers(declaration, refusals, population),
            indicators=indicators,
            batteries=read_batteries(declaration, refusals),
            domains=_domains(declaration, refusals),
            smallarea=read_smallarea(declaration, refusals, indicators),
            sections=dict(_rooms(declaration, refusals)),
        )
    return study, refusals


def _known_sections(declaration: Declaration, refusals: list[Refusal]) -> None:
    top = Section(declaration, refusals)
    for key in declaration.table:
        if key not in SECTIONS:
            known = nearest(key, SECTIONS) or f"The sections are {listed(SECTIONS, 12)}."
            top.refuse(f"There is no section '{key}'.", key, do=known)


def _interviews(declaration: Declaration, refusals: list[Refusal]) -> InterviewFile:
    with Section(declaration, refusals, "interviews") as section:
        return InterviewFile(
            file=declaration.file.parent / section.need("file", kinds.text, ""),
            id=section.take("id", kinds.text, None),
            interviewer=section.take("interviewer", kinds.text, None),
            start=section.take("start", kinds.text, None),
            end=section.take("end", kinds.text, None),
            lat=section.take("lat", kinds.text, None),
            lon=section.take("lon", kinds.text, None),
            missing=section.take("missing", kinds.codes, ()),
        )


def _design(declaration: Declaration, refusals: list[Refusal]) -> DesignSettings:
    with Section(declaration, refusals, "design") as section:
        return DesignSettings(
            weight=section.take("weight", kinds.text, None),
            strata=section.take("strata", kinds.text, None),
            psu=section.take("psu", kinds.columns, ()),
            nest=section.take("nest", kinds.flag, default=False),
            fpc=section.take("fpc", kinds.columns, ()),
            lonely_psu=section.take("lonely_psu", kinds.one_of(*LONELY_PSU), "fail"),
        )


def _questionnaire(declaration: Declaration, refusals: list[Refusal]) -> Path | None:
    if "questionnaire" not in declaration.table:
        return None
    with Section(declaration, refusals, "questionnaire") as section:
        return declaration.file.parent / section.need("file", kinds.text, "")


def _domains(declaration: Declaration, refusals: list[Refusal]) -> tuple[tuple[str, ...], ...]:
    with Section(declaration, refusals, "domains") as section:
        sets = section.take("by", kinds.domain_sets, ())
        for index, one in enumerate(sets):
            if any(set(one) == set(earlier) for earlier in sets[:index]):
                section.refuse(f"The domain set {listed(one)} is given twice.", "by")
        return sets


def _rooms(
    declaration: Declaration, refusals: list[Refusal]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if "replicates" in declaration.table:
        with Section(declaration, refusals, "replicates") as section:
            yield "replicates", _replicates(section)


def _replicates(section: Section) -> dict[str, Any]:
    return {
        "method": section.need("method", kinds.one_of(*REPLICATES), "bootstrap"),
        "count": section.take("count", kinds.whole, None),
        "rerake": section.take("rerake", kinds.flag, default=False),
    }
