"""Waves made to say the same before they stand beside each other: two of them, or many.

From estimates alone categories can be renamed; joined categories and joined regions have standard
errors that only the interviews hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kelisim.core.errors import SettingRefused
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import categories
from kelisim.engine.inference import Design, Indicator, estimate
from kelisim.engine.inference.survey import Survey, prepare
from kelisim.study.harmony import (
    AFFECTED,
    Harmony,
    newer_borders,
    on_older_borders,
    recoded,
    refuse_unknown,
    renamed,
)
from kelisim.study.interviews import lines_of, read_interviews
from kelisim.study.model import Interviews, Study
from kelisim.study.population import read_margins
from kelisim.study.published import LEVEL, Published, refuse_altered
from kelisim.study.report.facts import group_of
from kelisim.study.run import indicator_of
from kelisim.study.settings import read_study
from kelisim.study.volunteers import marked
from kelisim.study.weights import weigh, with_base


def affected(domain: str, columns: frozenset[str]) -> bool:
    """Say whether a domain is within a region whose borders changed in 2022.

    Parameters
    ----------
    columns
        Those of regions whose borders differ between the waves.
    """
    return any(column in columns and value in AFFECTED for column, value in group_of(domain))


def harmonised_estimates(
    releases: Sequence[Published], harmony: Harmony, names: Sequence[str]
) -> tuple[list[pl.DataFrame], frozenset[str]]:
    """Return the estimates of every wave with common categories, and the columns they split.

    Parameters
    ----------
    names
        What a refusal calls the waves.

    Raises
    ------
    IndicatorRefused
        The table of categories names what a wave does not have, or joins categories.
    """
    tables = []
    for place, (release, name) in enumerate(zip(releases, names, strict=True)):
        renaming = harmony.of(place)
        refuse_unknown(renaming, _categories(release), name)
        tables.append(renamed(release.estimates, renaming))
    return tables, frozenset().union(*newer_borders(*map(_domains_of_table, tables)))


def _categories(release: Published) -> dict[str, list[str]]:
    return {
        name: release.estimates.filter(indicator=name)["category"].unique().sort().to_list()
        for name, one in release.kinds.items()
        if one["kind"] == "categorical" and not one["yes"]
    }


def _domains_of_table(table: pl.DataFrame) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for domain in table["domain"].unique():
        for column, value in group_of(domain):
            found.setdefault(column, set()).add(value)
    return {column: frozenset(values) for column, values in found.items()}


@dataclass(frozen=True, slots=True)
class Interviewed:
    """The interviews of one wave as they are compared.

    Attributes
    ----------
    frame, design, indicators
        With common categories and borders.
    """

    study: Study
    interviews: Interviews
    calibration: Calibration | None
    frame: pl.DataFrame
    design: Design
    indicators: tuple[Indicator, ...]

    def estimates(self) -> pl.DataFrame:
        """Return the estimates of the wave, with the columns of estimates.csv."""
        with lines_of(self.interviews):
            found = estimate(
                self.frame,
                self.design,
                self.indicators,
                self.study.domains,
                calibration=self.calibration,
                level=LEVEL,
            )
        return marked(self.study, found.to_polars())

    def survey(self) -> Survey:
        """Return what the linearised values of the wave are computed from."""
        with lines_of(self.interviews):
            return prepare(self.frame, self.design, self.study.domains, self.calibration)


def read_wave(folder: Path, release: Published) -> Interviewed:
    """Read the study behind a release.

    Raises
    ------
    Refusal
        A file of the study is not the one that the release was made from, or is refused.
    """
    refuse_altered(folder, release.manifest["inputs"], f"The study in {folder}")
    study = read_study(folder)
    _refuse_replicates(study)
    interviews = read_interviews(study)
    margins = read_margins(study.population, interviews.names)
    weights = weigh(study, interviews, margins)
    frame, design = with_base(study, interviews, weights)
    return Interviewed(
        study,
        interviews,
        weights.calibration,
        frame,
        design,
        tuple(indicator_of(one, interviews) for one in study.indicators),
    )


def _refuse_replicates(study: Study) -> None:
    if "replicates" in study.sections:
        raise SettingRefused(
            "The study asks for variances of replicates.",
            where=f"{study.folder / 'study.toml'}, [replicates]",
            why="Interviews of several waves are estimated by linearisation, and replicates of one "
            "wave do not know those of the other.",
            do="Name the releases alone, without the studies behind them.",
        )


def harmonised(
    waves: Sequence[Interviewed],
    harmony: Harmony,
    names: Sequence[str],
    *,
    as_drawn: bool,
) -> tuple[list[Interviewed], frozenset[str]]:
    """Return waves with common categories and borders, and the columns that were joined.

    Parameters
    ----------
    as_drawn
        Whether the strata and units of every wave stay those that were drawn.

    Raises
    ------
    IndicatorRefused
        The table of categories names what a wave does not have.
    """
    newer = newer_borders(*map(_domains_of_interviews, waves))
    found = []
    for place, (wave, columns, name) in enumerate(zip(waves, newer, names, strict=True)):
        renaming = harmony.of(place)
        refuse_unknown(renaming, dict(_with_categories(wave)), name)
        frame, indicators = recoded(wave.frame, wave.indicators, renaming)
        frame, design = on_older_borders(frame, wave.design, sorted(columns), as_drawn=as_drawn)
        found.append(replace(wave, frame=frame, design=design, indicators=tuple(indicators)))
    return found, frozenset().union(*newer)


def _domains_of_interviews(wave: Interviewed) -> dict[str, frozenset[str]]:
    names = {column for by in wave.study.domains for column in by}
    return {name: frozenset(categories(wave.frame, name).labels) for name in names}


def _with_categories(wave: Interviewed) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in wave.indicators:
        if one.kind == "categorical" and not one.yes and one.column:
            yield one.name, categories(wave.frame, one.column).labels
