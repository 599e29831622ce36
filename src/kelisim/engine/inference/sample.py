"""A table and a design become arrays: a weight a row, and the stages of selection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from kelisim.core.errors import DesignRefused, ValueRefused, WeightRefused, listed
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import MISSING, Categories, Codes, Floats, categories, numbers
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.groups import compact
from kelisim.engine.inference.stages import Naming, Stage, Units, fractions, weigh


@dataclass(frozen=True, slots=True)
class Sample:
    """The design of n rows as arrays.

    Attributes
    ----------
    weights
        Shape (n,): the weights that estimate; calibrated where there is a calibration.
    stages
        The stages that add to a variance, the first always among them.
    """

    weights: Floats
    stages: tuple[Stage, ...]

    @property
    def rows(self) -> int:
        """Rows of the sample."""
        return self.weights.size

    @property
    def psus(self) -> int:
        """Primary sampling units."""
        return self.stages[0].units.group.size

    @property
    def strata(self) -> int:
        """Strata of the first stage; 1 without stratification."""
        return self.stages[0].units.size.size

    @property
    def df(self) -> int:
        """Design degrees of freedom: PSUs less strata."""
        return self.psus - self.strata


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A stage before its variance is thought of: units, fraction sampled, how groups are called."""

    units: Units
    fraction: Floats
    naming: Naming


def read_sample(frame: pl.DataFrame, design: Design, calibration: Calibration | None) -> Sample:
    """Read the columns of a design.

    Parameters
    ----------
    calibration
        Its weights are used in place of the design's column.

    Raises
    ------
    ColumnRefused, ValueRefused
        A column is not there, or holds text where numbers are needed.
    WeightRefused
        A weight is missing, zero or negative, or the calibration is of other rows.
    DesignRefused
        A stratum or unit is missing, a PSU is in two strata, or the fpc contradicts the sample.
    LonelyPsu
        A stratum holds one PSU and the design says to fail.
    """
    if frame.height == 0:
        raise ValueRefused("The data have no rows.", do="Pass at least one interview.")
    drawn = list(_draws(frame, design))
    weights = (
        _weights(frame, design, drawn) if calibration is None else _calibrated(frame, calibration)
    )
    return Sample(weights, tuple(_stages(drawn, design.lonely_psu)))


def _draws(frame: pl.DataFrame, design: Design) -> Iterator[_Drawn]:
    """Yield the stages from the largest units to the smallest."""
    strata = _coded(frame, design.strata, "the strata") if design.strata else None
    names: tuple[str | None, ...] = design.stages or (None,)
    group_of_row = np.zeros(frame.height, dtype=np.int32) if strata is None else strata.codes
    naming = _naming("stratum", strata)
    for place, name in enumerate(names):
        coded = _coded(frame, name, "the sampling units") if name else None
        if coded is None:
            units = _rows_as_units(group_of_row)
        else:
            units = _units(group_of_row, coded)
            if place == 0 and strata is not None and not design.nest:
                _refuse_overlap(strata, coded, units)
        yield _Drawn(units, _fraction(frame, design, place, units, naming), naming)
        group_of_row = units.of_row
        naming = _naming("unit", coded, units)


def _coded(frame: pl.DataFrame, name: str, role: str) -> Categories:
    coded = categories(frame, name, role=role)
    missing = np.flatnonzero(coded.codes == MISSING)
    if missing.size:
        raise DesignRefused(
            f"The value is missing in {missing.size} of {frame.height} rows.",
            where=f"column '{name}', row {int(missing[0]) + 1}",
            why=f"The column gives {role}, and every interview was drawn somewhere.",
            do="Fill it in, or leave these interviews out of the file and say so.",
        )
    return coded


def _rows_as_units(group_of_row: Codes) -> Units:
    of_row = np.arange(group_of_row.size, dtype=np.int32)
    return Units(of_row, group_of_row, np.bincount(group_of_row).astype(np.int32))


def _units(group_of_row: Codes, coded: Categories) -> Units:
    """Take every pair (group, code) for a unit, so that a code may repeat between groups."""
    codes = len(coded.labels)
    groups = int(group_of_row.max()) + 1
    pairs, of_row = compact(group_of_row.astype(np.int64) * codes + coded.codes, groups * codes)
    group = (pairs // codes).astype(np.int32)
    return Units(of_row, group, np.bincount(group, minlength=groups).astype(np.int32))


def _refuse_overlap(strata: Categories, psu: Categories, units: Units) -> None:
    code_of_unit = _code_of_unit(psu, units)
    times = np.bincount(code_of_unit)
    if times.max() == 1:
        return
    code = int(np.argmax(times > 1))
    within = [strata.labels[h] for h in units.group[code_of_unit == code]]
    raise DesignRefused(
        f"PSU '{psu.labels[code]}' of column '{psu.name}' is in {len(within)} strata of column "
        f"'{strata.name}': {listed(within)}.",
        where="design",
        why="A unit is drawn within one stratum; equal codes in two strata may be two units.",
        do="If codes start anew in each stratum set nest to true, else correct the codes.",
    )


def _code_of_unit(coded: Categories, units: Units) -> Codes:
    codes = np.empty(units.group.size, dtype=np.int32)
    codes[units.of_row] = coded.codes
    return codes


def _naming(kind: str, coded: Categories | None, units: Units | None = None) -> Naming:
    if coded is None:
        return lambda _: "the sample"
    if units is None:
        return lambda group: f"{kind} '{coded.labels[group]}' of column '{coded.name}'"
    code = _code_of_unit(coded, units)
    return lambda unit: f"{kind} '{coded.labels[code[unit]]}' of column '{coded.name}'"


def _fraction(
    frame: pl.DataFrame, design: Design, place: int, units: Units, naming: Naming
) -> Floats:
    if place >= len(design.corrections):
        return np.zeros(units.size.size)
    name = design.corrections[place]
    fpc = numbers(frame, name, role="the finite population correction")
    return fractions(units, fpc, name, naming)


def _stages(drawn: list[_Drawn], lonely: str) -> Iterator[Stage]:
    """Yield the stages down to the first one that was drawn with replacement."""
    above = np.ones(drawn[0].units.size.size)
    for stage in drawn:
        if not above.any():
            return
        coefficient, centred = weigh(stage.units, above, stage.fraction, lonely, stage.naming)
        yield Stage(stage.units, coefficient, centred)
        above = (above * stage.fraction)[stage.units.group]


def _weights(frame: pl.DataFrame, design: Design, drawn: list[_Drawn]) -> Floats:
    if design.weight is not None:
        return _positive(numbers(frame, design.weight, role="the weight"), design.weight)
    if len(design.corrections) < len(drawn):
        return np.ones(frame.height)
    weights = np.ones(frame.height)
    for stage in drawn:
        weights /= stage.fraction[stage.units.group_of_row]
    return weights


def _positive(weights: Floats, name: str) -> Floats:
    wrong = np.flatnonzero(~(weights > 0))
    if wrong.size:
        value = weights[wrong[0]]
        found = "missing" if np.isnan(value) else f"{value:g}"
        raise WeightRefused(
            f"The weight is {found} ({wrong.size} such rows).",
            where=f"column '{name}', row {int(wrong[0]) + 1}",
            why="Every row of a sample stands for somebody.",
            do="Correct the weights, or leave out rows that are not part of the sample.",
        )
    return weights


def _calibrated(frame: pl.DataFrame, calibration: Calibration) -> Floats:
    if not isinstance(calibration, Calibration):
        raise WeightRefused(
            f"The calibration is given as a {type(calibration).__name__}.",
            where="calibration",
            do="Pass the calibration that raking returns beside the weights.",
        )
    if calibration.weights.size == frame.height:
        return calibration.weights
    raise WeightRefused(
        f"The calibration is of {calibration.weights.size} rows, the data have {frame.height}.",
        where="calibration",
        why="Calibrated weights belong to the rows they were computed for.",
        do="Calibrate these data, or pass the data the calibration was made on.",
    )
