"""A study as declared in study.toml, and the result of running it: the words of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from kelisim.engine.calibration import Calibration

Text = Mapping[str, str]
"""One text in several languages: ``{"kk": ..., "ru": ..., "en": ...}``, at least one of them."""

LANGUAGES = ("kk", "ru", "en")


def in_language(text: Text, language: str) -> str:
    """Return the text in a language, else in the first of kk, ru, en that it has."""
    for candidate in (language, *LANGUAGES):
        if text.get(candidate):
            return text[candidate]
    return next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class InterviewFile:
    """``[interviews]``: where the answers are and how they are coded."""

    file: Path
    id: str | None = None
    interviewer: str | None = None
    start: str | None = None
    end: str | None = None
    lat: str | None = None
    lon: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DesignSettings:
    """``[design]``: column names; ``psu`` and ``fpc`` name one column a stage."""

    weight: str | None = None
    strata: str | None = None
    psu: tuple[str, ...] = ()
    nest: bool = False
    fpc: tuple[str, ...] = ()
    lonely_psu: str = "fail"


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """``[population]``: cells with a count, the margins to calibrate to, and how.

    ``totals`` are sums of numeric columns over the population; ``trim`` is the least and the
    greatest weight, as multiples of the mean weight.
    """

    file: Path
    count: str = "n"
    rake: tuple[tuple[str, ...], ...] = ()
    bounds: tuple[float, float] | None = None
    method: str = "raking"
    totals: Mapping[str, float] = field(default_factory=dict)
    trim: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class GrossSample:
    """``[nonresponse]``: everybody who was drawn, and what is known of those who did not answer.

    ``classes`` are columns whose crossings share the weight; or ``predictors`` and ``numeric`` of
    a regression of response, cut into ``groups`` classes.
    """

    file: Path
    id: str
    weight: str | None = None
    classes: tuple[str, ...] = ()
    predictors: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    groups: int = 5


@dataclass(frozen=True, slots=True)
class Volunteers:
    """``[nonprobability]``: nobody was drawn; who takes part is estimated from these columns.

    ``file`` holds the population as cells with a ``count``, or a probability sample whose weights
    are the counts. ``phi`` are the degrees to which taking part is let depend on the answer itself.
    """

    file: Path
    count: str
    predictors: tuple[tuple[str, ...], ...]
    phi: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorSettings:
    """``[[indicator]]``: one quantity to estimate."""

    name: str
    kind: str
    column: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    yes: tuple[str, ...] = ()
    at: tuple[float, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Battery:
    """``[[battery]]``: questions that measure one thing, or the portraits of Schwartz's values.

    ``ends`` are the lowest and highest answer; ``reverse`` are the items, or ``("all",)``, in which
    a high answer means little. ``language`` is compared for bias, ``wave`` and ``cohort`` (a year
    of birth, in classes of ``width`` years) are followed over time.
    """

    name: str
    items: tuple[str, ...]
    ends: tuple[float, float]
    kind: str = "scale"
    reverse: tuple[str, ...] = ()
    language: str | None = None
    wave: str | None = None
    cohort: str | None = None
    width: int = 10


@dataclass(frozen=True, slots=True)
class Scales:
    """What batteries gave: the columns of scales.csv, reliability.csv and item_bias.csv."""

    scores: pl.DataFrame
    reliability: pl.DataFrame
    bias: pl.DataFrame


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of rows, and which of its columns are used."""

    file: Path
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallAreaSettings:
    """``[smallarea]``: what is to be estimated for every area by a model, and from what.

    Attributes
    ----------
    method
        ``mrp``, from interviews and population cells; or ``fay_herriot``, from direct estimates.
    indicators
        Names, in the order of the study.
    """

    method: str
    area: str
    indicators: tuple[str, ...]
    cells: tuple[str, ...] = ()
    interactions: tuple[tuple[str, ...], ...] = ()
    predictors: TableFile | None = None
    neighbours: TableFile | None = None
    draws: int = 1000


@dataclass(frozen=True, slots=True)
class Study:
    """A study folder that has been read and found well-formed.

    `sections` keeps the settings of rooms that not every study enters (``replicates``), validated
    by name, so that nothing is silently dropped.
    """

    folder: Path
    title: Text
    country: str
    interviews: InterviewFile
    design: DesignSettings
    indicators: tuple[IndicatorSettings, ...]
    domains: tuple[tuple[str, ...], ...] = ()
    questionnaire: Path | None = None
    population: PopulationFile | None = None
    fieldwork: tuple[date, date] | None = None
    sponsor: str = ""
    conductor: str = ""
    mode: str = ""
    nonresponse: GrossSample | None = None
    nonprobability: Volunteers | None = None
    batteries: tuple[Battery, ...] = ()
    smallarea: SmallAreaSettings | None = None
    sections: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labels:
    """Names a reader sees.

    Attributes
    ----------
    items
        Column name to question wording.
    values
        Column name to (value as text to its label).
    """

    items: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def item(self, column: str, language: str) -> str:
        """Return the wording of an item, or the column's own name."""
        return in_language(self.items.get(column, {}), language) or column

    def value(self, column: str, value: str, language: str) -> str:
        """Return the label of a value, or the value itself."""
        return in_language(self.values.get(column, {}).get(value, {}), language) or value


@dataclass(frozen=True, slots=True)
class Interviews:
    """The answers that a study uses, with a row an interview, in the order of the file.

    Attributes
    ----------
    frame
        The columns in use: numbers as Float64, categories as text or numbers, missing as null.
    ids
        Shape (n,), named ``id``: unique; the row number from 1 where the study names no column.
    labels
        Names a reader sees, from the file and the questionnaire.
    names
        Column to (code as text to the category's text) where the file names its codes.
    notes
        What a reader should know of the reading, as sentences.
    place
        Row number from 0 to the place in the file: ``interviews.csv, line 17``.
    columns
        How many columns the file has.
    """

    frame: pl.DataFrame
    ids: pl.Series
    labels: Labels
    names: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]
    place: Callable[[int], str]
    columns: int


@dataclass(frozen=True, slots=True)
class WeightDiagnostics:
    """How far the final weights are from equal, and from the base weights.

    ``kish_deff`` is n sum(w^2) / (sum w)^2; the ratios are weight over base weight; ``max_error``
    is the largest relative error of a margin, 0 sweeps mean that nothing was raked.
    """

    n: int
    sum: float
    kish_deff: float
    min_ratio: float
    max_ratio: float
    sweeps: int
    max_error: float


@dataclass(frozen=True, slots=True)
class AreaModel:
    """One indicator in every area by a model, with what shows how far to trust it.

    Attributes
    ----------
    indicator, method
        Its name; ``mrp`` or ``fay-herriot``.
    estimates, ranks, decisions
        The columns of estimates.csv, ranks.csv and thresholds.csv.
    checks
        A row an estimate of an area: ``domain, category, direct, direct_se, estimate, pooling``
        and, of ``mrp``, ``n, predicted, predicted_low, predicted_high, p_value``.
    spreads
        ``split, term, mean, se``: standard deviations of the effects, or that between areas.
    """

    indicator: str
    method: str
    estimates: pl.DataFrame
    ranks: pl.DataFrame
    decisions: pl.DataFrame
    checks: pl.DataFrame
    spreads: pl.DataFrame


@dataclass(frozen=True, slots=True)
class PollResult:
    """Everything a report or a results page shows of one run.

    Attributes
    ----------
    estimates
        The columns of estimates.csv, a row an estimate.
    ranks
        The columns of ranks.csv.
    decisions
        The columns of thresholds.csv.
    areas
        The models of small areas; their estimates, ranks and decisions are in the tables, too.
    ids, base_weight, weight
        Shape (n,), aligned.
    notes
        What was noticed on the way (such as user-missing codes), as sentences in English.
    selection
        Of volunteers, what unmeasured selection would do: the columns of selection.csv.
    selection_model
        The same by a model of taking part: the columns of selection_model.csv.
    scales
        Of batteries; None where the study has none.
    """

    study: Study
    labels: Labels
    estimates: pl.DataFrame
    ranks: pl.DataFrame
    ids: pl.Series
    base_weight: pl.Series
    weight: pl.Series
    diagnostics: WeightDiagnostics
    design_df: float
    strata: int
    psus: int
    calibration: Calibration | None = None
    notes: tuple[str, ...] = ()
    areas: tuple[AreaModel, ...] = ()
    decisions: pl.DataFrame = field(default_factory=pl.DataFrame)
    selection: pl.DataFrame | None = None
    selection_model: pl.DataFrame | None = None
    scales: Scales | None = None
