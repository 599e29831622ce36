"""Outcome rates of fieldwork from its dispositions, as AAPOR's Standard Definitions name them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

from kelisim.core.errors import ValueRefused


@dataclass(frozen=True, slots=True)
class Dispositions:
    """How the cases of a sample ended: numbers of cases, or sums of their weights.

    Attributes
    ----------
    I, P
        Complete and partial interviews.
    R, NC, O
        Eligible and not interviewed: refusal or break-off, nobody reached, other.
    UH, UO
        Not known to be eligible: unknown whether there is a household, unknown for other reasons.
    NE
        Known not to be eligible.

    Raises
    ------
    ValueRefused
        A number is negative or not finite.
    """

    I: float  # noqa: E741  (AAPOR's letter)
    P: float = 0
    R: float = 0
    NC: float = 0
    O: float = 0  # noqa: E741  (AAPOR's letter)
    UH: float = 0
    UO: float = 0
    NE: float = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            count = getattr(self, field.name)
            if not isfinite(count) or count < 0:
                raise ValueRefused(
                    f"The number of cases {field.name} is {count:g}.",
                    do="Count the cases of every disposition; none is 0.",
                )

    @property
    def eligible(self) -> float:
        """Cases known to be eligible."""
        return self.I + self.P + self.R + self.NC + self.O

    @property
    def unknown(self) -> float:
        """Cases whose eligibility is not known."""
        return self.UH + self.UO


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """The outcome rates of a sample, shares of 1; None where nobody stands in the denominator.

    Attributes
    ----------
    RR1, RR2, RR3, RR4, RR5, RR6
        Response rates: even numbers count partial interviews as answers; 1 and 2 count every
        unknown case as eligible, 3 and 4 the share ``e`` of them, 5 and 6 none.
    COOP1, COOP2, COOP3, COOP4
        Cooperation rates among those reached; 3 and 4 leave out those unable to take part.
    REF1, REF2, REF3
        Refusal rates, with all, ``e`` and none of the unknown.
    CON1, CON2, CON3
        Contact rates, with all, ``e`` and none of the unknown.
    e
        The share of unknown cases taken as eligible.
    e_basis
        How ``e`` was come by; AAPOR asks that it be said.
    """

    RR1: float | None
    RR2: float | None
    RR3: float | None
    RR4: float | None
    RR5: float | None
    RR6: float | None
    COOP1: float | None
    COOP2: float | None
    COOP3: float | None
    COOP4: float | None
    REF1: float | None
    REF2: float | None
    REF3: float | None
    CON1: float | None
    CON2: float | None
    CON3: float | None
    e: float
    e_basis: str


def eligibility(d: Dispositions) -> float:
    """Return e as the share of eligible among the cases whose eligibility is known.

    The method of proportional allocation (CASRO).

    Raises
    ------
    ValueRefused
        The eligibility of no case is known.

    Examples
    --------
    >>> eligibility(Dispositions(I=60, R=30, UH=50, NE=10))
    0.9
    """
    if d.eligible + d.NE == 0:
        raise ValueRefused(
            "The eligibility of no case is known, so that e cannot be estimated.",
            do="Give e and say where it comes from.",
        )
    return d.eligible / (d.eligible + d.NE)


def outcome_rates(d: Dispositions, e: float | None = None, e_basis: str = "") -> OutcomeRates:
    """Return AAPOR's outcome rates (Standard Definitions, 10th edition, 2023).

    Parameters
    ----------
    e
        The share of cases of unknown eligibility that are taken as eligible; without it,
        `eligibility` estimates it from the cases.
    e_basis
        How a given ``e`` was come by; needed with it.

    Raises
    ------
    ValueRefused
        ``e`` is not from 0 to 1, is given without its basis, or cannot be estimated.

    Examples
    --------
    >>> rates = outcome_rates(Dispositions(I=100, NC=20))
    >>> round(rates.RR1, 3), rates.COOP1, rates.REF1, round(rates.CON3, 3)
    (0.833, 1.0, 0.0, 0.833)
    """
    e, basis = _eligibility(d, e, e_basis)
    answered = d.I + d.P
    reached = answered + d.R + d.O
    every, some, none = (d.eligible + share * d.unknown for share in (1.0, e, 0.0))
    return OutcomeRates(
        RR1=_share(d.I, every),
        RR2=_share(answered, every),
        RR3=_share(d.I, some),
        RR4=_share(answered, some),
        RR5=_share(d.I, none),
        RR6=_share(answered, none),
        COOP1=_share(d.I, reached),
        COOP2=_share(answered, reached),
        COOP3=_share(d.I, answered + d.R),
        COOP4=_share(answered, answered + d.R),
        REF1=_share(d.R, every),
        REF2=_share(d.R, some),
        REF3=_share(d.R, none),
        CON1=_share(reached, every),
        CON2=_share(reached, some),
        CON3=_share(reached, none),
        e=e,
        e_basis=basis,
    )


def _eligibility(d: Dispositions, e: float | None, basis: str) -> tuple[float, str]:
    if e is None:
        return eligibility(d), "share of eligible among cases of known eligibility (CASRO)"
    if not 0 <= e <= 1:
        raise ValueRefused(
            f"The share e of unknown cases that are eligible is {e:g}.",
            do="Give a number from 0 to 1.",
        )
    if not basis:
        raise ValueRefused(
            "It is not said how e was come by.",
            why="Response rates RR3 and RR4 rest on it, and a reader must be able to judge it.",
            do="Give e_basis, such as 'share of inhabited dwellings in the 2021 census'.",
        )
    return e, basis


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
