"""What a comparison of waves holds: changes between two, estimates along many, and their doubt."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from kelisim.study.model import Labels
from kelisim.study.published import Published

OVERLAPS = ("none", "psu", "respondent")
"""What two waves may share: nothing, sampling units, or people."""

METHODS = {"none": "independent", "psu": "shared psu", "respondent": "panel"}
"""How a row of change.csv names the overlap that its standard error takes account of."""

TREND = (
    "indicator", "category", "domain", "wave", "n", "estimate", "se", "ci_low", "ci_high", "note",
)  # fmt: skip
"""The columns of trend.csv."""


class WaveNote(StrEnum):
    """What a reader must know of a change."""

    INDEPENDENT = "the waves are taken as independent samples: their covariance is 0"
    CATEGORY = "no such category"
    DOMAIN = "no such domain"
    NO_ERROR = "no standard error: an estimate has none"
    UNANIMOUS = (
        "all answers of a wave are equal: interval by square-and-add from the intervals of the "
        "waves, without p-value"
    )
    QUANTILE = "the covariance of a quantile between overlapping waves is not known"
    HARMONISED = "categories were renamed or joined by the table of categories"
    JOINED = "regions split on 8 June 2022 are joined: compared within the borders before that day"
    SPLIT = (
        "the region was split on 8 June 2022 and its borders differ between the waves: only the "
        "interviews can be compared (give the studies too)"
    )


Remark = tuple[int, str]
"""The wave a remark is of, 1 or 2, or 0 for both; and the remark of the engine or a `WaveNote`."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One quantity in one domain in two waves; numbers that do not exist are None."""

    indicator: str
    category: str
    domain: str
    estimate_1: float | None
    estimate_2: float | None
    change: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    df: float | None
    p_value: float | None
    method: str
    remarks: tuple[Remark, ...]

    @property
    def note(self) -> str:
        """All remarks in English, as change.csv has them."""
        waves = ("", "first wave: ", "second wave: ")
        return "; ".join(waves[wave] + words for wave, words in self.remarks)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two releases compared.

    Attributes
    ----------
    overlap
        One of `OVERLAPS`.
    shared
        Sampling units in both waves; 0 where the waves are taken as independent.
    labels
        Names a reader sees; empty where only the releases were read.
    notes
        What was noticed on the way, as sentences in English.
    """

    first: Published
    second: Published
    overlap: str
    rows: tuple[ChangeRow, ...]
    shared: int = 0
    labels: Labels = field(default_factory=Labels)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """Releases of one poll over time.

    Attributes
    ----------
    waves
        Their names, in the order of time: the month fieldwork began.
    table
        The columns of trend.csv: every estimate of every wave.
    labels
        Names a reader sees; empty where only the releases were read.
    notes
        What was noticed on the way, as sentences in English.
    """

    releases: tuple[Published, ...]
    waves: tuple[str, ...]
    table: pl.DataFrame
    labels: Labels = field(default_factory=Labels)
    notes: tuple[str, ...] = ()

    @property
    def volunteers(self) -> tuple[str, ...]:
        """The waves whose samples nobody drew."""
        pairs = zip(self.waves, self.releases, strict=True)
        return tuple(wave for wave, release in pairs if release.volunteers)
