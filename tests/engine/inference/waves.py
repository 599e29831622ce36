"""Two simulated waves of one poll: in the same places, in some of them, or with the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.engine.calibration import Calibration
from kelisim.engine.inference import Design, Indicator
from kelisim.engine.inference.answers import read_answers
from kelisim.engine.inference.change import Change, Linearised, linearised, overlapping
from kelisim.engine.inference.overlap import Union, union, unit_names
from kelisim.engine.inference.survey import Survey, prepare

DESIGN = Design("w", strata="h", psu="psu", nest=True)


def places(rng: np.random.Generator, strata: int = 4, psus: int = 6) -> pl.DataFrame:
    """Return places with a leaning that stays from wave to wave."""
    h, psu = (part.ravel() for part in np.indices((strata, psus)))
    return pl.DataFrame({"h": h, "psu": psu, "lean": rng.normal(0, 0.8, h.size)})


def wave(rng: np.random.Generator, where: pl.DataFrame, size: int = 8) -> pl.DataFrame:
    """Return interviews in places, with gaps in the answers."""
    rows = pl.concat([where] * size).sort("h", "psu")
    n = rows.height
    x = rng.normal(rows["lean"].to_numpy(), 1)
    return rows.select(
        "h",
        "psu",
        w=rng.gamma(4, 0.25, n) + 0.2,
        sex=rng.choice(["f", "m"], n),
        age=rng.choice(["old", "young"], n),
        yes=np.where(x > 0.3, "yes", "no"),
        income=np.where(rng.random(n) > 0.1, np.exp(x), np.nan),
        who=np.arange(n),
    ).with_columns(pl.col("income").fill_nan(None))


@dataclass(frozen=True)
class Waves:
    """Two waves, ready for comparison."""

    first: Survey
    second: Survey
    union: Union

    def change(self, indicator: Indicator, place: int = 0) -> Change:
        """Return the change of every category in every domain of a set."""
        one, two = (self.part(survey, indicator, place) for survey in self.both)
        return overlapping(one, two, self.union)

    @property
    def both(self) -> tuple[Survey, Survey]:
        return self.first, self.second

    @staticmethod
    def part(survey: Survey, indicator: Indicator, place: int = 0) -> Linearised:
        return linearised(read_answers(survey.frame, indicator), place, survey)


def joined(
    first: pl.DataFrame,
    second: pl.DataFrame,
    design: Design = DESIGN,
    domains: tuple[str, ...] = ("sex",),
    calibrations: tuple[Calibration | None, Calibration | None] = (None, None),
) -> Waves:
    """Return two waves whose units are known by stratum and code."""
    surveys = [
        prepare(frame, design, domains, calibration)
        for frame, calibration in zip((first, second), calibrations, strict=True)
    ]
    one, two = (unit_names(s, design, s.frame["who"].to_list()) for s in surveys)
    return Waves(surveys[0], surveys[1], union(one, two, design.lonely_psu))
