"""How the sample was drawn, in the names of columns: weight, strata, units of each stage, fpc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kelisim.core.errors import DesignRefused, SettingRefused, nearest

LONELY = ("fail", "certainty", "adjust", "average")
"""What may be done with a stratum of one PSU."""


@dataclass(frozen=True, slots=True)
class Design:
    """A stratified sample of one or several stages.

    Parameters
    ----------
    weight
        The column of sampling weights. Without it every row weighs the same, or, where ``fpc``
        names a column for every stage, the product of population over sample counts.
    strata
        The column of strata of the first stage.
    psu
        The column of primary sampling units, or a column a stage. Without it a row is a unit.
    nest
        Whether PSU codes repeat between strata. When not, a PSU in two strata is refused.
    fpc
        A column a stage, constant within the stratum (or unit) drawn from: the number of units in
        the population, or the fraction sampled when no value exceeds 1. Without it, units count as
        drawn with replacement, and only the first stage matters for the variance.
    lonely_psu
        For a stratum of one PSU that was not taken with certainty. ``fail`` refuses; ``certainty``
        adds no variance (R ``survey``: also ``remove``); ``adjust`` takes the deviation from zero;
        ``average`` adds the average of the other strata.

    Raises
    ------
    SettingRefused
        ``lonely_psu`` is none of these.
    DesignRefused
        ``fpc`` names more stages than ``psu``, or a column is named twice.

    Examples
    --------
    >>> Design(weight="w", strata="h", psu=["district", "school"]).stages
    ('district', 'school')
    """

    weight: str | None = None
    strata: str | None = None
    psu: str | Sequence[str] | None = None
    nest: bool = True
    fpc: str | Sequence[str] | None = None
    lonely_psu: str = "fail"

    def __post_init__(self) -> None:
        if self.lonely_psu not in LONELY:
            raise SettingRefused(
                f"'{self.lonely_psu}' is not a treatment of a stratum with one PSU.",
                where="lonely_psu",
                do=nearest(self.lonely_psu, LONELY) or f"Choose one of {', '.join(LONELY)}.",
            )
        if len(set(self.stages)) < len(self.stages):
            raise DesignRefused(
                "The same column is named for two stages.",
                where="psu",
                do="Name one column a stage, from the largest units to the smallest.",
            )
        if len(self.corrections) > max(1, len(self.stages)):
            raise DesignRefused(
                f"The finite population correction names {len(self.corrections)} stages, "
                f"the units {len(self.stages)}.",
                where="fpc",
                do="Name the units of every stage in psu, or fewer columns in fpc.",
            )

    @property
    def stages(self) -> tuple[str, ...]:
        """The columns of units, the first stage first; empty when a row is a unit."""
        return _names(self.psu)

    @property
    def corrections(self) -> tuple[str, ...]:
        """The columns of population counts or sampling fractions, the first stage first."""
        return _names(self.fpc)


def _names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)
