"""The sampling units of two waves as one design: which of them are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import DesignRefused, listed
from kelisim.engine.frame import Codes, categories, label
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.stages import Stage, Units, weigh
from kelisim.engine.inference.survey import Survey

UnitName = tuple[str, str]
"""How a unit of the first stage is known: its stratum and its code."""


@dataclass(frozen=True, slots=True)
class Union:
    """The first stage of two waves as one.

    Attributes
    ----------
    stage
        Units of either wave and their strata, as drawn with replacement.
    first, second
        Shapes (P1,) and (P2,): where the units of each wave stand among them.
    """

    stage: Stage
    first: Codes
    second: Codes

    @property
    def shared(self) -> int:
        """Units that both waves visited."""
        return self.first.size + self.second.size - self.stage.units.group.size


def unit_names(
    survey: Survey, design: Design, people: Sequence[object] | None = None
) -> list[UnitName]:
    """Return how the units of a wave are known, in their order.

    Parameters
    ----------
    people
        An identifier a row: the name of a unit where rows are units.

    Raises
    ------
    DesignRefused
        Rows are units, and nothing tells who they are.
    """
    units = survey.sample.stages[0].units
    row = np.unique(units.of_row, return_index=True)[1]
    strata = _texts(survey, design.strata, row) if design.strata else [""] * row.size
    if design.stages:
        codes = _texts(survey, design.stages[0], row)
    elif people is not None:
        codes = [label(people[place]) for place in row]
    else:
        raise DesignRefused(
            "The design names no PSU, so that every interview is a unit of its own.",
            where="psu",
            why="Nothing says which units of the two waves are the same.",
            do="Name the PSU in the design, or compare a panel by respondent.",
        )
    return list(zip(strata, codes, strict=True))


def _texts(survey: Survey, name: str, rows: np.ndarray) -> list[str]:
    coded = categories(survey.frame, name)
    return [coded.labels[code] for code in coded.codes[rows]]


def refuse_moved(first: Mapping[str, UnitName], second: Mapping[str, UnitName], what: str) -> None:
    """Refuse whoever is in both waves, and not in the same place of the design.

    Raises
    ------
    DesignRefused
        A respondent, or a PSU whose code is unique over strata, changed stratum or unit.
    """
    moved = [who for who, name in first.items() if second.get(who, name) != name]
    if moved:
        before, after = first[moved[0]], second[moved[0]]
        raise DesignRefused(
            f"{len(moved)} {what}s stand elsewhere in the design of the second wave: "
            f"{listed(moved)}.",
            where=f"{what} '{moved[0]}'",
            why=f"It was in stratum '{before[0]}', unit '{before[1]}', and is in stratum "
            f"'{after[0]}', unit '{after[1]}'; the covariance of the waves needs one place.",
            do="Give both waves the stratum and the unit of the first selection.",
        )


def union(first: Sequence[UnitName], second: Sequence[UnitName], lonely: str) -> Union:
    """Return two waves as one design; units with equal stratum and code are the same.

    Parameters
    ----------
    lonely
        What to do with a stratum of one unit, as in `Design`.

    Raises
    ------
    DesignRefused
        No unit is in both waves.
    LonelyPsu
        A stratum holds one unit, and ``lonely`` is fail.

    Examples
    --------
    >>> both = union([("A", "1"), ("A", "2")], [("A", "2"), ("A", "3")], "fail")
    >>> both.shared, both.second.tolist(), both.stage.units.size.tolist()
    (1, [1, 2], [3])
    """
    place = {name: i for i, name in enumerate(dict.fromkeys([*first, *second]))}
    if len(place) == len(first) + len(second):
        raise DesignRefused(
            "The two waves have no sampling unit in common.",
            where="psu",
            why=f"The first wave holds {listed(code for _, code in first)}; "
            f"the second holds {listed(code for _, code in second)}.",
            do="Compare them as independent samples, or give shared units the same codes.",
        )
    strata = {name: i for i, name in enumerate(dict.fromkeys(h for h, _ in place))}
    group = np.array([strata[h] for h, _ in place], dtype=np.int32)
    units = Units(np.arange(group.size, dtype=np.int32), group, _counted(group))
    named = list(strata)
    nothing = np.zeros(len(strata))
    coefficient, centred = weigh(
        units, nothing + 1, nothing, lonely, lambda h: f"stratum '{named[h]}' of both waves"
    )
    return Union(
        Stage(units, coefficient, centred),
        np.array([place[name] for name in first], dtype=np.int32),
        np.array([place[name] for name in second], dtype=np.int32),
    )


def _counted(group: Codes) -> Codes:
    return np.bincount(group).astype(np.int32)
