"""A stage of selection as arrays: units, the groups they were drawn within, what a group adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import DesignRefused, LonelyPsu
from kelisim.engine.frame import Codes, Floats
from kelisim.engine.inference.groups import Bools

_CERTAIN = 1e-9
"""A group whose share left unsampled is below this was enumerated in full."""

Naming = Callable[[int], str]
"""How a group is called in a refusal: ``stratum 'E' of column 'h'``."""


@dataclass(frozen=True, slots=True)
class Units:
    """Who belongs to which unit, and which unit to which group.

    Attributes
    ----------
    of_row
        Shape (n,): the unit of each row, 0..P-1.
    group
        Shape (P,): the group each unit was drawn within, 0..G-1 (a stratum; later, a larger unit).
    size
        Shape (G,): units sampled in each group.
    """

    of_row: Codes
    group: Codes
    size: Codes

    @property
    def group_of_row(self) -> Codes:
        """Shape (n,): the group of each row."""
        return self.group[self.of_row]


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage adds to a variance: sum over groups of c (sum over units (z - k zbar)^2).

    Attributes
    ----------
    units
        The units and their groups.
    coefficient
        Shape (G,): c = a (1 - f) m/(m - 1), with m units sampled, f the fraction of the group that
        is, and a the product of the fractions of the stages above.
    centred
        Shape (G,): k, 1 where deviations are from the mean of the group, 0 where from zero.
    """

    units: Units
    coefficient: Floats
    centred: Floats


def fractions(units: Units, fpc: Floats, column: str, naming: Naming) -> Floats:
    """Return the fraction of each group that was sampled.

    Parameters
    ----------
    fpc
        Shape (n,): population counts of the row's group, or fractions when none exceeds 1.

    Returns
    -------
    Floats
        Shape (G,), in (0, 1].

    Raises
    ------
    DesignRefused
        A value is missing or not positive, varies within a group, or counts fewer units than were
        sampled.
    """
    _positive(fpc, column)
    of_row = units.group_of_row
    value = np.empty(units.size.size)
    value[of_row[::-1]] = fpc[::-1]
    differs = np.flatnonzero(fpc != value[of_row])
    if differs.size:
        row = int(differs[0])
        group = int(of_row[row])
        raise DesignRefused(
            f"The finite population correction varies within {naming(group)}: "
            f"{value[group]:g} and {fpc[row]:g}.",
            where=f"column '{column}', row {row + 1}",
            why="It describes the group that units were drawn from, so it has one value there.",
            do="Give every row of the group the same count, or the same fraction.",
        )
    if not (fpc > 1).any():
        return value
    return units.size / _enough(value, units.size, column, naming)


def _positive(fpc: Floats, column: str) -> None:
    wrong = np.flatnonzero(~(fpc > 0))
    if wrong.size:
        raise DesignRefused(
            "The finite population correction is missing or not positive.",
            where=f"column '{column}', row {int(wrong[0]) + 1}",
            why="It is a count of units in the population, or the fraction of them sampled.",
            do="Fill the column in, or leave fpc out of the design.",
        )


def _enough(population: Floats, size: Codes, column: str, naming: Naming) -> Floats:
    short = np.flatnonzero(population < size)
    if short.size:
        group = int(short[0])
        raise DesignRefused(
            f"The population of {naming(group)} is said to be {population[group]:g}, "
            f"and {size[group]} units were sampled there.",
            where=f"column '{column}'",
            why="A sample without replacement cannot be larger than its population.",
            do="Give the number of units in the population, not in the sample.",
        )
    return population


def weigh(
    units: Units, above: Floats, fraction: Floats, lonely: str, naming: Naming
) -> tuple[Floats, Floats]:
    """Return the coefficient and the centring of each group of a stage.

    Parameters
    ----------
    above
        Shape (G,): product of the sampling fractions of the stages above; 1 at the first.
    fraction
        Shape (G,): the fraction of the group's units that was sampled; 0 with replacement.
    lonely
        What to do with a group of one unit: fail, certainty, adjust or average, as in
        R ``survey`` (option ``survey.lonely.psu``).

    Returns
    -------
    coefficient, centred
        Shapes (G,) and (G,): see `Stage`.

    Raises
    ------
    LonelyPsu
        A group holds one unit and ``lonely`` is fail, or average with nothing to average.
    """
    size = units.size
    alone = (size == 1) & (1 - fraction > _CERTAIN)
    unsampled = np.where(1 - fraction > _CERTAIN, 1 - fraction, 0.0)
    coefficient = above * unsampled * size / np.maximum(size - 1, 1)
    centred = np.ones(size.size)
    if not alone.any():
        return coefficient, centred
    if lonely == "fail" or (lonely == "average" and alone.all()):
        raise _refused(units, alone, lonely, naming)
    if lonely == "adjust":
        centred[alone] = 0.0
    else:
        coefficient[alone] = 0.0
    if lonely == "average":
        coefficient *= size.size / (size.size - alone.sum())
    return coefficient, centred


def _refused(units: Units, alone: Bools, lonely: str, naming: Naming) -> LonelyPsu:
    groups = np.flatnonzero(alone)
    rows = np.bincount(units.group_of_row, minlength=alone.size)
    named = [f"{naming(int(g))} (n = {rows[g]})" for g in groups[:5]]
    rest = f" and {groups.size - 5} more" if groups.size > 5 else ""
    holds = "hold one sampled unit each" if groups.size > 1 else "holds a single sampled unit"
    text = f"{', '.join(named)}{rest} {holds}."
    nothing = " There is no other to average." if lonely == "average" else ""
    return LonelyPsu(
        text[0].upper() + text[1:] + nothing,
        where="design",
        why="One unit shows no variation, so the variance there cannot be estimated.",
        do="Merge it with a similar stratum, or set lonely_psu to certainty, adjust or average.",
    )
